"""A company at work on a sandbox CRM: what people do there, and what they then see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connector.adapters.hubspot import HubSpot
from connector.app import App
from connector.commands.demo import policy
from connector.deals import ObjectType
from connector.demo.sides import HubSpotSide
from connector.demo.stage import Stage, on_stage
from connector.desk import Desk
from connector.mail import Mail
from connector.settings import HubSpotAccount, read_settings
from connector.standing import Signoff, Standing
from connector.store.alarms import Alarm
from connector.worker.clock import SWEEP
from connector.worker.drain import drain
from connector.worker.sweep import Swept, sweep
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.hubspot.acts import Acts
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.hubspot_deals import furnish, sell

MIA, TOM, LENA, OMAR = "9101", "9102", "9103", "9104"
ANNA, JAN, RUTH = "9120", "9121", "9130"
COMPANY = policy("company")
FAST = Limits(burst=1_000_000)  # the adapter learns it from the headers and never waits for its budget
SHORT = {  # for who waits until a call ends without an answer; a lease outlives the call
    "DEALGATE_CONNECT_TIMEOUT": "0.5",
    "DEALGATE_READ_TIMEOUT": "0.5",
    "DEALGATE_LEASE_SECONDS": "2",
    "DEALGATE_POLL_SECONDS": "0.05",
}
PATIENT = {  # for everybody else: a busy machine answers late, and that is no fault
    "DEALGATE_CONNECT_TIMEOUT": "20",
    "DEALGATE_READ_TIMEOUT": "20",
    "DEALGATE_LEASE_SECONDS": "60",
    "DEALGATE_POLL_SECONDS": "0.05",
}


@dataclass
class Letters:
    """A post office that keeps what it is given."""

    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)

    def check(self) -> None:
        """Always open."""


@dataclass
class Play:
    """One account. `settle` returns when everything that was done there is answered."""

    crm: HubSpotSandbox
    app: App
    letters: Letters
    settle: Callable[[], bool]
    stage: Stage | None = None

    @property
    def desk(self) -> Desk:
        return self.app.desk(self.app.accounts[0])

    def by(self, user: str) -> Acts:
        return self.crm.act_as(user)

    def sell(self, discount: int = 0, *, by: str = LENA, stage: str = "proposal", **values: str) -> str:
        """Create a complete deal with one product; an empty value leaves a field out."""
        return sell(self.crm, discount, by, dealstage=stage, **values)

    def discount(self, deal: str, percent: int, *, by: str = LENA) -> None:
        """Let somebody change the discount of the deal's line."""
        (line,) = self.crm.lines_of(deal)
        self.by(by).update_line(line, {"hs_discount_percentage": str(percent)})

    def badge(self, deal: str) -> str | None:
        return self.crm.deal(deal).get("ops_readiness")

    def reason(self, deal: str) -> str:
        return self.crm.deal(deal).get("ops_readiness_reason", "")

    def place(self, deal: str) -> str:
        return self.crm.deal(deal)["dealstage"]

    def tasks(
        self, deal: str, owner: str | None = None, *, done: bool = False
    ) -> dict[str, Mapping[str, str]]:
        """Return the open tasks of a deal (`done`: all of them), of one owner where named."""
        return {
            task: values
            for task, values in self.crm.tasks_of(deal).items()
            if (done or values.get("hs_task_status") != "COMPLETED")
            and owner in (None, values.get("hubspot_owner_id"))
        }

    def question(self, deal: str) -> str:
        """Return the one open task that asks for a decision."""
        (task,) = [
            task for task, one in self.tasks(deal).items() if one["hs_task_subject"].startswith("Decide")
        ]
        return task

    def subjects(self, deal: str, owner: str) -> list[str]:
        return [task["hs_task_subject"] for task in self.tasks(deal, owner, done=True).values()]

    def standing(self, deal: str) -> Standing:
        return self.desk.store.standings.of(self.desk.account, [deal])[deal]

    def signoffs(self, deal: str) -> tuple[Signoff, ...]:
        return self.standing(deal).signoffs

    def alarms(self) -> tuple[Alarm, ...]:
        return self.desk.store.alarms.recent(self.desk.account, self.desk.now(), timedelta(hours=1))

    def ring(self, *deals: str) -> None:
        """Say "look at these deals"."""
        rings = [(self.desk.account, ObjectType.DEAL, deal) for deal in deals]
        self.desk.store.bells.ring(rings, self.desk.now())

    def ring_task(self, task: str) -> None:
        self.desk.store.bells.ring([(self.desk.account, ObjectType.TASK, task)], self.desk.now())

    def look(self, *deals: str) -> None:
        """Ring and answer."""
        self.ring(*deals)
        assert self.settle()

    def sweep(self) -> Swept:
        """Take a sweep out of turn, and answer what it rings."""
        desk = self.desk
        lease = desk.store.jobs.seize(desk.account, SWEEP, 60, desk.now())
        assert lease is not None
        swept = sweep(desk, lease)
        desk.store.jobs.finish(swept.lease, swept.cursor, desk.now() + timedelta(hours=1), desk.now())
        assert self.settle()
        return swept

    def later(self, **time: float) -> None:
        """Turn the product's clock on."""
        passed, before = timedelta(**time), self.desk.now
        self.desk.now = lambda: before() + passed

    def writes(self) -> int:
        """Return how many calls so far changed something in the CRM."""
        routes = self.crm.calls.items()
        return sum(count for route, count in routes if route.endswith(("update", "create", "upsert")))

    def parked(self) -> Sequence[object]:
        return self.desk.store.bells.parked(self.desk.account)


@contextmanager
def staged(folder: Path, database_url: str, **extra: str) -> Iterator[Play]:
    """The whole product: webhooks over HTTP, worker in its threads."""
    letters = Letters()
    with (
        HubSpotSandbox(EMPTY, limits=FAST) as crm,
        on_stage(
            [HubSpotSide(crm)], COMPANY, folder, database_url=database_url, mailer=letters, extra=extra
        ) as stage,
    ):
        yield Play(crm, stage.app, letters, stage.settle, stage)


@contextmanager
def rehearsed(
    folder: Path, database_url: str, *, rules: Path = COMPANY, company: Company = EMPTY, **extra: str
) -> Iterator[Play]:
    """The product without its web server and threads: the test rings, and `settle` does the work."""
    with HubSpotSandbox(company, clock=Clock(speed=1000), limits=FAST) as crm:
        furnish(crm)
        environ = {**environment(crm, database_url, rules), **PATIENT, **extra}
        with App.build(read_settings(environ, folder)) as app:
            app.mailer = letters = Letters()
            app.make_crm = impatient
            app.start()
            desk = app.desk()
            yield Play(crm, app, letters, lambda: work(desk))


def environment(crm: HubSpotSandbox, database_url: str, rules: Path = COMPANY) -> dict[str, str]:
    """Return the settings of one account on this sandbox."""
    return {
        "DATABASE_URL": database_url,
        "DEALGATE_POLICY": str(rules),
        "DEALGATE_LOG_LEVEL": "error",
        **HubSpotSide(crm).environ(),
    }


def impatient(app: App, account: HubSpotAccount) -> HubSpot:
    """Return the adapter without its pauses: what it pauses for has gone by at once."""
    return HubSpot(
        account=account.name,
        access_token=account.access_token,
        app_id=account.app_id,
        api_url=account.api_url,
        timeout=(app.settings.connect_timeout, app.settings.read_timeout),
        budget=lambda _: 0.0,
        sleep=lambda _: None,
        now=app.clock,
    )


def work(desk: Desk) -> bool:
    """Do everything that is due; say whether nothing is left in hand."""
    while drain(desk):
        pass
    left = desk.store.bells.backlog(desk.account, desk.now())
    return not left.due and not left.leased


def with_brakes(folder: Path, **brakes: int) -> Path:
    """Write the company's policy with other brakes."""
    text = COMPANY.read_text(encoding="utf-8")
    line = ", ".join(f"{name.replace('_', '-')}-per-hour: {count}" for name, count in brakes.items())
    head, _, _ = text.partition("brakes:")
    path = folder / "braked.yaml"
    path.write_text(f"{head}brakes: {{{line}, move-back-minutes: 15}}\n", encoding="utf-8")
    return path


def now() -> datetime:
    return datetime.now(UTC)
