"""A policy as nested words, so that two of them can be compared whatever the language has grown to.

Where a rule stands in its file, and what is only compiled from its text, is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from connector.policy.model import Cell, Policy, Row, Ruling

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
_CALLED = {"matrices": "authority", "name": "policy", "tell_rep": "tell-rep"}
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
    return {
        _CALLED.get(field.name, field.name): _of(getattr(policy, field.name))
        for field in fields(policy)
        if field.name not in _LEFT_OUT
    }


def summary(node: Outline) -> str:
    """Say a whole part on one line."""
    if isinstance(node, str):
        return node
    said = ((name, summary(inner)) for name, inner in node.items())
    return ", ".join(text if name == RULING else f"{name} {text}" for name, text in said if text)


def _of(value: object) -> Outline:
    if isinstance(value, Row):
        return _row(value)
    if isinstance(value, Cell):
        return value.text
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in _LEFT_OUT}
        return {name.replace("_", "-"): _of(inner) for name, inner in parts.items() if not callable(inner)}
    if isinstance(value, Mapping):
        return {str(name): _of(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list) and any(is_dataclass(one) for one in value):
        return {_key(one, place): _of(one) for place, one in enumerate(value)}
    return _plain(value)


def _row(row: Row) -> Outline:
    cells = {cell.field: cell.text for cell in row.cells if not cell.any}
    who = f"{_RULED[row.ruling]} {' and '.join(row.roles)}".strip()
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


def _key(item: object, place: int) -> str:
    """Name an item of a list by its id, its field or its name, so that its place makes no difference."""
    named = (getattr(item, name, None) for name in ("id", "field", "name"))
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
