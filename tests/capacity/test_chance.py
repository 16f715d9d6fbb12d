"""How likely there is room: what is sure, what is won or lost for certain, and what is drawn."""

import pytest

from connector.capacity.chance import Chance, Odds, Rival, exactly

FIRST, SECOND = ("engineer", 1), ("engineer", 2)


def rival(chance: int, hours: float = 40, deal: str = "7") -> Rival:
    return Rival(deal, chance, {FIRST: round(hours * 60)})


def drawn(*rivals: Rival, hours: float, seed: str = "seed") -> float:
    """Return the chance of so many hours in the first week as it is sampled, however few the sums are."""
    found = Odds(rivals, seed, most=0).of_room({FIRST: round(hours * 60)})
    assert not found.exact
    return found.value


@pytest.mark.parametrize(
    ("chance", "hours", "value"),
    [(1000, 39, 0.0), (1000, 40, 1.0), (0, 39, 1.0), (0, 0, 1.0), (250, 39, 0.75), (250, 40, 1.0)],
)
def test_a_deal_won_for_certain_takes_its_hours_and_a_lost_one_takes_none(
    chance: int, hours: int, value: float
) -> None:
    assert exactly([rival(chance)], {FIRST: hours * 60}) == value
    assert Odds([rival(chance)], "seed").of_room({FIRST: hours * 60}) == Chance(value)


def test_without_rivals_there_is_room_where_none_is_missing() -> None:
    assert Odds([], "seed").of_room({FIRST: 0, SECOND: 60}) == Chance(1.0)
    assert Odds([], "seed").of_room({FIRST: 60, SECOND: -1}) == Chance(0.0)


def test_two_deals_fit_together_unless_both_are_won() -> None:
    both = [rival(500), rival(200, deal="8")]
    assert exactly(both, {FIRST: 40 * 60}) == pytest.approx(0.9)
    assert exactly(both, {FIRST: 0}) == pytest.approx(0.4)


def test_every_week_must_have_room_and_one_win_fills_several() -> None:
    long = Rival("7", 500, {FIRST: 60, SECOND: 120})
    assert exactly([long], {FIRST: 0, SECOND: 0}) == 0.5
    assert exactly([long], {FIRST: 60, SECOND: 119}) == 0.5
    assert exactly([long], {FIRST: 60, SECOND: 120}) == 1.0
    assert exactly([long, Rival("8", 500, {SECOND: 60})], {FIRST: 0, SECOND: 0}) == 0.25


def test_as_many_sums_as_are_allowed_are_exact_and_one_more_is_not() -> None:
    three = [rival(500, hours, str(hours)) for hours in (1, 2, 4)]
    assert exactly(three, {FIRST: 10**6}, most=8) == 1.0
    assert exactly(three, {FIRST: 10**6}, most=7) is None


def test_a_certain_deal_is_won_in_every_world_that_is_drawn() -> None:
    unsure = rival(500, 10, "8")
    assert drawn(unsure, rival(1000), hours=45) == drawn(unsure, hours=5)
    assert drawn(unsure, rival(1000), hours=39) == 0.0


def test_deals_lost_in_every_world_leave_room_though_all_together_would_not_fit() -> None:
    assert drawn(*(rival(0, 0.25, name) for name in "abc"), hours=0.5) == 1.0


@pytest.mark.parametrize("chance", [1, 125, 500, 875, 999])
def test_a_deal_is_won_in_about_as_many_worlds_as_its_chance_says(chance: int) -> None:
    assert drawn(rival(chance), hours=39) == pytest.approx(1 - chance / 1000, abs=0.03)


def test_one_deal_is_won_in_the_same_worlds_in_each_of_its_weeks() -> None:
    long = Rival("7", 500, {FIRST: 60, SECOND: 60})
    both = Odds([long], "seed", most=0).of_room({FIRST: 0, SECOND: 0})
    assert both.value == drawn(long, hours=0)


def test_worlds_are_the_same_for_one_seed_and_others_for_another() -> None:
    crowd = [rival(500, hours, str(hours)) for hours in range(1, 9)]
    assert drawn(*crowd, hours=18) == drawn(*crowd, hours=18)
    assert len({drawn(*crowd, hours=18, seed=str(n)) for n in range(5)}) > 1
