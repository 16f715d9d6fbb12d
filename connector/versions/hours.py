"""The capacity plan that a made-up deal is held against, and how it is said: "free then: 40 h of engineers in
each of weeks 1-3"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from connector import values
from connector.capacity.board import Board, board
from connector.capacity.records import Claim, Demand, Estimate, Snapshot, Supply
from connector.capacity.weeks import days_of, spans, week_of
from connector.policy.model import Capacity, Policy
from connector.texts import capacity as words

_ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Hours:
    """`free`: what people have from the week of `start` on, and nothing besides; `roles`: those that the plan
    knows at all. `wait`: the days until then, where the deal itself names no start. The plan is `age` days
    old. `held`: another deal, cleared so many days ago, takes all of it. `holiday`: a day of those weeks."""

    free: Demand
    roles: tuple[str, ...]
    start: date
    wait: int | None = None
    age: int = 0
    held: int | None = None
    holiday: date | None = None

    @property
    def words(self) -> str:
        """Say what is free, and what is odd about the plan."""
        return ", ".join(self._said())

    def _said(self) -> Iterator[str]:
        yield f"free then: {values.listing(_free(self.free)) or 'nobody'}"
        if self.wait is not None:
            yield f"counted from {values.counted(self.wait, 'day')} on"
        if self.holiday is not None:
            yield f"{values.day(self.holiday)} among them"
        if self.held is not None:
            yield f"all held by a deal cleared {values.counted(self.held, 'day')} ago"
        if self.age:
            yield f"by a plan {values.counted(self.age, 'day')} old"


def board_of(hours: Hours, spec: Capacity, policy: Policy, today: date) -> Board:
    """Return the board of that day, on which a deal is held for as long as the policy says."""
    first = week_of(hours.start)
    supply = [
        Supply(part.role, "", days_of(first + part.offset)[0], days_of(first + part.offset)[-1], part.minutes)
        for part in hours.free.parts
    ]
    bare = [Supply(role, "", today, today, 0) for role in hours.roles]
    plan = Snapshot(today - timedelta(days=hours.age), (*supply, *bare))
    calendar = policy.calendar
    return board(plan, _rivals(hours, spec, today), today, calendar.days, calendar.holidays)


def _rivals(hours: Hours, spec: Capacity, today: date) -> tuple[Estimate, ...]:
    if hours.held is None:
        return ()
    until = today + timedelta(days=spec.hold_days - hours.held)
    return (Estimate(_ANOTHER, _ANOTHER, Claim.HELD, hours.start, hours.free, held_until=until),)


def _free(free: Demand) -> list[str]:
    """Say each role's hours a week, weeks with the same hours together."""
    weeks: dict[tuple[str, int], list[int]] = {}
    for part in free.parts:
        weeks.setdefault((part.role, part.minutes), []).append(part.offset + 1)
    return [
        f"{words.hours(minutes)} of {words.role(role)} in {_runs(found)}"
        for (role, minutes), found in weeks.items()
    ]


def _runs(weeks: list[int]) -> str:
    said = [f"week {low}" if low == high else f"each of weeks {low}-{high}" for low, high in spans(weeks)]
    return values.listing(said)
