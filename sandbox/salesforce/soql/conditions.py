"""Conditions of a query as tests on a record."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sandbox.salesforce import ids
from sandbox.salesforce.errors import SalesforceError, bad_request
from sandbox.salesforce.records import Record, Records
from sandbox.salesforce.schema import NUMBERS, Field, SObject, Type
from sandbox.salesforce.soql import tokens
from sandbox.salesforce.soql.fields import Lookup
from sandbox.salesforce.soql.parts import Compared, Condition, Joined, Negated, Query
from sandbox.salesforce.soql.tokens import Kind, Token
from sandbox.salesforce.values import Value

Test = Callable[[Record], bool]
_TEXTS = frozenset(
    {Type.STRING, Type.TEXTAREA, Type.PICKLIST, Type.EMAIL, Type.URL, Type.PHONE}
)  # compared without case
_IDS = frozenset({Type.ID, Type.REFERENCE})
_ORDERED: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


@dataclass(frozen=True, slots=True)
class Tests:
    """Makes tests for one query. `run` answers a query inside IN with its values."""

    lookup: Lookup
    records: Records
    now: datetime
    run: Callable[[Query], set[Value]]

    def of(self, condition: Condition, sobject: SObject) -> Test:
        """Return the test for a condition."""
        if isinstance(condition, Negated):
            inner = self.of(condition.part, sobject)
            return lambda record: not inner(record)
        if isinstance(condition, Joined):
            parts = tuple(self.of(part, sobject) for part in condition.parts)
            fold = all if condition.word == "and" else any
            return lambda record: fold(part(record) for part in parts)
        return self._compared(condition, sobject)

    def ids_in(self, condition: Condition | None, sobject: SObject) -> tuple[str, set[Value]] | None:
        """Return a field of references and the only values of it that can fit, where a condition says so."""
        if isinstance(condition, Joined) and condition.word == "and":
            return next((one for one in (self.ids_in(p, sobject) for p in condition.parts) if one), None)
        if not isinstance(condition, Compared) or condition.sign not in {"=", "in"} or condition.inner:
            return None
        field = sobject.find(condition.path[0]) if len(condition.path) == 1 else None
        if field is None or field.type not in _IDS:
            return None
        found = {self._value(field, one) for one in condition.literals}
        return None if None in found else (field.name, found)

    def _compared(self, one: Compared, sobject: SObject) -> Test:
        walk = self.lookup.walk(sobject, one.path, one.at)
        self._check_filterable(walk.field, one)
        if not walk.steps:
            name = walk.field.name
            return self._on(walk.field, one, lambda record: record.values.get(name))
        return self._on(walk.field, one, lambda record: walk.of(record, self.records))

    def _on(self, field: Field, one: Compared, get: Callable[[Record], Value]) -> Test:
        if one.sign in {"in", "not in"}:
            found = self.run(one.inner) if one.inner else {self._value(field, lit) for lit in one.literals}
            wanted, inside = {_plain(field, value) for value in found}, one.sign == "in"
            return lambda record: (_plain(field, get(record)) in wanted) is inside
        value = self._value(field, one.literals[0])
        if one.sign == "like":
            pattern = _like(value)
            return lambda record: bool(pattern.fullmatch(str(get(record) or "")))
        if one.sign in {"=", "!="}:
            same, plain = one.sign == "=", _plain(field, value)
            return lambda record: (_plain(field, get(record)) == plain) is same
        fits, right = _ORDERED[one.sign], _plain(field, value)
        return lambda record: _fits(fits, _plain(field, get(record)), right)

    def _check_filterable(self, field: Field, one: Compared) -> None:
        if not field.filterable:
            problem = f"field '{field.name}' can not be filtered in a query call"
            raise bad_request("INVALID_FIELD", tokens.where(self.lookup.text, one.at) + problem)

    def _value(self, field: Field, token: Token) -> Value:
        """Return the literal as a value of the field's type, or refuse it as Salesforce does."""
        if token.kind is Kind.NAME and token.word == "null":
            return False if field.type is Type.BOOLEAN else None
        found = self._typed(field, token)
        if found is None:
            raise self._wrong(field, token)
        return found

    def _typed(self, field: Field, token: Token) -> Value:
        if field.type in _IDS:
            if token.kind is not Kind.STRING:
                return None
            return ids.whole(token.text) or self._bad_id(token)
        if field.type in _TEXTS:
            return token.text if token.kind is Kind.STRING else None
        if field.type in NUMBERS:
            return Decimal(token.text) if token.kind is Kind.NUMBER else None
        if field.type is Type.BOOLEAN:
            return {"true": True, "false": False}.get(token.word) if token.kind is Kind.NAME else None
        return self._time(field, token)

    def _time(self, field: Field, token: Token) -> date | None:
        if field.type is Type.DATETIME and token.kind is Kind.DATETIME:
            return datetime.fromisoformat(token.text).astimezone(UTC)
        if field.type is Type.DATE and token.kind is Kind.DATE:
            return date.fromisoformat(token.text)
        day = _day(token.word, self.now.date()) if token.kind is Kind.NAME else None
        if day is not None and field.type is Type.DATETIME:
            return datetime.combine(day, time(), UTC)
        return day

    def _bad_id(self, token: Token) -> str:
        problem = f"invalid ID field: {token.text}"
        raise bad_request("INVALID_QUERY_FILTER_OPERATOR", tokens.where(self.lookup.text, token.at) + problem)

    def _wrong(self, field: Field, token: Token) -> SalesforceError:
        quoted = "should be" if field.type in _TEXTS | _IDS else "should not be"
        problem = (
            f"value of filter criterion for field '{field.name}' must be of type {field.type} and {quoted} "
            "enclosed in quotes"
        )
        return bad_request("INVALID_FIELD", tokens.where(self.lookup.text, token.at) + problem)


def _day(word: str, today: date) -> date | None:
    """Return the first day of a date literal (the forms that name one day or a start)."""
    name, _, number = word.partition(":")
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(name)
    if name == "last_n_days" and number:
        days = -int(number)
    return None if days is None else today + timedelta(days=days)


def _plain(field: Field, value: Value) -> Value:
    return value.lower() if field.type in _TEXTS and isinstance(value, str) else value


def _like(value: Value) -> re.Pattern[str]:
    signs = {"%": ".*", "_": "."}
    pattern = "".join(signs.get(sign, re.escape(sign)) for sign in str(value))
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def _fits(fits: Callable[[int], bool], left: Value, right: Value) -> bool:
    if left is None or right is None:
        return False
    return fits((left > right) - (left < right))  # type: ignore[operator]  # both are of the field's type
