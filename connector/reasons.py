"""Why somebody must decide, in words that finish the sentence "because ..."."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from connector import values
from connector.deals import Unreadable, Value
from connector.policy.model import Cell, Derived, Field, FieldType, Worse
from connector.policy.tables import Reading


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
    return values.listing(said) or "it always takes a decision"


def to_confirm(fact: str) -> str:
    """Say that somebody has to state a fact."""
    return f'somebody has to confirm "{fact}"'


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
        return f"rows {rows} of the authority matrix {matrix.id} contradict each other for this deal"
    if reading.unsure:
        return values.listing([_unsure(cell, fields[cell.field], seen, currency) for cell in reading.unsure])
    said = [_is(fields[name], seen[name], currency) for name in matrix.inputs]
    return f"no row of the authority matrix {matrix.id} covers a deal where {values.listing(said)}"


def _over_limit(field: Field, value: Value, currency: str | None, limit: Decimal | None) -> str:
    if limit is None or not isinstance(value, Decimal) or not _worse(value, limit, field.worse):
        return _is(field, value, currency)
    seen, most = values.apart(value, limit, field.type, currency)
    side = "over" if field.worse is Worse.HIGHER else "under"
    named = f"{seen} {field.label}" if field.type is FieldType.PERCENT else f"{field.label} {seen}"
    return f"{named} is {side} your {most}"


def _worse(value: Decimal, limit: Decimal, worse: Worse) -> bool:
    return value > limit if worse is Worse.HIGHER else value < limit


def _is(field: Field, value: Value, currency: str | None) -> str:
    if field.derived is Derived.PRODUCTS_NOT_OFFERED and isinstance(value, Decimal):
        are = "is" if value == 1 else "are"
        return f"{values.counted(value, 'product')} {are} not in the standard offering"
    return f"{field.label} is {values.of_field(field, value, currency)}"


def _unsure(cell: Cell, field: Field, seen: Mapping[str, Value], currency: str | None) -> str:
    value = seen.get(field.name)
    if isinstance(value, Unreadable):
        return f"{field.label} is not known: {value.reason}"
    if value is None:
        return f"{field.label} is not filled in"
    deal = f"the deal is in {currency}" if currency else "the deal names no currency"
    return f"the limit for {field.label} is in {cell.currency}, {deal}, and no exchange rate is known"
