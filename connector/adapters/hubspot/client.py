"""The one way to HubSpot: within the budget, counted, timed out, and tried again where that is harmless."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connector.adapters.again import PATIENCE, again
from connector.adapters.base import Call
from connector.adapters.budget import Budget, Hold
from connector.adapters.hubspot.budget import Limits
from connector.adapters.hubspot.faults import TOO_MANY, Answer, Unsure, judge
from connector.adapters.hubspot.paths import Route
from connector.adapters.hubspot.transport import Transport, Unanswered, Unsent
from connector.errors import CrmUnavailable

_ADDRESS = "Check the network, and HUBSPOT_API_URL and HTTPS_PROXY where they are set."


class Client:
    """Make calls for one account. No body, token or name ever reaches a log or a label."""

    def __init__(
        self,
        transport: Transport,
        *,
        budget: Budget,
        hold: Hold,
        limits: Limits,
        observe: Callable[[Call], None],
        sleep: Callable[[float], None],
        now: Callable[[], datetime],
    ) -> None:
        self._transport = transport
        self._budget = budget
        self._hold = hold
        self._limits = limits
        self._observe = observe
        self._sleep = sleep
        self.now = now

    def call(
        self, route: Route, *path: str, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Answer:
        """Return a usable answer; raise CrmRefused, CrmUnavailable, Unsure or Rejected (faults.py).

        Reads and absolute writes are tried up to five times with growing, random pauses; what must not be
        sent twice is tried once.
        """
        if not route.repeatable:
            return self._attempt(route, path, query or {}, body)
        return again(self._sleep)(self._attempt, route, path, query or {}, body)

    def _attempt(self, route: Route, path: tuple[str, ...], query: Mapping[str, Any], body: Any) -> Answer:
        self._wait_for_turn(route.bucket)
        started, status = time.perf_counter(), 0
        try:
            reply = self._transport.send(route, path, query, body)
            status = reply.status
        except Unsent as fault:
            message = f"HubSpot cannot be reached at {self._transport.url} ({fault})."
            raise CrmUnavailable(message, hint=_ADDRESS, reason="hubspot-unreachable") from fault
        except Unanswered as fault:
            raise _unanswered(route, fault) from fault
        finally:
            self._observe(Call(route.method, route.template, status, time.perf_counter() - started))
        self._limits.learn(reply.headers)
        try:
            return judge(route, reply, self.now())
        except CrmUnavailable as fault:
            if status in TOO_MANY:
                self._hold(route.bucket, fault.retry_after)  # every worker would only hear the same
            raise

    def _wait_for_turn(self, bucket: str) -> None:
        while (wait := self._budget(bucket)) > 0:
            if wait > PATIENCE:
                raise CrmUnavailable(
                    "HubSpot takes no more calls for now.", reason="hubspot-on-hold", retry_after=wait
                )
            self._sleep(wait)


def _unanswered(route: Route, fault: Unanswered) -> CrmUnavailable:
    message = f"HubSpot did not answer ({fault})."
    if route.repeatable:
        return CrmUnavailable(message, reason="hubspot-no-answer")
    return Unsure(message, reason="hubspot-no-answer")
