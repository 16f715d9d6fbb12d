"""Which path leads where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.paths import Route, leads
from sandbox.salesforce import (
    account_api,
    collections_api,
    describe_api,
    query_api,
    records_api,
    tooling_api,
    ui_api,
)
from sandbox.salesforce.calls import Call, Handler
from sandbox.salesforce.errors import not_found
from sandbox.wire import Reply, Request

_DATA = "/services/data/"
_TOP_FROM = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
_INNER = re.compile(r"\([^()]*\)")
_TYPE = re.compile(rb'"type"\s*:\s*"(\w+)"')


def _graphql(call: Call) -> Reply:
    """Pages alone ask by GraphQL, and the library for it is there for tests (docs/dependencies.md)."""
    try:
        from sandbox.salesforce import graphql_api
    except ModuleNotFoundError:
        raise not_found() from None
    return graphql_api.answer(call)


_COLLECTIONS = "composite/sobjects"
_ONE = "sobjects/{type}/{id}"
ROUTES: tuple[Route[Handler], ...] = (
    leads("GET", "query", query_api.query),
    leads("GET", "queryAll", query_api.query_all),
    leads("GET", "query/{locator}", query_api.more),
    leads("GET", "queryAll/{locator}", query_api.more_of_all),
    leads("POST", _COLLECTIONS, collections_api.create),
    leads("PATCH", _COLLECTIONS, collections_api.update),
    leads("DELETE", _COLLECTIONS, collections_api.delete),
    leads("GET", _COLLECTIONS + "/{type}", collections_api.read),
    leads("POST", _COLLECTIONS + "/{type}", collections_api.read),
    leads("PATCH", _COLLECTIONS + "/{type}/{field}", collections_api.upsert),
    leads("GET", "sobjects", describe_api.describe_all),
    leads("GET", "sobjects/{type}/describe", describe_api.describe),
    leads("GET", "sobjects/{type}/describe/layouts", describe_api.layouts),
    leads("POST", "sobjects/{type}", records_api.create),
    leads("GET", _ONE, records_api.read),
    leads("PATCH", _ONE, records_api.update),
    leads("DELETE", _ONE, records_api.delete),
    leads("GET", "ui-api/records/{id}", ui_api.read),
    leads("PATCH", "ui-api/records/{id}", ui_api.update),
    leads("GET", "ui-api/object-info/{type}", ui_api.object_info),
    leads(
        "GET",
        "ui-api/object-info/{type}/picklist-values/{record_type}/StageName",
        describe_api.picklist_values,
    ),
    leads("POST", "graphql", _graphql),
    leads("GET", "limits", account_api.limits),
    leads("GET", "tooling/query", tooling_api.query),
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a call goes; `handler` None where nowhere. `base` is `/services/data/v67.0`."""

    version: str
    names: Mapping[str, str]
    handler: Handler | None
    pattern: str

    @property
    def base(self) -> str:
        return f"{_DATA}v{self.version}"


def find(method: str, path: str) -> Found:
    """Return where a call below /services/data leads."""
    version, _, rest = path.removeprefix(_DATA).partition("/")
    number = version.removeprefix("v")
    parts = tuple(part for part in rest.split("/") if part)
    if not parts and method == "GET":
        return Found(number, {}, account_api.resources, "")
    for route in ROUTES:
        names = route.names(method, parts)
        if names is not None:
            return Found(number, names, route.handler, "/".join(route.pattern))
    return Found(number, {}, None, "unknown")


def name_of(request: Request) -> str:
    """Return the name for counters and faults, without ids: `GET query Opportunity`."""
    if not request.path.startswith(_DATA):
        return f"{request.method} {request.path.strip('/')}"
    found = find(request.method, request.path)
    pattern = found.pattern.replace("{type}", found.names.get("type", ""))
    if found.pattern == "unknown" or not found.pattern:
        pattern = found.pattern or "versions"
    return f"{request.method} {pattern}{_kind(request, found.pattern)}"


def _kind(request: Request, pattern: str) -> str:
    if pattern in {"query", "queryAll", "tooling/query"}:
        return _after(_TOP_FROM.search(_outside(request.query.get("q", ""))))
    if pattern == _COLLECTIONS and request.body:
        found = _TYPE.search(request.body)
        return f" {found[1].decode()}" if found else ""
    return ""


def _after(found: re.Match[str] | None) -> str:
    return f" {found[1]}" if found else ""


def _outside(query: str) -> str:
    """Return a query without what stands in parentheses."""
    while (shorter := _INNER.sub("", query)) != query:
        query = shorter
    return query
