"""How fast we may call: a share of HubSpot's limits, learned from its headers."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connector.adapters.hubspot.paths import Bucket

Budget = Callable[[str], float]
"""Take one call from a bucket: 0.0 when granted, else the seconds to wait before asking again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`calls` in any `seconds`."""

    calls: int
    seconds: float


class Limits:
    """What we allow ourselves: `share` of the app's burst limit, and 4 of the 5 searches a second."""

    def __init__(self, burst: int = 110, share: float = 0.8) -> None:
        self._share = share
        self._allowed = {
            Bucket.BURST: Limit(max(1, int(burst * share)), 10.0),
            Bucket.SEARCH: Limit(4, 1.0),
        }

    def __getitem__(self, bucket: str) -> Limit:
        return self._allowed[Bucket(bucket)]

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take the account's own limit from an answer: 100 to 250 in 10 seconds, by tier and kind of app."""
        most = headers.get("x-hubspot-ratelimit-max", "")
        span = headers.get("x-hubspot-ratelimit-interval-milliseconds", "")
        if most.isdecimal() and span.isdecimal() and int(most) and int(span):
            self._allowed[Bucket.BURST] = Limit(max(1, int(int(most) * self._share)), int(span) / 1000)


class LocalBudget:
    """A budget for one process alone; several processes share the store's row instead."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._free_at: dict[str, list[float]] = {}

    def __call__(self, bucket: str) -> float:
        """Grant while fewer than the limit's calls lie inside its seconds."""
        limit, now = self._limits[bucket], time.monotonic()
        with self._lock:
            taken = [at for at in self._free_at.get(bucket, ()) if at > now]
            if len(taken) < limit.calls:
                taken.append(now + limit.seconds)
                wait = 0.0
            else:
                wait = taken[-limit.calls] - now
            self._free_at[bucket] = taken
        return wait
