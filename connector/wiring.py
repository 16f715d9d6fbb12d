"""Wire one CRM account to the shared rate budget, the metrics and the clock.

An adapter is loaded with the first account of its CRM: the vendors' clients take a while to import.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, assert_never

from connector.adapters.base import Call, Crm
from connector.adapters.budget import Allowed
from connector.adapters.hubspot.page import deal_page as hubspot_page
from connector.adapters.salesforce.ids import full
from connector.adapters.salesforce.page import deal_page as salesforce_page
from connector.observe import Metrics
from connector.settings import Account, HubSpotAccount, SalesforceAccount, Settings
from connector.store.store import Store

if TYPE_CHECKING:
    from connector.adapters.hubspot import HubSpot
    from connector.adapters.salesforce import Salesforce
    from connector.adapters.salesforce.login import Grant

Clock = Callable[[], datetime]

_AT_ONCE = 5
_GOOD_FOR = timedelta(seconds=1)


def wired(settings: Settings, account: Account, store: Store, metrics: Metrics, clock: Clock) -> Crm:
    """Return the adapter of one account; no call is made yet."""
    match account:
        case HubSpotAccount():
            return hubspot(settings, account, store, metrics, clock)
        case SalesforceAccount():
            return salesforce(settings, account, store, metrics, clock)
        case _:
            assert_never(account)


def hubspot(
    settings: Settings, account: HubSpotAccount, store: Store, metrics: Metrics, clock: Clock
) -> "HubSpot":
    """Return the adapter of one HubSpot account."""
    from connector.adapters.hubspot import HubSpot

    purse = _purse(account.name, store, lambda: crm.limits, clock)
    crm = HubSpot(
        account=account.name,
        access_token=account.access_token,
        app_id=account.app_id,
        portal_id=account.portal_id,
        api_url=account.api_url,
        timeout=(settings.connect_timeout, settings.read_timeout),
        budget=purse,
        hold=purse.hold,
        observe=_observer(account.name, metrics),
        now=clock,
    )
    return crm


def salesforce(
    settings: Settings, account: SalesforceAccount, store: Store, metrics: Metrics, clock: Clock
) -> "Salesforce":
    """Return the adapter of one Salesforce org."""
    from connector.adapters.salesforce import Salesforce

    crm = Salesforce(
        account=account.name,
        url=account.url,
        org_id=full(account.org_id) or account.org_id,
        grant=_grant(account),
        timeout=(settings.connect_timeout, settings.read_timeout),
        importers=account.importers,
        budget=_purse(account.name, store, lambda: crm.limits, clock),
        observe=_observer(account.name, metrics),
        now=clock,
    )
    return crm


def deal_page(settings: Settings, name: str, deal: str) -> str | None:
    """Return the address at which people look at a deal of the account of this name."""
    account = next((one for one in settings.accounts if one.name == name), None)
    match account:
        case HubSpotAccount():
            return hubspot_page(account.portal_id, account.access_token, deal)
        case SalesforceAccount():
            return salesforce_page(account.url, deal)
        case None:
            return None
        case _:
            assert_never(account)


def _grant(account: SalesforceAccount) -> "Grant":
    """Return how we sign in: by our own key where there is one, for then no secret is on their side."""
    from connector.adapters.salesforce.login import ClientCredentials, SignedGrant

    if account.username and account.private_key:
        return SignedGrant(account.client_id, account.username, account.private_key)
    return ClientCredentials(account.client_id, account.client_secret or "")


def _purse(account: str, store: Store, limits: Callable[[], Allowed], clock: Clock) -> "Purse":
    def take(bucket: str, now: datetime) -> tuple[int, float]:
        limit = limits()[bucket]
        # Half saved up and half flowing in: never more than the limit in any stretch of its length.
        half = limit.calls / 2
        tokens = max(1, min(_AT_ONCE, int(half / 10)))
        return tokens, store.budget.take(account, bucket, max(1.0, half), half / limit.seconds, now, tokens)

    def shut(bucket: str, until: datetime, now: datetime) -> None:
        store.budget.block_until(account, bucket, until, now)

    return Purse(take, shut, clock)


class Purse:
    """A few calls taken from the shared budget at once, one write for all of them; what is not used within a
    second is lost, so that the limit holds."""

    def __init__(
        self,
        take: Callable[[str, datetime], tuple[int, float]],
        shut: Callable[[str, datetime, datetime], None],
        clock: Clock,
    ) -> None:
        self._take = take
        self._shut = shut
        self._clock = clock
        self._left: dict[str, tuple[int, datetime]] = {}
        self._lock = Lock()

    def __call__(self, bucket: str) -> float:
        """Return 0 for a call that may be made now, else the seconds after which to ask again."""
        with self._lock:
            now = self._clock()
            left, until = self._left.get(bucket, (0, now))
            if not left or now >= until:
                left, wait = self._take(bucket, now)
                until = now + _GOOD_FOR
                if wait:
                    return wait
            self._left[bucket] = (left - 1, until)
            return 0.0

    def hold(self, bucket: str, seconds: float) -> None:
        """Empty it, and the shared budget for so many seconds: the CRM has said that it takes no call."""
        with self._lock:
            now = self._clock()
            self._left.pop(bucket, None)
            self._shut(bucket, now + timedelta(seconds=seconds), now)


def _observer(account: str, metrics: Metrics) -> Callable[[Call], None]:
    def observe(call: Call) -> None:
        route = f"{call.method} {call.route}"
        metrics.crm_calls.labels(account, route, str(call.status)).inc()
        metrics.crm_seconds.labels(account, route).observe(call.seconds)

    return observe
