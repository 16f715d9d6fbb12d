"""What an object is made of, as this user sees it."""

from sandbox.salesforce import stages
from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.errors import JsonObject, not_found
from sandbox.salesforce.org import Org
from sandbox.salesforce.schema import NUMBERS, Field, SObject, Type
from sandbox.wire import Reply

_MASTER = "012000000000000AAA"


def describe_all(call: Call) -> Reply:
    """List all objects."""
    return reply(
        {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [_head(one) for one in call.org.schema]}
    )


def describe(call: Call) -> Reply:
    """Describe one object: its fields with their picklists, record types and lists of children."""
    sobject, org = call.sobject(), call.org
    if (call.user, sobject.name) in org.access.blind:
        raise not_found()
    body = _head(sobject)
    body["fields"] = [
        field_info(call, sobject, one) for one in sobject.fields.values() if call.sees(sobject, one)
    ]
    body["recordTypeInfos"] = _record_types(org, sobject)
    body["childRelationships"] = [
        {"relationshipName": child.relation, "childSObject": child.sobject.name, "field": child.field.name}
        for child in org.schema.children(sobject)
    ]
    return reply(body)


def layouts(call: Call) -> Reply:
    """Say which picklist values each record type offers."""
    sobject, org = call.sobject(), call.org
    mappings = []
    for info in _record_types(org, sobject):
        offered = stages.of_record_type(org, str(info["developerName"])) if _is_deal(sobject) else []
        values = [{"value": one.text("ApiName"), "label": one.text("MasterLabel")} for one in offered]
        picklists = [{"picklistName": "StageName", "picklistValues": values}]
        mappings.append({**info, "picklistsForRecordType": picklists if offered else []})
    return reply({"layouts": [], "recordTypeMappings": mappings})


def picklist_values(call: Call) -> Reply:
    """Return the stages of one record type, in their order (UI API)."""
    record_type = call.org.records.find(call.names["record_type"])
    name = record_type.text("DeveloperName") if record_type else "Master"
    values = [stages.shown(one) for one in stages.of_record_type(call.org, name)]
    return reply({"controllerValues": {}, "defaultValue": None, "url": "", "values": values})


def _is_deal(sobject: SObject) -> bool:
    return sobject.name == "Opportunity"


def _head(sobject: SObject) -> JsonObject:
    return {
        "name": sobject.name,
        "label": sobject.label or sobject.name,
        "keyPrefix": sobject.prefix,
        "custom": sobject.name.endswith("__c"),
        "customSetting": sobject.setting,
        "queryable": True,
        **dict.fromkeys(("createable", "updateable", "deletable"), sobject.api_writes),
    }


def field_info(call: Call, sobject: SObject, field: Field) -> JsonObject:
    """Describe one field to this user."""
    edits = not field.formula and call.org.access.edits(call.user, sobject, field)
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.type,
        "length": field.length,
        "precision": 18 if field.type in NUMBERS else 0,
        "scale": field.scale if field.type in NUMBERS else 0,
        "custom": field.custom,
        "calculated": bool(field.formula),
        "calculatedFormula": field.formula or None,
        "createable": field.creatable and edits,
        "updateable": field.updatable and edits,
        "nillable": not field.required,
        "permissionable": not field.required and field.updatable,
        "filterable": field.filterable,
        "externalId": field.external_id,
        "unique": False,
        "restrictedPicklist": field.restricted,
        "referenceTo": list(field.refers),
        "relationshipName": field.relation or None,
        "inlineHelpText": field.help or None,
        "picklistValues": _choices(call.org, sobject, field),
    }


def _choices(org: Org, sobject: SObject, field: Field) -> list[JsonObject]:
    if field.type is not Type.PICKLIST:
        return []
    kind = {("Opportunity", "StageName"): "OpportunityStage", ("Task", "Status"): "TaskStatus"}
    source = kind.get((sobject.name, field.name))
    if source is None:
        found = [(one.value, one.label, one.default) for one in field.choices]
    else:
        rows = org.records.all(source)
        found = [
            (one.text("ApiName"), one.text("MasterLabel"), one.values.get("IsDefault") is True)
            for one in rows
        ]
    return [
        {"value": value, "label": label, "active": True, "defaultValue": default}
        for value, label, default in found
    ]


def _record_types(org: Org, sobject: SObject) -> list[JsonObject]:
    found = [one for one in org.records.all("RecordType") if one.values["SobjectType"] == sobject.name]
    infos = [
        _record_type(one.id, one.text("DeveloperName"), one.text("Name"), default=n == 0)
        | {"active": one.values.get("IsActive") is not False}
        for n, one in enumerate(found)
    ]
    return [*infos, _record_type(_MASTER, "Master", "Master", default=not found) | {"master": True}]


def _record_type(id_: str, developer_name: str, name: str, *, default: bool) -> JsonObject:
    return {
        "recordTypeId": id_,
        "developerName": developer_name,
        "name": name,
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": default,
        "master": False,
    }
