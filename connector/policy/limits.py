"""The limits of a decision table as numbers, and the same table with one of them moved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from connector.policy.cell import Cell
from connector.policy.cells import CellInvalid, Range, compile_cell, ranges_of
from connector.policy.model import Field, FieldType, Matrix, Row, Worse

_NUMBERS = frozenset({FieldType.PERCENT, FieldType.MONEY, FieldType.NUMBER})


@dataclass(frozen=True, slots=True)
class Edge:
    """The limit from which on a row holds: values that are better than `at` are no longer its own. `upwards`:
    lifting it leaves the row fewer values. `currency` is that of money."""

    matrix: str
    row: str
    field: str
    at: Decimal
    upwards: bool
    currency: str | None = None


def edges(matrix: Matrix, row: Row, fields: dict[str, Field]) -> Iterator[Edge]:
    """Yield the limits of the row that can be moved so that it holds for less."""
    for cell in row.cells:
        one = _only(cell, fields[cell.field])
        if one is None:
            continue
        worse = fields[cell.field].worse
        if isinstance(one.low, Decimal) and (worse is Worse.HIGHER or one.high is None):
            yield Edge(matrix.id, row.id, cell.field, one.low, upwards=True, currency=cell.currency)
        elif isinstance(one.high, Decimal) and (worse is Worse.LOWER or one.low is None):
            yield Edge(matrix.id, row.id, cell.field, one.high, upwards=False, currency=cell.currency)


def moved(matrix: Matrix, edge: Edge, to: Decimal, fields: dict[str, Field]) -> Matrix | None:
    """Return the matrix with this limit moved in every row that names it, so that no value is left out; None
    where a row would hold for nothing any more."""
    try:
        rows = tuple(replace(row, cells=tuple(_cells(row, edge, to, fields))) for row in matrix.rows)
    except CellInvalid:
        return None
    return replace(matrix, rows=rows)


def _cells(row: Row, edge: Edge, to: Decimal, fields: dict[str, Field]) -> Iterator[Cell]:
    for cell in row.cells:
        same = cell.field == edge.field and cell.currency == edge.currency and edge.at in cell.breakpoints
        yield _moved(cell, fields[cell.field], edge.at, to) if same else cell


def _moved(cell: Cell, field: Field, at: Decimal, to: Decimal) -> Cell:
    if cell.text.casefold().startswith("not"):
        raise CellInvalid("a test without not(...)")
    ranges = (
        replace(one, low=to if one.low == at else one.low, high=to if one.high == at else one.high)
        for one in ranges_of(cell.text, field.type)
    )
    return compile_cell(", ".join(written(one, field.type, cell.currency) for one in ranges), field)


def _only(cell: Cell, field: Field) -> Range | None:
    """Return the one range of a cell of numbers, None where it is another test."""
    if field.type not in _NUMBERS or cell.text.casefold().startswith("not"):
        return None
    found = ranges_of(cell.text, field.type)
    return found[0] if len(found) == 1 and found[0].low != found[0].high else None


def written(one: Range, kind: FieldType, currency: str | None = None) -> str:
    """Write a range as a policy has it: "(10%..20%]", "> EUR 50,000"."""
    low, high = (None if end is None else _literal(end, kind, currency) for end in (one.low, one.high))
    if one.low == one.high and one.low_shut and one.high_shut and low is not None:
        return low
    if low is None:
        return f"<{'=' if one.high_shut else ''} {high}"
    if high is None:
        return f">{'=' if one.low_shut else ''} {low}"
    return f"{'[' if one.low_shut else '('}{low}..{high}{']' if one.high_shut else ')'}"


def _literal(end: object, kind: FieldType, currency: str | None) -> str:
    if not isinstance(end, Decimal):
        return str(end)
    number = f"{end:,f}"
    if kind is FieldType.MONEY:
        return f"{currency} {number}" if currency else number
    return f"{number}%" if kind is FieldType.PERCENT else number
