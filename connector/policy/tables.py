"""Read one authority matrix for one deal: what the matching rows demand, or why there is no safe answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from connector.deals import Unreadable, Value
from connector.policy.index import places
from connector.policy.model import Cell, HitPolicy, Matrix, Role, Row, Ruling

Lacks = Callable[[Cell], bool]


@dataclass(frozen=True, slots=True)
class Demand:
    """What matching rows ask of one role; `role` is None where Sales decides or nobody may."""

    rows: tuple[Row, ...]
    role: str | None = None

    @property
    def ruling(self) -> Ruling:
        """Return what the rows say; they all say the same."""
        return self.rows[0].ruling


@dataclass(frozen=True, slots=True)
class Reading:
    """What a matrix answers for one deal.

    `matched` are the rows that hold. `safe`: `demands` is the whole answer. Otherwise the answer is unknown:
    `unsure` cells of undecided rows have no usable input; or `overlap` names the rows of a unique matrix that
    contradict each other; or, both empty, no row covers the deal.
    """

    safe: bool
    matched: tuple[Row, ...] = ()
    demands: tuple[Demand, ...] = ()
    unsure: tuple[Cell, ...] = ()
    overlap: tuple[Row, ...] = ()


def read(
    matrix: Matrix, values: Mapping[str, Value], currency: str | None, roles: Mapping[str, Role]
) -> Reading:
    """Evaluate the matrix. A row with a false cell never matches, whatever else is unknown about it; a money
    limit in another currency than the deal's cannot be compared and is unknown."""
    bits, unsure = matrix.index.sort(values, currency)
    matched = tuple([matrix.rows[place] for place in places(bits)])
    undecided = [matrix.rows[place] for place in places(unsure)] if unsure else []
    decide = _unique if matrix.hit is HitPolicy.UNIQUE else _collect
    return decide(matched, undecided, lambda cell: _lacks(cell, values, currency), roles)


def _lacks(cell: Cell, values: Mapping[str, Value], currency: str | None) -> bool:
    """Say whether the cell has no usable input."""
    value = values.get(cell.field)
    foreign = cell.currency is not None and cell.currency != currency
    return value is None or foreign or isinstance(value, Unreadable)


def _unique(
    matched: tuple[Row, ...], undecided: Sequence[Row], lacks: Lacks, roles: Mapping[str, Role]
) -> Reading:
    if len(matched) > 1:
        return Reading(safe=False, matched=matched, overlap=matched)
    if undecided:
        return Reading(safe=False, matched=matched, unsure=_unsure(undecided, lacks))
    return Reading(safe=bool(matched), matched=matched, demands=strongest(matched, roles))


def _collect(
    matched: tuple[Row, ...], undecided: Sequence[Row], lacks: Lacks, roles: Mapping[str, Role]
) -> Reading:
    demands = strongest(matched, roles)
    deciding = [row for row in undecided if _asked(strongest([*matched, row], roles)) != _asked(demands)]
    if deciding:
        return Reading(safe=False, matched=matched, unsure=_unsure(deciding, lacks))
    return Reading(safe=bool(demands), matched=matched, demands=demands)


def _asked(demands: Iterable[Demand]) -> set[tuple[Ruling, str | None]]:
    return {(demand.ruling, demand.role) for demand in demands}


def _unsure(rows: Iterable[Row], lacks: Lacks) -> tuple[Cell, ...]:
    """Return one cell for each input that decides and is not known."""
    cells = {cell.field: cell for row in rows for cell in row.cells if not cell.any and lacks(cell)}
    return tuple(cells.values())


def strongest(rows: Sequence[Row], roles: Mapping[str, Role]) -> tuple[Demand, ...]:
    """Return what several matching rows come to (design 1.11): forbidden before all; else in each chain the
    highest level signs, and chains where nobody signs are told; else Sales decides."""
    if len(rows) == 1 and rows[0].ruling is Ruling.SALES:
        return (Demand((rows[0],)),)  # nearly every deal
    forbidden = tuple(Demand((row,)) for row in rows if row.ruling is Ruling.FORBIDDEN)
    if forbidden:
        return forbidden
    signing = _highest(rows, Ruling.SIGN_OFF, roles)
    told = _highest(rows, Ruling.NOTIFY, roles)
    demands = (*signing.values(), *(demand for chain, demand in told.items() if chain not in signing))
    sales = tuple(row for row in rows if row.ruling is Ruling.SALES)
    return (Demand(sales),) if sales and not demands else demands


def _highest(rows: Iterable[Row], ruling: Ruling, roles: Mapping[str, Role]) -> dict[str, Demand]:
    """Return for each chain its highest role that is named, with every row that names it."""
    highest: dict[str, Demand] = {}
    for row in rows:
        for name in row.roles if row.ruling is ruling else ():
            chain = roles[name].chain
            known = highest.get(chain)
            if known is None or roles[name].level > roles[known.role or ""].level:
                highest[chain] = Demand((row,), name)
            elif known.role == name:
                highest[chain] = Demand((*known.rows, row), name)
    return highest
