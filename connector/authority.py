"""The authority matrix read for one deal at one gate: who must decide, and what the rep may do alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector import reasons
from connector.deals import Unreadable, Value
from connector.policy.index import NO_FACTORS, places
from connector.policy.model import (
    STEP,
    Cell,
    Derived,
    Field,
    Gate,
    Home,
    Matrix,
    Policy,
    PriceBase,
    Row,
    Ruling,
    Worse,
)
from connector.policy.tables import Demand, Reading, read
from connector.verdicts import Finding, Group, Need, Outcome

Factors = Mapping[str, Decimal]  # by currency: what one unit of the deal's currency is worth in it


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the matrices of a gate say of a deal before anybody answered, and the rows it rests on: forbidden
    is `fail`, no safe answer `unknown`; a person must sign, or nobody needs to."""

    outcome: Outcome
    readings: tuple[Reading, ...]


def needs(  # noqa: PLR0917  one gate, and what it is weighed with
    policy: Policy,
    gate: Gate,
    facts: Mapping[str, Value],
    currency: str | None,
    findings: Iterable[Finding] = (),
    factors: Factors = NO_FACTORS,
) -> tuple[Need, ...]:
    """Return what the gate's matrices and the findings that a person must decide demand.

    `facts` and `currency` come from `checks.derived`. Only Ruling.SIGN_OFF waits for somebody; SALES, NOTIFY
    and VETO hold nothing up; FORBIDDEN and UNKNOWN cannot be signed. Matrices ask in the policy's order.
    """
    asked = [_from_finding(finding, facts) for finding in findings if finding.outcome is Outcome.SIGN_OFF]
    for reading in _readings(policy, gate, facts, currency, factors):
        asked += _from_reading(reading, policy, facts, currency, factors)
    return tuple(asked)


def weigh(
    policy: Policy,
    gate: Gate,
    facts: Mapping[str, Value],
    currency: str | None,
    factors: Factors = NO_FACTORS,
) -> Weighed:
    """Read the gate's matrices, without a word: some microseconds a deal, for millions of deals."""
    readings = _readings(policy, gate, facts, currency, factors)
    rulings = {one.ruling for reading in readings for one in reading.demands}
    if Ruling.FORBIDDEN in rulings:
        return Weighed(Outcome.FAIL, readings)
    if not all(reading.safe for reading in readings):
        return Weighed(Outcome.UNKNOWN, readings)
    return Weighed(Outcome.SIGN_OFF if Ruling.SIGN_OFF in rulings else Outcome.PASS, readings)


def _readings(
    policy: Policy, gate: Gate, facts: Mapping[str, Value], currency: str | None, factors: Factors
) -> tuple[Reading, ...]:
    matrices = [policy.matrices[name] for name in gate.matrices]
    return tuple([read(matrix, facts, currency, policy.roles, factors) for matrix in matrices])


def reads(policy: Policy, gate: Gate) -> tuple[str, ...]:
    """Return the vocabulary names that the gate's matrices look at, each once."""
    return tuple(dict.fromkeys(name for matrix in gate.matrices for name in policy.matrices[matrix].inputs))


def _from_finding(finding: Finding, facts: Mapping[str, Value]) -> Need:
    return Need(
        matrix=finding.check,
        row=":".join((finding.code, *finding.reads)),
        ruling=Ruling.SIGN_OFF,
        role=finding.role,
        why=finding.why or finding.ops.rstrip("."),
        seen={name: facts.get(name) for name in finding.reads},
        where=finding.where,
    )


def _from_reading(
    reading: Reading, policy: Policy, facts: Mapping[str, Value], currency: str | None, factors: Factors
) -> list[Need]:
    seen = {name: facts.get(name) for name in reading.matrix.inputs}
    if not reading.safe:
        return [_unknown(reading, policy, seen, facts, currency)]
    return [_demanded(demand, reading.matrix, policy, seen, currency, factors) for demand in reading.demands]


def _unknown(
    reading: Reading,
    policy: Policy,
    seen: Mapping[str, Value],
    facts: Mapping[str, Value],
    currency: str | None,
) -> Need:
    matrix = reading.matrix
    holes = {cell.field: seen.get(cell.field) for cell in reading.unsure}
    return Need(
        matrix=matrix.id,
        row="+".join(row.id for row in reading.overlap),
        ruling=Ruling.UNKNOWN,
        role=None,
        why=reasons.unanswered(reading, policy.fields, seen, currency),
        seen=seen,
        where=reading.overlap[0].where if reading.overlap else matrix.where,
        missing=_missing(holes, policy, facts),
        ours=bool(holes) and all(_is_ours(value) for value in holes.values()),
    )


def _missing(holes: Mapping[str, Value], policy: Policy, facts: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the fields that people must fill; a derived one stands for the amount it is computed from."""
    found: list[str] = []
    for name, value in holes.items():
        field = policy.fields[name]
        if field.home is not Home.DERIVED and not _known(value) and not _is_ours(value):
            found.append(name)
        elif field.of is PriceBase.AMOUNT and facts.get("amount") is None:
            found.append("amount")
        elif field.derived is Derived.DAYS_TO_START and facts.get(policy.offering.start or "") is None:
            found.append(policy.offering.start or "")
    return tuple(dict.fromkeys(found))


def _is_ours(value: Value) -> bool:
    return isinstance(value, Unreadable) and value.ours


def _demanded(  # noqa: PLR0917  one demand, and what it is weighed with
    demand: Demand,
    matrix: Matrix,
    policy: Policy,
    seen: Mapping[str, Value],
    currency: str | None,
    factors: Factors,
) -> Need:
    if demand.ruling is Ruling.SALES:
        return _alone(demand, matrix, policy, seen)
    lever = None if demand.stops or demand.fact else _lever(demand.rows, policy)
    limit = _limit(lever, demand, matrix, seen, currency, factors) if lever else None
    return Need(
        matrix=matrix.id,
        row="+".join(row.id for row in demand.rows),
        ruling=demand.ruling,
        role=demand.role,
        why=_why(demand, policy, seen, currency, lever, limit),
        lever=lever.name if lever else None,
        limit=limit,
        seen=seen,
        where=demand.rows[0].where,
        text=" ".join(row.text for row in demand.rows if row.text),
        groups=_groups(demand, matrix, policy),
        must=any(_wants_all(row, policy) for row in demand.rows),
        fact="" if demand.stops else demand.fact,
        own=demand.rows[0].own,
        hours=_hours(demand),
    )


def _why(  # noqa: PLR0917  one demand, and what it is weighed with
    demand: Demand,
    policy: Policy,
    seen: Mapping[str, Value],
    currency: str | None,
    lever: Field | None,
    limit: Decimal | None,
) -> str:
    if demand.fact and not demand.stops:
        return reasons.to_confirm(demand.fact)
    return reasons.why(demand.rows, policy.fields, seen, currency, lever=lever, limit=limit)


def _hours(demand: Demand) -> int | None:
    """Return the shortest time that a row names: to stop the deal, else until those above are asked."""
    named = (row.veto_within if demand.stops else row.rises for row in demand.rows)
    return min((hours for hours in named if hours is not None), default=None)


def _alone(demand: Demand, matrix: Matrix, policy: Policy, seen: Mapping[str, Value]) -> Need:
    """Return what nearly every deal comes to: nobody is asked, so nobody has to be told why."""
    return Need(
        matrix=matrix.id,
        row="+".join([row.id for row in demand.rows]),
        ruling=Ruling.SALES,
        role=None,
        why=reasons.limits(demand.rows, policy.fields),
        seen=seen,
        where=demand.rows[0].where,
    )


def _groups(demand: Demand, matrix: Matrix, policy: Policy) -> tuple[Group, ...]:
    """Return the rows of the demand that want several functions to sign."""
    if demand.ruling is not Ruling.SIGN_OFF:
        return ()
    several = [(row, _chains(row, policy)) for row in demand.rows if len(row.roles) > 1]
    return tuple(
        Group(f"{matrix.id}/{row.id}", chains, row.quorum, row.in_order)
        for row, chains in several
        if len(chains) > 1
    )


def _wants_all(row: Row, policy: Policy) -> bool:
    return row.quorum is None or row.quorum >= len(_chains(row, policy))


def _chains(row: Row, policy: Policy) -> tuple[str, ...]:
    return tuple(dict.fromkeys(policy.roles[name].chain for name in row.roles))


def _lever(rows: Iterable[Row], policy: Policy) -> Field | None:
    """Return the first field by which the rep can make one of the rows no longer match."""
    fields = (policy.fields[cell.field] for row in rows for cell in row.cells if not cell.any)
    return next(
        (field for field in fields if field.rep_may_change and field.worse is not Worse.NEITHER), None
    )


def _limit(  # noqa: PLR0917  one demand, and what it is weighed with
    lever: Field,
    demand: Demand,
    matrix: Matrix,
    seen: Mapping[str, Value],
    currency: str | None,
    factors: Factors,
) -> Decimal | None:
    """Return the worst value of the lever at which these rows ask nothing and another lets Sales decide. None
    where the limit is in another currency: no rate makes a round number of it."""
    holds = matrix.index.sort(seen, currency, without=lever.name, factors=factors)[0]
    rows = [matrix.rows[place] for place in places(holds)]
    sales = list(_cells((row for row in rows if row.ruling is Ruling.SALES), lever.name, currency))
    asking = [cell for row in demand.rows for cell in row.cells if cell.field == lever.name]
    if any(cell.currency not in {None, currency} for cell in asking):
        return None
    worst_first = sorted(set(_candidates([*sales, *asking], lever)), reverse=lever.worse is Worse.HIGHER)
    for value in worst_first:
        better = _better(value, seen[lever.name], lever.worse)
        if better and _any(sales, value) and not _any(asking, value):
            return value
    return None


def _any(cells: Iterable[Cell], value: Decimal) -> bool:
    return any(cell.test(value) for cell in cells)


def _better(value: Decimal, present: Value, worse: Worse) -> bool:
    if not isinstance(present, Decimal):
        return False
    return value < present if worse is Worse.HIGHER else value > present


def _candidates(cells: Iterable[Cell], lever: Field) -> Iterable[Decimal]:
    """Yield the limits that the cells name, and one step to the better side for those that are excluded."""
    step = STEP.get(lever.type, Decimal(0))
    for cell in cells:
        for limit in cell.breakpoints:
            if isinstance(limit, Decimal):
                yield limit
                yield limit - step if lever.worse is Worse.HIGHER else limit + step


def _cells(rows: Iterable[Row], lever: str, currency: str | None) -> Iterable[Cell]:
    """Yield the rows' cells of the lever that can be compared."""
    cells = (cell for row in rows for cell in row.cells if cell.field == lever)
    return (cell for cell in cells if cell.currency is None or cell.currency == currency)


def _known(value: Value) -> bool:
    return value is not None and not isinstance(value, Unreadable)
