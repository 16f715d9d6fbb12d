"""The board: what is free in each week, and who takes the rest. Made once, asked for many deals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connector.capacity.chance import Rival
from connector.capacity.hours import committed, supplied
from connector.capacity.records import SURE, Cell, Claim, Estimate, Minutes, Snapshot
from connector.capacity.weeks import Week, week_of

HORIZON = 104  # weeks that are looked at


@dataclass(frozen=True, slots=True)
class Taken:
    """Hours that are gone: planned work, a won deal that is not planned yet, a soft hold."""

    deal: str
    label: str
    how: str
    cells: Mapping[Cell, Minutes]


@dataclass(frozen=True, slots=True)
class Board:
    """All free hours from week `first` on. Each row holds one role's minutes, week by week.

    `free`: what is left of the supply by what is certain. `expected` (in thousandths of minutes) and
    `exposed`: what open deals take by their chance, and if all are won. `estimates`: all, by deal.
    """

    as_of: date
    today: date
    first: Week
    supply: Mapping[str, Sequence[Minutes]]
    free: Mapping[str, Sequence[Minutes]]
    expected: Mapping[str, Sequence[int]]
    exposed: Mapping[str, Sequence[Minutes]]
    taken: tuple[Taken, ...]
    rivals: tuple[Rival, ...]
    estimates: Mapping[str, Estimate]
    days: frozenset[int]
    holidays: frozenset[date]

    @property
    def last(self) -> Week:
        """The last week that is looked at."""
        return self.first + HORIZON - 1

    def of_deal(self, deal: str) -> dict[Cell, Minutes]:
        """Return what is counted as certain of this deal: its own hours do not stand in its way."""
        own: dict[Cell, Minutes] = {}
        for one in self.taken:
            if one.deal == deal:
                _gather(own, one.cells)
        return own


def board(
    snapshot: Snapshot,
    estimates: Iterable[Estimate],
    today: date,
    days: Collection[int] = range(5),
    holidays: Collection[date] = (),
) -> Board:
    """Hold the plan against all estimates. A deal that the plan names is not counted by its estimate too."""
    first = week_of(today)
    last = first + HORIZON - 1
    known = {one.deal: one for one in estimates}
    planned = {one.deal for one in snapshot.commitments if one.deal}
    unplanned = [one for one in known.values() if one.deal not in planned]
    firm = [one for one in unplanned if _is_firm(one, today)]
    taken = (
        *(Taken(one.deal, one.label, "planned", committed(one, first, last)) for one in snapshot.commitments),
        *(Taken(one.deal, one.label, one.claim.value, _cells(one, first)) for one in firm),
    )
    loose = [one for one in unplanned if not _is_firm(one, today) and one.chance > 0]
    rivals = tuple(Rival(one.deal, min(one.chance, SURE), _cells(one, first)) for one in loose)
    supply = supplied(snapshot, holidays, first, last)
    return Board(
        as_of=snapshot.as_of,
        today=today,
        first=first,
        supply=supply,
        free=_without(supply, taken, first),
        expected=_rows(supply, ((one.cells, one.chance) for one in rivals), first),
        exposed=_rows(supply, ((one.cells, 1) for one in rivals), first),
        taken=taken,
        rivals=rivals,
        estimates=known,
        days=frozenset(days),
        holidays=frozenset(holidays),
    )


def _is_firm(estimate: Estimate, today: date) -> bool:
    if estimate.claim is Claim.HELD:
        return estimate.held_until is None or today <= estimate.held_until
    return estimate.claim is Claim.WON


def _cells(estimate: Estimate, first: Week) -> dict[Cell, Minutes]:
    cells = estimate.demand.cells(week_of(estimate.start))
    return {cell: minutes for cell, minutes in cells.items() if cell[1] >= first}


def _without(
    supply: Mapping[str, Sequence[Minutes]], taken: Iterable[Taken], first: Week
) -> Mapping[str, Sequence[Minutes]]:
    used = _rows(supply, ((one.cells, 1) for one in taken), first)
    return {
        role: tuple(has - gone for has, gone in zip(row, used[role], strict=True))
        for role, row in supply.items()
    }


def _rows(
    supply: Mapping[str, Sequence[Minutes]], loads: Iterable[tuple[Mapping[Cell, Minutes], int]], first: Week
) -> dict[str, list[int]]:
    """Add up what each role gives in each week; roles without supply are nobody's."""
    rows = {role: [0] * HORIZON for role in supply}
    for cells, times in loads:
        for (role, week), minutes in cells.items():
            if role in rows and week - first < HORIZON:
                rows[role][week - first] += minutes * times
    return rows


def _gather(into: dict[Cell, Minutes], cells: Mapping[Cell, Minutes]) -> None:
    for cell, minutes in cells.items():
        into[cell] = into.get(cell, 0) + minutes
