"""Every deal has somebody who decides it, and under unique only one row says who."""

from collections.abc import Iterator
from itertools import islice

from connector.policy.model import HitPolicy, Row
from connector.policy.tables import outdoes
from connector.proof.boxes import Box, Budget, meet, uncovered, widened
from connector.proof.faults import Fault, Kind
from connector.proof.space import Space, joining, voices
from connector.proof.witness import witness

_MOST = 3  # examples of one kind: mending one often mends the next


def gaps(space: Space, budget: Budget) -> Iterator[Fault]:
    """Yield deals that no row covers."""
    covers = [box for _, box in (*space.rows, *space.foreign)]
    for _ in range(_MOST):
        found = uncovered(space.full, covers, budget, apart=space.apart)
        if found is None:
            return
        found = widened(found, space.full, covers)
        yield Fault(Kind.NOBODY, space.matrix, witness=witness(space, found))
        covers.append(found)


def without_rate(space: Space, budget: Budget) -> Iterator[Fault]:
    """Yield a deal in this currency for which a limit in another one could decide."""
    for row, box in space.foreign:
        found = _undecided(row, box, space, budget)
        if found is not None:
            yield Fault(Kind.NO_RATE, space.matrix, (row,), witness(space, found))
            return


def _undecided(row: Row, box: Box, space: Space, budget: Budget) -> Box | None:
    if space.matrix.hit is HitPolicy.UNIQUE:
        return box
    for voice in voices(row):
        covers = [other for known, other in space.rows if not outdoes(voice, (known,), space.roles)]
        found = uncovered(box, covers, budget)
        if found is not None:
            return found
    return joining(row, box, space, budget)


def contradictions(space: Space) -> Iterator[Fault]:
    """Yield for each row of a unique matrix the first one before it that matches one of its deals too."""
    if space.matrix.hit is not HitPolicy.UNIQUE:
        return
    for place, (row, box) in enumerate(space.rows):
        both = ((other, meet(box, before)) for other, before in space.rows[:place])
        for other, common in islice(((one, box) for one, box in both if box is not None), 1):
            yield Fault(Kind.CONTRADICTION, space.matrix, (row, other), witness(space, common))
