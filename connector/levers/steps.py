"""The values worth trying: for each field that the rep may change the limits on its better side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from connector.deals import Value
from connector.policy.model import (
    STEP,
    Cell,
    Derived,
    Feasibility,
    Field,
    FieldType,
    Gate,
    Home,
    Policy,
    Worse,
)
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local

_DAY = timedelta(days=1)
_SIZE = frozenset({"amount", "contract-value"})


@dataclass(frozen=True, slots=True)
class Steps:
    """The values of one field on its better side, nearest to the present one first."""

    field: Field
    values: tuple[Value, ...]


def steps(gate: Gate, ground: Ground) -> tuple[Steps, ...]:
    """Return what could be tried at this gate, in the order in which its rules name the fields.

    The limits of rules and answers are the only points where the engine's answer can change. Facts are left
    alone (`rep-may-change`), what reps are not told, and the size of a deal: a smaller one is a split one.
    """
    limits: dict[str, set[Value]] = {}
    for name, value in _limits(gate, ground):
        limits.setdefault(name, set()).add(value)
    fields = ((ground.policy.fields.get(name), found) for name, found in limits.items())
    made = (
        Steps(field, _better(field, found, ground)) for field, found in fields if field and _is_lever(field)
    )
    return tuple(one for one in made if one.values)


def _is_lever(field: Field) -> bool:
    if not field.rep_may_change or field.hidden or field.worse is Worse.NEITHER:
        return False
    smaller = field.worse is Worse.HIGHER and (field.name in _SIZE or field.derived is Derived.CONTRACT_VALUE)
    kinds = {*STEP, FieldType.DATE, FieldType.ENUM}
    return not smaller and field.type in kinds and field.home in {Home.DEAL, Home.DERIVED}


def _limits(gate: Gate, ground: Ground) -> Iterator[tuple[str, Value]]:
    """Yield every value at which the gate's answer may change, by the field that the rep would change."""
    policy = ground.policy
    for cell in _cells(gate, policy):
        field = policy.fields.get(cell.field)
        if field is not None and field.type is FieldType.ENUM:
            yield from ((cell.field, option) for option in field.options)
        yield from ((cell.field, limit) for limit in cell.breakpoints)
    for signoff in ground.context.standing.signoffs:
        if signoff.gate == gate.id:
            yield from ((one.field, limit) for one in signoff.envelope for limit in (one.low, one.high))
            yield from signoff.seen.items()
    if policy.offering.start is not None:
        today = local(ground.now, policy.calendar).date()
        yield from ((policy.offering.start, today + timedelta(days=days)) for days in policy.day_limits)


def _cells(gate: Gate, policy: Policy) -> Iterator[Cell]:
    for name in gate.matrices:
        yield from (cell for row in policy.matrices[name].rows for cell in row.cells)
    for check in policy.checklists[gate.checklist].checks if gate.checklist else ():
        if isinstance(check, Feasibility):
            yield from (cell for row in check.rows for cell in row.cells)


def _better(field: Field, limits: Iterable[Value], ground: Ground) -> tuple[Value, ...]:
    present = ground.facts.get(field.name)
    if field.type is FieldType.ENUM:
        return _options(field, present)
    up = field.worse is Worse.LOWER
    if isinstance(present, Decimal):
        step = STEP[field.type] if up else -STEP[field.type]
        numbers = {point for one in limits if isinstance(one, Decimal) for point in (one, one + step)}
        if present >= 0:  # nobody sells above the list price, or less than nothing
            numbers = {one for one in numbers if one >= 0}
        return tuple(
            sorted((one for one in numbers if (one > present) is up and one != present), reverse=not up)
        )
    if isinstance(present, date):
        days = {day for one in limits if isinstance(one, date) for day in _beside(one, up=up)}
        return tuple(
            sorted((one for one in days if (one > present) is up and one != present), reverse=not up)
        )
    return ()


def _beside(day: date, *, up: bool) -> Iterator[date]:
    yield day
    if date.min < day < date.max:
        yield day + _DAY if up else day - _DAY


def _options(field: Field, present: Value) -> tuple[Value, ...]:
    """Return the better options of an enum; those of a policy stand in order where one direction is worse."""
    folded = [option.casefold() for option in field.options]
    if not isinstance(present, str) or present.casefold() not in folded:
        return ()
    place = folded.index(present.casefold())
    return field.options[place + 1 :] if field.worse is Worse.LOWER else field.options[:place][::-1]
