"""A desk: one CRM account with everything its work needs at hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from connector.adapters.base import Crm
from connector.deals import ObjectType
from connector.errors import DealgateError
from connector.mail import Mailer
from connector.observe import Metrics
from connector.picture import Picture, Pictures
from connector.settings import Settings
from connector.store.claims import Bell, Claim
from connector.store.records import DealRecord
from connector.store.store import Store

Clock = Callable[[], datetime]
log = structlog.get_logger()

_LONGEST_PAUSE = 300.0  # seconds between two tries of one record


@dataclass(slots=True)
class Desk:
    """One account at work. `now` is the clock; tests and the demo turn it."""

    account: str
    policy_file: Path
    crm: Crm
    store: Store
    metrics: Metrics
    mailer: Mailer
    settings: Settings
    now: Clock
    pictures: Pictures = field(init=False)

    def __post_init__(self) -> None:
        self.pictures = Pictures(self.account, self.policy_file, self.crm, self.store)

    def picture(self) -> Picture:
        """Return the account as it is now: live policy, pipelines, people, marks."""
        return self.pictures.now(self.now())

    def claim(self, kinds: frozenset[ObjectType]) -> Claim | None:
        """Lease one batch of due bells of these kinds."""
        return self.store.claims.take(
            self.account, kinds, self.crm.batch, self.settings.lease_seconds, self.now()
        )

    def extend(self, claim: Claim) -> None:
        """Keep the lease alive; LeaseLost where another worker has taken over."""
        self.store.claims.extend(claim, self.settings.lease_seconds, self.now())

    def retry_or_park(self, claim: Claim, bell: Bell, reason: str, message: str) -> None:
        """Try one failing record again later, and set it aside after too many failures."""
        log.error(
            "deal.failed", account=self.account, deal=bell.id, reason=reason, attempts=bell.attempts + 1
        )
        if bell.attempts + 1 >= self.settings.max_attempts:
            self.alarm("parked")
            self.store.claims.park(claim, [bell], reason, message, self.now())
            return
        due = self.now() + timedelta(seconds=pause(bell.attempts))
        self.store.claims.retry(claim, [bell], due, reason)

    def remembers_from(self) -> datetime:
        """Return the time before which things that are settled are forgotten."""
        return self.now() - timedelta(days=self.settings.keep_days)

    def alarm(self, reason: str, about: str = "") -> None:
        """Raise an alarm: counted, logged, and shown by `doctor`."""
        self.metrics.alarms.labels(self.account, reason).inc()
        log.warning("alarm", account=self.account, reason=reason, about=about)
        self.store.alarms.ring(self.account, reason, about, self.now())

    def alarms(self, lines: Iterable[str]) -> None:
        """Raise each alarm once: a kebab-case reason and what it is about."""
        for line in sorted(set(lines)):
            reason, _, about = line.partition(" ")
            self.alarm(reason, about)

    def calls(self) -> int:
        """Return how many calls to this account's CRM this process has made."""
        samples = (sample for family in self.metrics.crm_calls.collect() for sample in family.samples)
        mine = (
            one for one in samples if one.name.endswith("_total") and one.labels["account"] == self.account
        )
        return int(sum(one.value for one in mine))

    def counted(self, records: Sequence[DealRecord]) -> None:
        """Count the assessed deals by readiness."""
        counts = Counter(record.verdict.readiness.value for record in records)
        for readiness, count in counts.items():
            self.metrics.deals.labels(self.account, readiness).inc(count)


def pause(attempts: int, error: DealgateError | None = None) -> float:
    """Return the seconds until the next try: doubling from one second, never less than the CRM asks."""
    asked: float = getattr(error, "retry_after", 0.0) or 0.0
    return max(asked, min(_LONGEST_PAUSE, 2.0**attempts))
