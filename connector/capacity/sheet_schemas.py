"""The shape of one row of the capacity sheet, by its kind."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import Schema

from connector.capacity.records import Minutes
from connector.policy.shapes import Block, Said, Text
from connector.policy.staff_schemas import WEEKDAYS

_MOST = Decimal(100_000)  # hours a week
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.ASCII | re.IGNORECASE)


class RoleName(Text):
    """A role as the offering names it: "Data Engineer" is data-engineer."""

    allowed = "the name of a role"

    def read(self, value: Any) -> str:
        """Return the name in small letters with hyphens."""
        return re.sub(r"[\s_-]+", "-", super().read(value).casefold())


class Hours(Said):
    """Hours a week."""

    allowed = "hours a week as 36 or 7.5"

    def read(self, value: Any) -> Minutes:
        """Return the minutes."""
        text = value.strip().replace(",", ".")
        if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text, re.ASCII) is None or Decimal(text) > _MOST:
            raise self.refuse(value)
        return round(Decimal(text) * 60)


class _Day(Said):
    allowed = "a day as 2026-03-16 or a week as 2026-W12"
    weekday = 1

    def read(self, value: Any) -> date:
        """Return the day; of a week its first or last one."""
        week = _WEEK.fullmatch(value.strip())
        try:
            if week is not None:
                return date.fromisocalendar(int(week[1]), int(week[2]), self.weekday)
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip(), re.ASCII) is None:
                raise self.refuse(value)
            return date.fromisoformat(value.strip())
        except (ValueError, OverflowError):
            raise self.refuse(value) from None


class From(_Day):
    """A first day."""


class Until(_Day):
    """A last day."""

    weekday = 7


class Days(Said):
    """Weekdays, as "mon tue wed" or "mon-thu"."""

    allowed = 'weekdays as "mon tue thu" or "mon-thu"'

    def read(self, value: Any) -> frozenset[int]:
        """Return the weekdays, Monday is 0."""
        found: set[int] = set()
        for word in value.casefold().replace("/", " ").split():
            first, _, last = word.partition("-")
            if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
                raise self.refuse(value)
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
            if end < start:
                raise self.refuse(value)
            found.update(range(start, end + 1))
        return frozenset(found)


class SupplyRow(Block):
    """Hours of a person or a team."""

    role = RoleName(required=True)
    who = Text()
    first = From("from", required=True)
    last = Until("until")
    minutes = Hours("hours", required=True)
    days = Days()


class LeaveRow(Block):
    """Days off."""

    who = Text()
    first = From("from", required=True)
    last = Until("until", required=True)


class CommitmentRow(Block):
    """Work that is planned."""

    role = RoleName(required=True)
    first = From("from", required=True)
    last = Until("until", required=True)
    minutes = Hours("hours", required=True)
    deal = Text()
    label = Text("note")


class AsOfRow(Block):
    """The day for which the plan is true."""

    first = From("from", required=True)


KINDS: Mapping[str, type[Schema]] = MappingProxyType(
    {"supply": SupplyRow, "leave": LeaveRow, "commitment": CommitmentRow, "as-of": AsOfRow}
)
COLUMNS = ("kind", "role", "who", "from", "until", "hours", "days", "deal", "note")
