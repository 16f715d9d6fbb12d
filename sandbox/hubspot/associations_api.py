"""Associations, single and in batches: 1,000 reads, 2,000 creations, 100 removals a call (reference 4.7)."""

from sandbox.hubspot.account import Link
from sandbox.hubspot.associations import direction
from sandbox.hubspot.batch_api import INTERNAL, batch_reply, inputs_of
from sandbox.hubspot.calls import Call, no_content, number_in, object_in, objects_in, reply, text_in
from sandbox.hubspot.errors import HubSpotError, JsonObject
from sandbox.hubspot.kinds import Kind
from sandbox.wire import Reply

PAGE = 500


def batch_read(call: Call) -> Reply:
    """Read what hangs on up to 1,000 records. A record with nothing on it is an error row of a 207."""
    kind, to_kind = call.kind("kind"), call.kind("to")
    direction(kind, to_kind)
    results: list[JsonObject] = []
    errors: list[JsonObject] = []
    for one in inputs_of(call.body(), 1000):
        record_id = text_in(one, "id")
        if call.fails():
            errors.append(INTERNAL.row({"fromObjectId": [record_id]}))
            continue
        found = _targets(call, kind, record_id, to_kind)
        if not found:
            errors.append(_nothing(kind, record_id, to_kind))
            continue
        start = number_in(one, "after", 0)
        row: JsonObject = {"from": {"id": record_id}, "to": found[start : start + PAGE]}
        if len(found) > start + PAGE:
            row["paging"] = {"next": {"after": str(start + PAGE), "link": f"?after={start + PAGE}"}}
        results.append(row)
    return batch_reply(call, results, errors)


def batch_create(call: Call) -> Reply:
    """Join up to 2,000 pairs with the types named."""
    results = []
    kind, to_kind = call.kind("kind"), call.kind("to")
    for one in inputs_of(call.body(), 2000):
        from_id, to_id = text_in(object_in(one, "from"), "id"), text_in(object_in(one, "to"), "id")
        for spec in objects_in(one, "types"):
            _join(call, Link(to_kind, to_id, number_in(spec, "associationTypeId")), kind, from_id)
        results.append({"fromObjectId": from_id, "toObjectId": to_id, "labels": []})
    return batch_reply(call, results, [], 201)


def batch_default(call: Call) -> Reply:
    """Join up to 2,000 pairs with the default type."""
    results = []
    kind, to_kind = call.kind("kind"), call.kind("to")
    for one in inputs_of(call.body(), 2000):
        from_id, to_id = text_in(object_in(one, "from"), "id"), text_in(object_in(one, "to"), "id")
        _join(call, Link(to_kind, to_id), kind, from_id)
        results.append(_joined(kind, from_id, to_kind, to_id))
    return batch_reply(call, results, [])


def batch_archive(call: Call) -> Reply:
    """Part the pairs of up to 100 records."""
    kind, to_kind = call.kind("kind"), call.kind("to")
    for one in inputs_of(call.body(), 100):
        from_id = text_in(object_in(one, "from"), "id")
        record = call.account.records.get(kind, from_id)
        for target in objects_in(one, "to"):
            call.account.part(record, to_kind, text_in(target, "id"), call.source)
    return no_content()


def list_all(call: Call) -> Reply:
    """Page through what hangs on one record."""
    record = call.account.records.get(call.kind(), call.names["id"])
    found = _targets(call, record.kind, record.id, call.kind("to"))
    start, limit = call.start(), call.limit(PAGE, PAGE)
    body: JsonObject = {"results": found[start : start + limit]}
    if len(found) > start + limit:
        body["paging"] = {"next": {"after": str(start + limit), "link": f"?after={start + limit}"}}
    return reply(body)


def put_default(call: Call) -> Reply:
    kind, to_kind = call.kind(), call.kind("to")
    _join(call, Link(to_kind, call.names["to_id"]), kind, call.names["id"])
    return batch_reply(call, [_joined(kind, call.names["id"], to_kind, call.names["to_id"])], [])


def put(call: Call) -> Reply:
    """Join two records with the types in the body (a list, not an object)."""
    kind, to_kind, to_id = call.kind(), call.kind("to"), call.names["to_id"]
    for spec in objects_in({"types": call.json()}, "types"):
        _join(call, Link(to_kind, to_id, number_in(spec, "associationTypeId")), kind, call.names["id"])
    return reply({"fromObjectId": call.names["id"], "toObjectId": to_id, "labels": []}, 201)


def delete(call: Call) -> Reply:
    record = call.account.records.get(call.kind(), call.names["id"])
    call.account.part(record, call.kind("to"), call.names["to_id"], call.source)
    return no_content()


def labels(call: Call) -> Reply:
    kind, to_kind = call.kind("kind"), call.kind("to")
    known = (*direction(kind, to_kind).ids, *call.account.associations.labels(kind, to_kind))
    return reply({"results": [_type(call, kind, to_kind, one) for one in known]})


def _type(call: Call, kind: Kind, to_kind: Kind, type_id: int) -> JsonObject:
    own = call.account.associations.labels(kind, to_kind).get(type_id)
    if own is not None:
        return {"category": "USER_DEFINED", "typeId": type_id, "label": own}
    primary = type_id == direction(kind, to_kind).primary
    return {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": "Primary" if primary else None}


def _join(call: Call, link: Link, kind: Kind, from_id: str) -> None:
    call.account.associate(call.account.records.get(kind, from_id), link, call.source)


def _joined(kind: Kind, from_id: str, to_kind: Kind, to_id: str) -> JsonObject:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": direction(kind, to_kind).default}
    return {"from": {"id": from_id}, "to": {"id": to_id}, "associationSpec": spec}


def _targets(call: Call, kind: Kind, record_id: str, to_kind: Kind) -> list[JsonObject]:
    record = call.account.records.find(kind, record_id)
    if record is None:
        return []
    return [
        {
            "toObjectId": int(to_id),
            "associationTypes": [_type(call, kind, to_kind, one) for one in sorted(types)],
        }
        for to_id, types in call.account.associations.of(kind, record.id, to_kind).items()
        if call.account.records.find(to_kind, to_id) is not None
    ]


def _nothing(kind: Kind, record_id: str, to_kind: Kind) -> JsonObject:
    refused = HubSpotError(
        404,
        f"No {to_kind.name} is associated with {kind.name} {record_id}.",
        "OBJECT_NOT_FOUND",
        {"subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"},
    )
    named = {"fromObjectId": [record_id], "fromObjectType": [kind.name], "toObjectType": [to_kind.name]}
    return refused.row(named)
