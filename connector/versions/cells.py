"""Values that tell the cells of a decision table apart: each limit, and a value on either side of it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from connector.deals import Value
from connector.policy.model import STEP, Cell, Field, FieldType, Row

_FINEST = Decimal("0.01")
_ELSE = "something else"
_DAY = timedelta(days=1)


class Reach(StrEnum):
    """How the deals that a row matches compare with those it matched before."""

    SAME = "same"
    FURTHER = "further"
    LESS = "less"
    OTHER = "other"


def telling(cells: Iterable[Cell], field: Field) -> tuple[Value, ...]:
    """Return values of the field of which each cell holds some and leaves some out, mildest first."""
    known = [cell for cell in cells if cell.field == field.name and not cell.any]
    match field.type:
        case FieldType.BOOLEAN:
            return (True, False)
        case FieldType.DATE:
            days = sorted({one for cell in known for one in cell.breakpoints if isinstance(one, date)})
            return tuple(dict.fromkeys(day + shift for day in days for shift in (-_DAY, timedelta(), _DAY)))
        case FieldType.MONEY | FieldType.PERCENT | FieldType.NUMBER:
            return _no_odd_ones(known, _numbers(known, STEP[field.type]))
        case _:
            named = dict.fromkeys((*field.options, *(word for cell in known for word in _words(cell.text))))
            return tuple(named) if field.options else (*named, _ELSE)


def reach(was: Row, now: Row) -> Reach:
    """Say whether a row matches more deals than it did; its fields are looked at one by one."""
    names = dict.fromkeys(cell.field for row in (was, now) for cell in row.cells if not cell.any)
    found = {_reach(_cell(was, name), _cell(now, name)) for name in names} - {Reach.SAME}
    if len(found) > 1:
        return Reach.OTHER
    return found.pop() if found else Reach.SAME


def _reach(was: Cell | None, now: Cell | None) -> Reach:
    if was is None or now is None:
        return Reach.SAME if was is now else Reach.FURTHER if now is None else Reach.LESS
    tried = _all_values((was, now))
    more = any(now.test(value) and not was.test(value) for value in tried)
    less = any(was.test(value) and not now.test(value) for value in tried)
    if more and less:
        return Reach.OTHER
    return Reach.FURTHER if more else Reach.LESS if less else Reach.SAME


def _all_values(cells: Sequence[Cell]) -> tuple[Value, ...]:
    """Return telling values of cells whose field's type is not at hand."""
    limits = [limit for cell in cells for limit in cell.breakpoints]
    days = sorted({one for one in limits if isinstance(one, date)})
    words = [word for cell in cells for word in _words(cell.text)]
    shifted = [day + shift for day in days for shift in (-_DAY, timedelta(), _DAY)]
    return (*_numbers(cells, _FINEST), *shifted, *words, _ELSE, True, False)


def _cell(row: Row, name: str) -> Cell | None:
    return next((cell for cell in row.cells if cell.field == name and not cell.any), None)


def _numbers(cells: Iterable[Cell], step: Decimal) -> tuple[Decimal, ...]:
    limits = sorted({one for cell in cells for one in cell.breakpoints if isinstance(one, Decimal)})
    middles = [(low + high) / 2 for low, high in pairwise(limits)]
    around = [one for limit in limits for one in (limit - step, limit, limit + step)]
    ends = [limits[0] / 2, limits[-1] * 2] if limits else []
    return tuple(sorted({*around, *middles, *ends}))


def _no_odd_ones(cells: Sequence[Cell], numbers: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Leave out numbers below zero where zero tells the cells apart as well: nobody sells -1 products."""
    nought = Decimal(0)
    odd = {one for one in numbers if one < 0 and all(cell.test(one) == cell.test(nought) for cell in cells)}
    return tuple(sorted({*numbers, nought} - odd)) if odd else numbers


def _words(text: str) -> list[str]:
    inner = text[text.index("(") + 1 : text.rindex(")")] if text.casefold().startswith("not") else text
    return [word.strip() for word in inner.split(",") if word.strip()]
