"""What has to exist in the account: made where it is missing, left alone where it is an admin's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.adapters.base import Provisioned
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.faults import Rejected
from connector.adapters.hubspot.fields import GROUP, GROUP_LABEL, OUR_PROPERTIES, TASK_PROPERTIES, Property
from connector.adapters.hubspot.library import Definition, Library
from connector.adapters.hubspot.paths import CREATE_GROUP, CREATE_PROPERTY, UPDATE_PROPERTY, Route

_EXISTS = 409
_OURS: tuple[tuple[str, Sequence[Property]], ...] = (
    ("deals", tuple(OUR_PROPERTIES.values())),
    ("tasks", TASK_PROPERTIES),
)
_LEFT = (
    Provisioned(
        "deal record view",
        "for-you",
        "Settings > Objects > Deals > Record customization: add the app's card Deal readiness, and the "
        "Dealgate properties to the left sidebar.",
    ),
    Provisioned(
        "task record view",
        "for-you",
        'Add "Your decision", "Up to" and "Why" to the task view. Where HubSpot does not show them, '
        'Operations decides on the deal, in "Decision of Operations".',
    ),
    Provisioned(
        "write protection",
        "for-you",
        "Settings > Properties, field-level permissions: let only super admins edit Deal readiness, and only "
        "Operations Decision of Operations.",
    ),
)


def install(client: Client, library: Library) -> tuple[Provisioned, ...]:
    """Make group and properties; safe to run again: what is there is found, missing options are added."""
    library.forget()
    steps = [step for kind, wanted in _OURS for step in _provision(client, library, kind, wanted)]
    library.forget()
    return (*steps, *_LEFT)


def _provision(
    client: Client, library: Library, kind: str, wanted: Sequence[Property]
) -> Iterator[Provisioned]:
    try:
        yield _group(client, kind)
        known = library.definitions(kind)
        for prop in wanted:
            yield _property(client, kind, prop, known.get(prop.name))
    except Rejected as fault:
        todo = (
            f"{fault.message} Operations decides on the deal instead." if kind == "tasks" else fault.message
        )
        yield Provisioned(f"{kind}: properties", "refused", todo)


def _group(client: Client, kind: str) -> Provisioned:
    body = {"name": GROUP, "label": GROUP_LABEL, "displayOrder": -1}
    return Provisioned(
        f"{kind}: group {GROUP}", "made" if _made(client, CREATE_GROUP, kind, body) else "found"
    )


def _property(client: Client, kind: str, wanted: Property, found: Definition | None) -> Provisioned:
    name = f"{kind}: {wanted.name}"
    if found is None:
        return Provisioned(name, "made" if _made(client, CREATE_PROPERTY, kind, _body(wanted)) else "found")
    if found.type != wanted.type:
        todo = f"It is of type {found.type}, not {wanted.type}: archive it, then install again."
        return Provisioned(name, "differs", todo)
    missing = _missing_options(wanted, found)
    if not missing:
        return Provisioned(name, "found")
    # PATCH replaces the whole list: an option that an admin added has to be sent along.
    client.call(UPDATE_PROPERTY, kind, wanted.name, body={"options": [*_kept(found), *missing]})
    return Provisioned(name, "changed")


def _made(client: Client, route: Route, kind: str, body: Mapping[str, Any]) -> bool:
    try:
        client.call(route, kind, body=body)
    except Rejected as fault:
        if fault.status == _EXISTS:
            return False
        raise
    return True


def _body(prop: Property) -> dict[str, Any]:
    return {
        "name": prop.name,
        "label": prop.label,
        "type": prop.type,
        "fieldType": prop.field_type,
        "groupName": GROUP,
        "description": prop.description,
        "formField": False,
        **({"options": _options(prop)} if prop.options else {}),
    }


def _options(prop: Property, start: int = 0) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": label, "displayOrder": place, "hidden": False}
        for place, (value, label) in enumerate(prop.options, start)
    ]


def _missing_options(wanted: Property, found: Definition) -> list[dict[str, Any]]:
    there = {option.get("value") for option in found.options}
    return [option for option in _options(wanted, len(there)) if option["value"] not in there]


def _kept(found: Definition) -> Iterator[dict[str, Any]]:
    for place, option in enumerate(found.options):
        kept = {name: option[name] for name in ("value", "label", "description") if option.get(name)}
        yield {**kept, "displayOrder": place, "hidden": bool(option.get("hidden"))}
