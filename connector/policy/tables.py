"""Read one authority matrix for one deal: what the matching rows demand, or why there is no safe answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connector.deals import Unreadable, Value
from connector.policy.model import Cell, HitPolicy, Matrix, Role, Row, Ruling


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

    `safe`: `demands` is the whole answer. Otherwise the answer is unknown: `unsure` cells of undecided rows
    have no usable input; or `overlap` names the rows of a unique matrix that contradict each other; or, both
    empty, no row covers the deal.
    """

    safe: bool
    demands: tuple[Demand, ...] = ()
    unsure: tuple[Cell, ...] = ()
    overlap: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class _Facts:
    values: Mapping[str, Value]
    unknown: frozenset[str]
    currency: str | None

    def lacks(self, cell: Cell) -> bool:
        return cell.field in self.unknown or (cell.currency is not None and cell.currency != self.currency)


@dataclass(slots=True)
class _Sorted:
    matched: list[Row] = field(default_factory=list)
    undecided: list[Row] = field(default_factory=list)


def read(
    matrix: Matrix, values: Mapping[str, Value], currency: str | None, roles: Mapping[str, Role]
) -> Reading:
    """Evaluate the matrix. A row with a false cell never matches, whatever else is unknown about it; a money
    limit in another currency than the deal's cannot be compared and is unknown."""
    unknown = (name for name in matrix.inputs if not _usable(values.get(name)))
    facts = _Facts(values, frozenset(unknown), currency)
    found = _sort(matrix.rows, facts)
    if matrix.hit is HitPolicy.UNIQUE:
        return _unique(found, facts, roles)
    return _collect(found, facts, roles)


def _usable(value: Value) -> bool:
    return value is not None and not isinstance(value, Unreadable)


def _sort(rows: Iterable[Row], facts: _Facts) -> _Sorted:
    found = _Sorted()
    for row in rows:
        answer = _matches(row, facts)
        if answer is None:
            found.undecided.append(row)
        elif answer:
            found.matched.append(row)
    return found


def _matches(row: Row, facts: _Facts) -> bool | None:
    """Say whether all cells hold, None where that depends on what is not known."""
    answer: bool | None = True
    values, unknown, currency = facts.values, facts.unknown, facts.currency
    for cell in row.cells:
        if cell.any:
            continue
        if cell.field in unknown or (cell.currency is not None and cell.currency != currency):
            answer = None
        elif not cell.test(values[cell.field]):
            return False
    return answer


def _unique(found: _Sorted, facts: _Facts, roles: Mapping[str, Role]) -> Reading:
    if len(found.matched) > 1:
        return Reading(safe=False, overlap=tuple(found.matched))
    if found.undecided:
        return Reading(safe=False, unsure=_unsure(found.undecided, facts))
    return Reading(safe=bool(found.matched), demands=strongest(found.matched, roles))


def _collect(found: _Sorted, facts: _Facts, roles: Mapping[str, Role]) -> Reading:
    demands = strongest(found.matched, roles)
    deciding = [
        row for row in found.undecided if _asked(strongest([*found.matched, row], roles)) != _asked(demands)
    ]
    if deciding:
        return Reading(safe=False, unsure=_unsure(deciding, facts))
    return Reading(safe=bool(demands), demands=demands)


def _asked(demands: Iterable[Demand]) -> set[tuple[Ruling, str | None]]:
    return {(demand.ruling, demand.role) for demand in demands}


def _unsure(rows: Iterable[Row], facts: _Facts) -> tuple[Cell, ...]:
    """Return one cell for each input that decides and is not known."""
    cells = {cell.field: cell for row in rows for cell in row.cells if not cell.any and facts.lacks(cell)}
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
