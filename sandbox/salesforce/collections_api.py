"""sObject Collections: up to 200 records a call, each with a result of its own (reference 5)."""

from collections.abc import Callable, Mapping, Sequence

from sandbox.salesforce import ids
from sandbox.salesforce.calls import Call, listed, reply
from sandbox.salesforce.errors import (
    JsonObject,
    SalesforceError,
    bad_request,
    locked_row,
)
from sandbox.salesforce.records import Record
from sandbox.salesforce.schema import Field, SObject
from sandbox.salesforce.values import shown
from sandbox.wire import Reply

MOST = 200
_MOST_READ = 2000
_MOST_CHUNKS = 10

Write = Callable[[], JsonObject]
Values = Mapping[str, object]
Row = tuple[SObject, Values]
Prepare = Callable[[SObject, Values], Write]


def read(call: Call) -> Reply:
    """Read records of one kind by id; null where there is none."""
    if call.raw:
        body = call.body()
        wanted, names = (
            [str(one) for one in listed(body, "ids")],
            [str(one) for one in listed(body, "fields")],
        )
    else:
        wanted, names = call.query.get("ids", "").split(","), call.query.get("fields", "").split(",")
    _check_number(len(wanted), _MOST_READ)
    sobject = call.sobject()
    fields = [call.org.intake.field(sobject, name, call.user) for name in names]
    return reply([_shown(call, sobject, one, fields) for one in wanted])


def create(call: Call) -> Reply:
    """Create records of up to ten chunks of one kind each."""

    def prepare(sobject: SObject, one: Values) -> Write:
        _check_api_writes(sobject)
        draft = call.org.draft(sobject, one, call.user)
        return lambda: _done(call.org.commit(draft).id)

    return _write(call, prepare)


def update(call: Call) -> Reply:
    """Update records; each names its id."""

    def prepare(sobject: SObject, one: Values) -> Write:
        values = {name: value for name, value in one.items() if name.lower() != "id"}
        record = _record(call, sobject, next((v for n, v in one.items() if n.lower() == "id"), None))
        draft = call.org.draft(sobject, values, call.user, record)
        return lambda: _done(call.org.commit(draft).id)

    return _write(call, prepare)


def upsert(call: Call) -> Reply:
    """Create or update by an external id."""
    sobject, name = call.sobject(), call.names["field"]
    key = sobject.find(name)
    if key is None or not key.external_id:
        raise bad_request("INVALID_FIELD", f"Provided external ID field does not exist: {name}")

    def prepare(kind: SObject, one: Values) -> Write:
        value = one.get(key.name)
        found = list(call.org.records.holding(kind, key.name, key.accept(value)))
        draft = call.org.draft(kind, one, call.user, found[0] if found else None)
        return lambda: _done(call.org.commit(draft).id) | {"created": not found}

    return _write(call, prepare)


def delete(call: Call) -> Reply:
    """Delete records by id, of any kind."""
    wanted = [one for one in call.query.get("ids", "").split(",") if one]
    _check_number(len(wanted), MOST)
    results = []
    for one in wanted:
        try:
            if call.fails():
                raise locked_row()
            record = _record(call, None, one)
            _check_api_writes(record.sobject)
            call.org.delete(record, call.user)
            results.append(_done(record.id))
        except SalesforceError as refused:
            results.append(refused.row())
    return reply(results)


def _write(call: Call, prepare: Prepare) -> Reply:
    body = call.body()
    rows = _rows(call, listed(body, "records"))
    whole = body.get("allOrNone") is True
    if whole:
        return reply(_all_or_none(call, rows, prepare))
    return reply([_one(call, sobject, one, prepare) for sobject, one in rows])


def _one(call: Call, sobject: SObject, one: Values, prepare: Prepare) -> JsonObject:
    try:
        if call.fails():
            raise locked_row()
        return prepare(sobject, one)()
    except SalesforceError as refused:
        return refused.row()


def _all_or_none(call: Call, rows: Sequence[Row], prepare: Prepare) -> list[JsonObject]:
    """Check every record before the first is written."""
    writes: list[Write] = []
    results: list[JsonObject] = []
    for sobject, one in rows:
        try:
            if call.fails():
                raise locked_row()
            writes.append(prepare(sobject, one))
            results.append(_ROLLED_BACK.row())
        except SalesforceError as refused:
            results.append(refused.row())
    return [write() for write in writes] if len(writes) == len(rows) else results


_ROLLED_BACK = bad_request(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)


def _rows(call: Call, records: Sequence[object]) -> list[Row]:
    """Return what was sent, by kind. What cannot be parsed refuses the call, not the record."""
    _check_number(len(records), MOST)
    rows: list[Row] = []
    chunks = 0
    for one in records:
        sobject = _kind(call, one)
        chunks += not rows or rows[-1][0] is not sobject
        rows.append((sobject, _parsed(call, sobject, one)))
    if chunks > _MOST_CHUNKS:
        message = f"Cannot have more than {_MOST_CHUNKS} chunks in a single operation."
        raise bad_request("INVALID_INPUT", message)
    return rows


def _parsed(call: Call, sobject: SObject, one: object) -> Values:
    values = (
        {name: value for name, value in one.items() if name != "attributes"} if isinstance(one, dict) else {}
    )
    for name, value in values.items():
        field = call.org.intake.field(sobject, name, call.user)
        try:
            field.accept(value)
        except SalesforceError as refused:
            if refused.code == "JSON_PARSER_ERROR":
                raise
    return values


def _kind(call: Call, one: object) -> SObject:
    attributes = one.get("attributes") if isinstance(one, dict) else None
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise bad_request("INVALID_TYPE", "Missing type attribute")
    return call.org.schema.get(name)


def _record(call: Call, sobject: SObject | None, given: object) -> Record:
    full = ids.whole(given) if isinstance(given, str) else None
    if full is None:
        raise bad_request("MALFORMED_ID", f"malformed id {given}", "Id")
    record = call.org.records.find(full)
    if record is None or (sobject is not None and record.sobject is not sobject):
        raise bad_request("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    if record.deleted:
        raise bad_request("ENTITY_IS_DELETED", "entity is deleted")
    return record


def _check_api_writes(sobject: SObject) -> None:
    if not sobject.api_writes:
        message = f"entity type {sobject.name} does not support create"
        raise bad_request("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)


def _check_number(number: int, most: int) -> None:
    if number > most:
        message = f"The number of records cannot exceed {most}"
        raise bad_request("EXCEEDED_MAX_SIZE_REQUEST", message)


def _done(record_id: str) -> JsonObject:
    return {"id": record_id, "success": True, "errors": []}


def _shown(call: Call, sobject: SObject, given: str, fields: Sequence[Field]) -> JsonObject | None:
    full = ids.whole(given)
    record = call.org.records.of(sobject, full) if full else None
    if record is None or record.deleted:
        return None
    url = f"{call.base}/sobjects/{sobject.name}/{record.id}"
    made: JsonObject = {"attributes": {"type": sobject.name, "url": url}, "Id": record.id}
    return made | {one.name: shown(record.values.get(one.name)) for one in fields}
