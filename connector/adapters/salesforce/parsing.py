"""Salesforce's JSON as typed values, and back."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, assert_never

from connector.deals import Unreadable, Value
from connector.policy.model import FieldType
from connector.texts import unknown

Row = Mapping[str, Any]


def parse(raw: Any, kind: FieldType, *, several: bool = False) -> Value:
    """Return the value; None where nothing is filled in, Unreadable where it is not what it should be.

    `several`: the field takes many options (`a;b`). A percentage is in points, as Salesforce shows it.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    value = _typed(raw, kind, several=several)
    if value is not None:
        return value
    return Unreadable(unknown.is_not(str(raw), kind))


def _typed(raw: Any, kind: FieldType, *, several: bool) -> Value:
    match kind:
        case FieldType.MONEY | FieldType.NUMBER | FieldType.PERCENT:
            return number(raw)
        case FieldType.DATE:
            at = moment(raw)
            return at.date() if at else None
        case FieldType.BOOLEAN:
            return raw if isinstance(raw, bool) else None
        case FieldType.ENUM:
            text = plain(raw)
            return tuple(one for one in text.split(";") if one) if several else text
        case FieldType.TEXT | FieldType.PERSON:
            return plain(raw)
        case _:
            assert_never(kind)


def number(raw: Any) -> Decimal | None:
    """Return a finite number, or None."""
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        return None
    value = Decimal(raw)
    return value if value.is_finite() else None


def plain(raw: Any) -> str:
    """Write any single value as a text: 12.0 is "12", true is "true"."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, Decimal):
        text = f"{raw:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(raw)


def moment(raw: Any) -> datetime | None:
    """Return a time, in UTC, from what REST writes (`2026-11-23T08:30:00.000+0000`) or a plain date."""
    try:
        at = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def latest(raw: Any) -> datetime | None:
    """Return the last moment that a time of Salesforce's can mean: it keeps whole seconds (ADR 96)."""
    at = moment(raw)
    return at if at is None or at.microsecond else at.replace(microsecond=999_000)


def instant(at: datetime) -> str:
    """Write a time as our fields hold it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(raw: Any) -> date | None:
    """Return a date, or None."""
    at = moment(raw)
    return at.date() if at else None
