"""The cells of a decision table: unary tests as people write them, compiled to closures.

    -                      any value, known or not
    <= 10%   > EUR 50,000  compared with a limit
    (10%..20%]  [1..5)     a range: round brackets leave the end out
    EMEA, APAC             one of several; a list [EMEA, "Middle East"] where a name holds a comma
    not(EMEA, APAC)        none of them
    true   2026-03-16      exactly this value

Percent cells hold percent points: `18%` is Decimal("18").
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar, cast

from connector.deals import Value
from connector.policy import literals
from connector.policy.literals import NotALiteral
from connector.policy.model import Cell, Field, FieldType
from connector.policy.problems import one_of

Test = Callable[[Value], bool]
_Point = TypeVar("_Point", Decimal, date)
_RANGE = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])")
_COMPARED = re.compile(r"(<=|>=|<|>)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.IGNORECASE)
_BETWEEN = re.compile(r",\s+(?![^\[(]*[\])])")  # a comma and a space, outside of brackets
_WORDS = {FieldType.TEXT, FieldType.ENUM}


class CellInvalid(ValueError):
    """The cell cannot be read; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class Range:
    """An interval of an ordered type; None is open, a shut end belongs to it."""

    low: Decimal | date | None
    high: Decimal | date | None
    low_shut: bool
    high_shut: bool
    currency: str | None = None

    @property
    def empty(self) -> bool:
        """Say whether no value lies inside."""
        if self.low is None or self.high is None:
            return False
        if self.low == self.high:
            return not (self.low_shut and self.high_shut)
        return _rank(self.low) > _rank(self.high)


def compile_cell(text: str | Sequence[str], field: Field, currency: str | None = None) -> Cell:
    """Compile one cell for a field. `currency` is that of amounts that name none. Raise CellInvalid."""
    if isinstance(text, str) and text.strip() == "-":
        return Cell(field.name, "-", _always, any=True)
    if field.type is FieldType.PERSON:
        raise CellInvalid("people cannot be tested here; only - is allowed")
    if field.type is FieldType.BOOLEAN:
        return _boolean(text, field)
    if field.type in _WORDS:
        return _words(text, field)
    return _ordered(text, field, currency)


def _always(_: Value) -> bool:
    return True


def _boolean(text: str | Sequence[str], field: Field) -> Cell:
    try:
        wanted = literals.flag(_single(text))
    except NotALiteral as error:
        raise CellInvalid(f"{error} or -") from None
    return Cell(field.name, _single(text), lambda value: value is wanted)


def _single(text: str | Sequence[str]) -> str:
    if not isinstance(text, str):
        raise CellInvalid("one test, not a list; separate alternatives with a comma and a space")
    return text.strip()


def _words(text: str | Sequence[str], field: Field) -> Cell:
    body, negated = (text, False) if not isinstance(text, str) else _unwrapped(text.strip())
    words = [word.strip() for word in (body.split(",") if isinstance(body, str) else body)]
    if not all(words) or not words:
        raise CellInvalid("names separated by commas, not(...) or -")
    for word in words:
        if re.match(r"[<>]|not\s*\(", word):
            raise CellInvalid("names separated by commas, not(...) around all of them, or -")
        _check_option(word, field)
    shown = ", ".join(words)
    named = frozenset(word.casefold() for word in words)
    test = _negated(_one_of(named)) if negated else _one_of(named)
    return Cell(field.name, f"not({shown})" if negated else shown, test, words=named)


def _check_option(word: str, field: Field) -> None:
    if field.options and word.casefold() not in {option.casefold() for option in field.options}:
        raise CellInvalid(one_of(word, field.options))


def _unwrapped(text: str) -> tuple[str, bool]:
    found = _NOT.fullmatch(text)
    return (found[1], True) if found else (text, False)


def _one_of(words: frozenset[str]) -> Test:
    def test(value: Value) -> bool:
        if isinstance(value, tuple):
            return any(item.casefold() in words for item in value)
        return isinstance(value, str) and value.casefold() in words

    return test


def _negated(test: Test) -> Test:
    return lambda value: not test(value)


def _ordered(text: str | Sequence[str], field: Field, currency: str | None) -> Cell:
    body, negated = _unwrapped(_single(text))
    ranges = ranges_of(body, field.type)
    test = any_of([_inside(one) for one in ranges])
    limits = {limit for one in ranges for limit in (one.low, one.high) if limit is not None}
    return Cell(
        field.name,
        _single(text),
        _negated(test) if negated else test,
        breakpoints=tuple(sorted(limits, key=_rank)),
        currency=_one_currency(ranges, currency) if field.type is FieldType.MONEY else None,
    )


def ranges_of(body: str, kind: FieldType) -> list[Range]:
    """Read the alternatives of a test of an ordered type. Raise CellInvalid."""
    return [_range(part.strip(), kind) for part in _BETWEEN.split(body)]


def _rank(limit: Decimal | date) -> Decimal:
    return limit if isinstance(limit, Decimal) else Decimal(limit.toordinal())


def any_of(tests: Sequence[Test]) -> Test:
    """Join tests by "or"; a single one stays as it is."""
    if len(tests) == 1:
        return tests[0]
    return lambda value: any(test(value) for test in tests)


def _one_currency(ranges: Sequence[Range], fallback: str | None) -> str:
    named = sorted({one.currency for one in ranges if one.currency})
    if len(named) > 1:
        raise CellInvalid(f"one currency in one cell, not {' and '.join(named)}")
    currency = named[0] if named else fallback
    if currency is None:
        raise CellInvalid(
            "an amount with its currency, as EUR 50,000 (or `currency:` at the top of the policy)"
        )
    return currency


def _range(text: str, kind: FieldType) -> Range:
    try:
        found = _parsed(text, kind)
    except NotALiteral as error:
        raise CellInvalid(f"{error}, <= or > with one, a range as [a..b) or -") from None
    if found.empty:
        raise CellInvalid(f"a range that holds a value; nothing lies in {text}")
    return found


def _parsed(text: str, kind: FieldType) -> Range:
    if found := _RANGE.fullmatch(text):
        return _bracketed(found, kind)
    if found := _COMPARED.fullmatch(text):
        limit, currency = literals.ordered(found[2], kind)
        shut = found[1].endswith("=")
        if found[1].startswith("<"):
            return Range(None, limit, low_shut=False, high_shut=shut, currency=currency)
        return Range(limit, None, low_shut=shut, high_shut=False, currency=currency)
    value, currency = literals.ordered(text, kind)
    return Range(value, value, low_shut=True, high_shut=True, currency=currency)


def _bracketed(found: re.Match[str], kind: FieldType) -> Range:
    opens, first, second, closes = found.groups()
    if kind is FieldType.PERCENT and second.endswith("%") and not first.endswith("%"):
        first = f"{first}%"
    low, one = literals.ordered(first, kind)
    high, other = literals.ordered(second, kind)
    if one and other and one != other:
        raise CellInvalid(f"one currency in one range, not {one} and {other}")
    return Range(low, high, low_shut=opens == "[", high_shut=closes == "]", currency=one or other)


def _inside(one: Range) -> Test:
    """Compile an interval; a value of another type than the field's lies in none."""
    low, high = one.low, one.high
    if isinstance(low, Decimal | None) and isinstance(high, Decimal | None):
        return _between(Decimal, low, high, one)
    days = cast("tuple[date | None, date | None]", (low, high))  # both ends are read as the field's type
    return _between(date, *days, one)


def _between(kind: type[_Point], low: _Point | None, high: _Point | None, one: Range) -> Test:
    if low is not None and high is not None:
        return _closed_in(kind, low, high, one)
    if low is not None:
        return _from(kind, low, shut=one.low_shut)
    return _up_to(kind, cast("_Point", high), shut=one.high_shut)  # no range is open on both sides


def _closed_in(kind: type[_Point], low: _Point, high: _Point, one: Range) -> Test:
    match one.low_shut, one.high_shut:
        case True, True:
            return lambda value: isinstance(value, kind) and low <= value <= high
        case True, False:
            return lambda value: isinstance(value, kind) and low <= value < high
        case False, True:
            return lambda value: isinstance(value, kind) and low < value <= high
        case _:
            return lambda value: isinstance(value, kind) and low < value < high


def _from(kind: type[_Point], low: _Point, *, shut: bool) -> Test:
    if shut:
        return lambda value: isinstance(value, kind) and value >= low
    return lambda value: isinstance(value, kind) and value > low


def _up_to(kind: type[_Point], high: _Point, *, shut: bool) -> Test:
    if shut:
        return lambda value: isinstance(value, kind) and value <= high
    return lambda value: isinstance(value, kind) and value < high
