"""Read one authority matrix for one deal: what the matching rows demand, or why there is no safe answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.deals import Unreadable, Value
from connector.policy.cell import Cell
from connector.policy.index import NO_FACTORS, Bits, places
from connector.policy.matrix import HitPolicy, Matrix, Row, Ruling
from connector.policy.staff import Role


@dataclass(frozen=True, slots=True)
class Demand:
    """What matching rows ask of one role; `role` is None where Sales decides or nobody may. `stops`: the role
    may stop the deal, beside what the rows say."""

    rows: tuple[Row, ...]
    role: str | None = None
    stops: bool = False

    @property
    def ruling(self) -> Ruling:
        """Return what the rows say; they all say the same."""
        return Ruling.VETO if self.stops else self.rows[0].ruling

    @property
    def fact(self) -> str:
        """Return the fact that is to be stated, "" for none."""
        return self.rows[0].attest


@dataclass(frozen=True, slots=True)
class Reading:
    """What a matrix answers for one deal.

    `matched` are the rows that hold. `safe`: `demands` is the whole answer. Otherwise the answer is unknown:
    `unsure` cells of `undecided` rows have no usable input; or `overlap` names the rows of a unique matrix
    that contradict each other; or, both empty, no row covers the deal.
    """

    matrix: Matrix
    safe: bool
    matched: tuple[Row, ...] = ()
    demands: tuple[Demand, ...] = ()
    unsure: tuple[Cell, ...] = ()
    overlap: tuple[Row, ...] = ()
    undecided: tuple[Row, ...] = ()


def read(
    matrix: Matrix,
    values: Mapping[str, Value],
    currency: str | None,
    roles: Mapping[str, Role],
    factors: Mapping[str, Decimal] = NO_FACTORS,
) -> Reading:
    """Evaluate the matrix. A row with a false cell never matches, whatever else is unknown about it; a money
    limit in another currency than the deal's is unknown where `factors` has no rate for it."""
    matched, unsure = matrix.index.sort(values, currency, factors=factors)
    return doubted(reading_of(matrix, matched, unsure, roles), values, currency, factors)


def reading_of(matrix: Matrix, bits: Bits, unsure: Bits, roles: Mapping[str, Role]) -> Reading:
    """Return what it comes to that these rows hold and those depend on what is not known."""
    rows = matrix.rows
    matched = tuple([rows[place] for place in places(bits)])
    undecided = [rows[place] for place in places(unsure)]
    if matrix.hit is HitPolicy.UNIQUE and len(matched) > 1:
        return Reading(matrix, safe=False, matched=matched, overlap=matched)
    demands = strongest(matched, roles)
    if undecided and matrix.hit is HitPolicy.COLLECT:
        undecided = [row for row in undecided if adds(row, matched, roles)]
    if demands and matrix.hit is HitPolicy.COLLECT:  # what holds nothing up need not be known
        undecided = [row for row in undecided if row.ruling is not Ruling.NOTIFY]
    if undecided:
        return Reading(matrix, safe=False, matched=matched, undecided=tuple(undecided))
    return Reading(matrix, safe=bool(demands), matched=matched, demands=demands)


def doubted(
    reading: Reading, values: Mapping[str, Value], currency: str | None, factors: Mapping[str, Decimal]
) -> Reading:
    """Return the reading with the cells that leave it undecided for a deal of these values."""
    if not reading.undecided:
        return reading
    return replace(reading, unsure=_unsure(reading.undecided, values, currency, factors))


def adds(row: Row, matched: Sequence[Row], roles: Mapping[str, Role]) -> bool:
    """Say whether more is asked where this row matches too: of others, or of somebody in any case of whom it
    was not, as others could sign in his stead."""
    if outdoes(row, matched, roles):
        return True
    forbidden = any(one.ruling is Ruling.FORBIDDEN for one in matched)
    return not forbidden and not beside((row,), roles) <= beside(matched, roles)


def outdoes(row: Row, matched: Sequence[Row], roles: Mapping[str, Role]) -> bool:
    """Say whether others are asked where this row matches too."""
    return _asked(strongest([*matched, row], roles)) != _asked(strongest(matched, roles))


def _asked(demands: Iterable[Demand]) -> set[tuple[Ruling, str | None, str]]:
    return {(demand.ruling, demand.role, demand.fact) for demand in demands}


def beside(rows: Iterable[Row], roles: Mapping[str, Role]) -> frozenset[object]:
    """Return what sign-offs want of chains, whatever the level: that one signs in any case, that so many of
    several do, each by another person, and that they do so in this order."""
    found: set[object] = set()
    for row in rows:
        chains = tuple(dict.fromkeys(roles[name].chain for name in row.roles))
        if row.ruling is not Ruling.SIGN_OFF:
            continue
        count = len(chains) if row.quorum is None else row.quorum
        if row.attest or count >= len(chains):
            found.update(chains)
        if len(chains) > 1 and not row.attest:
            found.update((frozenset(chains), least) for least in range(1, count + 1))
            found.update((chains,) if row.in_order else ())
    return frozenset(found)


def _unsure(
    rows: Iterable[Row], values: Mapping[str, Value], currency: str | None, factors: Mapping[str, Decimal]
) -> tuple[Cell, ...]:
    """Return one cell for each input that decides and is not known."""
    cells = [cell for row in rows for cell in row.cells if not cell.any]
    return tuple({cell.field: cell for cell in cells if _lacks(cell, values, currency, factors)}.values())


def _lacks(
    cell: Cell, values: Mapping[str, Value], currency: str | None, factors: Mapping[str, Decimal]
) -> bool:
    """Say whether the cell has no usable input."""
    value = values.get(cell.field)
    foreign = cell.currency not in {None, currency} and cell.currency not in factors
    return value is None or foreign or isinstance(value, Unreadable)


def strongest(rows: Sequence[Row], roles: Mapping[str, Role]) -> tuple[Demand, ...]:
    """Return what several matching rows come to (design 1.11): forbidden before all; else in each chain the
    highest level signs, and chains where nobody signs are told; else Sales decides. What is to be stated and
    who may stop the deal is never outdone by another row."""
    if len(rows) == 1 and len(rows[0].roles) <= 1 and not rows[0].veto:  # nearly every deal
        return (Demand(tuple(rows), rows[0].roles[0] if rows[0].roles else None),)
    forbidden = [Demand((row,)) for row in rows if row.ruling is Ruling.FORBIDDEN]
    if forbidden:
        return tuple(forbidden)
    stated = [Demand((row,), name) for row in rows if row.attest for name in row.roles]
    signing = _highest((row for row in rows if not row.attest), Ruling.SIGN_OFF, roles)
    told = _highest(rows, Ruling.NOTIFY, roles)
    chains = {*signing, *(roles[one.role or ""].chain for one in stated)}
    demands = (*signing.values(), *stated, *(one for chain, one in told.items() if chain not in chains))
    if not demands:
        sales = tuple([row for row in rows if row.ruling is Ruling.SALES])
        demands = (Demand(sales),) if sales else ()
    return (*demands, *_stopping(rows))


def _stopping(rows: Iterable[Row]) -> Iterable[Demand]:
    """Yield each role that may stop the deal, with every row that says so."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        for name in row.veto:
            found[name] = (*found.get(name, ()), row)
    return (Demand(named, name, stops=True) for name, named in found.items())


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
