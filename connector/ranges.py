"""The clear range: the values of a deal's own fields inside which it is clear now.

A box: for each field a lowest and a highest value, ends included. It grows from a clear point along the
limits that rules and answers name, the only places where the engine's answer can change; between two of them
one point stands for all. Every point of the box is tried by the engine before it counts.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from itertools import product

from connector.checks.derived import discount_base
from connector.deals import Value
from connector.policy.model import Bound, Derived, Field, FieldType, Gate, Home, PriceBase, Weight, Worse
from connector.signoffs.ground import Ground
from connector.standing import Signoff
from connector.verdicts import Range

Point = Mapping[str, Value]
Number = Decimal | date
TryOut = Callable[[Point], "Tried"]

_MOST_TRIED = 400  # points of one deal: then the box stays as large as it is
_STEP = {
    FieldType.MONEY: Decimal("0.01"),
    FieldType.PERCENT: Decimal("0.0001"),
    FieldType.NUMBER: Decimal("0.0001"),
}
_EXACT = Context(prec=100)  # a limit has at most 40 characters
_DAY = timedelta(days=1)
_ALWAYS = frozenset({"amount", "close-date"})  # every CRM rule can look at them


@dataclass(frozen=True, slots=True)
class Tried:
    """What the engine says of one point: clear or not, and on which answers that rests."""

    clear: bool
    approvals: tuple[Signoff, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """One field with the values worth trying, in order. The outermost ones stand for all beyond them.
    `low` and `high` say on which sides a CRM can hold a save against a limit."""

    name: str
    points: tuple[Number, ...]
    low: bool
    high: bool


def find(gates: Iterable[Gate], ground: Ground, try_out: TryOut) -> Range | None:
    """Return the range in which all these gates are clear, None where no single change clears them."""
    axes = _axes(tuple(gates), ground)
    box = _Box(axes, try_out)
    start = _start(axes, ground.facts, box)
    if start is None:
        return None
    box.grow(start)
    bounds = (box.bound(axis, place) for place, axis in enumerate(axes))
    return Range(tuple(one for one in bounds if one.low is not None or one.high is not None), box.until())


def write(found: Range | None) -> str:
    """Write a range as one text that is the same for the same range; "" for none."""
    if found is None:
        return ""
    bounds = {
        one.field: [_text(one.low), _text(one.high)]
        for one in sorted(found.bounds, key=lambda one: one.field)
    }
    told = {**bounds, **({"until": found.until.isoformat()} if found.until else {})}
    return json.dumps(told, separators=(",", ":"))


def read(text: str) -> Range | None:
    """Read what `write` wrote."""
    if not text:
        return None
    told = json.loads(text)
    until = told.pop("until", None)
    bounds = tuple(Bound(name, _value(low), _value(high)) for name, (low, high) in told.items())
    return Range(bounds, date.fromisoformat(until) if until else None)


def _text(value: Number | None) -> str | None:
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return value.isoformat() if value is not None else None


def _value(text: str | None) -> Number | None:
    if text is None:
        return None
    return date.fromisoformat(text) if text.count("-") == 2 else Decimal(text)


@dataclass(slots=True)
class _Box:
    """A box over the axes' points: for each axis the first and the last place inside."""

    axes: tuple[Axis, ...]
    try_out: TryOut
    _first: list[int] = field(default_factory=list)
    _last: list[int] = field(default_factory=list)
    _known: dict[tuple[int, ...], Tried] = field(default_factory=dict)

    def clear(self, places: tuple[int, ...]) -> bool:
        """Say whether the point is clear; nothing is once too many were tried."""
        if places not in self._known:
            if len(self._known) >= _MOST_TRIED:
                return False
            self._known[places] = self.try_out(self._point(places))
        return self._known[places].clear

    def grow(self, start: tuple[int, ...]) -> None:
        """Grow step by step, every axis to both sides in turn, until nothing more is clear."""
        self._first, self._last = list(start), list(start)
        sides = [(axis, step) for axis in range(len(self.axes)) for step in (-1, 1)]
        while sides:
            sides = [side for side in sides if self._widened(*side)]

    def bound(self, axis: Axis, place: int) -> Bound:
        """Return the limits of one axis: none where the box reaches its end, none that no CRM would hold."""
        first, last = self._first[place], self._last[place]
        low = axis.points[first] if axis.low and first > 0 else None
        high = axis.points[last] if axis.high and last < len(axis.points) - 1 else None
        return Bound(axis.name, low, high)

    def until(self) -> date | None:
        """Return the last day of the first answer to run out, of all that the box rests on."""
        inside = (tried for places, tried in self._known.items() if self._holds(places))
        return min(
            (one.valid_until for tried in inside for one in tried.approvals if one.valid_until), default=None
        )

    def _widened(self, axis: int, step: int) -> bool:
        edge = (self._first if step < 0 else self._last)[axis] + step
        if not 0 <= edge < len(self.axes[axis].points):
            return False
        spans = [range(first, last + 1) for first, last in zip(self._first, self._last, strict=True)]
        spans[axis] = range(edge, edge + 1)
        if not all(self.clear(places) for places in product(*spans)):
            return False
        (self._first if step < 0 else self._last)[axis] = edge
        return True

    def _holds(self, places: tuple[int, ...]) -> bool:
        limits = zip(places, self._first, self._last, strict=True)
        return all(first <= place <= last for place, first, last in limits)

    def _point(self, places: tuple[int, ...]) -> Point:
        return {axis.name: axis.points[place] for axis, place in zip(self.axes, places, strict=True)}


def _start(axes: tuple[Axis, ...], facts: Mapping[str, Value], box: _Box) -> tuple[int, ...] | None:
    """Return a clear point: the deal as it is, else the smallest change of one field, nearest first."""
    here = tuple(_place(axis, facts.get(axis.name)) for axis in axes)
    if box.clear(here):
        return here
    others = (
        (abs(place - here[at]), at, place)
        for at, axis in enumerate(axes)
        for place in range(len(axis.points))
        if place != here[at]
    )
    for _, at, place in sorted(others):
        changed = (*here[:at], place, *here[at + 1 :])
        if box.clear(changed):
            return changed
    return None


def _place(axis: Axis, value: Value) -> int:
    return axis.points.index(value) if isinstance(value, Decimal | date) else 0


def _axes(gates: tuple[Gate, ...], ground: Ground) -> tuple[Axis, ...]:
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
