"""Wire one CRM account to the shared rate budget, the metrics and the clock."""

from collections.abc import Callable
from datetime import datetime

from connector.adapters.base import Call
from connector.adapters.hubspot import HubSpot
from connector.observe import Metrics
from connector.settings import HubSpotAccount, Settings
from connector.store.store import Store


def hubspot(
    settings: Settings, account: HubSpotAccount, store: Store, metrics: Metrics, clock: Callable[[], datetime]
) -> HubSpot:
    """Return the adapter of one HubSpot account; no call is made yet."""

    def budget(bucket: str) -> float:
        limit = crm.limits[bucket]
        # Half saved up and half flowing in: never more than the limit in any stretch of its length.
        half = limit.calls / 2
        return store.budget.take(account.name, bucket, max(1.0, half), half / limit.seconds, clock())

    def observe(call: Call) -> None:
        route = f"{call.method} {call.route}"
        metrics.crm_calls.labels(account.name, route, str(call.status)).inc()
        metrics.crm_seconds.labels(account.name, route).observe(call.seconds)

    crm = HubSpot(
        account=account.name,
        access_token=account.access_token,
        app_id=account.app_id,
        api_url=account.api_url,
        timeout=(settings.connect_timeout, settings.read_timeout),
        budget=budget,
        observe=observe,
        now=clock,
    )
    return crm
