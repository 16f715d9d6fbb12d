"""What the rep may decide without anybody: "You alone: up to 10 % discount, amount up to EUR 50,000"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from connector import texts, values
from connector.authority import weigh
from connector.checks import rates
from connector.checks.derived import currency_of
from connector.deals import Value
from connector.policy.model import STEP, Bound, Field, FieldType, Gate, Worse
from connector.signoffs.ground import Ground
from connector.verdicts import Outcome

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values worth trying, best first; the last one stands for everything worse."""

    field: Field
    points: tuple[Value, ...]


def alone(gate: Gate, ground: Ground) -> tuple[Bound, ...] | None:
    """Return the limits inside which the gate's matrices ask nobody, the deal's other values as they are.

    None where no values of what the rep may change would do: facts are taken as they are. The engine answers
    for the worst corner; a better deal never needs more (connector.proof). An axis without a limit has no
    bound.
    """
    axes = _axes(gate, ground)
    corner = _start(gate, ground, axes)
    if corner is None:
        return None
    for one in axes:
        worst = next(
            value for value in reversed(one.points) if _free(gate, ground, {**corner, one.field.name: value})
        )
        corner = {**corner, one.field.name: worst}
    return tuple(
        _bound(one.field, corner[one.field.name]) for one in axes if corner[one.field.name] != one.points[-1]
    )


def _start(gate: Gate, ground: Ground, axes: Iterable[_Axis]) -> Mapping[str, Value] | None:
    """Return values that ask nobody: the deal's own, as few as possible of them at their best."""
    at = {one.field.name: ground.facts[one.field.name] for one in axes}
    if _free(gate, ground, at):
        return at
    for one in axes:
        at[one.field.name] = one.points[0]
        if _free(gate, ground, at):
            return at
    return None


def said(gate: Gate, ground: Ground) -> str:
    """Write what the rep may decide alone at this gate."""
    bounds = alone(gate, ground)
    if bounds is None:
        return texts.nothing_alone()
    told = [_limit(one, ground) for one in bounds if not ground.policy.fields[one.field].hidden]
    return texts.alone(values.listing(told)) if told else texts.all_alone()


def _axes(gate: Gate, ground: Ground) -> tuple[_Axis, ...]:
    policy, currency = ground.policy, currency_of(ground.deal, ground.policy)
    limits: dict[str, set[Decimal | date]] = {}
    for name in gate.matrices:
        for cell in (cell for row in policy.matrices[name].rows for cell in row.cells):
            if cell.currency in {None, currency}:
                limits.setdefault(cell.field, set()).update(cell.breakpoints)
    known = ((policy.fields[name], found) for name, found in limits.items())
    return tuple(
        _Axis(field, _points(field, found, ground.facts.get(field.name)))
        for field, found in known
        if field.rep_may_change
        and field.worse is not Worse.NEITHER
        and found
        and _is_ordered(ground.facts.get(field.name))
    )


def _is_ordered(value: Value) -> bool:
    return isinstance(value, Decimal | date)


def _points(field: Field, limits: Iterable[Decimal | date], present: Value) -> tuple[Value, ...]:
    near = {point for limit in limits for point in _around(field, limit)}
    if isinstance(present, Decimal):
        numbers = {one for one in (*near, present) if isinstance(one, Decimal)}
        return tuple(sorted(numbers, reverse=field.worse is Worse.LOWER))
    days = {one for one in near if isinstance(one, date)} | (
        {present} if isinstance(present, date) else set()
    )
    return tuple(sorted(days, reverse=field.worse is Worse.LOWER))


def _around(field: Field, limit: Decimal | date) -> Iterable[Decimal | date]:
    if isinstance(limit, Decimal):
        return limit - STEP[field.type], limit, limit + STEP[field.type]
    return (limit - _DAY, limit, limit + _DAY) if date.min < limit < date.max else (limit,)


def _free(gate: Gate, ground: Ground, at: Mapping[str, Value]) -> bool:
    """Say whether nobody has to sign at these values; read without a word, for it is asked many times."""
    policy, currency = ground.policy, currency_of(ground.deal, ground.policy)
    factors = rates.factors(currency, policy)
    weighed = weigh(policy, gate, {**ground.facts, **at}, currency, factors)
    return weighed.outcome is Outcome.PASS


def _bound(field: Field, value: Value) -> Bound:
    limit = value if isinstance(value, Decimal | date) and not isinstance(value, bool) else None
    return Bound(field.name, high=limit) if field.worse is Worse.HIGHER else Bound(field.name, low=limit)


def _limit(bound: Bound, ground: Ground) -> str:
    field = ground.policy.fields[bound.field]
    value = bound.high if bound.high is not None else bound.low
    text = values.say(value, field.type, currency_of(ground.deal, ground.policy), digits=2)
    if field.type is FieldType.DATE:
        most = texts.until_day(text) if bound.high is not None else texts.from_value(text)
    else:
        most = texts.up_to(text) if bound.high is not None else texts.at_least(text)
    return values.labelled(field, most)
