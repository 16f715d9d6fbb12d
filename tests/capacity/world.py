"""Small companies for the capacity engine: as hypothesis draws them, and one that a person can check by hand."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from connector.capacity.board import Board, board
from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Leave, Snapshot, Supply

TODAY = date(2026, 3, 2)  # a Monday, week 10
ROLES = ("data-engineer", "trainer")


def monday(weeks: int) -> date:
    """The Monday so many weeks from today."""
    return TODAY + timedelta(weeks=weeks)


def hours(count: float) -> int:
    return round(count * 60)


def supply(role: str = "data-engineer", each: float = 40, who: str = "", **changes: object) -> Supply:
    return replace(Supply(role, who or role, date(2026, 1, 1), None, hours(each)), **changes)  # type: ignore[arg-type]


def busy(
    first: int, last: int, each: float = 40, role: str = "data-engineer", deal: str = "", label: str = ""
) -> Commitment:
    """Planned work from one week to another, both included, so many hours in each."""
    return Commitment(role, monday(first), monday(last) + timedelta(days=4), hours(each), deal, label)


def plan(*rows: Supply | Commitment | Leave, as_of: date = TODAY) -> Snapshot:
    return Snapshot(
        as_of,
        supply=tuple(row for row in rows if isinstance(row, Supply)),
        leave=tuple(row for row in rows if isinstance(row, Leave)),
        commitments=tuple(row for row in rows if isinstance(row, Commitment)),
    )


def work(each: float = 40, weeks: int = 1, lead_in: int = 0, role: str = "data-engineer") -> Demand:
    """So many hours in all."""
    return Demand.of([Effort(role, hours(each), lead_in, weeks)])


def estimate(
    deal: str, start: int = 0, demand: Demand | None = None, claim: Claim = Claim.OPEN, chance: int = 500
) -> Estimate:
    return Estimate(deal, f"Deal {deal}", claim, monday(start), demand or work(), chance)


def at(snapshot: Snapshot, *estimates: Estimate, holidays: tuple[date, ...] = ()) -> Board:
    return board(snapshot, estimates, TODAY, holidays=holidays)


_weeks = st.integers(0, 5)
efforts = st.builds(
    Effort, st.sampled_from(ROLES), st.integers(0, 80 * 60), st.integers(0, 2), st.integers(1, 3)
)
demands = st.lists(efforts, min_size=1, max_size=3).map(Demand.of).filter(bool)
commitments = st.builds(
    lambda first, span, role, minutes, deal: Commitment(
        role, monday(first), monday(first + span) + timedelta(days=4), minutes, deal
    ),
    _weeks, st.integers(0, 2), st.sampled_from(ROLES), st.integers(0, 60 * 60), st.sampled_from(("", "7", "8")),
)  # fmt: skip
estimates = st.builds(
    lambda deal, start, demand, claim, chance: Estimate(
        deal, deal, claim, monday(start), demand, chance, held_until=None
    ),
    st.sampled_from([str(number) for number in range(10, 17)]),
    _weeks,
    demands,
    st.sampled_from(Claim),
    st.integers(0, 1000),
)
rivals = st.lists(estimates, max_size=5, unique_by=lambda one: one.deal)
leaves = st.builds(
    lambda who, day, length: Leave(who, TODAY + timedelta(days=day), TODAY + timedelta(days=day + length)),
    st.sampled_from(("", *ROLES)), st.integers(0, 40), st.integers(0, 9),
)  # fmt: skip
snapshots = st.builds(
    lambda engineers, trainers, work, away: Snapshot(
        TODAY,
        (supply("data-engineer", engineers), supply("trainer", trainers)),
        tuple(away),
        tuple(work),
    ),
    st.integers(0, 120), st.integers(0, 80), st.lists(commitments, max_size=4), st.lists(leaves, max_size=2),
)  # fmt: skip
