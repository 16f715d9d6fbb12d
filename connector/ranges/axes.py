"""The fields that may have limits, each with the values worth trying: the limits that rules and answers name,
and their neighbours. Between two of them one point stands for all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from connector.checks.derived import discount_base
from connector.deals import Value
from connector.policy.model import Derived, Field, FieldType, Gate, Home, PriceBase, Weight, Worse
from connector.signoffs.ground import Ground

Number = Decimal | date
_STEP = {
    FieldType.MONEY: Decimal("0.01"),
    FieldType.PERCENT: Decimal("0.0001"),
    FieldType.NUMBER: Decimal("0.0001"),
}
_EXACT = Context(prec=100)  # a limit has at most 40 characters
_DAY = timedelta(days=1)
_ALWAYS = frozenset({"amount", "close-date"})  # every CRM rule can look at them


@dataclass(frozen=True, slots=True)
class Axis:
    """One field with the values worth trying, in order. The outermost ones stand for all beyond them.
    `low` and `high` say on which sides a CRM can hold a save against a limit."""

    name: str
    points: tuple[Number, ...]
    low: bool
    high: bool


def axes_of(gates: tuple[Gate, ...], ground: Ground) -> tuple[Axis, ...]:
    """Return the fields that people may change with the stage and that have limits, each with its points."""
    limits: dict[str, set[Number]] = {}
    for name, value in _limits(gates, ground):
        for target, at in _on_deal(name, value, ground):
            limits.setdefault(target, set()).add(at)
    fields = ground.policy.fields
    return tuple(
        Axis(name, _points(fields[name], found, ground.facts.get(name)), *sides(fields[name]))
        for name, found in sorted(limits.items())
        if name in fields and ranged(fields[name]) and _filled(ground.facts.get(name))
    )


def ranged(known: Field) -> bool:
    """Say whether the field can have limits: a number or a date on the deal itself that counts for a gate."""
    on_deal = known.home is Home.DEAL and (known.type in _STEP or known.type is FieldType.DATE)
    return on_deal and (known.name in _ALWAYS or known.weight is not Weight.IGNORE)


def sides(known: Field) -> tuple[bool, bool]:
    """Say whether the field has a lowest and a highest value: open to the better side, where there is one.
    A price that rose makes as much another deal as one that fell; a close date may always go out."""
    if known.name == "amount":
        return True, True
    if known.name == "close-date":
        return True, False
    return known.worse is not Worse.HIGHER, known.worse is not Worse.LOWER


def _filled(value: Value) -> bool:
    return isinstance(value, Decimal | date) and not isinstance(value, bool)


def _limits(gates: tuple[Gate, ...], ground: Ground) -> Iterator[tuple[str, Value]]:
    """Yield every value of a field at which the engine's answer may change."""
    for name in dict.fromkeys(matrix for gate in gates for matrix in gate.matrices):
        for row in ground.policy.matrices[name].rows:
            yield from ((cell.field, limit) for cell in row.cells for limit in cell.breakpoints)
    ids = {gate.id for gate in gates}
    standing = ground.context.standing
    for signoff in standing.signoffs:
        if signoff.gate in ids:
            yield from ((one.field, limit) for one in signoff.envelope for limit in (one.low, one.high))
            yield from signoff.seen.items()
    for gate, clearance in standing.clearances.items():
        if gate in ids:
            yield from clearance.seen.items()


def _on_deal(name: str, value: Value, ground: Ground) -> Iterator[tuple[str, Number]]:
    """Yield the value of the deal's own field at which a field has this one."""
    known = ground.policy.fields.get(name)
    if known is None:
        return
    if known.home is Home.DEAL and isinstance(value, Decimal | date):
        yield name, value
    if known.home is not Home.DEAL and isinstance(value, Decimal):
        yield from _behind(known, value, ground)


def _behind(known: Field, value: Decimal, ground: Ground) -> Iterator[tuple[str, Decimal]]:
    """Yield the amount at which a derived field has this value, where it depends on the amount."""
    if known.derived is Derived.DISCOUNT and known.of is PriceBase.AMOUNT:
        base = discount_base(ground.deal, ground.policy, ground.context.standing.signoffs)
        if base is not None:
            yield "amount", base * (100 - value) / 100
    elif known.derived is Derived.CONTRACT_VALUE and not ground.deal.line_items:
        yield "amount", value


def _points(known: Field, limits: Iterable[Number], present: Value) -> tuple[Number, ...]:
    """Return the values to try: each limit, its neighbours on both sides, and the present value."""
    found: set[Number] = {present} if isinstance(present, Decimal | date) else set()
    for limit in limits:
        found.update(_around(known, limit, present))
    return tuple(sorted(found))


def _around(known: Field, limit: Number, present: Value) -> Iterator[Number]:
    if isinstance(limit, Decimal) and isinstance(present, Decimal):
        step = _STEP[known.type]
        ways = (ROUND_FLOOR, ROUND_CEILING)
        below, above = (limit.quantize(step, rounding=way, context=_EXACT) for way in ways)
        yield from ((below - step, below, above + step) if below == above else (below, above))
    elif isinstance(limit, date) and isinstance(present, date):
        yield limit
        if limit > date.min:
            yield limit - _DAY
        if limit < date.max:
            yield limit + _DAY
