"""The picture in docs/signoffs.md and the table of moves are one."""

import re
from pathlib import Path

import pytest

from connector.signoffs.states import ALLOWED, FINAL, MOVES, moved
from connector.standing import SignoffState
from tests.core.world import request

DOC = Path(__file__).parents[2] / "docs" / "signoffs.md"
ARROW = re.compile(r"^    (\S+) --> (\S+): (.+)$", re.MULTILINE)


def test_the_picture_shows_the_moves_that_are_allowed_and_no_others() -> None:
    drawn = ARROW.findall(DOC.read_text(encoding="utf-8"))

    assert drawn == [(_name(one.start), _name(one.end), one.why) for one in MOVES]


def _name(state: SignoffState) -> str:
    return state.value.replace("-", "_")  # Mermaid's names have no hyphens


@pytest.mark.parametrize("start", SignoffState)
@pytest.mark.parametrize("end", SignoffState)
def test_a_move_that_is_not_in_the_table_is_a_fault(start: SignoffState, end: SignoffState) -> None:
    signoff = request(state=start)

    if end in ALLOWED[start]:
        assert moved(signoff, end).state is end
    else:
        with pytest.raises(ValueError, match=f"is {start} never becomes {end}"):
            moved(signoff, end)


def test_what_is_over_never_opens_again() -> None:
    assert all(ALLOWED[state] <= {SignoffState.SUPERSEDED} for state in FINAL)
