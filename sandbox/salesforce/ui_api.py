"""Records as pages read and write them: ui-api/records/ID and ui-api/object-info/TYPE.

https://developer.salesforce.com/docs/atlas.en-us.uiapi.meta/uiapi/ui_api_resources_record_patch.htm
"""

from collections.abc import Iterable

from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.describe_api import field_info
from sandbox.salesforce.errors import JsonObject, RecordError, SalesforceError, bad_request, not_found
from sandbox.salesforce.records import Record
from sandbox.salesforce.schema import NUMBERS, Field, SObject
from sandbox.salesforce.values import shown
from sandbox.wire import Reply

_INPUT = frozenset({"fields", "apiName", "allowSaveOnDuplicate"})


def object_info(call: Call) -> Reply:
    """Describe one object: its fields by name, those that this user sees."""
    sobject = call.sobject()
    seen = (one for one in sobject.fields.values() if call.sees(sobject, one))
    fields = {one.name: {"apiName": one.name, **field_info(call, sobject, one)} for one in seen}
    return reply({"apiName": sobject.name, "label": sobject.label or sobject.name, "fields": fields})


def read(call: Call) -> Reply:
    """Read the fields asked for; optional ones that this user does not see are left out."""
    record = _record(call)
    asked, optional = _listed(call, "fields"), _listed(call, "optionalFields")
    if not asked and not optional:
        raise bad_request("ILLEGAL_QUERY_PARAMETER_VALUE", "fields, optionalFields or layoutTypes, please")
    fields = [_field(call, record.sobject, name) for name in asked]
    return reply(_shown(record, [*fields, *_seen(call, record.sobject, optional)]))


def update(call: Call) -> Reply:
    """Change the fields that are sent; rules and permissions hold as for a person at the screen."""
    record, given = _record(call), _input(call)
    try:
        for name, value in given.items():
            _check_type(call.org.intake.field(record.sobject, name, call.user), value)
        call.org.update(record, given, call.user)
    except SalesforceError as refused:
        raise RecordError(refused) from refused
    return reply(_shown(record, _seen(call, record.sobject, (f"{record.sobject.name}.{n}" for n in given))))


def _input(call: Call) -> JsonObject:
    body = call.body()
    given = body.get("fields")
    if not isinstance(given, dict) or body.keys() - _INPUT or body.get("apiName") is not None:
        raise bad_request("JSON_PARSER_ERROR", "an update is fields, and no apiName")
    return given


def _check_type(field: Field, value: object) -> None:
    """Refuse a number that is sent as a text: pages send JSON numbers."""
    if field.type in NUMBERS and isinstance(value, str):
        raise bad_request("INVALID_TYPE_ON_FIELD_IN_RECORD", f"{field.name}: a number, please", field.name)


def _record(call: Call) -> Record:
    record = call.org.get(call.names["id"])
    if not record.sobject.api_writes:
        raise not_found()
    return record


def _listed(call: Call, name: str) -> list[str]:
    return [one for one in call.query.get(name, "").split(",") if one]


def _field(call: Call, sobject: SObject, name: str) -> Field:
    owner, _, own = name.partition(".")
    if owner != sobject.name:
        raise bad_request("INVALID_FIELD", f"{name} is no field of {sobject.name}")
    return call.org.intake.field(sobject, own, call.user)


def _seen(call: Call, sobject: SObject, names: Iterable[str]) -> list[Field]:
    found = (sobject.find(name.partition(".")[2]) for name in names if name.startswith(f"{sobject.name}."))
    return [one for one in found if one is not None and call.sees(sobject, one)]


def _shown(record: Record, fields: Iterable[Field]) -> JsonObject:
    values = {one.name: shown(record.values.get(one.name)) for one in fields}
    return {
        "apiName": record.sobject.name,
        "childRelationships": {},
        "fields": {name: {"displayValue": None, "value": value} for name, value in values.items()},
        "id": record.id,
        "lastModifiedById": shown(record.values.get("LastModifiedById")),
        "lastModifiedDate": shown(record.values.get("LastModifiedDate")),
    }
