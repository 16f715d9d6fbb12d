"""What capacity is made of: effort that a deal takes, hours that people have, and what is taken already.

All time is whole minutes, so that sums are exact; a cell is one role in one week.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from connector.capacity.weeks import Week

Minutes = int
Cell = tuple[str, Week]
SURE = 1000  # a chance is counted in thousandths


@dataclass(frozen=True, slots=True)
class Part:
    """Work of one role in one week, counted from the week in which the deal starts."""

    role: str
    offset: int
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Demand:
    """The work that one deal takes, week by week; nothing where it takes nobody's time."""

    parts: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    @classmethod
    def of(cls, efforts: Iterable["Effort"]) -> "Demand":
        """Spread each effort evenly over its weeks, odd minutes in the first ones, and add them up."""
        total: dict[tuple[str, int], Minutes] = {}
        for effort in efforts:
            for offset, minutes in _spread(effort):
                cell = (effort.role, effort.lead_in + offset)
                total[cell] = total.get(cell, 0) + minutes
        return cls(tuple(Part(*cell, minutes) for cell, minutes in sorted(total.items()) if minutes))

    @property
    def weeks(self) -> int:
        """How many weeks from the start to the last work."""
        return 1 + max((part.offset for part in self.parts), default=0)

    def cells(self, start: Week) -> dict[Cell, Minutes]:
        """Return the work by role and week when the deal starts in this week."""
        return {(part.role, start + part.offset): part.minutes for part in self.parts}

    def by_role(self) -> dict[str, Minutes]:
        """Return the work of each role."""
        total: dict[str, Minutes] = {}
        for part in self.parts:
            total[part.role] = total.get(part.role, 0) + part.minutes
        return total


@dataclass(frozen=True, slots=True)
class Effort:
    """Work of one role: it begins `lead_in` weeks after the start and is spread over `weeks`."""

    role: str
    minutes: Minutes
    lead_in: int = 0
    weeks: int = 1


def minutes_of(hours: Decimal) -> Minutes:
    """Return hours as minutes, a part of one counted whole."""
    return int((hours * 60).to_integral_value(ROUND_CEILING))


def _spread(effort: Effort) -> Iterable[tuple[int, Minutes]]:
    each, odd = divmod(max(effort.minutes, 0), effort.weeks)
    return ((week, each + (week < odd)) for week in range(effort.weeks))


@dataclass(frozen=True, slots=True)
class Supply:
    """Hours of one role: a person or a team. `minutes` a week when every one of `days` is worked; part-time
    is fewer minutes, or fewer days. `last` None is until further notice."""

    role: str
    who: str
    first: date
    last: date | None
    minutes: Minutes
    days: frozenset[int] = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off, both ends included, of one person or team; of everybody where `who` is empty."""

    who: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Commitment:
    """Work that is planned: `minutes` a week of one role, both ends included. `deal` is the CRM's id where
    it is a deal's, so that the deal is not counted twice."""

    role: str
    first: date
    last: date
    minutes: Minutes
    deal: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The plan as Operations last gave it. `as_of` is the day for which it is true."""

    as_of: date
    supply: tuple[Supply, ...] = ()
    leave: tuple[Leave, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    imported_at: datetime | None = None
    number: int = 0


class Claim(StrEnum):
    """How firmly a deal takes its hours: OPEN if it is won, HELD until a day, WON until it is planned."""

    OPEN = "open"
    HELD = "held"
    WON = "won"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one deal takes by our own estimate. `chance` to win in thousandths; `held_until` is the last day
    of a soft hold; `fits` what was last said of its promised start, None where nothing was."""

    deal: str
    label: str
    claim: Claim
    start: date
    demand: Demand
    chance: int = SURE
    held_until: date | None = None
    fits: bool | None = None

    def is_firm(self, today: date) -> bool:
        """Say whether its hours are gone, whatever else is won."""
        if self.claim is Claim.HELD:
            return self.held_until is None or today <= self.held_until
        return self.claim is Claim.WON
