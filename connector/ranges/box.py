"""A box over the axes: it grows from a clear point as long as the engine finds each point of it clear."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from connector.deals import Value
from connector.policy.model import Bound
from connector.ranges.axes import Axis
from connector.standing import Signoff

Point = Mapping[str, Value]
TryOut = Callable[[Point], "Tried"]
_MOST_TRIED = 400  # points of one deal: then the box stays as large as it is


@dataclass(frozen=True, slots=True)
class Tried:
    """What the engine says of one point: clear or not, and on which answers that rests."""

    clear: bool
    approvals: tuple[Signoff, ...] = ()


@dataclass(slots=True)
class Box:
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
