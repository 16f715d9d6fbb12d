"""Three calls in ten fail, in every way that a CRM can fail: all is delivered, at what price in calls.

The same sales are worked off twice on a CRM in small, without faults and with them. Nothing waits in real
time: a pause of the product turns the clocks of both sides on. Embedded SQLite, one worker, one thread.
"""

import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from benchmarks.chaos_sales import Sales
from benchmarks.support import new_databases, options, print_json, report, without_brakes
from connector.adapters.base import Call, TaskSeen
from connector.adapters.hubspot import HubSpot
from connector.adapters.hubspot.events import hear, parse
from connector.app import App, utc_now
from connector.desk import Desk
from connector.effects import AddNote
from connector.mail import Mail
from connector.observe import configure_logging
from connector.settings import HubSpotAccount, read_settings
from connector.store import Ring
from connector.worker.drain import drain
from connector.worker.look import look
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultKind, FaultPlan
from sandbox.hubspot.events import Event
from sandbox.hubspot.kinds import TASK
from sandbox.hubspot.office import HubSpotOffice
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.subscriptions import Subscriptions, of_the_product

ROUNDS, DEALS = 74, 12  # deals a round
FAILING, SEED = 0.3, 7
_BETWEEN = 2.0  # seconds from round to round
_TRIES = 400  # rounds of waiting before something counts as undelivered
_SWITCHES = (
    Fault(FaultKind.RATE_LIMIT),
    Fault(FaultKind.ERROR),
    Fault(FaultKind.UNAVAILABLE),
    Fault(FaultKind.TIMEOUT),
    Fault(FaultKind.TIMEOUT, after=True),
    Fault(FaultKind.RESET),
    Fault(FaultKind.RESET, after=True),
    Fault(FaultKind.HTML),
    Fault(FaultKind.PARTIAL),
    Fault(FaultKind.EXPIRED_TOKEN),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. `calls` without `look_ups`: those that an unknown outcome asks for."""

    calls: int
    look_ups: int
    undelivered: int
    doubled: int


class Counted(HubSpot):
    """The adapter, which counts apart what it looks up after an unknown outcome."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, observe=self._count, budget=lambda _: 0.0)
        self.calls = Counter[str]()
        self._what = "calls"

    def tasks_of(self, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
        """Return our tasks of these deals; only asked for after an unknown outcome."""
        with self._looking_up():
            return super().tasks_of(deals)

    def notes_of(self, effects: Sequence[AddNote]) -> Mapping[str, str]:
        """Return the notes that are there; only asked for after an unknown outcome."""
        with self._looking_up():
            return super().notes_of(effects)

    @contextmanager
    def _looking_up(self) -> Iterator[None]:
        self._what = "look-ups"
        try:
            yield
        finally:
            self._what = "calls"

    def _count(self, _call: Call) -> None:
        self.calls[self._what] += 1


class Times:
    """The time of both sides, which a pause turns on, but never while the CRM is at work on a call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._passed = timedelta()
        self.quiet: Callable[[], bool] = lambda: True

    def now(self) -> datetime:
        """Return the time that the product sees."""
        return utc_now() + self._passed

    def sleep(self, seconds: float) -> None:
        """Let so much time pass at once."""
        until = time.monotonic() + 5
        while not self.quiet() and time.monotonic() < until:
            time.sleep(0.002)
        self._passed += timedelta(seconds=seconds)
        self._clock.advance(seconds)


class Ears:
    """What the webhooks would tell, translated as the edge does it; rung between two batches."""

    def __init__(self, crm: HubSpotSandbox, desk: Desk) -> None:
        setup = crm.account.setup
        self._subscriptions = Subscriptions(of_the_product(), setup.portal_id, setup.app_id)
        self._app_id, self._desk = setup.app_id, desk
        self._heard: deque[Ring] = deque()
        crm.account.listeners.append(self._hear)

    def ring(self) -> None:
        """Ring what was heard."""
        rings = {self._heard.popleft() for _ in range(len(self._heard))}
        self._desk.store.bells.ring(rings, self._desk.now())

    def _hear(self, event: Event) -> None:
        for read in parse(orjson.dumps(self._subscriptions.payloads(event, 1))).events:
            for rung in hear(read, self._app_id).rungs:
                self._heard.append((self._desk.account, rung.type, rung.id))


class _Nowhere:
    """Mails of the benchmark go nowhere."""

    def send(self, mail: Mail) -> None:
        """Take it and forget it."""

    def check(self) -> None:
        """Always well."""


def run(database: str, failing: float, rounds: int = ROUNDS) -> Outcome:
    """Work off all rounds of sales while this share of the calls fails."""
    plan = FaultPlan(seed=SEED, hold_s=2)
    with HubSpotSandbox(EMPTY, limits=Limits(burst=1_000_000), faults=plan) as crm:
        times = Times(crm.clock)
        with tempfile.TemporaryDirectory() as folder, _app(crm, database, Path(folder), times) as app:
            desk, adapter = app.desk(), app.desk().crm
            assert isinstance(adapter, Counted)
            adapter.calls.clear()
            crm.counters.reset()
            times.quiet = lambda: crm.counters.total().calls >= adapter.calls.total()
            plan.set(switches(failing))
            ids = _work(desk, crm, times, rounds)
            plan.clear()
            calls, look_ups = adapter.calls["calls"], adapter.calls["look-ups"]
            keys = Counter(task.values.get("dealgate_key") for task in crm.account.records.all(TASK))
            doubled = sum(count - 1 for count in keys.values())
            return Outcome(calls, look_ups, _undelivered(desk, ids), doubled)


def switches(failing: float) -> list[Fault]:
    """Return every switch at an equal share; each is asked only where the ones before it did not hit."""
    share = failing / len(_SWITCHES)
    return [
        Fault(one.kind, one.route, share / (1 - share * place), one.after)
        for place, one in enumerate(_SWITCHES)
    ]


def _work(desk: Desk, crm: HubSpotSandbox, times: Times, rounds: int) -> list[str]:
    """Sell on while what failed waits for its next try; at the end wait for all of it."""
    ears, ids = Ears(crm, desk), list[str]()
    for number in range(rounds):
        sales = Sales(HubSpotOffice(crm), DEALS, seed=number)
        for act in sales.acts():
            act()
        ids += sales.ids.values()
        _drain(desk, ears)
        times.sleep(_BETWEEN)
    for _ in range(_TRIES):
        _drain(desk, ears)
        left = desk.store.bells.backlog(desk.account, desk.now())
        if not (left.due or left.later or left.leased):
            break
        times.sleep(_BETWEEN)
    return ids


def _drain(desk: Desk, ears: Ears) -> None:
    ears.ring()
    while drain(desk):
        ears.ring()


def _undelivered(desk: Desk, ids: list[str]) -> int:
    """Count the effects that are still to come, that were given up, and the deals that were parked."""
    looked = look(desk, ids)
    refused, parked = desk.store.outbox.refused(desk.account), desk.store.bells.parked(desk.account)
    missing = sum(len(record.effects) for record in looked.records)
    return missing + len(refused) + len(parked) + len(looked.failed) + len(ids) - len(looked.records)


@contextmanager
def _app(crm: HubSpotSandbox, database: str, folder: Path, times: Times) -> Iterator[App]:
    environ = {
        "DATABASE_URL": database,
        "DEALGATE_POLICY": str(without_brakes("company", folder)),
        "DEALGATE_LOG_LEVEL": "error",
        "DEALGATE_CONNECT_TIMEOUT": "0.5",
        "DEALGATE_READ_TIMEOUT": "0.15",
        "DEALGATE_LEASE_SECONDS": "600",
        "HUBSPOT_ACCESS_TOKEN": crm.token,
        "HUBSPOT_CLIENT_SECRET": "benchmark-secret",
        "HUBSPOT_PORTAL_ID": str(crm.account.setup.portal_id),
        "HUBSPOT_APP_ID": str(crm.account.setup.app_id),
        "HUBSPOT_API_URL": crm.url,
    }

    def adapter(app: App, account: HubSpotAccount) -> Counted:
        return Counted(
            account=account.name,
            access_token=account.access_token,
            app_id=account.app_id,
            api_url=account.api_url,
            timeout=(app.settings.connect_timeout, app.settings.read_timeout),
            sleep=times.sleep,
            now=times.now,
        )

    with App.build(read_settings(environ, folder), clock=times.now) as app:
        app.mailer, app.make_crm = _Nowhere(), adapter
        app.start()
        desk = app.desk()
        desk.crm.install(desk.picture().wanted)
        yield app


def measure(rounds: int = ROUNDS) -> tuple[Outcome, Outcome]:
    """Return the run without faults and the one with them."""
    configure_logging(level="error", as_json=False)  # hundreds of warnings are the point
    with new_databases() as new_database:
        return run(new_database("sqlite"), 0.0, rounds), run(new_database("sqlite"), FAILING, rounds)


def main() -> None:
    """Run both, print a table, and the JSON where asked."""
    asked = options("Three calls in ten fail: what is delivered, and for how many calls.")
    ideal, faulty = measure(ROUNDS * (4 if asked.full else 1))
    ratio = faulty.calls / ideal.calls
    columns = ("run", "calls", "x ideal", "look-ups apart", "undelivered", "doubled tasks")
    rows = [
        (name, one.calls, one.calls / ideal.calls, one.look_ups, one.undelivered, one.doubled)
        for name, one in (("ideal", ideal), ("30 % of calls fail", faulty))
    ]
    report("Faults of the CRM", columns, rows)
    if asked.json:
        print_json({"undelivered": faulty.undelivered, "calls_ratio": round(ratio, 3)})


if __name__ == "__main__":
    main()
