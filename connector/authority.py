"""The authority matrix read for one deal at one gate: who must decide, and what the rep may do alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector import reasons
from connector.deals import Unreadable, Value
from connector.policy.clauses import Answer, Clause
from connector.policy.index import NO_FACTORS
from connector.policy.model import (
    Derived,
    Gate,
    Home,
    Matrix,
    Policy,
    PriceBase,
    Ruling,
    Worse,
)
from connector.policy.tables import Reading
from connector.texts import whys
from connector.verdicts import Finding, Need, Outcome

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
    strange: Sequence[str] = (),
) -> tuple[Need, ...]:
    """Return what the gate's matrices and the findings that a person must decide demand.

    `facts` and `currency` come from `checks.derived`. Only Ruling.SIGN_OFF waits for somebody; SALES, NOTIFY
    and VETO hold nothing up; FORBIDDEN and UNKNOWN cannot be signed. Matrices ask in the policy's order.
    `strange` are the names of the products that are not offered.
    """
    asked = [_from_finding(finding, facts) for finding in findings if finding.outcome is Outcome.SIGN_OFF]
    for name in gate.matrices:
        answer = policy.tables[name].answer(facts, currency, factors)
        asked += _from_answer(answer, policy, facts, currency, factors, strange)
    return tuple(asked)


def weigh(
    policy: Policy,
    gate: Gate,
    facts: Mapping[str, Value],
    currency: str | None,
    factors: Factors = NO_FACTORS,
) -> Weighed:
    """Read the gate's matrices, without a word: some microseconds a deal, for millions of deals."""
    tables = [policy.tables[name] for name in gate.matrices]
    readings = tuple([one.answer(facts, currency, factors).reading for one in tables])
    rulings = {one.ruling for reading in readings for one in reading.demands}
    if Ruling.FORBIDDEN in rulings:
        return Weighed(Outcome.FAIL, readings)
    if not all(reading.safe for reading in readings):
        return Weighed(Outcome.UNKNOWN, readings)
    return Weighed(Outcome.SIGN_OFF if Ruling.SIGN_OFF in rulings else Outcome.PASS, readings)


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


def _from_answer(  # noqa: PLR0917  one answer, and what its words are made of
    answer: Answer,
    policy: Policy,
    facts: Mapping[str, Value],
    currency: str | None,
    factors: Factors,
    strange: Sequence[str],
) -> list[Need]:
    reading = answer.reading
    seen = {name: facts.get(name) for name in reading.matrix.inputs}
    if not reading.safe:
        return [_unknown(reading, policy, seen, facts, currency)]
    return [_demanded(one, reading.matrix, seen, currency, factors, strange) for one in answer.clauses]


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


def _demanded(  # noqa: PLR0917  one clause, and what its words are made of
    clause: Clause,
    matrix: Matrix,
    seen: Mapping[str, Value],
    currency: str | None,
    factors: Factors,
    strange: Sequence[str],
) -> Need:
    if clause.ruling is Ruling.SALES:
        # what nearly every deal comes to: nobody is asked, so nobody has to be told why
        return Need(matrix.id, clause.row, Ruling.SALES, None, clause.terms, None, None, seen, clause.where)
    demand = clause.demand
    limit = _limit(clause, matrix, seen, currency, factors)
    return Need(
        matrix=matrix.id,
        row=clause.row,
        ruling=clause.ruling,
        role=demand.role,
        why=_why(clause, seen, currency, limit, strange),
        lever=clause.lever.name if clause.lever else None,
        limit=limit,
        seen=seen,
        where=clause.where,
        text=clause.text,
        groups=clause.groups,
        must=clause.must,
        fact=clause.fact,
        own=demand.rows[0].own,
        hours=clause.hours,
    )


def _why(
    clause: Clause,
    seen: Mapping[str, Value],
    currency: str | None,
    limit: Decimal | None,
    strange: Sequence[str],
) -> str:
    if clause.fact:
        return whys.to_confirm(clause.fact)
    rows, lever = clause.demand.rows, clause.lever
    return reasons.why(clause.named, rows, seen, currency, lever=lever, limit=limit, strange=strange)


def _limit(
    clause: Clause, matrix: Matrix, seen: Mapping[str, Value], currency: str | None, factors: Factors
) -> Decimal | None:
    """Return the worst value of the lever at which these rows ask nothing and another lets Sales decide. None
    where the limit is in another currency."""
    lever, limits = clause.lever, clause.limits
    if lever is None or limits is None or not isinstance(present := seen[lever.name], Decimal):
        return None
    holding, _ = matrix.index.sort(seen, currency, without=lever.name, factors=factors)
    better = (one for one in limits(holding, currency) if _better(one, present, lever.worse))
    return next(better, None)


def _better(value: Decimal, present: Decimal, worse: Worse) -> bool:
    return value < present if worse is Worse.HIGHER else value > present


def _known(value: Value) -> bool:
    return value is not None and not isinstance(value, Unreadable)
