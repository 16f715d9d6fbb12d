"""What stands in the way of a promised start: which roles lack hours in which weeks, and who takes them."""

from collections.abc import Iterable, Mapping, Sequence

from connector.capacity.answer import Pusher, Short
from connector.capacity.board import HORIZON
from connector.capacity.placing import Case, earliest, slack
from connector.capacity.records import Demand, Minutes
from connector.capacity.weeks import Week


def shorts_of(case: Case) -> tuple[Short, ...]:
    """Return the roles that are short at the promised start, the binding one first: it holds it longest."""
    lacks: dict[str, list[tuple[Week, Minutes]]] = {}
    for (role, week), room in slack(case, case.start).items():
        if room < 0:
            lacks.setdefault(role, []).append((week, -room))
    return tuple(
        _short(case, role, lacks[role]) for role in sorted(lacks, key=lambda role: _weight(case, role, lacks))
    )


def _weight(
    case: Case, role: str, lacks: Mapping[str, Sequence[tuple[Week, Minutes]]]
) -> tuple[float, int, str]:
    alone = Demand(tuple(part for part in case.demand.parts if part.role == role))
    when = earliest(case, case.confirmed, alone)
    return (
        -(when if when is not None else float("inf")),
        -sum(minutes for _, minutes in lacks[role]),
        role,
    )


def _short(case: Case, role: str, lacks: Sequence[tuple[Week, Minutes]]) -> Short:
    weeks = tuple(week for week, _ in lacks)
    row, first = case.board.supply[role], case.board.first
    none = not any(row[week - first] for week in weeks if week - first < HORIZON)
    return Short(role, weeks, sum(minutes for _, minutes in lacks), none)


def pushers_of(case: Case, shorts: Iterable[Short]) -> tuple[Pusher, ...]:
    """Return who takes the hours that lack, most first; the deal's own hours left out."""
    cells = {(short.role, week) for short in shorts for week in short.weeks}
    if not cells:
        return ()
    takes = (
        Pusher(one.deal, one.label, one.how, sum(spent for cell, spent in one.cells.items() if cell in cells))
        for one in case.board.taken
        if one.deal != case.deal or not one.deal
    )
    return tuple(sorted((one for one in takes if one.minutes), key=lambda one: (-one.minutes, one.deal)))
