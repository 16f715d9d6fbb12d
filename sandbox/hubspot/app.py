"""The HubSpot account behind the HTTP shell: token, limits, routing, error bodies."""

from collections.abc import Callable

import orjson

from sandbox.faults import FaultKind
from sandbox.hubspot import routes
from sandbox.hubspot.account import Account
from sandbox.hubspot.calls import Call
from sandbox.hubspot.errors import (
    HubSpotError,
    expired_token,
    missing_scopes,
    not_found,
    rate_limited,
    unauthenticated,
)
from sandbox.hubspot.events import app
from sandbox.hubspot.ratelimit import RateLimit
from sandbox.wire import Reply, Request

_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
_PARTIAL_SHARE = 0.3


class HubSpotApp:
    """Answers the API calls of one account."""

    def __init__(
        self,
        account: Account,
        *,
        token: str,
        limits: RateLimit,
        chance: Callable[[float], bool],
        control: Callable[[Request], Reply],
    ) -> None:
        self.token = token
        self.limits = limits
        self._account = account
        self._chance = chance
        self._control = control

    def route(self, request: Request) -> str:
        return routes.find(request.method, request.path).name

    def control(self, request: Request) -> Reply:
        return self._control(request)

    def handle(self, request: Request) -> Reply:
        """Answer one call; every refusal is a HubSpot error body."""
        found = routes.find(request.method, request.path)
        searches = found.name.endswith("/search")
        with self._account.lock:
            try:
                return self._answer(request, found, searches=searches)
            except HubSpotError as refused:
                headers = {} if searches else self.limits.headers()
                return Reply(refused.status, orjson.dumps(refused.body()), headers)

    def failure(self, kind: FaultKind, _request: Request) -> Reply:
        """Return the body HubSpot (or the proxy before it) sends for a fault."""
        if kind is FaultKind.HTML:
            return Reply(502, _HTML, content_type="text/html; charset=UTF-8")
        refused = _REFUSALS[kind]()
        return Reply(refused.status, orjson.dumps(refused.body()), self.limits.headers())

    def _answer(self, request: Request, found: routes.Found, *, searches: bool) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise unauthenticated()
        headers = self.limits.take(search=searches)
        if found.handler is None:
            raise not_found(f"No such path: {request.method} {request.path}")
        self._check_scope(found, request.method)
        call = Call(
            account=self._account,
            version=found.version,
            names=found.names,
            query=request.query,
            raw=request.body,
            source=app(self._account.setup.app_id),
            limits=self.limits,
            fails=(lambda: self._chance(_PARTIAL_SHARE)) if request.partial else _never,
        )
        answer = found.handler(call)
        return Reply(answer.status, answer.body, headers, answer.content_type)

    def _check_scope(self, found: routes.Found, method: str) -> None:
        needed = routes.scope_of(found, method)
        if needed and needed not in self._account.setup.scopes:
            raise missing_scopes(needed)


def _never() -> bool:
    return False


def _server_error(status: int, message: str) -> Callable[[], HubSpotError]:
    return lambda: HubSpotError(status, message, "INTERNAL_ERROR")


_REFUSALS: dict[FaultKind, Callable[[], HubSpotError]] = {
    FaultKind.RATE_LIMIT: lambda: rate_limited(
        "TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit."
    ),
    FaultKind.DAILY_LIMIT: lambda: rate_limited("DAILY", "You have reached your daily limit."),
    FaultKind.LOCKED: lambda: HubSpotError(423, "The resource is locked.", "LOCKED"),
    FaultKind.ERROR: _server_error(500, "internal error"),
    FaultKind.BAD_GATEWAY: _server_error(502, "Bad Gateway"),
    FaultKind.UNAVAILABLE: _server_error(503, "Service Unavailable"),
    FaultKind.TIMEOUT: _server_error(504, "no answer"),
    FaultKind.RESET: _server_error(502, "connection reset"),
    FaultKind.EXPIRED_TOKEN: expired_token,
}
