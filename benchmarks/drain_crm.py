"""A CRM that answers at once: what the sandbox said to each read, kept as bytes and said again.

It stands where the adapter's session stands, so that everything of ours counts (requests made, JSON parsed)
and nothing of HTTP or of the sandbox. Writes are acknowledged and forgotten.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import orjson

from connector.adapters.base import Wanted
from connector.adapters.hubspot import HubSpot
from connector.adapters.hubspot.paths import BATCH_CREATE, BATCH_READ, BATCH_UPDATE, LINKS, Route
from connector.adapters.hubspot.transport import Reply, fill
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.faults import FaultPlan
from sandbox.hubspot.account import Account, Setup
from sandbox.hubspot.app import HubSpotApp
from sandbox.hubspot.ratelimit import Limits, RateLimit
from sandbox.hubspot.seed import load
from sandbox.server import Reply as SandboxReply
from sandbox.server import Request

TOKEN = "canned"
_LIMITS = {"x-hubspot-ratelimit-max": "10000000", "x-hubspot-ratelimit-interval-milliseconds": "10000"}
_START, _END = b'{"status":"COMPLETE","results":[', b"]}"

Key = tuple[str, ...]


class CannedCrm:
    """Answers in place of the adapter's transport. Every read has to be made once before `close_book`."""

    def __init__(self, company: Company) -> None:
        account = Account(Setup(), Clock())
        self.deals = tuple(load(account, company).deals.values())
        limits = RateLimit(Limits(burst=10_000_000))
        self._sandbox: HubSpotApp | None = HubSpotApp(
            account, token=TOKEN, limits=limits, chance=FaultPlan().chance, control=_no_control
        )
        self._whole: dict[Key, bytes] = {}
        self._rows: dict[Key, dict[str, bytes]] = defaultdict(dict)
        self._ids = count(900_000_000_000)

    def learn(self, wanted: Wanted) -> None:
        """Provision the account, let the adapter read everything once, and keep what was said."""
        with self.instead_of_http():
            crm = HubSpot(account="learner", access_token=TOKEN)
        crm.install(wanted)
        for read in (crm.pipelines, crm.users):
            read()
        crm.read_deals(self.deals, wanted)
        crm.read_history(self.deals, wanted)
        self._sandbox = None

    @contextmanager
    def instead_of_http(self) -> Iterator[None]:
        """Let adapters that are made meanwhile talk to this CRM."""
        with patch("connector.adapters.hubspot.crm.Transport", lambda *_: self):
            yield

    def send(self, route: Route, path: Key, query: Mapping[str, Any], body: Any) -> Reply:
        """Answer as the transport would."""
        if self._sandbox is None:
            return Reply(200, _LIMITS, self._said(route, path, query, body))
        reply = self._sandbox.handle(_request(route, path, query, body))
        self._keep(route, path, query, body, reply.body)
        return Reply(reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.body)

    def _keep(self, route: Route, path: Key, query: Mapping[str, Any], body: Any, said: bytes) -> None:
        if route not in (BATCH_READ, LINKS):
            self._whole[_question(route, path, query)] = said
            return
        rows = self._rows[_subject(path, body)]
        for row in orjson.loads(said)["results"]:
            rows[str(row["id"] if route is BATCH_READ else row["from"]["id"])] = orjson.dumps(row)

    def _said(self, route: Route, path: Key, query: Mapping[str, Any], body: Any) -> bytes:
        if route in (BATCH_READ, LINKS):
            rows = self._rows[_subject(path, body)]
            found = [rows[row["id"]] for row in body["inputs"] if route is BATCH_READ or row["id"] in rows]
            return _START + b",".join(found) + _END
        if route.template == BATCH_UPDATE.template:
            return _START + b",".join(b'{"id":"%b"}' % row["id"].encode() for row in body["inputs"]) + _END
        if route is BATCH_CREATE:
            made = [{"id": str(next(self._ids)), "properties": row["properties"]} for row in body["inputs"]]
            return orjson.dumps({"status": "COMPLETE", "results": made})
        return self._whole[_question(route, path, query)]


def _question(route: Route, path: Key, query: Mapping[str, Any]) -> Key:
    return (route.method, route.template, *path, urlencode(query))


def _subject(path: Key, body: Mapping[str, Any]) -> Key:
    return (*path, *body.get("properties", ()), "and", *body.get("propertiesWithHistory", ()))


def _request(route: Route, path: Key, query: Mapping[str, Any], body: Any) -> Request:
    asked = {
        name: ",".join(value) if isinstance(value, list) else str(value) for name, value in query.items()
    }
    sent = b"" if body is None else orjson.dumps(body)
    return Request(
        route.method, fill(route.template, path), asked, {"authorization": f"Bearer {TOKEN}"}, sent
    )


def _no_control(_: Request) -> SandboxReply:
    return SandboxReply(404)
