"""The search endpoint: filters, sorting, paging, and its limits (reference 4.9)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from sandbox.hubspot.calls import Call, number_in, objects_in, reply, text_in, texts_in
from sandbox.hubspot.errors import JsonObject, invalid
from sandbox.hubspot.kinds import Kind
from sandbox.hubspot.objects_api import readable
from sandbox.hubspot.properties import Type
from sandbox.hubspot.record import Record
from sandbox.hubspot.schema import Schema
from sandbox.wire import Reply

MAX_BODY = 3_000
MAX_PAGE = 200
MAX_RESULTS = 10_000
MAX_GROUPS = 5
MAX_FILTERS = 6
MAX_ALL_FILTERS = 18

Values = Mapping[str, str]
Test = Callable[[Values], bool]
Comparable = float | str


def search(call: Call) -> Reply:
    """Answer what the index knows, which lags behind the records."""
    if len(call.raw) > MAX_BODY:
        raise invalid(f"The request body is too long: at most {MAX_BODY} characters are allowed.")
    body, kind, account = call.body(), call.kind(), call.account
    limit, after = _page(body)
    test = _test(body, kind, account.schema)
    now = account.clock.now_ms()
    hits = [hit for record in account.records.all(kind) if (hit := _hit(record, now)) and test(hit.values)]
    _sort(hits, body, kind, account.schema)
    names = readable(account, kind, texts_in(body, "properties"))
    answer: JsonObject = {
        "total": len(hits),
        "results": [_shown(hit, names) for hit in hits[after : after + limit]],
    }
    if len(hits) > after + limit:
        answer["paging"] = {"next": {"after": str(after + limit)}}
    return reply(answer)


@dataclass(frozen=True, slots=True)
class _Hit:
    record: Record
    values: Values


def _hit(record: Record, now: int) -> _Hit | None:
    values = record.searchable(now)
    return None if values is None else _Hit(record, values)


def _shown(hit: _Hit, names: tuple[str, ...]) -> JsonObject:
    return {**hit.record.shown(()), "properties": {name: hit.values.get(name) for name in names}}


def _page(body: JsonObject) -> tuple[int, int]:
    limit, after = number_in(body, "limit", 10), number_in(body, "after", 0)
    if not 0 <= limit <= MAX_PAGE:
        raise invalid(f"The limit must be between 0 and {MAX_PAGE}.")
    if not 0 <= after <= MAX_RESULTS - limit:
        raise invalid(f"Paging past {MAX_RESULTS} results is not supported.")
    return limit, after


def _test(body: JsonObject, kind: Kind, schema: Schema) -> Test:
    groups = objects_in(body, "filterGroups")
    filters = [objects_in(group, "filters") for group in groups]
    too_many = any(len(one) > MAX_FILTERS for one in filters) or sum(map(len, filters)) > MAX_ALL_FILTERS
    if len(groups) > MAX_GROUPS or too_many:
        raise invalid(
            f"At most {MAX_GROUPS} filter groups with {MAX_FILTERS} filters each, {MAX_ALL_FILTERS} in all."
        )
    tests = [tuple(_filter(one, kind, schema) for one in group) for group in filters]
    query = text_in(body, "query", "").lower()

    def passes(values: Values) -> bool:
        if query and not any(query in values.get(name, "").lower() for name in _queried(kind)):
            return False
        return not tests or any(all(test(values) for test in group) for group in tests)

    return passes


def _queried(kind: Kind) -> Iterator[str]:
    return (name for name in (*kind.shown, "hs_object_id") if name not in {"amount", "price"})


def _filter(one: JsonObject, kind: Kind, schema: Schema) -> Test:
    name, operator = text_in(one, "propertyName"), text_in(one, "operator")
    prop = schema.find(kind, name)
    if prop is None:
        raise invalid(f"There was a problem with the request: property {name} does not exist.")
    read = _reader(prop.type)

    def value_of(values: Values) -> Comparable | None:
        return read(values[name]) if name in values else None

    if operator in {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}:
        return lambda values: (name in values) is (operator == "HAS_PROPERTY")
    if operator in {"IN", "NOT_IN"}:
        wanted = {read(value) for value in texts_in(one, "values")}
        return lambda values: (value_of(values) in wanted) is (operator == "IN")
    if operator in {"CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"}:
        pattern = text_in(one, "value").lower()
        return lambda values: _has_token(values.get(name, ""), pattern) is (operator == "CONTAINS_TOKEN")
    if operator == "BETWEEN":
        low, high = read(text_in(one, "value")), read(text_in(one, "highValue"))
        return lambda values: (
            _compare(value_of(values), "GTE", low) and _compare(value_of(values), "LTE", high)
        )
    if operator not in _COMPARE:
        raise invalid(f"Invalid input JSON: operator {operator} is not known")
    bound = read(text_in(one, "value"))
    return lambda values: _compare(value_of(values), operator, bound)


_COMPARE: Mapping[str, Callable[[Comparable, Comparable], bool]] = {
    "EQ": lambda a, b: a == b,
    "NEQ": lambda a, b: a != b,
    "LT": lambda a, b: a < b,  # type: ignore[operator]  # both sides come from one reader
    "LTE": lambda a, b: a <= b,  # type: ignore[operator]
    "GT": lambda a, b: a > b,  # type: ignore[operator]
    "GTE": lambda a, b: a >= b,  # type: ignore[operator]
}


def _compare(value: Comparable | None, operator: str, bound: Comparable) -> bool:
    if value is None:
        return operator == "NEQ"
    return _COMPARE[operator](value, bound)


def _has_token(value: str, pattern: str) -> bool:
    return any(fnmatchcase(word, pattern) for word in value.lower().split()) or fnmatchcase(
        value.lower(), pattern
    )


def _reader(type_: Type) -> Callable[[str], Comparable]:
    if type_ is Type.NUMBER:
        return _number
    if type_ in {Type.DATE, Type.DATETIME}:
        return _moment
    return str.lower


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise invalid(f"Invalid input JSON: {text} is not a number") from None


def _moment(text: str) -> float:
    if text.lstrip("-").isdigit():
        return float(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"Invalid input JSON: {text} is not a time") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _sort(hits: list[_Hit], body: JsonObject, kind: Kind, schema: Schema) -> None:
    sorts = body.get("sorts") or []
    if not isinstance(sorts, list) or len(sorts) > 1:
        raise invalid("Only one sort is allowed.")
    hits.sort(key=lambda hit: int(hit.record.id))
    for sort in sorts:
        name, descending = _order(sort)
        prop = schema.find(kind, name)
        if prop is None:
            raise invalid(f"There was a problem with the request: property {name} does not exist.")
        read = _reader(prop.type)
        present = [hit for hit in hits if name in hit.values]
        absent = [hit for hit in hits if name not in hit.values]
        present.sort(key=lambda hit: read(hit.values[name]), reverse=descending)
        hits[:] = present + absent


def _order(sort: object) -> tuple[str, bool]:
    if isinstance(sort, str):
        return sort.removeprefix("-"), sort.startswith("-")
    if isinstance(sort, dict):
        return text_in(sort, "propertyName"), text_in(sort, "direction", "ASCENDING") == "DESCENDING"
    raise invalid("Invalid input JSON: Cannot deserialize value of `sorts`")
