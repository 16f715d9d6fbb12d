"""Why somebody must decide, in words that finish the sentence "because ..."."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector import values
from connector.deals import Unreadable, Value
from connector.policy.model import Cell, Derived, Field, Worse
from connector.policy.tables import Reading
from connector.texts import unknown, whys


def why(
    tested: Iterable[Field],
    seen: Mapping[str, Value],
    currency: str | None,
    *,
    lever: Field | None,
    limit: Decimal | None,
) -> str:
    """Say what made the rows match that test these fields: "18 % discount is over your 10 %"."""
    said = [
        _over_limit(field, seen[field.name], currency, limit)
        if lever is not None and field.name == lever.name
        else _is(field, seen[field.name], currency)
        for field in tested
    ]
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


def _over_limit(field: Field, value: Value, currency: str | None, limit: Decimal | None) -> str:
    if limit is None or not isinstance(value, Decimal) or not _worse(value, limit, field.worse):
        return _is(field, value, currency)
    seen, most = values.apart(value, limit, field.type, currency)
    said = whys.over_your_limit if field.worse is Worse.HIGHER else whys.under_your_limit
    return said(values.labelled(field, seen), most)


def _worse(value: Decimal, limit: Decimal, worse: Worse) -> bool:
    return value > limit if worse is Worse.HIGHER else value < limit


def _is(field: Field, value: Value, currency: str | None) -> str:
    if field.derived is Derived.PRODUCTS_NOT_OFFERED and isinstance(value, Decimal):
        return whys.not_offered(value)
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
