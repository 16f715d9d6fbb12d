"""How values are written for people: one place, plain English, never the same text for two different values
that matter."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from connector.deals import Unreadable, Value
from connector.policy.model import Field, FieldType

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)
_LARGE = 40  # digits of a number that is written as it is
_PLACES = tuple(Decimal(1).scaleb(-digits) for digits in range(9))
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip  # strftime would follow the machine's language
NOTHING = "nothing"


def number(value: Decimal, digits: int = 2) -> str:
    """Write a number with at most `digits` decimals and commas between thousands: "1,234.5"."""
    if (whole := _whole(value)) is not None:
        return whole
    text = _rounded(value, digits)
    return _signed(text.rstrip("0").rstrip(".") if "." in text else text)


def percent(points: Decimal, digits: int = 1) -> str:
    """Write percent points: Decimal("18") is "18 %"."""
    return f"{number(points, digits)} %"


def money(amount: Decimal, currency: str | None, digits: int = 2) -> str:
    """Write an amount with its currency in front: "EUR 48,000", "EUR 1,054.50"."""
    text = _whole(amount)
    if text is None:
        text = _signed(_rounded(amount, 2).removesuffix(".00")) if digits == 2 else number(amount, digits)
    return f"{currency} {text}" if currency else text


def day(value: date, this_year: int | None = None) -> str:
    """Write a date, the year left out where it is this year's: "16 March"."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return text if value.year == this_year else f"{text} {value.year}"


def counted(count: int | Decimal, noun: str, plural: str = "") -> str:
    """Write a count with its noun: "1 user", "2 users"."""
    amount = Decimal(count)
    return f"{number(amount)} {noun if amount == 1 else plural or noun + 's'}"


def more(count: int | Decimal, noun: str, plural: str = "") -> str:
    """Write how many more: "2 more users"."""
    return counted(count, f"more {noun}", f"more {plural or noun + 's'}")


def listing(words: Sequence[str], last: str = "and") -> str:
    """Join words as people do: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def say(value: Value, kind: FieldType, currency: str | None = None, digits: int | None = None) -> str:
    """Write any value of the vocabulary; `digits` asks for more decimals than usual."""
    if isinstance(value, str):
        return value or NOTHING
    if isinstance(value, Decimal):
        return _quantity(value, kind, currency, digits)
    match value:
        case Unreadable():
            return value.reason
        case bool():
            return "yes" if value else "no"
        case date():
            return day(value)
        case _:
            return listing(value or ()) or NOTHING


def of_field(field: Field, value: Value, currency: str | None = None) -> str:
    """Write a value with its field's unit: "30 days"."""
    text = say(value, field.type, currency)
    return f"{text} {field.unit}" if field.unit and isinstance(value, Decimal) else text


def labelled(field: Field, text: str) -> str:
    """Put a value beside its field's label: "18 % discount", "amount EUR 60,000"."""
    return f"{text} {field.label}" if field.type is FieldType.PERCENT else f"{field.label} {text}"


def apart(one: Decimal, other: Decimal, kind: FieldType, currency: str | None = None) -> tuple[str, str]:
    """Write two different numbers with as many decimals as it takes to tell them apart: 10.04 % and 10 %."""
    for digits in (None, 2, 4, 8):
        texts = say(one, kind, currency, digits), say(other, kind, currency, digits)
        if texts[0] != texts[1]:
            return texts
    return texts


def _quantity(value: Decimal, kind: FieldType, currency: str | None, digits: int | None) -> str:
    if not value.is_finite() or value.adjusted() > 30:
        return str(value)
    if kind is FieldType.PERCENT:
        return percent(value, 1 if digits is None else digits)
    if kind is FieldType.MONEY:
        return money(value, currency, 2 if digits is None else digits)
    return number(value, 2 if digits is None else digits)


def rounded(value: Decimal, digits: int = 2) -> Decimal:
    """Round half up, as people do; a number that is too large for decimals stays as it is."""
    if value.is_finite() and value.adjusted() < _LARGE:
        return value.quantize(_PLACES[digits], context=_CONTEXT)
    return value


def _whole(value: Decimal) -> str | None:
    """Write what nearly every number is, a whole one; None where it is not, or is too large."""
    if not value.is_finite() or value.adjusted() >= _LARGE:
        return None
    whole = int(value)
    if whole != value:
        return None
    return str(whole) if -1000 < whole < 1000 else f"{whole:,}"


def _rounded(value: Decimal, digits: int) -> str:
    return f"{rounded(value, digits):,f}"


def _signed(text: str) -> str:
    return "0" if text == "-0" else text
