"""The one way to Salesforce: within the budget, counted, timed out, tried again where that is harmless."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from typing import Any, TypeVar

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession

from connector.adapters.again import again
from connector.adapters.base import Call
from connector.adapters.budget import Budget
from connector.adapters.salesforce.budget import CALLS, DAY_LIMIT_PAUSE, Limits
from connector.adapters.salesforce.faults import Rejected, judge, not_shown
from connector.adapters.salesforce.login import Token
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.session import Held, SignedIn
from connector.adapters.salesforce.silence import unanswered
from connector.errors import CrmUnavailable

T = TypeVar("T")
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of call as metrics see it. `repeatable`: sending it twice does no harm."""

    method: str
    name: str
    repeatable: bool = True


class Client:
    """Make calls for one account. No body, query, token or name ever reaches a log or a label."""

    def __init__(
        self,
        signed_in: SignedIn,
        *,
        budget: Budget,
        limits: Limits,
        observe: Callable[[Call], None],
        sleep: Callable[[float], None],
        now: Callable[[], datetime],
    ) -> None:
        self._signed_in = signed_in
        self._budget = budget
        self._limits = limits
        self._observe = observe
        self._sleep = sleep
        self._spared_until = datetime.min.replace(tzinfo=UTC)
        self.now = now

    @property
    def token(self) -> Token:
        """Return who we are; signs in where that has not been done yet."""
        return self._signed_in.get().token

    @property
    def skew(self) -> float | None:
        """Return by how many seconds our clock is ahead of Salesforce's; None where that is not told. Ask
        right after a call."""
        try:
            return (self.now() - parsedate_to_datetime(self._signed_in.told or "")).total_seconds()
        except (ValueError, TypeError):
            return None

    def pages(self, soql: str, about: str, *, deleted: bool = False) -> Iterator[Rows]:
        """Yield the pages of a query's records; NotShown where it names what we may not see. `about` is its
        object, for metrics; `deleted` reads the recycle bin too."""
        answer = self._page(
            Route("GET", f"{'queryAll' if deleted else 'query'} {about}"),
            lambda salesforce: salesforce.query(soql, include_deleted=deleted),
        )
        yield answer["records"]
        while not answer["done"]:
            answer = self.more(answer["nextRecordsUrl"], about)
            yield answer["records"]

    def more(self, url: str, about: str) -> Row:
        """Return the next page of a query or of a subquery."""
        way, _, locator = url.rpartition("/")
        deleted = way.endswith("queryAll")
        return self._page(
            Route("GET", f"query {about} more"),
            lambda salesforce: salesforce.query_more(locator, include_deleted=deleted),
        )

    def rows(self, soql: str, about: str) -> Rows:
        """Return all records of a query."""
        return [row for page in self.pages(soql, about) for row in page]

    def children(self, row: Row, relation: str, about: str) -> Iterator[Row]:
        """Yield the records that came with another one; those of a long list are fetched page by page."""
        page = row.get(relation)
        while page:
            yield from page["records"]
            page = None if page["done"] else self.more(page["nextRecordsUrl"], about)

    def rest(self, route: Route, path: str, body: Any = None) -> Any:
        """Call a path under /services/data; None where the answer is empty."""
        sent = {} if body is None else {"json": body}
        return self._call(route, lambda salesforce: salesforce.restful(path, method=route.method, **sent))

    def _page(self, route: Route, send: Callable[[Salesforce], Any]) -> Row:
        try:
            answer = self._call(route, send)
        except Rejected as fault:
            raise (not_shown(fault) if fault.blames_all else fault) from None
        if not isinstance(answer, dict) or not {"records", "done"} <= answer.keys():
            raise CrmUnavailable(
                "Salesforce answered a query, but not with records.", reason="salesforce-not-json"
            )
        return answer

    def _call(self, route: Route, send: Callable[[Salesforce], T]) -> T:
        """Return a usable answer; raise CrmRefused, CrmUnavailable, Unsure or Rejected (faults.py).

        Reads and absolute writes are tried up to five times with growing, random pauses; what must not be
        sent twice is tried once.
        """
        if not route.repeatable:
            return self._renewing(route, send)
        answer: T = again(self._sleep)(self._renewing, route, send)
        return answer

    def _renewing(self, route: Route, send: Callable[[Salesforce], T]) -> T:
        """Send, and once more with a new session where the old one had expired: nothing was done with it."""
        held = self._signed_in.get()
        try:
            return self._attempt(route, send, held)
        except SalesforceExpiredSession:
            held = self._signed_in.renewed(held)
        try:
            return self._attempt(route, send, held)
        except SalesforceExpiredSession as fault:
            raise judge(fault.status, fault.content, repeatable=route.repeatable) from None

    def _attempt(self, route: Route, send: Callable[[Salesforce], T], held: Held) -> T:
        self._spare()
        while (wait := self._budget(CALLS)) > 0:
            self._sleep(wait)
        started, status = time.perf_counter(), 0
        try:
            answer = send(held.client)
            status = 200
        except SalesforceExpiredSession as fault:
            status = fault.status
            raise
        except SalesforceError as fault:
            status = fault.status
            raise judge(fault.status, fault.content, repeatable=route.repeatable) from None
        except JSONDecodeError:  # an HTML page with status 200: some proxy's
            raise judge(200, None, repeatable=route.repeatable) from None
        except requests.RequestException as fault:
            raise unanswered(fault, repeatable=route.repeatable) from None
        finally:
            self._observe(Call(route.method, route.name, status, time.perf_counter() - started))
        self._limits.learn(held.usage)
        return answer

    def _spare(self) -> None:
        """Leave the last calls of the day to the customer's other tools; ask again after a while."""
        if not self._limits.exhausted or self.now() >= self._spared_until:
            self._spared_until = self.now() + timedelta(seconds=DAY_LIMIT_PAUSE)
            return
        raise CrmUnavailable(
            "The org's calls of the last 24 hours are nearly used up.",
            reason="salesforce-calls-nearly-used-up",
            retry_after=DAY_LIMIT_PAUSE,
        )
