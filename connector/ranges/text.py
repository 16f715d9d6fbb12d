"""A range as one text, the same for the same range: what a field of the CRM keeps."""

import json
from datetime import date
from decimal import Decimal

from connector.policy.model import Bound
from connector.ranges.axes import Number
from connector.verdicts import Range


def write(found: Range | None) -> str:
    """Write a range as one text that is the same for the same range; "" for none."""
    if found is None:
        return ""
    bounds = {
        one.field: [_text(one.low), _text(one.high)]
        for one in sorted(found.bounds, key=lambda one: one.field)
    }
    told = {**bounds, **({"until": found.until.isoformat()} if found.until else {})}
    return json.dumps(told, separators=(",", ":"))


def read(text: str) -> Range | None:
    """Read what `write` wrote."""
    if not text:
        return None
    told = json.loads(text)
    until = told.pop("until", None)
    bounds = tuple(Bound(name, _value(low), _value(high)) for name, (low, high) in told.items())
    return Range(bounds, date.fromisoformat(until) if until else None)


def _text(value: Number | None) -> str | None:
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return value.isoformat() if value is not None else None


def _value(text: str | None) -> Number | None:
    if text is None:
        return None
    return date.fromisoformat(text) if text.count("-") == 2 else Decimal(text)
