"""Every request to HubSpot in a test run, held against the vendor's own description as it leaves the machine.

Both HTTP clients of the adapter end in urllib3, so the requests are taken there: what is checked is what is
sent. `from tests.adapters.contract import hubspot_contract` in a conftest makes every test below it take part.
Where the description is not at hand nothing is checked, and test_hubspot_contract.py says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
import urllib3
from werkzeug.datastructures import Headers, ImmutableMultiDict

if TYPE_CHECKING:  # loaded with the first request: a second that tests without HubSpot need not wait
    from openapi_core import OpenAPI
    from openapi_core.datatypes import RequestParameters

DESCRIPTION = Path(__file__).parents[3] / "shared" / "contracts" / "hubspot-openapi.json"
_OURS = re.compile(r"^/(crm|account-info|settings|automation)/")
_HOST = "http://127.0.0.1:4010"  # as the description names it
_DATED = re.compile(r"^/crm/(?P<resource>\w+)/(?P<version>\d{4}-\d{2})/")

TWINS = {"associations": "/crm/v4/associations/", "objects": "/crm/v3/objects/"}
"""Dated paths that are checked as their undated twin."""

UNDESCRIBED = frozenset(
    {
        ("GET", "/account-info/2026-03/details"),
        ("GET", "/account-info/2026-09/api-usage/daily/private-apps"),
        ("GET", "/files/v3/files/search"),
        ("GET", "/settings/currencies/2026-03/exchange-rates/current"),
    }
)
"""Paths that the description does not hold, each on purpose."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, in the words of openapi-core."""

    method: str
    path: str
    host_url: str
    parameters: "RequestParameters"
    body: bytes | None
    content_type: str


@dataclass(slots=True)
class Contract:
    """What was checked, what it broke, and what is not described."""

    checked: list[tuple[str, str]] = field(default_factory=list)
    undescribed: set[tuple[str, str]] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def take(self, method: str, url: str, body: Any, headers: Any) -> None:
        """Check one request as it leaves."""
        parts = urlsplit(url)
        if not _OURS.match(parts.path):
            return
        if (method, parts.path) in UNDESCRIBED:
            self.undescribed.add((method, parts.path))
            return
        self.checked.append((method, parts.path))
        self.broken.extend(
            problems(method, parts.path, parts.query, body, str((headers or {}).get("Content-Type")))
        )


def twin(path: str) -> str:
    """Return the undated path that a dated one stands for."""
    dated = _DATED.match(path)
    if dated is None:
        return path
    return TWINS[dated["resource"]] + path[dated.end() :]


@lru_cache(maxsize=4096)  # most tests begin with the same installation
def problems(method: str, path: str, query: str, body: str | bytes | None, kind: str) -> tuple[str, ...]:
    """Return what the description has against a request."""
    from openapi_core.datatypes import RequestParameters
    from openapi_core.exceptions import OpenAPIError

    parameters = RequestParameters(
        query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)),
        header=Headers({"Content-Type": kind}),
    )
    raw = body.encode() if isinstance(body, str) else body
    try:
        description().validate_request(Sent(method.lower(), twin(path), _HOST, parameters, raw, kind))
    except OpenAPIError as error:
        details = getattr(error.__cause__, "schema_errors", None) or [error.__cause__ or error]
        return tuple(f"{method} {path}: {getattr(one, 'message', one)!s:.300}" for one in details)
    return ()


@cache
def description() -> "OpenAPI":
    from openapi_core import OpenAPI

    raw = orjson.loads(DESCRIPTION.read_bytes())
    for operations in raw["paths"].values():  # tokens and scopes are not what is checked here
        for operation in operations.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return OpenAPI.from_dict(raw)


@pytest.fixture(autouse=True)
def hubspot_contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[Contract]:
    """Fail the test that sent HubSpot something its description does not allow."""
    contract = Contract()
    if DESCRIPTION.exists():
        send = urllib3.HTTPConnectionPool.urlopen

        def taken(
            pool: Any, method: str, url: str, body: Any = None, headers: Any = None, **rest: Any
        ) -> Any:
            contract.take(method, url, body, headers)
            return send(pool, method, url, body=body, headers=headers, **rest)

        monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", taken)
    yield contract
    assert not contract.broken, "\n".join(contract.broken)
