"""Batches of up to 100 records, with 207 where some rows fail."""

from collections import Counter
from collections.abc import Callable, Sequence

from sandbox.clock import iso
from sandbox.hubspot.calls import Call, no_content, objects_in, reply, text_in, texts_in, values_in
from sandbox.hubspot.errors import HubSpotError, JsonObject, invalid
from sandbox.hubspot.kinds import Kind
from sandbox.hubspot.objects_api import by_unique, links_in, readable, readable_history
from sandbox.hubspot.record import Record
from sandbox.wire import Reply

MOST = 100
MOST_WITH_HISTORY = 50

Write = Callable[[], JsonObject]
INTERNAL = HubSpotError(500, "Internal error", "INTERNAL_ERROR")


def inputs_of(body: JsonObject, most: int = MOST) -> list[JsonObject]:
    """Return the inputs of a batch, refused when there are none or too many."""
    inputs = objects_in(body, "inputs")
    if not inputs:
        raise invalid("Invalid input JSON: Some required fields were not set: [inputs]")
    if len(inputs) > most:
        raise invalid(
            f"The maximum number of inputs supported in a batch request is {most}. "
            "Please reduce the number of items and try again"
        )
    return inputs


def batch_reply(
    call: Call, results: Sequence[object], errors: Sequence[JsonObject], done: int = 200
) -> Reply:
    """Return results; 207 with `numErrors` when a row failed."""
    now = iso(call.account.clock.now_ms())
    body: JsonObject = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if errors:
        body |= {"numErrors": len(errors), "errors": errors}
    return reply(body, 207 if errors else done)


def read(call: Call) -> Reply:
    """Read up to 100, or 50 with history. Unknown ids: one error for all; merged ids: the survivor."""
    body, kind, account = call.body(), call.kind(), call.account
    history = readable_history(account, kind, texts_in(body, "propertiesWithHistory"))
    if history and len(objects_in(body, "inputs")) > MOST_WITH_HISTORY:
        raise invalid(
            f"The maximum number of inputs supported in a batch request for property histories is "
            f"{MOST_WITH_HISTORY}. Please reduce the number of items and try again"
        )
    names = (*readable(account, kind, texts_in(body, "properties")), *history)
    found: dict[str, Record] = {}
    missing: list[str] = []
    errors: list[JsonObject] = []
    for asked in (text_in(one, "id") for one in inputs_of(body)):
        record = _named(call, kind, asked, body.get("idProperty"))
        if call.fails():
            errors.append(INTERNAL.row({"ids": [asked]}))
        elif record is None:
            missing.append(asked)
        else:
            found[record.id] = record
    if missing:
        errors.append(_gone(kind).row({"ids": missing}))
    return batch_reply(call, [record.shown(names, history) for record in found.values()], errors)


def create(call: Call) -> Reply:
    """Create up to 100. A bad row fails the whole batch unless every row has an objectWriteTraceId."""
    kind, account = call.kind(), call.account

    def prepare(one: JsonObject) -> Write:
        links = links_in(one)
        taken = account.check_create(kind, values_in(one), links)
        return lambda: _whole(account.add(kind, taken, call.source, links))

    return _write(call, inputs_of(call.body()), prepare, done=201)


def update(call: Call) -> Reply:
    """Update up to 100. A missing record fails its row, a bad value the batch (or its row, see create)."""
    inputs = inputs_of(call.body())
    _refuse_doubles(inputs)

    def prepare(one: JsonObject) -> Write:
        record = _named(call, call.kind(), text_in(one, "id"), one.get("idProperty"))
        if record is None:
            raise _gone(call.kind())
        return _change(call, record, values_in(one))

    return _write(call, inputs, prepare)


def upsert(call: Call) -> Reply:
    """Create or update up to 100 by a unique property; each result says whether it is new."""
    inputs = inputs_of(call.body())
    _refuse_doubles(inputs)
    kind, account = call.kind(), call.account

    def prepare(one: JsonObject) -> Write:
        name, value = text_in(one, "idProperty"), text_in(one, "id")
        values = {name: value, **values_in(one)}
        record = _named(call, kind, value, name)
        if record is not None:
            return _change(call, record, values, new=False)
        taken = account.check_create(kind, values)
        return lambda: _whole(account.add(kind, taken, call.source)) | {"new": True}

    return _write(call, inputs, prepare)


def archive(call: Call) -> Reply:
    """Archive up to 100; 204 whether they were there or not."""
    for one in inputs_of(call.body()):
        record = call.account.records.find(call.kind(), text_in(one, "id"))
        if record is not None:
            call.account.archive(record, call.source)
    return no_content()


def _change(call: Call, record: Record, values: dict[str, str], **extra: bool) -> Write:
    taken = call.account.check_update(record, values, strict=call.validates_writes)
    shown = (record.kind.created, record.kind.modified, "hs_object_id")

    def write() -> JsonObject:
        call.account.apply(record, taken, call.source)
        return record.shown((*taken, *shown)) | extra

    return write


def _whole(record: Record) -> JsonObject:
    return record.shown(record.values)


def _write(
    call: Call, inputs: list[JsonObject], prepare: Callable[[JsonObject], Write], *, done: int = 200
) -> Reply:
    """Check every row before the first is written, so that a refused batch changes nothing."""
    by_row = all("objectWriteTraceId" in one for one in inputs)
    good: list[tuple[JsonObject, Write]] = []
    errors: list[JsonObject] = []
    for one in inputs:
        if call.fails():
            errors.append(INTERNAL.row(_named_in(one)))
            continue
        try:
            good.append((one, prepare(one)))
        except HubSpotError as refused:
            if not by_row and refused.category == "VALIDATION_ERROR":
                raise
            errors.append(refused.row(_named_in(one)))
    results = []
    for one, write in good:
        try:
            results.append(write())
        except HubSpotError as refused:  # two rows of one batch wanted the same unique value
            errors.append(refused.row(_named_in(one)))
    return batch_reply(call, results, errors, done)


def _named_in(one: JsonObject) -> JsonObject:
    context: JsonObject = {}
    if "id" in one:
        context["ids"] = [text_in(one, "id")]
    if "objectWriteTraceId" in one:
        context["objectWriteTraceId"] = [text_in(one, "objectWriteTraceId")]
    return context


def _named(call: Call, kind: Kind, asked: str, id_property: object) -> Record | None:
    if not isinstance(id_property, str) or id_property == "hs_object_id":
        return call.account.records.find(kind, asked)
    try:
        return by_unique(call.account, kind, id_property, asked)
    except HubSpotError as error:
        if error.status == 404:
            return None
        raise


def _refuse_doubles(inputs: list[JsonObject]) -> None:
    asked = [text_in(one, "id") for one in inputs]
    doubles = sorted(one for one, times in Counter(asked).items() if times > 1)
    if doubles:
        raise invalid(
            f"Duplicate IDs found in batch input: [{', '.join(doubles)}]. IDs must be unique",
            context={"ids": doubles},
        )


def _gone(kind: Kind) -> HubSpotError:
    return HubSpotError(
        404,
        f"Could not get some {kind.constant} objects, they may be deleted or not exist. "
        "Check that ids are valid.",
        "OBJECT_NOT_FOUND",
    )
