"""Every row can match a deal, and where several do (collect), counts for one of them."""

from collections.abc import Iterator, Sequence

from connector.policy.model import HitPolicy, Row
from connector.proof.boxes import Box, Budget, meet, uncovered
from connector.proof.faults import Fault, Kind
from connector.proof.space import Space, joining, speaks, voices
from connector.proof.witness import witness

_MOST_NAMED = 3


def unreachable(spaces: Sequence[Space]) -> Iterator[Fault]:
    """Yield rows that no deal can match, in whatever currency it is."""
    able = {row.id for space in spaces for row, _ in space.rows}
    matrix = spaces[0].matrix
    return (Fault(Kind.UNREACHABLE, matrix, (row,)) for row in matrix.rows if row.id not in able)


def silent(space: Space, budget: Budget) -> Iterator[Fault]:
    """Yield rows of a collect matrix beside which another one always asks for more (design 1.11)."""
    if space.matrix.hit is not HitPolicy.COLLECT:
        return
    for row, box in space.rows:
        louder: list[Row] = []
        heard = any(_heard(voice, box, space, louder, budget) for voice in voices(row))
        if not heard and joining(row, box, space, budget) is None:
            named = tuple({one.id: one for one in louder}.values())
            yield Fault(Kind.SILENT, space.matrix, (row, *named[:_MOST_NAMED]), witness(space, box))


def _heard(voice: Row, box: Box, space: Space, louder: list[Row], budget: Budget) -> bool:
    """Say whether some deal of the box hears this role of the row; note the rows that drown it."""
    near = [
        (row, other)
        for row, other in space.rows
        if row.id != voice.id and not speaks(voice, row, space.roles) and meet(box, other) is not None
    ]
    louder.extend(row for row, _ in near)
    return uncovered(box, (other for _, other in near), budget) is not None
