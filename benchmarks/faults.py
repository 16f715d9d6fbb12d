"""Three calls in ten fail, in every way that a CRM can fail: all is delivered, at what price in calls.

The same sales are worked off twice on a CRM in small, without faults and with them. Nothing waits in real
time: a pause of the product turns the clocks of both sides on. Embedded SQLite, one worker, one thread.
"""

import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, assert_never

import orjson

from benchmarks.chaos_sales import Sales
from benchmarks.support import Json, new_databases, options, print_json, report, without_brakes
from connector.adapters.base import Call, Crm, TaskSeen
from connector.adapters.hubspot.crm import HubSpot
from connector.adapters.hubspot.events import hear, parse
from connector.adapters.salesforce.crm import Salesforce
from connector.adapters.salesforce.login import ClientCredentials
from connector.app import App, utc_now
from connector.deals import ObjectType
from connector.demo.cast import CRMS, sides
from connector.demo.sides import HubSpotSide, SalesforceSide, Side
from connector.desk import Desk
from connector.effects import AddNote
from connector.mail import Mail
from connector.observe import configure_logging
from connector.settings import Account, HubSpotAccount, SalesforceAccount, read_settings
from connector.store import Ring
from connector.worker.drain import drain
from connector.worker.look import look
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultKind, FaultPlan
from sandbox.hubspot.events import Event
from sandbox.hubspot.subscriptions import Subscriptions, of_the_product

DEALS = 3  # a round: calls are counted, and a batch of three costs as many as one of twelve
ROUNDS_OF = {"hubspot": 78, "salesforce": 124}  # each for more than 1,000 calls
_KINDS = {"Opportunity": ObjectType.DEAL, "Task": ObjectType.TASK}
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


class _Counts:
    """Mixed into an adapter: counts apart what it looks up after an unknown outcome."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, observe=self._count, budget=lambda _: 0.0)  # type: ignore[call-arg]
        self.calls = Counter[str]()
        self._what = "calls"

    def tasks_of(self, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
        """Return our tasks of these deals; only asked for after an unknown outcome."""
        with self._looking_up():
            return super().tasks_of(deals)  # type: ignore[misc, no-any-return]

    def notes_of(self, effects: Sequence[AddNote]) -> Mapping[str, str]:
        """Return the notes that are there; only asked for after an unknown outcome."""
        with self._looking_up():
            return super().notes_of(effects)  # type: ignore[misc, no-any-return]

    @contextmanager
    def _looking_up(self) -> Iterator[None]:
        self._what = "look-ups"
        try:
            yield
        finally:
            self._what = "calls"

    def _count(self, call: Call) -> None:
        if "oauth2" not in call.route:
            self.calls[self._what] += 1


class CountedHubSpot(_Counts, HubSpot):
    """HubSpot's adapter, counted."""


class CountedSalesforce(_Counts, Salesforce):
    """Salesforce's adapter, counted. Signing in is no call of the API."""


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
    """What the CRM would tell, translated as the edge does it; rung between two batches."""

    def __init__(self, side: Side, desk: Desk) -> None:
        self._desk = desk
        self._heard: deque[Ring] = deque()
        if isinstance(side, HubSpotSide):
            setup = side.crm.account.setup
            self._subscriptions = Subscriptions(of_the_product(), setup.portal_id, setup.app_id)
            self._app_id = setup.app_id
            side.crm.account.listeners.append(self._hear)
        elif isinstance(side, SalesforceSide):
            side.crm.overhear(lambda kind, record: self._take(_KINDS[kind], record))

    def ring(self) -> None:
        """Ring what was heard."""
        rings = {self._heard.popleft() for _ in range(len(self._heard))}
        self._desk.store.bells.ring(rings, self._desk.now())

    def _hear(self, event: Event) -> None:
        for read in parse(orjson.dumps(self._subscriptions.payloads(event, 1))).events:
            for rung in hear(read, self._app_id).rungs:
                self._take(rung.type, rung.id)

    def _take(self, kind: ObjectType, record: str) -> None:
        self._heard.append((self._desk.account, kind, record))


class _Nowhere:
    """Mails of the benchmark go nowhere."""

    def send(self, mail: Mail) -> None:
        """Take it and forget it."""

    def check(self) -> None:
        """Always well."""


def run(crm: str, database: str, failing: float, rounds: int) -> Outcome:
    """Work off all rounds of sales in one CRM while this share of the calls fails."""
    plan = FaultPlan(seed=SEED, hold_s=2)
    with sides(EMPTY, (crm,), faults=plan) as (side,), tempfile.TemporaryDirectory() as folder:
        side.lift_limits()
        times = Times(side.crm.clock)
        with _app(side, database, Path(folder), times) as app:
            desk, adapter = app.desk(), app.desk().crm
            assert isinstance(adapter, _Counts)
            adapter.calls.clear()
            side.reset_calls()
            times.quiet = lambda: side.crm.counters.total().calls >= adapter.calls.total()
            plan.set(switches(failing))
            ids = _work(desk, side, times, rounds)
            plan.clear()
            calls, look_ups = adapter.calls["calls"], adapter.calls["look-ups"]
            keys = Counter(task.key for deal in ids for task in side.office.tasks(deal))
            doubled = sum(count - 1 for count in keys.values())
            return Outcome(calls, look_ups, _undelivered(desk, ids), doubled)


def switches(failing: float) -> list[Fault]:
    """Return every switch at an equal share; each is asked only where the ones before it did not hit."""
    share = failing / len(_SWITCHES)
    return [
        Fault(one.kind, one.route, share / (1 - share * place), one.after)
        for place, one in enumerate(_SWITCHES)
    ]


def _work(desk: Desk, side: Side, times: Times, rounds: int) -> list[str]:
    """Sell on while what failed waits for its next try; at the end wait for all of it."""
    ears, ids = Ears(side, desk), list[str]()
    for number in range(rounds):
        sales = Sales(side.office, DEALS, seed=number)
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
def _app(side: Side, database: str, folder: Path, times: Times) -> Iterator[App]:
    environ = {
        "DATABASE_URL": database,
        "DEALGATE_POLICY": str(without_brakes("company", folder)),
        "DEALGATE_LOG_LEVEL": "error",
        "DEALGATE_CONNECT_TIMEOUT": "0.5",
        "DEALGATE_READ_TIMEOUT": "0.15",
        "DEALGATE_LEASE_SECONDS": "600",
        **side.environ(),
    }
    settings = read_settings(environ, folder)
    with App.build(settings, clock=times.now) as app:
        app.mailer, app.make_crm = _Nowhere(), lambda app, account: _adapter(app, account, times)
        app.start()
        side.provision(app.desk(), settings.public_url)
        yield app


def _adapter(app: App, account: Account, times: Times) -> Crm:
    common: Mapping[str, Any] = {
        "account": account.name,
        "timeout": (app.settings.connect_timeout, app.settings.read_timeout),
        "sleep": times.sleep,
        "now": times.now,
    }
    match account:
        case HubSpotAccount():
            return CountedHubSpot(
                access_token=account.access_token, app_id=account.app_id, api_url=account.api_url, **common
            )
        case SalesforceAccount():
            grant = ClientCredentials(account.client_id, account.client_secret or "")
            return CountedSalesforce(url=account.url, org_id=account.org_id, grant=grant, **common)
        case _:
            assert_never(account)


def measure(crm: str, rounds: int) -> tuple[Outcome, Outcome]:
    """Return the run without faults and the one with them."""
    configure_logging(level="error", as_json=False)  # hundreds of warnings are the point
    with new_databases() as new_database:
        ideal = run(crm, new_database("sqlite"), 0.0, rounds)
        return ideal, run(crm, new_database("sqlite"), FAILING, rounds)


def main() -> None:
    """Run both in each CRM, print a table, and the JSON where asked."""
    asked = options("Three calls in ten fail: what is delivered, and for how many calls.")
    rows, figures = list[tuple[object, ...]](), dict[str, Json]()
    undelivered, worst = 0, 0.0
    rounds = [ROUNDS_OF[crm] * (4 if asked.full else 1) for crm in CRMS]
    with ProcessPoolExecutor(len(CRMS)) as pool:  # they wait much, and know nothing of each other
        measured = list(pool.map(measure, CRMS, rounds))
    for crm, (ideal, faulty) in zip(CRMS, measured, strict=True):
        ratio = faulty.calls / ideal.calls
        rows += [
            (name, one.calls, one.calls / ideal.calls, one.look_ups, one.undelivered, one.doubled)
            for name, one in ((f"{crm}, ideal", ideal), (f"{crm}, 30 % of calls fail", faulty))
        ]
        figures[crm] = {"undelivered": faulty.undelivered, "calls_ratio": round(ratio, 3)}
        undelivered, worst = undelivered + faulty.undelivered, max(worst, ratio)
    columns = ("run", "calls", "x ideal", "look-ups apart", "undelivered", "doubled tasks")
    report("Faults of the CRM", columns, rows)
    if asked.json:
        print_json({"undelivered": undelivered, "calls_ratio": round(worst, 3), **figures})


if __name__ == "__main__":
    main()
