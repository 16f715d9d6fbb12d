"""One product at work for every CRM: people do the same in each, and what each then shows is compared."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.support import without_brakes
from connector.commands.demo import policy
from connector.demo.cast import sides
from connector.demo.sides import Side
from connector.demo.stage import Silent, Stage, on_stage
from connector.desk import Desk
from connector.worker.clock import SWEEP
from sandbox.brightline import EMPTY
from sandbox.clock import StillClock
from sandbox.company import Company, Deal
from sandbox.office import Office, Refused

COMPANY = policy("company")
_EXTRA = {"DEALGATE_WEB_THREADS": "8", "DEALGATE_POLL_SECONDS": "0.02"}
_LATE_MS = 900

Act = Callable[[Office, str], None]


@dataclass
class House:
    """The stage, and the id of each deal in each CRM. Nobody works while people act."""

    stage: Stage
    clock: StillClock
    ids: dict[str, dict[str, str]] = field(default_factory=dict)  # by account, then by the deal's key
    refused: dict[tuple[str, str], str] = field(
        default_factory=dict
    )  # by account and key, the stage it was in

    @property
    def sides(self) -> tuple[Side, ...]:
        return self.stage.sides

    def creates(self, user: str, deal: Deal) -> None:
        """Create a deal in every CRM, at the same time."""
        self.clock.advance(1)
        self.creates_at_once(user, deal)

    def creates_at_once(self, user: str, deal: Deal) -> None:
        """Create a deal in every CRM, while the time stands still."""
        for side in self.sides:
            self.ids.setdefault(side.account, {})[deal.key] = side.office.create(user, deal)

    def does(self, key: str, act: Act) -> None:
        """Do the same with a deal in every CRM, at the same time."""
        self.clock.advance(1)
        for side in self.sides:
            try:
                act(side.office, self.ids[side.account][key])
            except Refused:
                stage = side.office.page(self.ids[side.account][key]).stage
                self.refused.setdefault((side.account, key), stage)

    def settle(self) -> None:
        """Let the worker answer everything."""
        self.clock.advance(5)
        self.stage.start()
        try:
            assert self.stage.settle()
        finally:
            self.stage.worker.stop()


@contextmanager
def open_house(
    folder: Path, database_url: str, company: Company = EMPTY, extra: Mapping[str, str] | None = None
) -> Iterator[House]:
    """Start every CRM with this company, and the product without its worker, late in a second."""
    clock = StillClock(int(datetime.now(UTC).timestamp()) * 1000 + _LATE_MS, speed=1000)
    with (
        sides(company, clock=clock) as cast,
        on_stage(
            cast,
            without_brakes("company", folder),
            folder,
            database_url=database_url,
            mailer=Silent(),
            extra={**_EXTRA, **(extra or {})},
            working=False,
            clock=lambda: datetime.fromtimestamp(clock.now_ms() / 1000, UTC),
        ) as stage,
    ):
        for side in cast:
            side.lift_limits()
            put_off_sweep(stage.desk(side))
        yield House(stage, clock)


def put_off_sweep(desk: Desk) -> None:
    """Leave the sweep for another day: it would wait for a clock that stands still."""
    lease = desk.store.jobs.seize(desk.account, SWEEP, 60, desk.now())
    assert lease is not None
    desk.store.jobs.finish(lease, {}, desk.now() + timedelta(days=1), desk.now())
