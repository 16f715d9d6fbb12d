"""The cheapest way to ready: what the rep may change alone, tried out by the engine before it is shown."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from connector import texts, values
from connector.checks.derived import currency_of
from connector.deals import Value
from connector.policy.model import Field, FieldType, Gate, Policy, Worse
from connector.signoffs.ground import Ground
from connector.verdicts import GateVerdict, Lever, Readiness

TryOut = Callable[[str, Value], GateVerdict]
_WAITS = frozenset({Readiness.NEEDS_SIGN_OFF, Readiness.BLOCKED})
_STEP = {FieldType.PERCENT: Decimal("0.01"), FieldType.MONEY: Decimal("0.01"), FieldType.NUMBER: Decimal(1)}


def find(verdict: GateVerdict, gate: Gate, ground: Ground, try_out: TryOut) -> tuple[Lever, ...]:
    """Return single-field changes that clear the gate or move it to a lower role, the smallest change of
    each field, those that clear first.

    The rules' own limits are the only points where the answer can change; each is tried by the engine.
    """
    if not wanted(verdict):
        return ()
    names = dict.fromkeys(name for matrix in gate.matrices for name in ground.policy.matrices[matrix].inputs)
    fields = (ground.policy.fields[name] for name in names)
    found = (_lever(field, verdict, gate, ground, try_out) for field in fields if _is_lever(field))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: not one.clears))


def wanted(verdict: GateVerdict) -> bool:
    """Say whether the gate is one that a change could open: people or limits hold it, not missing data."""
    return verdict.readiness in _WAITS or bool(verdict.offers)


def side(worse: Worse) -> str:
    """Return which way the rest of the range lies."""
    return "less" if worse is Worse.HIGHER else "more"


def said(field: Field, value: Value, currency: str | None) -> str:
    """Write the value of a lever: a percentage speaks for itself, other values name their field."""
    text = values.say(value, field.type, currency, digits=2)
    return text if field.type is FieldType.PERCENT else f"{field.label} {text}"


def _is_lever(field: Field) -> bool:
    return field.rep_may_change and field.worse is not Worse.NEITHER and field.type in _STEP


def _lever(field: Field, verdict: GateVerdict, gate: Gate, ground: Ground, try_out: TryOut) -> Lever | None:
    present = ground.facts.get(field.name)
    if not isinstance(present, Decimal):
        return None
    lower: Lever | None = None
    for value in _candidates(field, present, gate, ground.policy):
        tried = try_out(field.name, value)
        most = said(field, value, currency_of(ground.deal, ground.policy))
        if tried.clear:
            return Lever(field.name, value, texts.lever_alone(most, side(field.worse)), clears=True)
        who = _lower_role(verdict, tried, ground.policy)
        if lower is None and who is not None:
            lower = Lever(field.name, value, texts.lever_other(most, side(field.worse), who), clears=False)
    return lower


def _candidates(field: Field, present: Decimal, gate: Gate, policy: Policy) -> Iterable[Decimal]:
    """Yield the limits on the better side, nearest first, each with one step beyond where it is excluded."""
    up = field.worse is Worse.LOWER
    step = _STEP[field.type] if up else -_STEP[field.type]
    cells = (cell for name in gate.matrices for row in policy.matrices[name].rows for cell in row.cells)
    limits = {
        limit
        for cell in cells
        if cell.field == field.name
        for limit in cell.breakpoints
        if isinstance(limit, Decimal)
    }
    points = {point for limit in limits for point in (limit, limit + step)}
    better = (point for point in points if (point > present if up else point < present))
    return sorted(better, reverse=not up)


def _lower_role(verdict: GateVerdict, tried: GateVerdict, policy: Policy) -> str | None:
    """Return who would decide instead, where that asks for less than now."""
    if tried.readiness is not Readiness.NEEDS_SIGN_OFF or tried.nobody:
        return None
    now, then = _level(verdict, policy), _level(tried, policy)
    if verdict.readiness is not Readiness.BLOCKED and then >= now:
        return None
    roles = [policy.roles[need.role] for need in tried.waiting if need.role]
    return values.listing(list(dict.fromkeys(role.label for role in roles)))


def _level(verdict: GateVerdict, policy: Policy) -> int:
    roles = (policy.roles.get(need.role or "") for need in verdict.waiting)
    return max((role.level for role in roles if role is not None), default=0)
