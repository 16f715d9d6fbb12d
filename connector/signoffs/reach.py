"""How far a person's own authority goes on the field that an answer may limit."""

from collections.abc import Iterator
from decimal import Decimal

from connector.authority import weigh
from connector.checks.derived import currency_of
from connector.policy.exchange import factors
from connector.policy.model import STEP, Field, Gate, Role, Ruling, Worse
from connector.signoffs.ground import Ground
from connector.standing import Signoff


def most(limit: Decimal, signoff: Signoff, role: Role, ground: Ground) -> Decimal:
    """Return the limit, or where it is worse than what the role decides at the gate, the worst that it does:
    the present value at least, which was asked about."""
    policy = ground.policy
    gate = next((one for one in policy.gates if one.id == signoff.gate), None)
    field, present = policy.fields.get(signoff.lever or ""), ground.facts.get(signoff.lever or "")
    if gate is None or field is None or not isinstance(present, Decimal):
        return limit
    if not _worse(limit, present, field) or _decides(limit, field, gate, signoff, role, ground):
        return limit
    between = (
        one
        for one in _limits(field, gate, ground)
        if _worse(one, present, field) and _worse(limit, one, field)
    )
    ordered = sorted(between, reverse=field.worse is Worse.HIGHER)
    return next((one for one in ordered if _decides(one, field, gate, signoff, role, ground)), present)


def _worse(one: Decimal, other: Decimal, field: Field) -> bool:
    return one > other if field.worse is Worse.HIGHER else one < other


def _decides(  # noqa: PLR0917  one value, and what it is weighed with
    value: Decimal, field: Field, gate: Gate, signoff: Signoff, role: Role, ground: Ground
) -> bool:
    """Say whether nobody above the role, and no ban, stands at this value. What is not known stands for
    nothing here: it holds the deal by itself."""
    policy, currency = ground.policy, currency_of(ground.deal, ground.policy)
    facts = {**ground.facts, field.name: value}
    readings = weigh(policy, gate, facts, currency, factors(currency, policy, signoff.rate)).readings
    demands = [one for reading in readings for one in reading.demands]
    if any(one.ruling is Ruling.FORBIDDEN for one in demands):
        return False
    asked = (policy.roles[one.role] for one in demands if one.role and one.ruling is Ruling.SIGN_OFF)
    return all(one.level <= role.level for one in asked if one.chain == role.chain)


def _limits(field: Field, gate: Gate, ground: Ground) -> Iterator[Decimal]:
    """Yield the limits that the gate's matrices name for the field, and one step to their better side."""
    step = STEP.get(field.type, Decimal(0))
    rows = (row for name in gate.matrices for row in ground.policy.matrices[name].rows)
    cells = (cell for row in rows for cell in row.cells if cell.field == field.name)
    for one in (limit for cell in cells for limit in cell.breakpoints if isinstance(limit, Decimal)):
        yield one
        yield one - step if field.worse is Worse.HIGHER else one + step
