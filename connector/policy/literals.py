"""Literals that people write in a policy: amounts, percentages, numbers, dates, yes and no."""

import re
from datetime import date
from decimal import Decimal

from connector.policy.vocabulary import FieldType

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_PLAIN = re.compile(_NUMBER)
_MONEY = re.compile(rf"(?:(?P<before>[A-Z]{{3}})\s*)?(?P<number>{_NUMBER})(?:\s*(?P<after>[A-Z]{{3}}))?")
_PERCENT = re.compile(rf"(?P<number>{_NUMBER})\s*%")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_LONGEST = 40
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class NotALiteral(ValueError):
    """The text is not what the field's type asks for; the message says what is allowed."""


def flag(text: str) -> bool:
    """Read true, yes, false or no."""
    try:
        return _FLAGS[text.strip().casefold()]
    except KeyError:
        raise NotALiteral("true or false") from None


def day(text: str) -> date:
    """Read a date as YYYY-MM-DD."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip(), re.ASCII) is None:
        raise NotALiteral("a date as 2026-03-16")
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotALiteral("a day that exists, as 2026-03-16") from None


def number(text: str) -> Decimal:
    """Read 1200, 1,200 or 12.5."""
    text = text.strip()
    if len(text) > _LONGEST or not text.isascii() or _PLAIN.fullmatch(text) is None:
        raise NotALiteral("a number as 1200, 1,200 or 12.5")
    if _AMBIGUOUS.fullmatch(text):
        raise NotALiteral(f"a number that reads one way only: {text.replace('.', ',')} or {text}0")
    return Decimal(text.replace(",", ""))


def percent(text: str) -> Decimal:
    """Read "18%" or "18 %" as percent points."""
    found = _PERCENT.fullmatch(text.strip()) if len(text) <= _LONGEST and text.isascii() else None
    if found is None:
        raise NotALiteral("a percentage as 10% or 12.5 %")
    return Decimal(found["number"].replace(",", ""))


def money(text: str) -> tuple[Decimal, str | None]:
    """Read "EUR 50,000" or "50,000 EUR" as amount and currency; the currency may be left out."""
    found = _MONEY.fullmatch(text.strip()) if len(text) <= _LONGEST and text.isascii() else None
    if found is None or (found["before"] and found["after"]):
        raise NotALiteral("an amount as EUR 50,000")
    return number(found["number"]), found["before"] or found["after"]


def ordered(text: str, kind: FieldType) -> tuple[Decimal | date, str | None]:
    """Read a value of an ordered type with its currency, None where the type has none."""
    if kind is FieldType.MONEY:
        return money(text)
    if kind is FieldType.DATE:
        return day(text), None
    return (percent(text) if kind is FieldType.PERCENT else number(text)), None
