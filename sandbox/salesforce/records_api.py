"""One record at a time: sobjects/TYPE and sobjects/TYPE/ID."""

from sandbox.salesforce.calls import Call, no_content, reply
from sandbox.salesforce.errors import JsonObject, bad_request
from sandbox.salesforce.values import shown
from sandbox.wire import Reply


def read(call: Call) -> Reply:
    """Read one record, all fields or those asked for."""
    sobject = call.sobject()
    record = call.org.get(call.names["id"], sobject)
    asked = [name for name in call.query.get("fields", "").split(",") if name]
    fields = [call.org.intake.field(sobject, name, call.user) for name in asked]
    if not asked:
        fields = [one for one in sobject.fields.values() if call.sees(sobject, one)]
    url = f"{call.base}/sobjects/{sobject.name}/{record.id}"
    made: JsonObject = {"attributes": {"type": sobject.name, "url": url}, "Id": record.id}
    return reply(made | {one.name: shown(record.values.get(one.name)) for one in fields})


def create(call: Call) -> Reply:
    sobject = call.sobject()
    if not sobject.api_writes:
        message = f"entity type {sobject.name} does not support create"
        raise bad_request("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message)
    record = call.org.create(sobject.name, call.body(), call.user)
    return reply({"id": record.id, "success": True, "errors": []}, 201)


def update(call: Call) -> Reply:
    record = call.org.get(call.names["id"], call.sobject())
    call.org.update(record, call.body(), call.user)
    return no_content()


def delete(call: Call) -> Reply:
    call.org.delete(call.org.get(call.names["id"], call.sobject()), call.user)
    return no_content()
