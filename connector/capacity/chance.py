"""How likely it is that there is room, when each competing deal is won or lost by itself.

Exact: the distribution of what the wins take, deal after deal (a Poisson-binomial convolution over weighted
deals, for several cells at once); all that no longer fits is dropped. Where that would be too many different
sums, the same worlds are drawn for everybody from a seed: each deal has its own, so that one more deal never
makes room, and the answer is the same in every process.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import shake_256

from connector.capacity.records import SURE, Cell, Minutes

WORLDS = 2048
_ALL = (1 << WORLDS) - 1
_DIGITS = 10  # binary digits of a chance: to a thousandth
_GRAIN = 15  # minutes: sampled hours are counted in quarters, taken ones rounded up
_MOST = 400  # different sums up to which it is exact


@dataclass(frozen=True, slots=True)
class Rival:
    """A deal that may be won, with `chance` in thousandths, and what it then takes."""

    deal: str
    chance: int
    cells: Mapping[Cell, Minutes]


@dataclass(frozen=True, slots=True)
class Chance:
    """From 0 to 1; `exact` unless it was sampled."""

    value: float
    exact: bool = True


class Odds:
    """Answer for many sets of cells; what is drawn for one cell serves them all. Lives for one question.

    Exact up to `most` different sums; with 0, whatever may be or not be is drawn.
    """

    def __init__(self, rivals: Sequence[Rival], seed: str, most: int = _MOST) -> None:
        self._seed = seed
        self._limit = most
        self._in: dict[Cell, list[Rival]] = {}
        for rival in rivals:
            for cell in rival.cells:
                self._in.setdefault(cell, []).append(rival)
        self._worlds: dict[str, int] = {}
        self._sums: dict[Cell, list[int]] = {}
        self._most = {cell: sum(one.cells[cell] for one in found) for cell, found in self._in.items()}
        self._too_many = False

    def of_room(self, slack: Mapping[Cell, Minutes]) -> Chance:
        """Return the chance that the wins take no more than `slack` in any of these cells."""
        if any(room < 0 for room in slack.values()):
            return Chance(0.0)
        tight = {cell: room for cell, room in slack.items() if self._most.get(cell, 0) > room}
        value = None if self._too_many else exactly(self._rivals(tight), tight, self._limit)
        self._too_many = value is None  # neighbouring weeks would be too many, too
        return Chance(self._sampled(tight), exact=False) if value is None else Chance(value)

    def _rivals(self, cells: Iterable[Cell]) -> Iterable[Rival]:
        return {one.deal: one for cell in cells for one in self._in[cell]}.values()

    def _sampled(self, slack: Mapping[Cell, Minutes]) -> float:
        fits = _ALL
        for cell, room in slack.items():
            fits &= ~_above(self._sum(cell), room // _GRAIN)
            if not fits:
                break
        return fits.bit_count() / WORLDS

    def _sum(self, cell: Cell) -> list[int]:
        """Return what is taken in each world, as one number of WORLDS bits for each binary digit."""
        if cell not in self._sums:
            digits: list[int] = []
            for rival in self._in.get(cell, ()):
                _add(digits, -(-rival.cells[cell] // _GRAIN), self._won(rival))
            self._sums[cell] = digits
        return self._sums[cell]

    def _won(self, rival: Rival) -> int:
        """Return the worlds in which the deal is won: always the same ones, and more with a better chance."""
        if rival.deal not in self._worlds:
            self._worlds[rival.deal] = _drawn(f"{self._seed}\x1f{rival.deal}", rival.chance)
        return self._worlds[rival.deal]


def exactly(rivals: Iterable[Rival], slack: Mapping[Cell, Minutes], most: int = _MOST) -> float | None:
    """Return the chance by convolution, None where it would take more than `most` different sums."""
    cells = tuple(slack)
    left: dict[tuple[Minutes, ...], float] = {tuple(slack.values()): 1.0}
    for rival in rivals:
        taken = tuple(rival.cells.get(cell, 0) for cell in cells)
        won = rival.chance / SURE
        after: dict[tuple[Minutes, ...], float] = {}
        for room, weight in left.items():
            if won < 1:
                after[room] = after.get(room, 0.0) + weight * (1 - won)
            rest = tuple(has - takes for has, takes in zip(room, taken, strict=True))
            if won > 0 and min(rest) >= 0:
                after[rest] = after.get(rest, 0.0) + weight * won
        if len(after) > most:
            return None
        left = after
    return min(1.0, sum(left.values()))


def _drawn(seed: str, chance: int) -> int:
    """Draw a number of _DIGITS binary digits for each world; return the worlds where the deal is won."""
    size = WORLDS // 8
    bits = shake_256(seed.encode()).digest(size * _DIGITS)
    limit = -(-chance * (1 << _DIGITS) // SURE)
    if limit >= 1 << _DIGITS:
        return _ALL
    below, level = 0, _ALL
    for place in range(_DIGITS):
        digit = int.from_bytes(bits[place * size : (place + 1) * size])
        if limit >> (_DIGITS - 1 - place) & 1:
            below |= level & ~digit
            level &= digit
        else:
            level &= ~digit
    return below


def _add(digits: list[int], value: int, worlds: int) -> None:
    """Add the value in these worlds, all of them at once, as one adds on paper."""
    place = carry = 0
    while value or carry:
        if place == len(digits):
            digits.append(0)
        other = worlds if value & 1 else 0
        here = digits[place]
        digits[place] = here ^ other ^ carry
        carry = (here & other) | (carry & (here ^ other))
        value >>= 1
        place += 1


def _above(digits: Sequence[int], limit: int) -> int:
    """Return the worlds whose number is above the limit."""
    if limit >> len(digits):
        return 0
    above, level = 0, _ALL
    for place in reversed(range(len(digits))):
        if limit >> place & 1:
            level &= digits[place]
        else:
            above |= level & digits[place]
            level &= ~digits[place]
    return above
