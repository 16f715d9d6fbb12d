"""How much of the org's daily calls we take: a share, learned from the Sforce-Limit-Info of its answers.

Salesforce counts calls in the last 24 hours and has no limit a second:
https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta
"""

from collections.abc import Mapping
from typing import Any

from connector.adapters.budget import Limit

CALLS = "calls"
DAY = 86_400.0
NEARLY_ALL = 0.95
DAY_LIMIT_PAUSE = 900.0  # the count is of the last 24 hours, so a little comes free all the time
_SMALLEST = 15_000  # what a developer org is given: until the org says more


class Limits:
    """What we allow ourselves: `share` of the org's calls in 24 hours."""

    def __init__(self, share: float = 0.1) -> None:
        self._share = share
        self.used, self.total = 0, _SMALLEST

    def __getitem__(self, bucket: str) -> Limit:
        if bucket != CALLS:
            raise KeyError(bucket)
        return Limit(max(1, int(self.total * self._share)), DAY)

    def learn(self, usage: Mapping[str, Any]) -> None:
        """Take the org's own count, as simple-salesforce reads it from an answer."""
        told = usage.get("api-usage")
        if told is not None and told.total > 0:
            self.used, self.total = told.used, told.total

    @property
    def exhausted(self) -> bool:
        """Say whether so little is left that the customer's other tools need it more than we do."""
        return self.used >= self.total * NEARLY_ALL
