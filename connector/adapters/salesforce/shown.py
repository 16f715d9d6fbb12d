"""What our own fields show: texts inside, Salesforce's types outside.

The agreed range is one text inside (connector/ranges/) and a handful of fields outside.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from connector import ranges
from connector.adapters.salesforce.fields import (
    AMOUNT_MAX,
    AMOUNT_MIN,
    CLEAR,
    CLEAR_RANGE,
    CLOSE_MIN,
    DETAIL,
    OUR_FIELDS,
    TIMES,
    UNTIL,
)
from connector.adapters.salesforce.library import Described
from connector.adapters.salesforce.parsing import day, instant, moment, number, plain
from connector.adapters.salesforce.ranges import RangeField
from connector.deals import OurField
from connector.policy.model import Bound, FieldType
from connector.verdicts import Range

TEXTS: Mapping[OurField, str] = {
    **{ours: field.name for ours, field in OUR_FIELDS.items()},
    OurField.DETAIL: DETAIL.name,
}
_ALL = frozenset({*TEXTS, OurField.CLEAR_RANGE})


def packaged(opportunity: Described) -> bool:
    """Tell whether the package is there, and shown to us."""
    return TEXTS[OurField.READINESS] in opportunity


def shows(opportunity: Described) -> frozenset[OurField]:
    """Return which of our fields the org can show. One that an older package lacks must not cost the others;
    without the package all of them are written, and refused with the reason."""
    if not packaged(opportunity):
        return _ALL
    ranged = {OurField.CLEAR_RANGE} if all(one.name in opportunity for one in CLEAR_RANGE) else set()
    return frozenset({*(ours for ours, name in TEXTS.items() if name in opportunity), *ranged})


def names(fields: Iterable[RangeField]) -> tuple[str, ...]:
    """Return every field of ours on the opportunity: the fixed ones and the limits of the policy's."""
    limits = (limit.name for field in fields for limit in field.limits)
    return (*TEXTS.values(), *(field.name for field in CLEAR_RANGE), *limits)


def read(row: Mapping[str, Any], fields: Iterable[RangeField]) -> dict[OurField, str]:
    """Return what an opportunity shows; fields that are empty are left out."""
    texts = {ours: _text(ours, row.get(name)) for ours, name in TEXTS.items()}
    texts[OurField.CLEAR_RANGE] = _range(row, fields)
    return {ours: text for ours, text in texts.items() if text}


def written(values: Mapping[OurField, str], fields: Iterable[RangeField]) -> dict[str, Any]:
    """Return the fields to write so that these texts are shown; "" empties a field."""
    told: dict[str, Any] = {TEXTS[ours]: text or None for ours, text in values.items() if ours in TEXTS}
    if OurField.CLEAR_RANGE in values:
        told.update(_limits(ranges.read(values[OurField.CLEAR_RANGE]), fields))
    return told


def _text(ours: OurField, raw: Any) -> str:
    if raw is None or raw is False:
        return ""
    at = moment(raw) if ours in TIMES else None
    return plain(raw) if at is None else instant(at)


def _range(row: Mapping[str, Any], fields: Iterable[RangeField]) -> str:
    if row.get(CLEAR.name) is not True:
        return ""
    amount = Bound("amount", number(row.get(AMOUNT_MIN.name)), number(row.get(AMOUNT_MAX.name)))
    close = Bound("close-date", day(row.get(CLOSE_MIN.name)))
    bounds = (amount, close, *(_bound(field, row) for field in fields if field.limits))
    return ranges.write(
        Range(tuple(one for one in bounds if _limits_anything(one)), day(row.get(UNTIL.name)))
    )


def _bound(field: RangeField, row: Mapping[str, Any]) -> Bound:
    read_one = day if field.type is FieldType.DATE else number
    low, high = (read_one(row.get(limit.name)) if limit else None for limit in (field.low, field.high))
    return Bound(field.field, low, high)


def _limits_anything(bound: Bound) -> bool:
    return bound.low is not None or bound.high is not None


def _limits(wanted: Range | None, fields: Iterable[RangeField]) -> Iterator[tuple[str, Any]]:
    """Yield each field of the agreed range with its value: all of them, so that no limit stays behind."""
    bounds = {one.field: one for one in wanted.bounds} if wanted else {}
    amount, close = bounds.get("amount"), bounds.get("close-date")
    yield CLEAR.name, wanted is not None
    yield AMOUNT_MIN.name, _json(amount.low if amount else None)
    yield AMOUNT_MAX.name, _json(amount.high if amount else None)
    yield CLOSE_MIN.name, _json(close.low if close else None)
    yield UNTIL.name, _json(wanted.until if wanted else None)
    for field in fields:
        bound = bounds.get(field.field, Bound(field.field))
        for limit, value in ((field.low, bound.low), (field.high, bound.high)):
            if limit is not None:
                yield limit.name, _json(value)


def _json(value: Decimal | date | None) -> float | int | str | None:
    """Write a limit as JSON holds it. Fifteen digits survive a double; our fields take no more."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if value is not None else None
