"""Why somebody must decide, in words that finish the sentence "because ..."."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from connector import values
from connector.deals import Unreadable, Value
from connector.policy.model import Cell, Derived, Field, Row, Worse
from connector.policy.tables import Reading
from connector.texts import unknown, whys


def why(
    tested: Iterable[Field],
    rows: Sequence[Row],
    seen: Mapping[str, Value],
    currency: str | None,
    *,
    lever: Field | None,
    limit: Decimal | None,
    strange: Sequence[str] = (),
) -> str:
    """Say what made the rows match that test these fields: "18 % discount is over your 10 %". Of a field that
    is no lever: which of the rows' own limits it has passed. `strange`: the products that are not offered."""
    said = []
    for field in tested:
        value = seen[field.name]
        if field.derived is Derived.PRODUCTS_NOT_OFFERED and isinstance(value, Decimal):
            said.append(whys.not_offered(value, strange))
        elif lever is not None and field.name == lever.name:
            said.append(_over_limit(field, value, currency, limit, rows))
        else:
            said.append(_passed(field, value, currency, rows))
    return values.listing(said) or whys.always()


def unanswered(
    reading: Reading,
    fields: Mapping[str, Field],
    seen: Mapping[str, Value],
    currency: str | None,
) -> str:
    """Say why the matrix has no safe answer."""
    matrix = reading.matrix
    if reading.overlap:
        rows = values.listing([row.id for row in reading.overlap])
        return whys.rows_contradict(rows, matrix.id)
    if reading.unsure:
        return values.listing([_unsure(cell, fields[cell.field], seen, currency) for cell in reading.unsure])
    said = [_is(fields[name], seen[name], currency) for name in matrix.inputs]
    return whys.no_row(matrix.id, values.listing(said))


def _over_limit(
    field: Field, value: Value, currency: str | None, limit: Decimal | None, rows: Sequence[Row]
) -> str:
    if limit is None or not isinstance(value, Decimal) or not _worse(value, limit, field.worse):
        return _passed(field, value, currency, rows)
    seen, most = values.apart(value, limit, field.type, currency)
    said = whys.over_your_limit if field.worse is Worse.HIGHER else whys.under_your_limit
    return said(values.labelled(field, seen), most)


def _passed(field: Field, value: Value, currency: str | None, rows: Sequence[Row]) -> str:
    """Say that the value has passed the limit of these rows, else only what it is."""
    if not isinstance(value, Decimal) or (limit := _limit(field, value, currency, rows)) is None:
        return _is(field, value, currency)
    seen, most = values.apart(value, limit, field.type, currency)
    said = whys.over if field.worse is Worse.HIGHER else whys.under
    return said(values.labelled(field, seen), most)


def _limit(field: Field, value: Decimal, currency: str | None, rows: Sequence[Row]) -> Decimal | None:
    """Return the mildest of the limits that the value has passed: of each test the last one."""
    if field.worse is Worse.NEITHER:
        return None
    last, mildest = (max, min) if field.worse is Worse.HIGHER else (min, max)
    cells = [cell for row in rows for cell in row.cells if cell.field == field.name]
    passed = [
        [one for one in cell.breakpoints if isinstance(one, Decimal) and _worse(value, one, field.worse)]
        for cell in cells
        if cell.currency in {None, currency}
    ]
    return mildest((last(limits) for limits in passed if limits), default=None)


def _worse(value: Decimal, limit: Decimal, worse: Worse) -> bool:
    return value > limit if worse is Worse.HIGHER else value < limit


def _is(field: Field, value: Value, currency: str | None) -> str:
    if field.derived is Derived.PRODUCTS_NOT_OFFERED and isinstance(value, Decimal):
        return whys.not_offered(value, ())
    return whys.value_is(field.label, values.of_field(field, value, currency))


def _unsure(cell: Cell, field: Field, seen: Mapping[str, Value], currency: str | None) -> str:
    value = seen.get(field.name)
    if value is None or isinstance(value, Unreadable):
        return lacking(field, value)
    return whys.no_rate(field.label, cell.currency or "", currency)


def lacking(field: Field, value: Unreadable | None) -> str:
    """Say that a field is empty, or why what stands in it is no value."""
    if value is None:
        return unknown.not_filled_in(field.label)
    return whys.not_known(field.label, value.reason)
