"""Sets of deals as boxes: for each axis a set of its pieces, as a bit mask."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

Box = tuple[int, ...]


class TooMany(Exception):
    """More combinations than may be looked at; nothing is proved."""


@dataclass(slots=True)
class Budget:
    """How many combinations may still be looked at."""

    most: int
    spent: int = 0

    def spend(self, count: int = 1) -> None:
        """Count one, or as many. Raise TooMany when there are none left."""
        if self.spent >= self.most:
            raise TooMany
        self.spent = min(self.spent + count, self.most)


def meet(one: Box, other: Box) -> Box | None:
    """Return what two boxes have in common, None where that is nothing."""
    common = []
    for first, second in zip(one, other, strict=True):
        both = first & second
        if not both:
            return None
        common.append(both)
    return tuple(common)


def minus(box: Box, hole: Box) -> Iterator[Box]:
    """Yield the parts of a box outside of `hole`, which lies inside; no two of them meet."""
    for place, (all_, out) in enumerate(zip(box, hole, strict=True)):
        rest = all_ & ~out
        if rest:
            yield (*hole[:place], rest, *box[place + 1 :])


def uncovered(box: Box, covers: Iterable[Box], budget: Budget, *, apart: bool = False) -> Box | None:
    """Return a part of the box that lies in none of the covers, None where they cover all of it.

    Covers that are `apart`, no two of them meeting, are counted: that is quick for any number of them.
    """
    stack: list[tuple[Box, Sequence[Box]]] = [(box, tuple(covers))]
    while stack:
        part, near = stack.pop()
        budget.spend()
        holes = [hole for one in near if (hole := meet(part, one)) is not None]
        if not holes:
            return part
        if apart and size(part) == sum(map(size, holes)):
            continue
        largest = max(holes, key=lambda hole: share(hole, part))
        if largest != part:
            stack.extend((rest, holes) for rest in minus(part, largest))
    return None


def widened(box: Box, limits: Box, covers: Sequence[Box]) -> Box:
    """Return the box, which no cover meets, let out on each axis on which still none does."""
    for place, all_ in enumerate(limits):
        wider = (*box[:place], all_, *box[place + 1 :])
        if all(meet(wider, one) is None for one in covers):
            box = wider
    return box


def size(box: Box) -> int:
    """Return how many points a box has."""
    return prod(pieces.bit_count() for pieces in box)


def share(hole: Box, box: Box) -> float:
    """Return how much of the box the hole, which lies inside, takes."""
    found = 1.0
    for out, all_ in zip(hole, box, strict=True):
        if out != all_:
            found *= out.bit_count() / all_.bit_count()
    return found


def corner(box: Box) -> Box:
    """Return one point of a box."""
    return tuple(pieces & -pieces for pieces in box)
