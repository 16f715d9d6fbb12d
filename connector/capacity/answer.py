"""What the board says of one deal: when it fits, what it lacks, who takes that, and how sure it is."""

from dataclasses import dataclass, field
from datetime import date

from connector.capacity.chance import Chance
from connector.capacity.records import Minutes
from connector.capacity.weeks import Week


@dataclass(frozen=True, slots=True)
class Window:
    """First and last working day of the work."""

    start: date
    finish: date


@dataclass(frozen=True, slots=True)
class Short:
    """A role that is short for the start that was promised: the weeks, and the minutes that lack in all.
    `none`: the plan gives it no hours in any of those weeks."""

    role: str
    weeks: tuple[Week, ...]
    minutes: Minutes
    none: bool = False


@dataclass(frozen=True, slots=True)
class Pusher:
    """Who takes hours that lack. `how`: planned, or the claim by which our own estimate counts."""

    deal: str
    label: str
    how: str
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Answer:
    """Each window is the earliest from the promised start on, None where none is within the plan: `confirmed`
    against what is certain, `forecast` when open deals count by their chance, `likely` in 80 of 100 cases,
    `exposure` if all are won. `shorts`: binding role first.
    """

    fits: bool
    passed: bool  # the promised start is over
    confirmed: Window | None
    forecast: Window | None = None
    likely: Window | None = None
    exposure: Window | None = None
    chance: Chance = field(default_factory=lambda: Chance(1.0))  # that the promised start holds
    shorts: tuple[Short, ...] = ()
    pushers: tuple[Pusher, ...] = ()  # who takes the hours that lack, most first
