"""One deal on the board: how much room there is for it, week by week."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from connector.capacity.board import HORIZON, Board
from connector.capacity.records import Cell, Demand, Minutes
from connector.capacity.weeks import Week

Free = Callable[[str, int], int]  # of a role and the number of the week on the board


@dataclass(frozen=True, slots=True)
class Case:
    """One deal on the board. `own`: what is counted of it already; `start`: the first week that is tried."""

    board: Board
    deal: str
    demand: Demand
    promised: date
    start: Week
    own: Mapping[Cell, Minutes]

    def confirmed(self, role: str, at: int) -> int:
        """Return the minutes that are free for certain in one week of the board."""
        return self.board.free[role][at] + self.own.get((role, self.board.first + at), 0)


def earliest(case: Case, free: Free, demand: Demand, at_least: Week | None = -1) -> Week | None:
    """Return the first week in which everything fits; None where none is within the plan."""
    if at_least is None:
        return None
    first = case.board.first
    parts = [(part.role, part.offset, part.minutes) for part in demand.parts]
    for start in range(max(case.start, at_least) - first, HORIZON - demand.weeks + 1):
        if all(free(role, start + offset) >= minutes for role, offset, minutes in parts):
            return first + start
    return None


def slack(case: Case, start: Week) -> dict[Cell, Minutes]:
    """Return what would be left of each cell that the deal needs; below zero it lacks."""
    first = case.board.first
    return {
        (part.role, start + part.offset): case.confirmed(part.role, at) - part.minutes
        if (at := start + part.offset - first) < HORIZON
        else -1
        for part in case.demand.parts
    }
