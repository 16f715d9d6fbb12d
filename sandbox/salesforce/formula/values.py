"""What values do with each other: blanks, comparisons, arithmetic with days."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from types import MappingProxyType

from sandbox.salesforce.formula.nodes import FormulaError, Value

_DAY = timedelta(days=1)
_SUMS: Mapping[str, Callable[[Decimal, Decimal], Decimal]] = MappingProxyType(
    {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "^": operator.pow,
    }
)


def blank(value: Value) -> bool:
    """Say whether there is nothing: no value, or a text of no characters."""
    return value is None or value == ""


def truth(value: Value) -> bool:
    """Read a value as a condition; blank is false."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise FormulaError(f"{value!r} is no condition")


def text(value: Value) -> str:
    """Write a value as TEXT does: percentages as decimals, days as 2026-03-16."""
    if value is None:
        return ""
    if isinstance(value, bool):
        raise FormulaError("A checkbox has no text")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def number(value: Value) -> Decimal:
    """Read a value as a number, where it must be one."""
    if isinstance(value, Decimal):
        return value
    raise FormulaError(f"{value!r} is no number")


def equal(left: Value, right: Value) -> bool:
    """Compare; blank equals blank and nothing else."""
    if blank(left) or blank(right):
        return blank(left) and blank(right)
    _comparable(left, right)
    return left == right


def ordered(sign: str, left: Value, right: Value) -> bool:
    """Compare by order; with a blank on either side no order holds."""
    if blank(left) or blank(right):
        return False
    _comparable(left, right)
    if sign in {"<", ">="}:
        return _less(left, right) is (sign == "<")
    return _less(right, left) is (sign == ">")


def calculate(sign: str, left: Value, right: Value) -> Value:
    """Add, subtract, multiply, divide, raise; days and moments take numbers of days. Blank stays blank."""
    if left is None or right is None:
        return None
    if isinstance(left, date):
        return _of_days(sign, left, right)
    if isinstance(left, str) or isinstance(right, str):
        return text(left) + text(right) if sign == "+" else number(left)
    try:
        return _SUMS[sign](number(left), number(right))
    except (DivisionByZero, InvalidOperation) as error:
        raise FormulaError(f"{left} {sign} {right} has no result") from error


def _of_days(sign: str, left: date, right: Value) -> Value:
    if isinstance(right, date) and sign == "-":
        _comparable(left, right)
        return Decimal((left - right) // timedelta(microseconds=1)) / Decimal(
            _DAY // timedelta(microseconds=1)
        )
    if sign not in {"+", "-"}:
        raise FormulaError(f"{left} {sign} {right} has no result")
    days = float(number(right)) * _DAY
    return left + days if sign == "+" else left - days


def _less(left: Value, right: Value) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left < right
    if isinstance(left, date) and isinstance(right, date):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    raise FormulaError(f"{left!r} and {right!r} have no order")


def _comparable(left: Value, right: Value) -> None:
    if _sort(left) != _sort(right):
        raise FormulaError(f"{left!r} and {right!r} cannot be compared")


def _sort(value: Value) -> str:
    for kind in (bool, datetime, date, Decimal):
        if isinstance(value, kind):
            return kind.__name__
    return "text"
