"""The properties API: definitions, options and groups."""

import re
from dataclasses import replace

from sandbox.hubspot.batch_api import batch_reply, inputs_of
from sandbox.hubspot.calls import Call, no_content, number_in, objects_in, reply, text_in
from sandbox.hubspot.errors import HubSpotError, JsonObject, invalid
from sandbox.hubspot.properties import FIELD_TYPES, Option, Property, Type, shown
from sandbox.hubspot.schema import Group
from sandbox.wire import Reply

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def list_all(call: Call) -> Reply:
    found = call.account.schema.all(call.kind(), archived=call.flag("archived"))
    return reply({"results": [shown(prop) for prop in found]})


def read(call: Call) -> Reply:
    return reply(
        shown(call.account.schema.get(call.kind(), call.names["name"], archived=call.flag("archived")))
    )


def create(call: Call) -> Reply:
    return reply(shown(_create(call, call.body())), 201)


def update(call: Call) -> Reply:
    """Change a definition. `options` replaces the whole list; what is not sent stays."""
    body, schema = call.body(), call.account.schema
    prop = schema.get(call.kind(), call.names["name"])
    if prop.defined_by_hubspot:
        raise invalid(f'Property "{prop.name}" is defined by HubSpot and cannot be changed.')
    changed = replace(
        prop,
        label=text_in(body, "label", prop.label),
        description=text_in(body, "description", prop.description),
        group=text_in(body, "groupName", prop.group),
        type=_type(text_in(body, "type", prop.type)),
        field_type=text_in(body, "fieldType", prop.field_type),
        options=_options(body) if "options" in body else prop.options,
        updated_ms=call.account.clock.now_ms(),
    )
    _check_field_type(changed)
    schema.replace(call.kind(), changed)
    return reply(shown(changed))


def archive(call: Call) -> Reply:
    call.account.schema.archive(call.kind(), call.names["name"])
    return no_content()


def batch_read(call: Call) -> Reply:
    results, errors = [], []
    for one in inputs_of(call.body()):
        try:
            results.append(shown(call.account.schema.get(call.kind(), text_in(one, "name"))))
        except HubSpotError as refused:
            errors.append(refused.row({"name": [text_in(one, "name")]}))
    return batch_reply(call, results, errors)


def batch_create(call: Call) -> Reply:
    """Create up to 100; those that exist are error rows."""
    results, errors = [], []
    for one in inputs_of(call.body()):
        try:
            results.append(shown(_create(call, one)))
        except HubSpotError as refused:
            errors.append(refused.row({"name": [text_in(one, "name", "")]}))
    return batch_reply(call, results, errors, 201)


def batch_archive(call: Call) -> Reply:
    for one in inputs_of(call.body()):
        call.account.schema.archive(call.kind(), text_in(one, "name"))
    return no_content()


def list_groups(call: Call) -> Reply:
    return reply({"results": [_group(group) for group in call.account.schema.groups(call.kind())]})


def read_group(call: Call) -> Reply:
    return reply(_group(call.account.schema.group(call.kind(), call.names["name"])))


def create_group(call: Call) -> Reply:
    body = call.body()
    group = Group(_name(body), text_in(body, "label"), number_in(body, "displayOrder", -1))
    return reply(_group(call.account.schema.create_group(call.kind(), group)), 201)


def update_group(call: Call) -> Reply:
    body, schema = call.body(), call.account.schema
    group = schema.group(call.kind(), call.names["name"])
    changed = replace(group, label=text_in(body, "label", group.label))
    schema.replace_group(call.kind(), changed)
    return reply(_group(changed))


def archive_group(call: Call) -> Reply:
    call.account.schema.archive_group(call.kind(), call.names["name"])
    return no_content()


def _create(call: Call, body: JsonObject) -> Property:
    now = call.account.clock.now_ms()
    prop = Property(
        name=_name(body),
        label=text_in(body, "label"),
        type=_type(text_in(body, "type")),
        field_type=text_in(body, "fieldType"),
        group=text_in(body, "groupName"),
        options=_options(body),
        description=text_in(body, "description", ""),
        unique=body.get("hasUniqueValue") is True,
        hidden=body.get("hidden") is True,
        external=body.get("externalOptions") is True,
        created_ms=now,
        updated_ms=now,
    )
    _check_field_type(prop)
    return call.account.schema.create(call.kind(), prop)


def _name(body: JsonObject) -> str:
    name = text_in(body, "name")
    if not _NAME.fullmatch(name):
        raise invalid(f'"{name}" is not a valid name: lower case, digits and underscores, a letter first.')
    return name


def _type(name: str) -> Type:
    try:
        return Type(name)
    except ValueError:
        raise invalid(f"Invalid input JSON: {name} is not a property type") from None


def _check_field_type(prop: Property) -> None:
    if prop.field_type not in FIELD_TYPES[prop.type]:
        raise invalid(f"fieldType {prop.field_type} is not valid for type {prop.type.value}.")
    needs_options = (
        prop.type is Type.ENUMERATION and prop.field_type != "booleancheckbox" and not prop.external
    )
    if needs_options and not prop.options:
        raise invalid("Enumeration properties must have options.")
    values = [option.value for option in prop.options]
    if len(set(values)) != len(values):
        raise invalid("Property option values must be unique.")


def _options(body: JsonObject) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=text_in(one, "value"),
            label=text_in(one, "label"),
            display_order=number_in(one, "displayOrder", -1),
            hidden=one.get("hidden") is True,
            description=str(one.get("description") or ""),
        )
        for one in objects_in({"options": body.get("options") or []}, "options")
    )


def _group(group: Group) -> JsonObject:
    return {
        "name": group.name,
        "label": group.label,
        "displayOrder": group.display_order,
        "archived": False,
    }
