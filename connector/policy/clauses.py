"""What a matrix asks of a deal, worked out once for each set of rows that hold: the values of deals differ
far more than the rows that hold for them, and only what a value changes is left to be done for each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from connector.deals import Value
from connector.policy.cell import Cell
from connector.policy.index import NO_FACTORS, Bits, places
from connector.policy.matrix import Matrix, Row, Ruling
from connector.policy.staff import Role
from connector.policy.tables import Demand, Reading, doubted, reading_of
from connector.policy.vocabulary import STEP, Field, Worse

_KEPT = 2000  # sets of rows for each matrix: real policies come to some hundred
_KEPT_LIMITS = 50  # for each demand
Limits = Callable[[Bits, str | None], tuple[Decimal, ...]]


@dataclass(frozen=True, slots=True)
class Group:
    """The chains that one row wants to sign, each by another person: `quorum` of them, None is all;
    `in_order`: one after the other."""

    id: str
    chains: tuple[str, ...]
    quorum: int | None = None
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """What one demand says of every deal alike.

    `fact` is what a signature states. `row` names its rows, `terms` their cells as the policy writes them,
    `text` its own sentences, `named` the fields that they test. `lever` is the first field by which the rep
    can make one of the rows no longer match; `limits` returns, worst first, its values at which they ask
    nothing and one of the given rows lets Sales decide, for a deal in this currency, None without a lever.
    `must`: it is not enough that others of the `groups` sign. `hours` to stop the deal, else until those
    above are asked too.
    """

    demand: Demand
    ruling: Ruling
    fact: str
    row: str
    where: str
    terms: str
    text: str
    named: tuple[Field, ...]
    lever: Field | None
    limits: Limits | None
    groups: tuple[Group, ...]
    must: bool
    hours: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a matrix says of a deal; `clauses` where that is safe, one for each demand."""

    reading: Reading
    clauses: tuple[Clause, ...]


class Table:
    """A matrix under the roles and the words of its policy; `chains` are those of the roles that it names."""

    __slots__ = ("_answer", "_fields", "_roles", "chains", "matrix")

    def __init__(self, matrix: Matrix, roles: Mapping[str, Role], fields: Mapping[str, Field]) -> None:
        self.matrix = matrix
        self.chains = frozenset(roles[name].chain for name in matrix.roles if name in roles)
        self._roles = roles
        self._fields = fields
        self._answer = lru_cache(_KEPT)(self._worked_out)

    def answer(
        self,
        values: Mapping[str, Value],
        currency: str | None,
        factors: Mapping[str, Decimal] = NO_FACTORS,
    ) -> Answer:
        """Read the matrix for a deal with these values, as `tables.read` does."""
        answer = self._answer(*self.matrix.index.sort(values, currency, factors=factors))
        if not answer.reading.undecided:
            return answer
        return Answer(doubted(answer.reading, values, currency, factors), ())

    def _worked_out(self, matched: Bits, unsure: Bits) -> Answer:
        said = reading_of(self.matrix, matched, unsure, self._roles)
        joint = [row for row in said.matched if _signs(row)]
        clauses = (self._clause(demand, joint) for demand in said.demands)
        return Answer(said, tuple(clauses) if said.safe else ())

    def _clause(self, demand: Demand, joint: Iterable[Row]) -> Clause:
        rows, fields = demand.rows, self._fields
        groups, must = self._joined(demand, joint)
        lever = None if demand.stops or demand.fact else _lever(named(rows, fields))
        return Clause(
            demand=demand,
            ruling=demand.ruling,
            fact="" if demand.stops else demand.fact,
            row="+".join(row.id for row in rows),
            where=rows[0].where,
            terms=terms(rows, fields),
            text=" ".join(row.text for row in rows if row.text),
            named=named(rows, fields),
            lever=lever,
            limits=None if lever is None else _limits(demand, self.matrix, lever),
            groups=groups,
            must=must,
            hours=_hours(demand),
        )

    def _joined(self, demand: Demand, joint: Iterable[Row]) -> tuple[tuple[Group, ...], bool]:
        """Return the rows of which others must sign too, and whether the demand must be met in any case."""
        if demand.ruling is not Ruling.SIGN_OFF or demand.fact:
            return (), True
        return groups(joint, self._roles[demand.role or ""].chain, self._roles, self.matrix.id)


def terms(rows: Iterable[Row], fields: Mapping[str, Field]) -> str:
    """Say within which limits the deal lies, as the policy writes them: "discount <= 10%"."""
    return ", ".join(f"{fields[cell.field].label} {cell.text}" for row in rows for cell in row.cells)


def named(rows: Iterable[Row], fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """Return the fields that these rows test, each once."""
    tested = dict.fromkeys(cell.field for row in rows for cell in row.cells if not cell.any)
    return tuple(fields[name] for name in tested)


def _lever(tested: Iterable[Field]) -> Field | None:
    changes = (one for one in tested if one.rep_may_change and not one.hidden)
    return next((one for one in changes if one.worse is not Worse.NEITHER), None)


def _limits(demand: Demand, matrix: Matrix, lever: Field) -> Limits:
    @lru_cache(_KEPT_LIMITS)
    def limits(holding: Bits, currency: str | None) -> tuple[Decimal, ...]:
        rows = [matrix.rows[place] for place in places(holding)]
        alone = [row for row in rows if row.ruling is Ruling.SALES]
        sales = list(_cells(alone, lever.name, currency))
        anyway = any(lever.name not in {cell.field for cell in row.cells} for row in alone)
        asking = [cell for row in demand.rows for cell in row.cells if cell.field == lever.name]
        if any(cell.currency not in {None, currency} for cell in asking):
            return ()  # no rate makes a round number of it
        values = set(_candidates([*sales, *asking], lever))
        free = [value for value in values if (anyway or _any(sales, value)) and not _any(asking, value)]
        return tuple(sorted(free, reverse=lever.worse is Worse.HIGHER))

    return limits


def _cells(rows: Iterable[Row], lever: str, currency: str | None) -> Iterable[Cell]:
    """Yield the rows' cells of the lever that can be compared."""
    cells = (cell for row in rows for cell in row.cells if cell.field == lever)
    return (cell for cell in cells if cell.currency is None or cell.currency == currency)


def _candidates(cells: Iterable[Cell], lever: Field) -> Iterable[Decimal]:
    """Yield the limits that the cells name, and one step to the better side for those that are excluded."""
    step = STEP.get(lever.type, Decimal(0))
    numbers = (one for cell in cells for one in cell.breakpoints if isinstance(one, Decimal))
    for limit in numbers:
        yield limit
        yield limit - step if lever.worse is Worse.HIGHER else limit + step


def _any(cells: Iterable[Cell], value: Decimal) -> bool:
    return any(cell.test(value) for cell in cells)


def _signs(row: Row) -> bool:
    return row.ruling is Ruling.SIGN_OFF and not row.attest


def groups(
    rows: Iterable[Row], chain: str, roles: Mapping[str, Role], matrix: str = ""
) -> tuple[tuple[Group, ...], bool]:
    """Return which of these rows want the chain to sign beside others, and whether one cannot do without it.
    Where a higher role signs, it stands in the row in place of the one that the row names."""
    several = [(row, chains) for row in rows if chain in (chains := _chains(row, roles))]
    joint = tuple(
        Group(f"{matrix}/{row.id}" if matrix else row.id, chains, row.quorum, row.in_order)
        for row, chains in several
        if len(chains) > 1
    )
    return joint, any(row.quorum is None or row.quorum >= len(chains) for row, chains in several)


def _chains(row: Row, roles: Mapping[str, Role]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles[name].chain for name in row.roles))


def _hours(demand: Demand) -> int | None:
    """Return the shortest time that a row names."""
    named = (row.veto_within if demand.stops else row.rises for row in demand.rows)
    return min((hours for hours in named if hours is not None), default=None)
