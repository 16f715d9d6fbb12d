"""The board: what is certain, what may be won, and what stands in nobody's way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connector.capacity.records import Claim
from connector.capacity.search import ask
from tests.capacity.world import TODAY, at, busy, estimate, plan, supply, work


def test_a_board_forgets_a_deal_and_learns_of_it_anew() -> None:
    empty, known = at(plan(supply())), at(plan(supply()), estimate("8"))
    assert empty.with_estimate("8", estimate("8")) == known
    assert known.with_estimate("8", None) == empty
    assert known.with_estimate("9", None) == known


@pytest.mark.parametrize(
    ("claim", "chance", "rivals", "taken"),
    [(Claim.OPEN, 0, [], []), (Claim.OPEN, 1, ["8"], []), (Claim.HELD, 0, [], ["8"]), (Claim.WON, 0, [], ["8"])],
)  # fmt: skip
def test_a_deal_that_cannot_be_won_stands_in_nobodys_way(
    claim: Claim, chance: int, rivals: list[str], taken: list[str]
) -> None:
    board = at(plan(supply()), estimate("8", claim=claim, chance=chance))
    assert ([one.deal for one in board.rivals], [one.deal for one in board.taken]) == (rivals, taken)
    assert list(board.estimates) == ["8"]


def test_only_the_weeks_ahead_of_a_deal_are_taken() -> None:
    begun = estimate("8", start=-1, claim=Claim.WON)
    board = at(plan(supply()), begun)
    assert begun.start == TODAY - timedelta(weeks=1)
    assert [dict(one.cells) for one in board.taken] == [{}]


def test_a_board_in_a_hurry_says_the_same_but_for_how_sure_it_is() -> None:
    board = at(plan(supply(), busy(0, 1)), estimate("8", start=2))
    full, brief = (ask(one, "1", work(), TODAY, "seed") for one in (board, replace(board, brief=True)))
    assert (full.forecast, full.likely) != (None, None)
    assert (brief.fits, brief.confirmed, brief.shorts) == (full.fits, full.confirmed, full.shorts)
    assert (brief.forecast, brief.likely, brief.exposure) == (None, None, None)
