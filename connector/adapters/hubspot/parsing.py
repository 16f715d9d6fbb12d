"""HubSpot's strings as typed values: every property value travels as text, null or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import assert_never

from connector.deals import Unreadable, Value
from connector.policy.model import FieldType
from connector.texts import unknown

_LONGEST_NUMBER = 40
_YES_NO = {"true": True, "false": False, "yes": True, "no": False}


def parse(text: str | None, kind: FieldType, *, several: bool = False, fraction: bool = False) -> Value:
    """Return the value; None where nothing is filled in, Unreadable where it is not what it should be.

    `several`: the property takes many options (`a;b`). `fraction`: HubSpot keeps this percentage as 0.18
    for 18 % (numberDisplayHint "percentage"); inside, a percentage is always in points.
    """
    if text is None or not text.strip():
        return None
    value = _typed(text, kind, several=several)
    if value is None:
        return Unreadable(unknown.is_not(text, kind))
    return value * 100 if fraction and isinstance(value, Decimal) else value


def _typed(text: str, kind: FieldType, *, several: bool) -> Value:
    match kind:
        case FieldType.MONEY | FieldType.NUMBER | FieldType.PERCENT:
            return number(text)
        case FieldType.DATE:
            at = moment(text)
            return at.date() if at else None
        case FieldType.BOOLEAN:
            return _YES_NO.get(text.strip().casefold())
        case FieldType.ENUM:
            return tuple(one for one in text.split(";") if one) if several else text
        case FieldType.TEXT | FieldType.PERSON:
            return text
        case _:
            assert_never(kind)


def number(text: str | None) -> Decimal | None:
    """Return a finite number, or None."""
    if text is None or len(text) > _LONGEST_NUMBER:
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def moment(text: str | None) -> datetime | None:
    """Return a time, in UTC, from ISO 8601, a plain date, or milliseconds since 1970; else None."""
    word = (text or "").strip()
    try:
        if word.lstrip("-").isdecimal():
            return datetime.fromtimestamp(int(word) / 1000, UTC)
        at = datetime.fromisoformat(word)
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def day(value: date) -> str:
    """Write a date for a date-and-time property: midnight UTC."""
    return f"{value.isoformat()}T00:00:00Z"


def instant(at: datetime) -> str:
    """Write a time as HubSpot takes and shows it: UTC, with milliseconds only where there are some."""
    text = at.astimezone(UTC).isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return text.replace("+00:00", "Z")
