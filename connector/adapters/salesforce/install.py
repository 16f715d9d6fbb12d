"""What the package must have brought. An API cannot deploy it, so this looks, and says what is missing."""

from collections.abc import Iterable, Iterator

from connector.adapters.base import Provisioned, Wanted
from connector.adapters.salesforce.fields import (
    ACTIVITY_FIELDS,
    OPPORTUNITY_FIELDS,
    SETTING,
    SETTING_FIELDS,
    Audience,
    CustomField,
    Kind,
)
from connector.adapters.salesforce.library import LINE, OPPORTUNITY, TASK, Definition, Described, Library
from connector.adapters.salesforce.ranges import range_fields

MISSING, DIFFERS, LOCKED = "missing", "differs", "read-only"
_TYPES = {
    Kind.TEXT: "string",
    Kind.TEXT_AREA: "textarea",
    Kind.LONG_TEXT: "textarea",
    Kind.CHECKBOX: "boolean",
    Kind.CURRENCY: "currency",
    Kind.NUMBER: "double",
    Kind.PERCENT: "percent",
    Kind.DATE: "date",
    Kind.MOMENT: "datetime",
    Kind.PICKLIST: "picklist",
}
_TODO = {
    MISSING: "Deploy the package (docs/install-salesforce.md), or assign Dealgate: Integration to the "
    "integration user: what he may not see is missing too.",
    LOCKED: "Assign the permission set Dealgate: Integration to the integration user.",
}
# Standard fields that a permission set may hide: what we read, and what we write into a task.
_READ = {OPPORTUNITY: ("AccountId", "Amount"), LINE: ("ProductCode", "ListPrice")}
_WRITTEN = ("Subject", "Description", "ActivityDate", "OwnerId", "WhatId", "Status")
_SHOW = (
    "Setup > Permission Sets > Dealgate: Integration > Object Settings: tick Read Access of this field, and "
    "of a task's Edit Access."
)
_LEFT = (
    Provisioned(
        "permission sets",
        "for-you",
        "Setup > Permission Sets: assign Dealgate: Sales to reps, Dealgate: Operations to those who decide, "
        "Dealgate: Integration to the integration user only.",
    ),
    Provisioned(
        "pages",
        "for-you",
        "Lightning App Builder: put the component Deal readiness on the opportunity page; task layout: Your "
        "decision, Up to, Valid until, Why and For Operations.",
    ),
    Provisioned(
        "outbound messages",
        "for-you",
        "Setup > Outbound Messages: no message of Dealgate's waits or failed. The API cannot see them.",
    ),
)


def install(library: Library, wanted: Wanted) -> tuple[Provisioned, ...]:
    """Look at every field of the package; the states are found, missing, differs and read-only."""
    library.forget()
    return (*_fields(library, wanted), *_LEFT)


def lacking(library: Library, wanted: Wanted) -> tuple[Provisioned, ...]:
    """Return only what is not as it should be."""
    return tuple(one for one in _fields(library, wanted) if one.state != "found")


def _fields(library: Library, wanted: Wanted) -> Iterator[Provisioned]:
    limits = [limit for field in range_fields(wanted.fields) for limit in field.limits]
    yield from _looked_at(OPPORTUNITY, (*OPPORTUNITY_FIELDS, *limits), library.described(OPPORTUNITY))
    yield from _looked_at(TASK, ACTIVITY_FIELDS, library.described(TASK))
    yield from _looked_at(SETTING, SETTING_FIELDS, library.described(SETTING))
    yield from _standard(library, lines=wanted.line_items)


def _standard(library: Library, *, lines: bool) -> Iterator[Provisioned]:
    """Name standard fields that are hidden from us; one that we see is not worth a line."""
    for kind in (OPPORTUNITY, LINE) if lines else (OPPORTUNITY,):
        hidden = (name for name in _READ[kind] if name not in library.described(kind))
        yield from (Provisioned(f"{kind}: {name}", MISSING, _SHOW) for name in hidden)
    for name in _WRITTEN:
        found = library.described(TASK).field(name)
        if found is None or not found.updateable:
            yield Provisioned(f"{TASK}: {name}", MISSING if found is None else LOCKED, _SHOW)


def _looked_at(kind: str, fields: Iterable[CustomField], described: Described) -> Iterator[Provisioned]:
    for field in fields:
        state = _state(field, described.field(field.name))
        yield Provisioned(f"{kind}: {field.name}", state, _todo(state, field))


def _state(wanted: CustomField, found: Definition | None) -> str:
    if found is None:
        return MISSING
    if found.type != _TYPES[wanted.kind]:
        return DIFFERS
    if not {value for value, _ in wanted.options} <= found.options:
        return DIFFERS
    writes = Audience.INTEGRATION in wanted.editors and not wanted.formula
    return LOCKED if writes and not found.updateable else "found"


def _todo(state: str, field: CustomField) -> str:
    if state == DIFFERS:
        return f"It is to be of type {field.kind}, with the options of the package: deploy the package again."
    return _TODO.get(state, "")
