"""Values of a policy file: truths, days, money, percentages, numbers."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from connector.policy import literals
from connector.policy.shapes.said import Loaded, Said

_Read = TypeVar("_Read")


class Flag(Said):
    """True or false."""

    allowed = "true or false"

    def read(self, value: Any) -> bool:
        """Return the truth."""
        return _literal(self, value, literals.flag)

    def described(self) -> Loaded:
        """Return both, as a truth or as words."""
        return {"enum": [True, False, "yes", "no", "true", "false"]}


class Day(Said):
    """A date."""

    allowed = "a date as 2026-03-16"

    def read(self, value: Any) -> date:
        """Return the date."""
        return _literal(self, value, literals.day)


class Money(Said):
    """An amount with or without its currency."""

    allowed = "an amount as EUR 50,000"

    def read(self, value: Any) -> tuple[Decimal, str | None]:
        """Return the amount and its currency."""
        return _literal(self, value, literals.money)


class Percent(Said):
    """A percentage, read as percent points."""

    allowed = "a percentage as 10% or 12.5 %"

    def read(self, value: Any) -> Decimal:
        """Return the percent points."""
        return _literal(self, value, literals.percent)


class Number(Said):
    """A number more than zero."""

    allowed = "a number more than 0, as 8 or 12.5"

    def read(self, value: Any) -> Decimal:
        """Return the number."""
        found = _literal(self, value, literals.number)
        if found <= 0:
            raise self.refuse(value)
        return found


class Whole(Said):
    """A whole number in a range, ends included."""

    def __init__(self, least: int, most: int, key: str | None = None, *, required: bool = False) -> None:
        self.least, self.most = least, most
        self.allowed = f"a whole number from {least} to {most}"
        super().__init__(key, required=required)

    def read(self, value: Any) -> int:
        """Return the number."""
        text = value.strip() if isinstance(value, str) else ""
        if re.fullmatch(r"-?\d{1,9}", text, re.ASCII) and self.least <= int(text) <= self.most:
            return int(text)
        raise self.refuse(value)

    def described(self) -> Loaded:
        """Return the range."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


def _literal(field: Said, value: Any, read: Callable[[str], _Read]) -> _Read:
    try:
        return read(value if isinstance(value, str) else "")
    except literals.NotALiteral as error:
        raise field.refuse(value, str(error)) from None
