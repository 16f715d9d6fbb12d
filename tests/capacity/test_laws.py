"""The laws of capacity: what may never happen, whatever the company looks like."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.capacity.board import HORIZON, Board
from connector.capacity.chance import Odds, Rival, exactly
from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Snapshot
from connector.capacity.search import Answer, Window, ask, fits
from connector.capacity.weeks import week_of
from tests.capacity.world import (
    ROLES,
    TODAY,
    at,
    commitments,
    demands,
    estimates,
    leaves,
    monday,
    rivals,
    snapshots,
)

starts = st.integers(0, 4).map(monday)
BANDS = ("confirmed", "forecast", "likely", "exposure")


def said(snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date) -> Answer:
    return ask(at(snapshot, *others), "1", demand, start, "seed")


def days(window: Window | None) -> tuple[date, date]:
    return (date.max, date.max) if window is None else (window.start, window.finish)


def never_later(one: Answer, other: Answer) -> bool:
    return all(days(getattr(one, band)) <= days(getattr(other, band)) for band in BANDS)


def placed(board: Board, demand: Demand, week: int) -> bool:
    """Place the work hour by hour, as a planner would with pencil and paper, and see whether it fits."""
    left = {
        (role, board.first + place): minutes
        for role, row in board.supply.items()
        for place, minutes in enumerate(row)
    }
    for one in board.taken:
        for cell, minutes in one.cells.items():
            left[cell] = left.get(cell, 0) - minutes
    for part in demand.parts:
        left[part.role, week + part.offset] = left.get((part.role, week + part.offset), 0) - part.minutes
    return all(left.get((part.role, week + part.offset), -1) >= 0 for part in demand.parts)


@given(snapshots, rivals, demands, starts)
def test_the_date_found_is_feasible_when_placed_and_no_earlier_one_is(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date
) -> None:
    board = at(snapshot, *others)
    found = ask(board, "1", demand, start, "seed").confirmed
    feasible = [
        week
        for week in range(week_of(start), board.first + HORIZON - demand.weeks + 1)
        if placed(board, demand, week)
    ]
    assert (None if found is None else week_of(found.start)) == (feasible[0] if feasible else None)


@given(snapshots, rivals, demands, starts, st.integers(0, 60 * 60), st.sampled_from(ROLES))
def test_more_capacity_is_never_later(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, more: int, role: str
) -> None:
    richer = tuple(
        replace(one, minutes=one.minutes + more) if one.role == role else one for one in snapshot.supply
    )
    assert never_later(
        said(replace(snapshot, supply=richer), others, demand, start), said(snapshot, others, demand, start)
    )


@given(snapshots, rivals, st.lists(st.builds(Effort, st.sampled_from(ROLES), st.integers(0, 4800), st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=3), starts, st.integers(0, 4800))  # fmt: skip
def test_less_demand_is_never_later(
    snapshot: Snapshot, others: list[Estimate], work: list[Effort], start: date, less: int
) -> None:
    smaller = Demand.of([replace(work[0], minutes=max(0, work[0].minutes - less)), *work[1:]])
    if smaller:
        assert never_later(
            said(snapshot, others, smaller, start), said(snapshot, others, Demand.of(work), start)
        )


@given(snapshots, rivals, demands, starts, leaves)
def test_holidays_and_leave_never_make_it_earlier(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, leave: object
) -> None:
    away = replace(snapshot, leave=(*snapshot.leave, leave))
    before = said(snapshot, others, demand, start)
    assert never_later(before, said(away, others, demand, start))


@given(snapshots, rivals, demands, starts, st.sets(st.integers(0, 60), max_size=6))
def test_company_holidays_never_make_the_week_earlier(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, off: set[int]
) -> None:
    holidays = tuple(TODAY + timedelta(days=day) for day in off)
    before = ask(at(snapshot, *others), "1", demand, start, "s").confirmed
    after = ask(at(snapshot, *others, holidays=holidays), "1", demand, start, "s").confirmed
    assert after is None or (before is not None and week_of(before.start) <= week_of(after.start))


@given(snapshots, rivals, demands, starts, commitments)
def test_one_more_commitment_never_makes_it_earlier(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, one: Commitment
) -> None:
    fuller = replace(snapshot, commitments=(*snapshot.commitments, replace(one, deal="")))
    assert never_later(said(snapshot, others, demand, start), said(fuller, others, demand, start))


@given(snapshots, rivals, demands, starts, estimates)
def test_one_more_competing_deal_never_makes_it_earlier(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, one: Estimate
) -> None:
    more = [*others, replace(one, deal="99")]
    assert never_later(said(snapshot, others, demand, start), said(snapshot, more, demand, start))


@given(snapshots, rivals, demands, starts)
def test_the_bands_follow_each_other(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date
) -> None:
    one = said(snapshot, others, demand, start)
    assert days(one.confirmed) <= days(one.forecast) <= days(one.exposure)
    assert days(one.confirmed) <= days(one.likely) <= days(one.exposure)
    assert 0 <= one.chance.value <= 1
    assert one.fits is not bool(one.shorts)


@given(snapshots, rivals, demands, starts, st.sampled_from(Claim), st.integers(0, 1000))
def test_a_deal_never_stands_in_its_own_way(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date, claim: Claim, chance: int
) -> None:
    mine = Estimate("1", "mine", claim, start, demand, chance)
    assert said(snapshot, [*others, mine], demand, start) == said(snapshot, others, demand, start)


@given(snapshots, rivals, demands, starts)
def test_a_deal_that_is_planned_is_not_counted_twice(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date
) -> None:
    named = {one.deal for one in snapshot.commitments}
    twice = [*others, *(Estimate(deal, "", Claim.WON, start, demand) for deal in named if deal)]
    assert said(snapshot, twice, demand, start) == said(snapshot, others, demand, start)


cells = [("data-engineer", 1), ("data-engineer", 2), ("trainer", 1)]
few = st.lists(
    st.builds(
        lambda chance, hours: Rival(str(hours), chance, dict(zip(cells, hours, strict=True))),
        st.integers(0, 1000),
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    ),
    max_size=7,
)
slacks = st.tuples(*[st.integers(0, 40)] * 3).map(lambda room: dict(zip(cells, room, strict=True)))


def counted(found: list[Rival], slack: dict[tuple[str, int], int]) -> float:
    """Go through every world there can be."""
    total = 0.0
    for won in product((False, True), repeat=len(found)):
        weight = 1.0
        for one, is_won in zip(found, won, strict=True):
            weight *= one.chance / 1000 if is_won else 1 - one.chance / 1000
        takes = {
            cell: sum(one.cells[cell] for one, is_won in zip(found, won, strict=True) if is_won)
            for cell in cells
        }
        total += weight * all(takes[cell] <= slack[cell] for cell in cells)
    return total


def sampled(found: list[Rival], slack: dict[tuple[str, int], int]) -> float:
    """Return the chance as it is drawn, though there are few enough sums to be exact."""
    return Odds(found, "seed", most=0).of_room(slack).value


@given(few, slacks)
def test_convolution_is_what_counting_every_world_gives(
    found: list[Rival], slack: dict[tuple[str, int], int]
) -> None:
    exact = exactly(found, slack)
    assert exact is not None
    assert exact == pytest.approx(counted(found, slack), abs=1e-12)


@given(few, slacks)
def test_sampling_comes_near_the_exact_chance(found: list[Rival], slack: dict[tuple[str, int], int]) -> None:
    named = [replace(one, deal=str(place)) for place, one in enumerate(found)]
    quarters = [replace(one, cells={c: n * 15 for c, n in one.cells.items()}) for one in named]
    assert sampled(quarters, {cell: room * 15 for cell, room in slack.items()}) == pytest.approx(
        counted(found, slack), abs=0.06
    )  # over five standard errors


@given(few, slacks, st.integers(0, 6), st.integers(0, 1000))
def test_sampled_one_more_deal_or_a_better_chance_of_another_never_makes_room(
    found: list[Rival], slack: dict[tuple[str, int], int], which: int, chance: int
) -> None:
    named = [replace(one, deal=str(place)) for place, one in enumerate(found)]
    before = sampled(named, slack)
    more = [*named, Rival("more", chance, dict.fromkeys(cells, 3))]
    likelier = [
        replace(one, chance=max(one.chance, chance)) if place == which else one
        for place, one in enumerate(named)
    ]
    assert sampled(more, slack) <= before
    assert sampled(likelier, slack) <= before


@given(snapshots, rivals, estimates, st.booleans())
def test_a_board_that_learns_of_a_deal_is_the_one_made_with_it(
    snapshot: Snapshot, others: list[Estimate], one: Estimate, goes: bool
) -> None:
    rest = [other for other in others if other.deal != one.deal]
    learned = at(snapshot, *others).with_estimate(one.deal, None if goes else one)
    made = at(snapshot, *rest, *([] if goes else [one]))
    assert learned == made


@given(snapshots, rivals, demands, starts)
def test_whether_it_fits_is_said_the_same_with_and_without_the_details(
    snapshot: Snapshot, others: list[Estimate], demand: Demand, start: date
) -> None:
    board = at(snapshot, *others)
    assert fits(board, "1", demand, start) is ask(board, "1", demand, start, "seed").fits


LAWS = tuple(law for name, law in sorted(globals().items()) if name.startswith("test_"))


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_each_law_holds_two_thousand_times(law: Callable[[], None]) -> None:
    settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))(law)()
