"""HubSpot's call limits: 10 seconds rolling, a day, and search by the second (reference 5)."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.hubspot.errors import HubSpotError, rate_limited

_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of one account (Professional by default). `on` False counts and refuses nothing."""

    on: bool = True
    burst: int = 190
    interval_s: float = 10.0
    daily: int = 625_000
    search_per_s: int = 5


class RateLimit:
    """Counts calls in real time. Refused calls do not count. Guarded by the account's lock."""

    def __init__(self, limits: Limits, tell_time: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._now = tell_time
        self._calls: deque[float] = deque()
        self._searches: deque[float] = deque()
        self._today = 0
        self._day_began = tell_time()

    @property
    def used_today(self) -> int:
        return self._today

    def take(self, *, search: bool) -> Mapping[str, str]:
        """Count one call and return its headers, or refuse it. Search has its own limit and no headers."""
        if not self.limits.on:
            return {}
        now = self._now()
        self._turn_day(now)
        if self._today >= self.limits.daily:
            raise rate_limited("DAILY", "You have reached your daily limit.")
        if search:
            _admit(self._searches, now, 1.0, self.limits.search_per_s, _secondly)
            self._today += 1
            return {}
        _admit(self._calls, now, self.limits.interval_s, self.limits.burst, _ten_secondly)
        self._today += 1
        return self.headers()

    def headers(self) -> Mapping[str, str]:
        """Return the headers as they stand, for answers and refusals."""
        if not self.limits.on:
            return {}
        return {
            "X-HubSpot-RateLimit-Max": str(self.limits.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(0, self.limits.burst - len(self._calls))),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(int(self.limits.interval_s * 1000)),
            "X-HubSpot-RateLimit-Daily": str(self.limits.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.limits.daily - self._today)),
        }

    def _turn_day(self, now: float) -> None:
        if now - self._day_began >= _DAY_S:
            self._day_began, self._today = now, 0


def _admit(
    calls: deque[float], now: float, span: float, most: int, refuse: Callable[[], HubSpotError]
) -> None:
    while calls and now - calls[0] >= span:
        calls.popleft()
    if len(calls) >= most:
        raise refuse()
    calls.append(now)


def _secondly() -> HubSpotError:
    return rate_limited("SECONDLY", "You have reached your secondly limit.")


def _ten_secondly() -> HubSpotError:
    return rate_limited("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")
