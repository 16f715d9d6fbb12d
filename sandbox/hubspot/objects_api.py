"""Single records: create, read, list, update, archive, merge."""

from collections.abc import Iterable, Mapping

from sandbox.hubspot.account import Account, Link
from sandbox.hubspot.associations import PAIRS, direction
from sandbox.hubspot.calls import Call, no_content, object_in, objects_in, reply, text_in, values_in
from sandbox.hubspot.errors import JsonObject, invalid
from sandbox.hubspot.kinds import LINE_ITEM, Kind, kind_named
from sandbox.hubspot.record import Record
from sandbox.wire import Reply


def create(call: Call) -> Reply:
    body = call.body()
    record = call.account.create(call.kind(), values_in(body), call.source, links_in(body))
    return reply(record.shown(_written(record)), 201)


def read(call: Call) -> Reply:
    record = find(call)
    names = readable(call.account, record.kind, call.listed("properties"))
    history = readable_history(call.account, record.kind, call.listed("propertiesWithHistory"))
    answer = record.shown((*names, *history), history)
    _add_associations(call.account, record, call.listed("associations"), answer)
    return reply(answer)


def list_all(call: Call) -> Reply:
    """Page through all records by id; at most 100 a page, 50 with history."""
    kind = call.kind()
    names = readable(call.account, kind, call.listed("properties"))
    history = readable_history(call.account, kind, call.listed("propertiesWithHistory"))
    limit = call.limit(10, 50 if history else 100)
    after = call.start()
    found = [r for r in call.account.records.all(kind, archived=call.flag("archived")) if int(r.id) >= after]
    found.sort(key=lambda record: int(record.id))
    results = []
    for record in found[:limit]:
        answer = record.shown((*names, *history), history)
        _add_associations(call.account, record, call.listed("associations"), answer)
        results.append(answer)
    body: JsonObject = {"results": results}
    if len(found) > limit:
        body["paging"] = {"next": {"after": found[limit].id, "link": f"?after={found[limit].id}"}}
    return reply(body)


def update(call: Call) -> Reply:
    record = find(call)
    values = values_in(call.body())
    call.account.update(record, values, call.source, strict=call.validates_writes)
    return reply(record.shown((*values, record.kind.created, record.kind.modified, "hs_object_id")))


def archive(call: Call) -> Reply:
    """Answer 204 whether the record was there or not."""
    record = call.account.records.find(call.kind(), call.names["id"])
    if record is not None:
        call.account.archive(record, call.source)
    return no_content()


def merge(call: Call) -> Reply:
    body, records, kind = call.body(), call.account.records, call.kind()
    primary = records.get(kind, text_in(body, "primaryObjectId"))
    other = records.get(kind, text_in(body, "objectIdToMerge"))
    if primary is other:
        raise invalid("Cannot merge an object with itself.")
    survivor = call.account.merge(primary, other, call.source)
    return reply(survivor.shown(_written(survivor)))


def find(call: Call) -> Record:
    """Return the record that the path names, by id or by `idProperty`."""
    kind, name = call.kind(), call.query.get("idProperty")
    if name is None:
        return call.account.records.get(kind, call.names["id"], archived=call.flag("archived"))
    return by_unique(call.account, kind, name, call.names["id"])


def by_unique(account: Account, kind: Kind, name: str, value: str) -> Record:
    """Return the record that holds a unique value, or answer as HubSpot does."""
    prop = account.schema.find(kind, name)
    if prop is None or not prop.unique:
        raise invalid(
            f"Unable to perform update/upsert by non-unique {kind.type_id} property {name} "
            f"in portal ID {account.setup.portal_id}"
        )
    return account.records.by_unique(kind, name, value) or account.records.get(kind, "")


def readable(account: Account, kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    """Return what a read shows: the asked properties that exist (else the defaults), the times, the id."""
    asked = tuple(names) or kind.shown
    known = (name for name in asked if account.schema.find(kind, name))
    return tuple(dict.fromkeys((*known, kind.created, kind.modified, "hs_object_id")))


def readable_history(account: Account, kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if account.schema.find(kind, name))


def links_in(body: Mapping[str, object]) -> tuple[Link, ...]:
    """Return the associations of a creation; the type ids say to what they lead."""
    links = []
    for one in objects_in(body, "associations"):
        to_id = text_in(object_in(one, "to"), "id")
        for spec in objects_in(one, "types"):
            type_id = spec.get("associationTypeId")
            links.append(Link(_target_of(type_id), to_id, type_id if isinstance(type_id, int) else None))
    return tuple(links)


def _target_of(type_id: object) -> Kind:
    for pair in PAIRS:
        if type_id in direction(pair.here, pair.there).ids:
            return pair.there
        if type_id in direction(pair.there, pair.here).ids:
            return pair.here
    raise invalid(f"Association type {type_id} does not exist.")


def _written(record: Record) -> tuple[str, ...]:
    return tuple(record.values)


def _add_associations(account: Account, record: Record, names: Iterable[str], answer: JsonObject) -> None:
    found: JsonObject = {}
    for name in names:
        to_kind = kind_named(name)
        if to_kind is None:
            raise invalid(f"Unable to infer object type from: {name}")
        edges = account.associations.of(record.kind, record.id, to_kind)
        label = f"{record.kind.name}_to_{to_kind.name}"
        results = [{"id": to_id, "type": label} for to_id in edges]
        if results:
            found["line items" if to_kind is LINE_ITEM else to_kind.plural] = {"results": results}
    if found:
        answer["associations"] = found
