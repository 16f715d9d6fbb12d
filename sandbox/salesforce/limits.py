"""API calls of the last 24 hours, and the header that tells of them (reference 5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.salesforce.errors import limit_exceeded

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Enterprise Edition with 20 seats by default. `used` were made before. `on` False refuses nothing."""

    on: bool = True
    daily: int = 120_000
    used: int = 0


class Usage:
    """Counts calls. Guarded by the org's lock."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self._clock = clock
        self._used = limits.used
        self._began = clock.now_ms()

    def take(self) -> None:
        """Count one call, or refuse it. Refused calls do not count."""
        now = self._clock.now_ms()
        if now - self._began >= _DAY_MS:
            self._began, self._used = now, 0
        if self.limits.on and self._used >= self.limits.daily:
            raise limit_exceeded()
        self._used += 1

    @property
    def remaining(self) -> int:
        return max(0, self.limits.daily - self._used)

    def headers(self) -> Mapping[str, str]:
        return {"Sforce-Limit-Info": f"api-usage={self._used}/{self.limits.daily}"}
