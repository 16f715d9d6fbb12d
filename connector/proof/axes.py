"""One input of a matrix, cut into the pieces between which no cell of the matrix makes a difference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from connector.deals import Value
from connector.policy.model import Cell, Derived, Field, FieldType, Home, Worse
from connector.proof import numbers

_COUNTS = frozenset({Derived.PRODUCTS_NOT_OFFERED, Derived.DEVIATION_COUNT})
_WORDS = frozenset({FieldType.ENUM, FieldType.TEXT})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Axis:
    """A field's values in pieces, each with one value that stands for all of it, lowest first where the type
    has an order. Sets of pieces are bit masks. `ordered` holds those that can be better or worse; `named` are
    the words that rules or options name, where the last piece stands for every other word."""

    field: Field
    pieces: tuple[Value, ...]
    ordered: int
    named: tuple[str, ...] = ()

    @property
    def full(self) -> int:
        """Return all pieces."""
        return (1 << len(self.pieces)) - 1

    def where(self, cell: Cell) -> int:
        """Return the pieces in which the cell holds."""
        return sum(1 << place for place, value in enumerate(self.pieces) if cell.test(value))

    def as_bad(self, pieces: int) -> int:
        """Return these pieces and all that are worse than one of them."""
        if not pieces & self.ordered or self.field.worse is Worse.NEITHER:
            return pieces
        ranked = pieces & self.ordered
        if self.field.worse is Worse.HIGHER:
            return pieces | self.ordered & ~(_lowest(ranked) - 1)
        return pieces | self.ordered & ((1 << ranked.bit_length()) - 1)

    def no_worse(self, pieces: int, piece: int) -> int:
        """Return the one of these pieces that is nearest to `piece` without being worse; `piece` is in
        `as_bad(pieces)`."""
        if pieces & piece:
            return piece
        if self.field.worse is Worse.HIGHER:
            return 1 << (pieces & self.ordered & (piece - 1)).bit_length() - 1
        return _lowest(pieces & self.ordered & ~(piece - 1))

    def value(self, piece: int) -> Value:
        """Return the value that stands for one piece."""
        return self.pieces[piece.bit_length() - 1]

    def is_other(self, piece: int) -> bool:
        """Say whether this piece is every word that nothing names."""
        return self.field.type in _WORDS and piece.bit_length() == len(self.pieces)


def is_count(field: Field) -> bool:
    """Say whether the field holds how many there are of something."""
    return field.derived in _COUNTS or field.home in {Home.CONTACT, Home.FILE}


def _lowest(pieces: int) -> int:
    return pieces & -pieces


def axis(field: Field, cells: Iterable[Cell], scope: Iterable[str] = ()) -> Axis:
    """Cut a field by all cells that test it, and the words by which a gate looks at a deal or not."""
    known = tuple(cells)
    if field.type is FieldType.BOOLEAN:
        return Axis(field, (False, True), 0b11)
    if field.type in _WORDS:
        return _words(field, known, scope)
    limits = sorted({limit for cell in known for limit in cell.breakpoints}, key=_rank)
    pieces: tuple[Value, ...] = (
        tuple(_days(limits)) if field.type is FieldType.DATE else tuple(_numbers(field, limits))
    )
    return Axis(field, pieces, (1 << len(pieces)) - 1)


def _rank(limit: Decimal | date) -> Decimal:
    return limit if isinstance(limit, Decimal) else Decimal(limit.toordinal())


def _words(field: Field, cells: tuple[Cell, ...], scope: Iterable[str]) -> Axis:
    spelt: dict[str, str] = {}
    tested = sorted({word for cell in cells for word in cell.words})
    for word in (*field.options, *tested, *sorted(scope)):
        spelt.setdefault(word.casefold(), word)
    other = "other"
    while other in spelt:
        other += " still"
    named = tuple(spelt.values())
    ordered = (1 << len({word.casefold() for word in field.options})) - 1
    return Axis(field, (*named, other), ordered, named)


def _numbers(field: Field, limits: list[Decimal | date]) -> Iterator[Decimal]:
    points = [limit for limit in limits if isinstance(limit, Decimal)]
    if is_count(field) or field.derived is Derived.DAYS_TO_START:
        yield from _whole(points, Decimal(0) if is_count(field) else None)
        return
    if not points:
        yield Decimal(0)
        return
    yield numbers.below(points[0])
    yield points[0]
    for low, high in pairwise(points):
        yield numbers.between(low, high)
        yield high
    yield numbers.above(points[-1])


def _whole(points: list[Decimal], least: Decimal | None) -> Iterator[Decimal]:
    """Yield whole numbers, from `least` on: one in each piece that has one."""
    near = {Decimal(int(point) + step) for point in points for step in (-1, 0, 1)}
    seen: set[tuple[bool, ...]] = set()
    for number in sorted(near if least is None else {least, *(one for one in near if one >= least)}):
        side = tuple(answer for point in points for answer in (number < point, number == point))
        if side not in seen:
            seen.add(side)
            yield number


def _days(limits: list[Decimal | date]) -> Iterator[date]:
    points = [limit for limit in limits if isinstance(limit, date)]
    if not points:
        yield date(2000, 1, 1)
        return
    if points[0] > date.min:
        yield points[0] - _DAY
    yield points[0]
    for low, high in pairwise(points):
        if high - low > _DAY:
            yield low + _DAY
        yield high
    if points[-1] < date.max:
        yield points[-1] + _DAY
