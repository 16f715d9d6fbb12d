"""The clear range of a deal: from a clear point on, as large as it gets."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from connector.deals import Value
from connector.policy.model import Gate
from connector.ranges.axes import Axis, axes_of
from connector.ranges.box import Box, TryOut
from connector.signoffs.ground import Ground
from connector.verdicts import Range


def find(gates: Iterable[Gate], ground: Ground, try_out: TryOut) -> Range | None:
    """Return the range in which all these gates are clear, None where no single change clears them."""
    axes = axes_of(tuple(gates), ground)
    box = Box(axes, try_out)
    start = _start(axes, ground.facts, box)
    if start is None:
        return None
    box.grow(start)
    bounds = (box.bound(axis, place) for place, axis in enumerate(axes))
    return Range(tuple(one for one in bounds if one.low is not None or one.high is not None), box.until())


def _start(axes: tuple[Axis, ...], facts: Mapping[str, Value], box: Box) -> tuple[int, ...] | None:
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
