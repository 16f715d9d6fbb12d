"""How fast we may call: a share of HubSpot's limits, learned from its headers."""

from collections.abc import Mapping

from connector.adapters.budget import Limit
from connector.adapters.hubspot.paths import Bucket

SEARCHES = 4  # a second, of the 5 that an account has; no header tells them


class Limits:
    """What we allow ourselves: `share` of the app's burst limit, and most of the searches."""

    def __init__(self, burst: int = 110, share: float = 0.8) -> None:
        self._share = share
        self._allowed = {
            Bucket.BURST: Limit(max(1, int(burst * share)), 10.0),
            Bucket.SEARCH: Limit(SEARCHES, 1.0),
        }

    def __getitem__(self, bucket: str) -> Limit:
        return self._allowed[Bucket(bucket)]

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take the account's own limit from an answer: 100 to 250 in 10 seconds, by tier and kind of app."""
        most = headers.get("x-hubspot-ratelimit-max", "")
        span = headers.get("x-hubspot-ratelimit-interval-milliseconds", "")
        if most.isdecimal() and span.isdecimal() and int(most) and int(span):
            self._allowed[Bucket.BURST] = Limit(max(1, int(int(most) * self._share)), int(span) / 1000)
