"""The functions that only need their arguments. Those that read the record are in evaluate.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from sandbox.salesforce.formula.nodes import FormulaError, Value
from sandbox.salesforce.formula.values import blank, calculate, equal, number, ordered, text

Function = Callable[..., Value]


def _contains(where: Value, what: Value) -> Value:
    # a blank needle is found everywhere, also in nothing
    return text(what) in text(where)


def _case_safe(value: Value) -> Value:
    """Make the 18-character id: one letter more for each five, by which of them are capitals."""
    written = text(value)
    if len(written) != 15:
        return written
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    chunks = (written[start : start + 5] for start in (0, 5, 10))
    return written + "".join(
        alphabet[sum(1 << i for i, c in enumerate(part) if c.isupper())] for part in chunks
    )


def _round(value: Value, digits: Value) -> Value:
    step = Decimal(1).scaleb(-int(number(digits)))
    return None if value is None else number(value).quantize(step, ROUND_HALF_UP)


def _mid(value: Value, start: Value, length: Value) -> Value:
    first = int(number(start)) - 1
    return text(value)[first : first + int(number(length))]


def _right(value: Value, length: Value) -> Value:
    written = text(value)
    return written[max(0, len(written) - int(number(length))) :]


def _date_value(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError as error:
        raise FormulaError(f"{value!r} is no date") from error


def _day_part(part: str) -> Function:
    def read(value: Value) -> Value:
        if not isinstance(value, date):
            raise FormulaError(f"{value!r} is no date")
        return Decimal(int(getattr(value, part)))

    return read


def _image(address: Value, alternative: Value, *_: Value) -> Value:
    return f'<img src="{text(address)}" alt="{text(alternative)}">'


def _operators(signs: Sequence[str], act: Callable[[str, Value, Value], Value]) -> dict[str, Function]:
    return {sign: lambda left, right, sign=sign: act(sign, left, right) for sign in signs}


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        **_operators(("<", "<=", ">", ">="), ordered),
        **_operators(("+", "-", "*", "/", "^"), calculate),
        "=": equal,
        "<>": lambda left, right: not equal(left, right),
        "&": lambda left, right: text(left) + text(right),
        "ISBLANK": blank,
        "ISNULL": blank,
        "TEXT": text,
        "LEN": lambda value: Decimal(len(text(value))),
        "UPPER": lambda value: text(value).upper(),
        "LOWER": lambda value: text(value).lower(),
        "TRIM": lambda value: text(value).strip(),
        "LEFT": lambda value, length: text(value)[: int(number(length))],
        "RIGHT": _right,
        "MID": _mid,
        "CONTAINS": _contains,
        "BEGINS": lambda value, start: text(value).startswith(text(start)),
        "INCLUDES": lambda value, option: text(option) in text(value).split(";"),
        "SUBSTITUTE": lambda value, old, new: text(value).replace(text(old), text(new)),
        "ISPICKVAL": lambda value, option: text(value) == text(option),
        "CASESAFEID": _case_safe,
        "ABS": lambda value: abs(number(value)),
        "MIN": lambda *values: min(map(number, values)),
        "MAX": lambda *values: max(map(number, values)),
        "ROUND": _round,
        "VALUE": lambda value: Decimal(text(value)),
        "DATE": lambda year, month, day: date(*(int(number(part)) for part in (year, month, day))),
        "DATEVALUE": _date_value,
        "YEAR": _day_part("year"),
        "MONTH": _day_part("month"),
        "DAY": _day_part("day"),
        "IMAGE": _image,
    }
)
