"""What the board said of one deal, kept so that it can be said again when the plan of that day is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from connector.capacity.answer import Answer
from connector.capacity.board import Board, Question
from connector.capacity.records import Demand, Estimate
from connector.capacity.weeks import week_of


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, and to what: the work and its promised start."""

    demand: Demand
    promised: date | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Hours:
    """All that one deal was told. `as_of` None: there was no plan; `roles` those that the plan knew; `own`
    the estimate of the deal that was on record."""

    as_of: date | None
    today: date
    roles: tuple[str, ...]
    own: Estimate | None = None
    said: tuple[Said, ...] = ()


def listening(board: Board | None) -> Board | None:
    """Return the board as one that remembers what it says."""
    return None if board is None else replace(board, told={})


def hours_of(board: Board | None, deal: str) -> Hours | None:
    """Return what a listening board has told this deal, None without a board."""
    if board is None:
        return None
    said = tuple(Said(one[1], one[2], answer) for one, answer in (board.told or {}).items() if one[0] == deal)
    return Hours(board.as_of, board.today, tuple(sorted(board.supply)), board.estimates.get(deal), said)


def remembered(hours: Hours | None, deal: str) -> Board | None:
    """Return a board that says of this deal what it said that day, and nothing else."""
    if hours is None:
        return None
    told: dict[Question, Answer] = {(deal, one.demand, one.promised): one.answer for one in hours.said}
    estimates: Mapping[str, Estimate] = {} if hours.own is None else {deal: hours.own}
    return Board(
        as_of=hours.as_of,
        today=hours.today,
        first=week_of(hours.today),
        supply=dict.fromkeys(hours.roles, ()),
        free={},
        expected={},
        exposed={},
        taken=(),
        rivals=(),
        estimates=estimates,
        planned=frozenset(),
        days=frozenset(),
        holidays=frozenset(),
        told=told,
        is_memory=True,
    )
