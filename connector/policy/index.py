"""A matrix as an index: for each input, the rows that a value leaves possible, as the bits of one number.

Made once for a policy. Between two neighbouring limits of an input no cell changes its answer, so one point
stands for all of them. Reading a deal is then one look-up for each input, however many rows there are.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from connector.deals import Unreadable, Value
from connector.policy.cell import Cell

Bits = int
_Point = TypeVar("_Point", Decimal, date)
_EXACT = Context(prec=100)  # a literal has at most 40 characters
_HALF = Decimal("0.5")
NO_FACTORS: Mapping[str, Decimal] = MappingProxyType({})
_NO_WORD = "\0"  # a word that no cell names


class Column(NamedTuple):
    """All cells of one input whose limits are in one currency. `rows` have such a cell; `possible` returns
    the rows that a known value leaves possible, those without a cell here among them."""

    field: str
    currency: str | None
    rows: Bits
    possible: Callable[[Value], Bits]


@dataclass(frozen=True, slots=True)
class Index:
    """The columns of a matrix with so many rows; bit n stands for row n."""

    size: int
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Cell]]) -> "Index":
        """Make the index of rows, each given as its cells."""
        columns: dict[tuple[str, str | None], list[tuple[Bits, Cell]]] = {}
        for place, cells in enumerate(rows):
            for cell in cells:
                if not cell.any:
                    columns.setdefault((cell.field, cell.currency), []).append((1 << place, cell))
        everything = (1 << len(rows)) - 1
        return cls(len(rows), tuple(_column(*key, cells, everything) for key, cells in columns.items()))

    def sort(
        self,
        values: Mapping[str, Value],
        currency: str | None,
        without: str | None = None,
        factors: Mapping[str, Decimal] = NO_FACTORS,
    ) -> tuple[Bits, Bits]:
        """Return the rows that match, and those of which that depends on what is not known. A row with a
        false cell is neither, whatever else is unknown; limits in another currency are compared by `factors`
        (what one unit of the deal's currency is worth in theirs), else they are not known. `without` one
        input: as if no row had a cell for it."""
        left, unsure = (1 << self.size) - 1, 0
        columns = self.columns if without is None else [one for one in self.columns if one.field != without]
        for field, of, rows, possible in columns:
            value = values.get(field)
            if of is not None and of != currency:
                value = turned(value, factors.get(of))
            if value is None or isinstance(value, Unreadable):
                unsure |= rows
            else:
                left &= possible(value)
        return left & ~unsure, left & unsure


def turned(value: Value, factor: Decimal | None) -> Value:
    """Return the amount in another currency, None where no rate is known."""
    if factor is None:
        return None
    return _EXACT.multiply(value, factor) if isinstance(value, Decimal) else value


def places(bits: Bits) -> list[int]:
    """Return the places of the rows, first row first."""
    found = []
    while bits:
        last = bits & -bits
        found.append(last.bit_length() - 1)
        bits ^= last
    return found


def _column(field: str, currency: str | None, cells: list[tuple[Bits, Cell]], everything: Bits) -> Column:
    def tried(value: Value) -> Bits:
        """Try every cell: dear, but right for any value."""
        out = 0
        for row, cell in cells:
            if not cell.test(value):
                out |= row
        return everything & ~out

    rows = 0
    for row, _ in cells:
        rows |= row
    return Column(field, currency, rows, _looked_up([cell for _, cell in cells], tried))


def _looked_up(cells: Iterable[Cell], tried: Callable[[Value], Bits]) -> Callable[[Value], Bits]:
    """Return the quickest way to the same answer."""
    limits = {limit for cell in cells for limit in cell.breakpoints}
    numbers = sorted(limit for limit in limits if isinstance(limit, Decimal))
    if numbers:
        return _ordered(Decimal, numbers, _between_numbers, tried)
    days = sorted(limit for limit in limits if isinstance(limit, date))
    if days:
        return _ordered(date, days, _between_days, tried)
    words = {word for cell in cells for word in cell.words}
    return _worded(words, tried) if words else _flagged(tried)


def _ordered(
    kind: type[_Point],
    limits: list[_Point],
    between: Callable[[list[_Point]], list[_Point]],
    tried: Callable[[Value], Bits],
) -> Callable[[Value], Bits]:
    """Look up by place: below the first limit, on it, between it and the next, and so on."""
    gaps = [tried(point) for point in between(limits)]
    answers = [gaps[0]]
    for limit, gap in zip(limits, gaps[1:], strict=True):
        answers += (tried(limit), gap)

    count = len(limits)

    def possible(value: Value) -> Bits:
        if type(value) is not kind:
            return tried(value)
        place = bisect_left(limits, value)
        return answers[2 * place + (place < count and limits[place] == value)]

    return possible


def _between_numbers(limits: list[Decimal]) -> list[Decimal]:
    middles = [_EXACT.multiply(_EXACT.add(low, high), _HALF) for low, high in pairwise(limits)]
    return [_EXACT.subtract(limits[0], Decimal(1)), *middles, _EXACT.add(limits[-1], Decimal(1))]


def _between_days(limits: list[date]) -> list[date]:
    """Return a day of each gap; any will do for a gap that has none."""
    middles = [low + (high - low) // 2 for low, high in pairwise(limits)]
    return [date.min, *middles, date.max]


def _worded(words: Iterable[str], tried: Callable[[Value], Bits]) -> Callable[[Value], Bits]:
    answers = {word: tried(word) for word in words}
    other = tried(_NO_WORD)
    return lambda value: answers.get(value.casefold(), other) if isinstance(value, str) else tried(value)


def _flagged(tried: Callable[[Value], Bits]) -> Callable[[Value], Bits]:
    yes, no = tried(True), tried(False)  # noqa: FBT003
    return lambda value: yes if value is True else no if value is False else tried(value)
