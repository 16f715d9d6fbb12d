"""The authority matrix read for one deal at one gate: who must decide, and what the rep may do alone."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector import reasons
from connector.deals import Unreadable, Value
from connector.policy.model import (
    Cell,
    Field,
    FieldType,
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
from connector.verdicts import Finding, Need, Outcome

_STEP = {FieldType.PERCENT: Decimal("0.01"), FieldType.MONEY: Decimal("0.01"), FieldType.NUMBER: Decimal(1)}


def needs(
    policy: Policy,
    gate: Gate,
    facts: Mapping[str, Value],
    currency: str | None,
    findings: Iterable[Finding] = (),
) -> tuple[Need, ...]:
    """Return what the gate's matrices and the findings that a person must decide demand.

    `facts` and `currency` come from `checks.derived`. Only Ruling.SIGN_OFF waits for somebody; SALES and
    NOTIFY hold nothing up; FORBIDDEN and UNKNOWN cannot be signed. Matrices ask in the policy's order.
    """
    asked = tuple(
        _from_finding(finding, facts) for finding in findings if finding.outcome is Outcome.SIGN_OFF
    )
    matrices = (policy.matrices[name] for name in gate.matrices)
    ruled = tuple(need for matrix in matrices for need in _from_matrix(matrix, policy, facts, currency))
    return asked + ruled


def reads(policy: Policy, gate: Gate) -> tuple[str, ...]:
    """Return the vocabulary names that the gate's matrices look at, each once."""
    return tuple(dict.fromkeys(name for matrix in gate.matrices for name in policy.matrices[matrix].inputs))


def _from_finding(finding: Finding, facts: Mapping[str, Value]) -> Need:
    return Need(
        matrix=finding.check,
        row=":".join((finding.code, *finding.reads)),
        ruling=Ruling.SIGN_OFF,
        role=finding.role,
        why=finding.ops.rstrip("."),
        seen={name: facts.get(name) for name in finding.reads},
        where=finding.where,
    )


def _from_matrix(
    matrix: Matrix, policy: Policy, facts: Mapping[str, Value], currency: str | None
) -> tuple[Need, ...]:
    reading = read(matrix, facts, currency, policy.roles)
    seen = {name: facts.get(name) for name in matrix.inputs}
    if not reading.safe:
        return (_unknown(matrix, reading, policy, facts, currency),)
    return tuple(_demanded(demand, matrix, policy, seen, currency) for demand in reading.demands)


def _unknown(
    matrix: Matrix, reading: Reading, policy: Policy, facts: Mapping[str, Value], currency: str | None
) -> Need:
    seen = {name: facts.get(name) for name in matrix.inputs}
    holes = {cell.field: seen.get(cell.field) for cell in reading.unsure}
    return Need(
        matrix=matrix.id,
        row="+".join(row.id for row in reading.overlap),
        ruling=Ruling.UNKNOWN,
        role=None,
        why=reasons.unanswered(matrix, reading, policy.fields, seen, currency),
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
    return tuple(dict.fromkeys(found))


def _is_ours(value: Value) -> bool:
    return isinstance(value, Unreadable) and value.ours


def _demanded(
    demand: Demand, matrix: Matrix, policy: Policy, seen: Mapping[str, Value], currency: str | None
) -> Need:
    lever = _lever(demand.rows, policy) if demand.ruling is not Ruling.SALES else None
    limit = _limit(lever, demand, matrix, seen, currency) if lever else None
    return Need(
        matrix=matrix.id,
        row="+".join(row.id for row in demand.rows),
        ruling=demand.ruling,
        role=demand.role,
        why=reasons.why(demand.rows, policy.fields, seen, currency, lever=lever, limit=limit),
        lever=lever.name if lever else None,
        limit=limit,
        seen=seen,
        where=demand.rows[0].where,
        text=" ".join(row.text for row in demand.rows if row.text),
    )


def _lever(rows: Iterable[Row], policy: Policy) -> Field | None:
    """Return the first field by which the rep can make one of the rows no longer match."""
    fields = (policy.fields[cell.field] for row in rows for cell in row.cells if not cell.any)
    return next(
        (field for field in fields if field.rep_may_change and field.worse is not Worse.NEITHER), None
    )


def _limit(
    lever: Field, demand: Demand, matrix: Matrix, seen: Mapping[str, Value], currency: str | None
) -> Decimal | None:
    """Return the worst value of the lever at which these rows ask nothing and another lets Sales decide."""
    sales = [
        cell
        for row in matrix.rows
        if row.ruling is Ruling.SALES and _others_hold(row, lever.name, seen, currency)
        for cell in row.cells
        if cell.field == lever.name
    ]
    asking = [cell for row in demand.rows for cell in row.cells if cell.field == lever.name]
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
    step = _STEP.get(lever.type, Decimal(0))
    for cell in cells:
        for limit in cell.breakpoints:
            if isinstance(limit, Decimal):
                yield limit
                yield limit - step if lever.worse is Worse.HIGHER else limit + step


def _others_hold(row: Row, lever: str, seen: Mapping[str, Value], currency: str | None) -> bool:
    for cell in row.cells:
        if cell.any:
            continue
        if cell.currency is not None and cell.currency != currency:
            return False
        value = seen.get(cell.field)
        if cell.field != lever and not (_known(value) and cell.test(value)):
            return False
    return True


def _known(value: Value) -> bool:
    return value is not None and not isinstance(value, Unreadable)
