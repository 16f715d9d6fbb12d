"""The board: what is free in each week, and who takes the rest. Made once, asked for many deals."""

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.capacity.answer import Answer
from connector.capacity.chance import Rival
from connector.capacity.hours import committed, supplied
from connector.capacity.records import SURE, Cell, Demand, Estimate, Minutes, Snapshot
from connector.capacity.weeks import Week, week_of

HORIZON = 104  # weeks that are looked at
PLANNED = "planned"
Question = tuple[str, Demand, date | None]  # a deal, what it takes, and its promised start
Rows = Mapping[str, Sequence[int]]  # each role's numbers, week by week


@dataclass(frozen=True, slots=True)
class Taken:
    """Hours that are gone. `how`: planned, or the claim by which our own estimate counts."""

    deal: str
    label: str
    how: str
    cells: Mapping[Cell, Minutes]


@dataclass(frozen=True, slots=True)
class Board:
    """All hours from week `first` on; `as_of` is None before the first plan.

    `free`: what is left of the supply by what is certain. `expected` (in thousandths of minutes) and
    `exposed`: what open deals take by their chance, and if all are won. `estimates`: all, by deal; those of
    `planned` deals are not counted, for the plan has them. `told`: what it has said, where that is to be
    kept; `is_memory`: it has no hours, and knows only that; `brief`: it leaves out how sure it is, which
    costs more than all the rest: for many deals that nobody reads one by one.
    """

    as_of: date | None
    today: date
    first: Week
    supply: Rows
    free: Rows
    expected: Rows
    exposed: Rows
    taken: tuple[Taken, ...]
    rivals: tuple[Rival, ...]
    estimates: Mapping[str, Estimate]
    planned: frozenset[str]
    days: frozenset[int]
    holidays: frozenset[date]
    told: MutableMapping[Question, Answer] | None = field(default=None, repr=False, compare=False)
    is_memory: bool = False
    brief: bool = False

    @property
    def last(self) -> Week:
        """The last week that is looked at."""
        return self.first + HORIZON - 1

    @property
    def seed(self) -> str:
        """What sampled chances are drawn from: the same in every process until the next plan."""
        return "" if self.as_of is None else self.as_of.isoformat()

    def of_deal(self, deal: str) -> Mapping[Cell, Minutes]:
        """Return what is counted as certain of this deal: its own hours do not stand in its way."""
        own: dict[Cell, Minutes] = {}
        if deal not in self.planned and deal not in self.estimates:
            return own
        for one in self.taken:
            if one.deal == deal:
                for cell, minutes in one.cells.items():
                    own[cell] = own.get(cell, 0) + minutes
        return own

    def with_estimate(self, deal: str, estimate: Estimate | None) -> "Board":
        """Return the board on which this is what the deal takes; None: nothing."""
        rest = {name: one for name, one in self.estimates.items() if name != deal}
        added = () if estimate is None else (estimate,)
        estimates = {**rest, **{one.deal: one for one in added}}
        if deal in self.planned:
            return replace(self, estimates=estimates)
        firm, loose = _sorted(added, self.today, self.first)
        return _counted(
            replace(self, estimates=estimates),
            (*(one for one in self.taken if one.deal != deal), *firm),
            (*(one for one in self.rivals if one.deal != deal), *loose),
        )


def board(
    plan: Snapshot | None,
    estimates: Iterable[Estimate],
    today: date,
    days: Collection[int] = range(5),
    holidays: Collection[date] = (),
) -> Board:
    """Hold the plan against all estimates. A deal that the plan names is not counted by its estimate too."""
    snapshot = plan or Snapshot(today)
    first = week_of(today)
    last = first + HORIZON - 1
    known = {one.deal: one for one in estimates}
    planned = frozenset(one.deal for one in snapshot.commitments if one.deal)
    work = (Taken(one.deal, one.label, PLANNED, committed(one, first, last)) for one in snapshot.commitments)
    firm, loose = _sorted((one for one in known.values() if one.deal not in planned), today, first)
    blank = Board(
        as_of=None if plan is None else plan.as_of,
        today=today,
        first=first,
        supply=supplied(snapshot, frozenset(holidays), first, last),
        free={},
        expected={},
        exposed={},
        taken=(),
        rivals=(),
        estimates=known,
        planned=planned,
        days=frozenset(days),
        holidays=frozenset(holidays),
    )
    return _counted(blank, (*work, *firm), loose)


def _counted(board: Board, taken: tuple[Taken, ...], rivals: tuple[Rival, ...]) -> Board:
    """Add up what is taken and what may be."""
    used = _rows(board, ((one.cells, 1) for one in taken))
    free = {
        role: tuple(has - gone for has, gone in zip(row, used[role], strict=True))
        for role, row in board.supply.items()
    }
    return replace(
        board,
        taken=taken,
        rivals=rivals,
        free=free,
        expected=_rows(board, ((one.cells, one.chance) for one in rivals)),
        exposed=_rows(board, ((one.cells, 1) for one in rivals)),
    )


def _sorted(
    estimates: Iterable[Estimate], today: date, first: Week
) -> tuple[tuple[Taken, ...], tuple[Rival, ...]]:
    """Tell what is certain from what may be won."""
    firm: list[Taken] = []
    loose: list[Rival] = []
    for one in estimates:
        cells = one.demand.cells(week_of(one.start))
        ahead = {cell: minutes for cell, minutes in cells.items() if cell[1] >= first}
        if one.is_firm(today):
            firm.append(Taken(one.deal, one.label, one.claim.value, ahead))
        elif one.chance > 0:
            loose.append(Rival(one.deal, min(one.chance, SURE), ahead))
    return tuple(firm), tuple(loose)


def _rows(board: Board, loads: Iterable[tuple[Mapping[Cell, Minutes], int]]) -> dict[str, list[int]]:
    """Add up what each role gives in each week; roles without supply are nobody's."""
    rows = {role: [0] * HORIZON for role in board.supply}
    for cells, times in loads:
        for (role, week), minutes in cells.items():
            if role in rows and week - board.first < HORIZON:
                rows[role][week - board.first] += minutes * times
    return rows
