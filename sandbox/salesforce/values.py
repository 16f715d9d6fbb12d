"""Values of fields: how JSON becomes one, and one becomes JSON."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from sandbox.salesforce.errors import SalesforceError, bad_request

Value = str | Decimal | bool | date | datetime | None
"""What a record holds. A datetime is aware, in UTC, in whole seconds."""

_MOST_DIGITS = 18


def moment(ms: int) -> datetime:
    """Return a time in ms as Salesforce keeps it: cut to the second."""
    return datetime.fromtimestamp(ms // 1000, UTC)


def shown(value: Value) -> object:
    """Return the JSON of a value; numbers are doubles."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='seconds')[:19]}.000+0000"
    return value.isoformat() if isinstance(value, date) else value


def text_of(name: str, raw: object, most: int) -> str | None:
    """Take a text; an empty one is none."""
    if not isinstance(raw, str):
        raise _wrong_type("string", raw)
    if most and len(raw) > most:
        message = f"{name}: data value too large: {raw[:60]} (max length={most})"
        raise bad_request("STRING_TOO_LONG", message, name)
    return raw or None


def number_of(name: str, raw: object, scale: int) -> Decimal | None:
    """Take a number, also one written as text, rounded to the field's decimal places."""
    if raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise _wrong_type("double", raw)
    try:
        number = Decimal(str(raw))
    except InvalidOperation:
        raise _wrong_type("double", raw) from None
    if not number.is_finite():
        raise _wrong_type("double", raw)
    if number and number.adjusted() >= _MOST_DIGITS - scale:
        message = f"{name}: value outside of valid range on numeric field: {raw}"
        raise bad_request("NUMBER_OUTSIDE_VALID_RANGE", message, name)
    return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def bool_of(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _wrong_type("boolean", raw)
    return raw


def date_of(raw: object) -> date | None:
    if raw == "":
        return None
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else _no(raw, "date")
    except ValueError:
        raise _wrong_type("date", raw) from None


def datetime_of(raw: object) -> datetime | None:
    if raw == "":
        return None
    try:
        found = datetime.fromisoformat(raw) if isinstance(raw, str) and len(raw) > 10 else None
    except ValueError:
        found = None
    if found is None:
        raise _wrong_type("datetime", raw)
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def _no(raw: object, kind: str) -> date:
    raise _wrong_type(kind, raw)


def _wrong_type(kind: str, raw: object) -> SalesforceError:
    # A parser's error names a place, which says nothing here; clients only look at the code.
    sort = "STRING" if isinstance(raw, str) else type(raw).__name__.upper()
    message = f"Cannot deserialize instance of {kind} from VALUE_{sort} value {str(raw)[:60]}"
    return bad_request("JSON_PARSER_ERROR", message)
