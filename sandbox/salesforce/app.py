"""The org behind the HTTP shell: tokens, limits, routing, error bodies."""

from collections.abc import Callable
from typing import assert_never
from urllib.parse import parse_qsl

import orjson

from sandbox.faults import FaultKind
from sandbox.salesforce import account_api, routes
from sandbox.salesforce.calls import Call, reply
from sandbox.salesforce.cursors import Cursors
from sandbox.salesforce.errors import (
    JsonObject,
    SalesforceError,
    invalid_session,
    limit_exceeded,
    locked_row,
    not_found,
)
from sandbox.salesforce.limits import Usage
from sandbox.salesforce.org import Org
from sandbox.salesforce.tokens import OAuthError, Tokens
from sandbox.wire import Reply, Request

_TOKEN = "/services/oauth2/token"  # noqa: S105 - a path
_USER_INFO = "/services/oauth2/userinfo"
_VERSIONS = "/services/data"
_OLDEST = 31
_HTML = (
    b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>We are down.</body></html>"
)
_PARTIAL_SHARE = 0.3


class SalesforceApp:
    """Answers the API calls of one org."""

    def __init__(
        self,
        org: Org,
        *,
        tokens: Tokens,
        usage: Usage,
        chance: Callable[[float], bool],
        control: Callable[[Request], Reply],
    ) -> None:
        self.tokens = tokens
        self.usage = usage
        self.url = ""
        self._org = org
        self._cursors = Cursors()
        self._chance = chance
        self._control = control

    def route(self, request: Request) -> str:
        return routes.name_of(request)

    def control(self, request: Request) -> Reply:
        return self._control(request)

    def handle(self, request: Request) -> Reply:
        """Answer one call; every refusal is a body as Salesforce writes it."""
        with self._org.lock:
            try:
                return self._answer(request)
            except OAuthError as refused:
                return Reply(refused.status, orjson.dumps(refused.body()))
            except SalesforceError as refused:
                return Reply(refused.status, orjson.dumps(refused.body()), self.usage.headers())

    def failure(self, kind: FaultKind, request: Request) -> Reply:
        """Return what Salesforce (or the proxy before it) sends for a fault."""
        if kind is FaultKind.HTML:
            return Reply(503, _HTML, content_type="text/html; charset=UTF-8")
        if request.path == _TOKEN:
            down = OAuthError("temporarily_unavailable", "the authorization server is unavailable", 503)
            return Reply(down.status, orjson.dumps(down.body()))
        refused = _refusal(kind)
        return Reply(refused.status, orjson.dumps(refused.body()), self.usage.headers())

    def _answer(self, request: Request) -> Reply:
        if request.path == _TOKEN:
            return self._token(request)
        if request.path.rstrip("/") == _VERSIONS:
            return account_api.versions()
        found = routes.find(request.method, request.path)
        user = self.tokens.user(request.headers.get("authorization", ""))
        if user is None:
            raise invalid_session()
        handler = account_api.user_info if request.path == _USER_INFO else found.handler
        if request.path != _USER_INFO:
            _check_version(found.version)
        self.usage.take()
        if handler is None:
            raise not_found()
        call = Call(
            org=self._org,
            base=found.base,
            names=found.names,
            query=request.query,
            headers=request.headers,
            raw=request.body,
            user=user,
            usage=self.usage,
            cursors=self._cursors,
            fails=(lambda: self._chance(_PARTIAL_SHARE)) if request.partial else _never,
        )
        answer = handler(call)
        return Reply(answer.status, answer.body, self.usage.headers(), answer.content_type)

    def _token(self, request: Request) -> Reply:
        if request.method != "POST":
            raise OAuthError("invalid_request", "must use HTTP POST")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        username = self.tokens.username(form, request.headers.get("authorization", ""))
        users = self._org.records.all("User")
        user = next((u for u in users if u.values["Username"] == username and u.values["IsActive"]), None)
        if user is None:
            raise OAuthError("invalid_grant", "user hasn't approved this consumer")
        organization = next(self._org.records.all("Organization")).id
        body: JsonObject = {
            "access_token": self.tokens.issue(organization, user.id),
            "signature": "c2FuZGJveA==",
            "scope": "api",
            "instance_url": self.url,
            "id": f"https://login.salesforce.com/id/{organization}/{user.id}",
            "token_type": "Bearer",
            "issued_at": str(self._org.clock.now_ms()),
        }
        return reply(body)


def _never() -> bool:
    return False


def _check_version(version: str) -> None:
    if version in account_api.VERSIONS:
        return
    whole = version.partition(".")[0]
    if whole.isdecimal() and int(whole) < _OLDEST:
        raise SalesforceError(410, "UNSUPPORTED_API_VERSION", "This API version is retired")
    raise not_found()


def _refusal(kind: FaultKind) -> SalesforceError:
    match kind:
        case FaultKind.RATE_LIMIT:
            return limit_exceeded("ConcurrentRequests (Concurrent API Requests)")
        case FaultKind.DAILY_LIMIT:
            return limit_exceeded()
        case FaultKind.LOCKED | FaultKind.PARTIAL:
            return locked_row()
        case FaultKind.EXPIRED_TOKEN:
            return invalid_session()
        case FaultKind.UNAVAILABLE:
            return SalesforceError(503, "SERVER_UNAVAILABLE", "Server too busy")
        case FaultKind.BAD_GATEWAY:
            return SalesforceError(502, "SERVER_UNAVAILABLE", "Bad Gateway")
        case FaultKind.ERROR | FaultKind.TIMEOUT | FaultKind.RESET | FaultKind.HTML:
            return SalesforceError(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.")
        case _:
            assert_never(kind)
