"""The capacity board as a table and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connector import values
from connector.capacity.board import Board
from connector.capacity.records import SURE, Claim, Snapshot
from connector.capacity.weeks import Week, days_of

_ROWS = ("supply", "free", "forecast", "if all won")


def table(plan: Snapshot, board: Board, weeks: int) -> Iterator[str]:
    """Yield the lines: how old the plan is, then the hours of each role by week."""
    age = (board.today - plan.as_of).days
    when = "" if plan.imported_at is None else f", imported {_moment(plan.imported_at)}"
    yield f"Capacity as of {values.day(plan.as_of)} ({values.counted(age, 'day')} old{when}). Hours a week:"
    width = max((len(role) for role in board.supply), default=4)
    yield f"{'':{width}}  {'':10}" + "".join(f"{_week(board.first + place)[5:]:>7}" for place in range(weeks))
    for role in sorted(board.supply):
        for place, (name, row) in enumerate(_rows(board, role, weeks).items()):
            hours = "".join(f"{value:>7,.0f}" for value in row)
            yield f"{'' if place else role:{width}}  {name:10}{hours}"


def as_json_values(plan: Snapshot, board: Board, weeks: int) -> Mapping[str, object]:
    """Return the same in plain values; hours by role, row and week."""
    claims = [one.claim for one in board.estimates.values()]
    return {
        "number": plan.number,
        "as_of": plan.as_of,
        "imported_at": plan.imported_at,
        "age_days": (board.today - plan.as_of).days,
        "weeks": [_week(board.first + place) for place in range(weeks)],
        "roles": {role: _rows(board, role, weeks) for role in sorted(board.supply)},
        "deals": {claim.value: claims.count(claim) for claim in Claim},
    }


def _rows(board: Board, role: str, weeks: int) -> Mapping[str, list[float]]:
    """Return supply, what is free for certain, by the chances of open deals, and if all are won."""
    supply, free = board.supply[role], board.free[role]
    forecast = [free[at] - board.expected[role][at] / SURE for at in range(weeks)]
    exposure = [free[at] - board.exposed[role][at] for at in range(weeks)]
    rows: list[Sequence[float]] = [supply[:weeks], free[:weeks], forecast, exposure]
    return {name: [round(minutes / 60, 2) for minutes in row] for name, row in zip(_ROWS, rows, strict=True)}


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _week(week: Week) -> str:
    year, number, _ = days_of(week)[0].isocalendar()
    return f"{year}-W{number:02}"
