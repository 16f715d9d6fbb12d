"""Values written as text, as files and histories hold them."""

from datetime import date
from decimal import Decimal, InvalidOperation

from connector.deals import Value
from connector.policy.model import FieldType

_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_NUMBERS = frozenset({FieldType.MONEY, FieldType.PERCENT, FieldType.NUMBER})


class NotReadable(ValueError):
    """The text is no value of the type; the message says what is."""


def typed(text: str, kind: FieldType) -> Value:
    """Read a text as a value of this type; percent points with or without their sign. Raise NotReadable."""
    if kind in _NUMBERS:
        return _number(text)
    if kind is FieldType.DATE:
        return _date(text)
    if kind is FieldType.BOOLEAN:
        if text.casefold() not in _YES_NO:
            raise NotReadable("yes or no")
        return _YES_NO[text.casefold()]
    return text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.rstrip("%").strip())
    except InvalidOperation:
        raise NotReadable("a number, as 12 or 1054.50") from None
    if not number.is_finite():
        raise NotReadable("a number, as 12 or 1054.50")
    return number


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise NotReadable("a date, as 2026-03-16") from None
