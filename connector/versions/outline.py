"""A policy as nested words, so that two of them can be compared whatever the language has grown to.

Where a rule stands in its file, and what is only compiled from its text, is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from connector.policy.model import (
    Band,
    Capacity,
    Cell,
    Effort,
    Feasibility,
    FeasibleRow,
    Field,
    Gate,
    Home,
    Offering,
    Policy,
    Product,
    RequiredField,
    Row,
    Ruling,
    Switch,
)

Outline = str | dict[str, "Outline"]

_LEFT_OUT = frozenset(
    {
        "where",
        "id",
        "field",
        "version",
        "by_name",
        "names",
        "index",
        "vocabulary",
        "tables",
        "clock",
        "capacity",
        "day_limits",
    }
)
_CALLED = {
    "matrices": "authority",
    "name": "policy",
    "tell_rep": "tell-rep",
    "private_tasks": "private-tasks",
}
_GOES_TO = {"role": "goes-to"}
_WRITTEN: Mapping[type, Mapping[str, str]] = {  # where the file says it in another word
    Band: {"limit": "up-to"},
    Capacity: _GOES_TO,
    Effort: {"lead_in": "lead-in-weeks"},
    Feasibility: _GOES_TO,
    FeasibleRow: _GOES_TO,
    Field: {"weight": "change"},
    Gate: {"matrices": "authority", "switches": "switch"},
    Offering: {"lead_days": "lead-time-days"},
    Product: {"label": "name", "lead_days": "lead-time-days", "least": "at-least", "most": "at-most"},
    RequiredField: {"otherwise": "or"},
}
_RULED = {
    Ruling.SALES: "Sales decides",
    Ruling.SIGN_OFF: "sign-off",
    Ruling.NOTIFY: "notify",
    Ruling.VETO: "may stop it",
    Ruling.FORBIDDEN: "forbidden",
    Ruling.UNKNOWN: "unknown",
}
RULING = "who decides"


def outline(policy: Policy) -> dict[str, Outline]:
    """Return the policy's sections by name."""
    found = {
        _CALLED.get(field.name, field.name): _of(getattr(policy, field.name))
        for field in fields(policy)
        if field.name not in _LEFT_OUT
    }
    return found | {"fields": {name: _of(one) for name, one in policy.fields.items() if _is_written(one)}}


def _is_written(field: Field) -> bool:
    """Say whether somebody wrote the word down: those that every policy has come and go with the rules that
    speak of them."""
    return field.home is not Home.DERIVED or bool(field.where)


def summary(node: Outline) -> str:
    """Say a whole part on one line."""
    if isinstance(node, str):
        return node
    said = ((name, summary(inner)) for name, inner in node.items())
    told = ", ".join(text if name == RULING else f"{name} {text}" for name, text in said if text)
    return told or "as it comes"


def _of(value: object) -> Outline:
    if isinstance(value, Row):
        return _row(value)
    if isinstance(value, Cell):
        return value.text
    if isinstance(value, Switch):
        return value.mode.value
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in _LEFT_OUT}
        written = _WRITTEN.get(type(value), {})
        return {
            written.get(name, name.replace("_", "-")): _of(inner)
            for name, inner in parts.items()
            if not callable(inner)
        }
    if isinstance(value, Mapping):
        return {str(name): _of(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list) and any(is_dataclass(one) for one in value):
        return dict(_entry(one, place) for place, one in enumerate(value))
    return _plain(value)


def _row(row: Row) -> Outline:
    cells = {cell.field: cell.text for cell in row.cells if not cell.any}
    ruled = "attest" if row.attest else _RULED[row.ruling]
    who = f"{ruled} {' and '.join(row.roles)}".strip()
    return {**cells, RULING: who, **{name: said for name, said in _beside(row) if said}}


def _beside(row: Row) -> Iterable[tuple[str, str]]:
    """Yield what a row says beside who decides."""
    yield "at-least", "" if row.quorum is None else str(row.quorum)
    yield "in-order", "yes" if row.in_order else ""
    yield "escalate", "" if row.rises is None else f"{row.rises} hours" if row.rises else "at once"
    yield "fact", row.attest
    yield "self", "yes" if row.own else ""
    yield "veto", " and ".join(row.veto)
    yield "within", "" if row.veto_within is None else f"{row.veto_within} hours"
    yield "says", row.text


def _entry(item: object, place: int) -> tuple[str, Outline]:
    """Return an item of a list under its name, which is not said twice."""
    key, node = _key(item, place), _of(item)
    return key, node if isinstance(node, str) else {name: one for name, one in node.items() if one != key}


def _key(item: object, place: int) -> str:
    """Name an item of a list by its id, its field, its name and the like, so that its place makes no
    difference."""
    if isinstance(item, Switch):
        return item.on.isoformat()
    named = (getattr(item, name, None) for name in ("id", "field", "name", "role"))
    return next((str(name) for name in named if isinstance(name, str) and name), str(place + 1))


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(_plain(one) for one in value))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_plain(one) for one in value)
    return str(value)
