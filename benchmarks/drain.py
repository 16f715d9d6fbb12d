"""How fast the worker answers what was rung: 20,000 events on 5,000 deals, the CRM answering at once.

The policy is that of crm_sales; every deal is read with its line items, assessed, kept and written, every
tenth asks somebody (history read, task, mail). `--full` adds the generated company under its own policy:
two gates and checklists, three lines a deal, a third of the histories. Only the brakes are out of the way,
since one hour's tasks are made in seconds; the rate budget is asked before every call, and grants it. Time
runs from the first claim until nothing is due any more. Two workers are two processes, on SQLite too. The
figure is the fastest run, for what else the machine does can only take away; the slowest stands beside it.
"""

import math
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.drain_crm import TOKEN, CannedCrm
from benchmarks.drain_deals import POLICY, sellers
from benchmarks.support import Json, Options, new_databases, options, print_json, report
from connector.app import App, utc_now
from connector.deals import ObjectType
from connector.demo.stage import Silent
from connector.desk import Desk
from connector.drafts import publish, read_draft
from connector.observe import configure_logging
from connector.picture import wanted
from connector.settings import Settings, read_settings
from connector.worker.drain import drain
from connector.worker.run import collect_seldom
from sandbox.company import Company
from sandbox.generator import generate

COMPANY = POLICY.with_name("company.yaml")
ENGINES = ("sqlite", "postgresql")
WORKERS = (1, 2)
DEALS, EVENTS = 5_000, 20_000
_ACCOUNT = "hubspot"
_NO_BRAKES = "brakes: {tasks-per-hour: 100000, mails-per-hour: 100000, moves-per-hour: 100000}"
_EVENTS_A_BODY = 100
_LONGEST = 120  # seconds that a run may take
_fork = multiprocessing.get_context("fork")  # workers begin with what the CRM says in memory


@dataclass(frozen=True, slots=True)
class Measured:
    """One engine and number of workers: deals a second of each run, and what the last one came to."""

    engine: str
    workers: int
    rates: tuple[float, ...]
    outcome: Mapping[str, int]

    @property
    def rate(self) -> float:
        return max(self.rates)


@dataclass(frozen=True, slots=True)
class Runs:
    """How often to run: `most` times, but none begins later than so many seconds after the first."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Work:
    """What all runs share: the CRM, the policy file, and how many events ring."""

    name: str
    crm: CannedCrm
    policy: Path
    events: int


def main(asked: Options) -> None:
    """Measure both engines with one worker and with two; print a table, and the JSON where asked."""
    configure_logging(level="error", as_json=False)
    runs = Runs(6, math.inf) if asked.full else Runs(2, 4.0)
    with tempfile.TemporaryDirectory(prefix="dealgate-bench-") as folder, new_databases() as new_database:
        measured = _measure_all(prepare(sellers(DEALS), POLICY, EVENTS, Path(folder)), new_database, runs)
        if asked.full:
            company = generate(DEALS, seed=1, now_ms=int(time.time() * 1000))
            _measure_all(prepare(company, COMPANY, EVENTS, Path(folder)), new_database, runs)
    if asked.json:
        print_json(result(measured))


def _measure_all(work: Work, new_database: Callable[[str], str], runs: Runs) -> list[Measured]:
    measured = [
        measure(work, engine, new_database, workers, runs) for engine in ENGINES for workers in WORKERS
    ]
    columns = ("engine", "workers", "deals/s, fastest run", "slowest", "runs")
    rows = [(one.engine, one.workers, one.rate, min(one.rates), len(one.rates)) for one in measured]
    report(f"{work.name}: {work.events} events on {len(work.crm.deals)} deals", columns, rows)
    report("What the deals came to", ("", "deals"), list(measured[0].outcome.items()))
    return measured


def result(measured: Iterable[Measured]) -> Json:
    """Return what machines read."""
    rates: dict[str, dict[str, float]] = {}
    for one in measured:
        rates.setdefault(one.engine, {})[f"deals_s_{one.workers}"] = round(one.rate)
    return rates


def prepare(company: Company, policy: Path, events: int, folder: Path) -> Work:
    """Make the CRM that says what the company holds, and the policy without brakes."""
    unbraked = folder / policy.name
    text = re.sub(r"^brakes:.*\n", "", policy.read_text("utf-8"), flags=re.MULTILINE)
    unbraked.write_text(f"{text}\n{_NO_BRAKES}\n", "utf-8")
    crm = CannedCrm(company)
    crm.learn(wanted(read_draft(unbraked).policy))
    return Work(policy.stem, crm, unbraked, events)


def measure(
    work: Work, engine: str, new_database: Callable[[str], str], workers: int, runs: Runs
) -> Measured:
    """Let so many processes do the work, each time on a new database."""
    until = time.monotonic() + runs.seconds
    rates: list[float] = []
    while not rates or (len(rates) < runs.most and time.monotonic() < until):
        settings = _settings(work, new_database(engine))
        rates.append(_run(work, settings, workers))
    return Measured(engine, workers, tuple(rates), _outcome(settings))


def _run(work: Work, settings: Settings, workers: int) -> float:
    """Ring the bells and let so many processes answer them; return deals a second."""
    with App.build(settings) as app:
        # The gates are older than the oldest deal, so that no deal is let through as older than them.
        long_ago = utc_now() - timedelta(days=365)
        app.store.accounts.enrol(_ACCOUNT, long_ago)
        publish(app.store, _ACCOUNT, read_draft(work.policy), long_ago, author="benchmark")
        _ring(app, work)
    together = _fork.Barrier(workers)
    said: SimpleQueue[tuple[float, float]] = _fork.SimpleQueue()
    processes = [_fork.Process(target=_answer, args=(work, settings, together, said)) for _ in range(workers)]
    for one in processes:
        one.start()
    for one in processes:
        one.join(_LONGEST)
    if any(one.exitcode != 0 for one in processes):
        raise RuntimeError("A worker failed.")
    times = [said.get() for _ in processes]
    return len(work.crm.deals) / (max(end for _, end in times) - min(start for start, _ in times))


def _ring(app: App, work: Work) -> None:
    chance = random.Random(1)
    deals = [*work.crm.deals, *chance.choices(work.crm.deals, k=work.events - len(work.crm.deals))]
    chance.shuffle(deals)
    for start in range(0, len(deals), _EVENTS_A_BODY):
        rings = [(_ACCOUNT, ObjectType.DEAL, deal) for deal in deals[start : start + _EVENTS_A_BODY]]
        app.store.bells.ring(rings, utc_now())


def _answer(
    work: Work, settings: Settings, together: Barrier, said: SimpleQueue[tuple[float, float]]
) -> None:
    """Be one worker: begin with the others, end when nothing is due; say from when to when."""
    with App.build(settings) as app:
        app.mailer = Silent()
        collect_seldom()  # as every worker does
        desk = _desk(app, work)
        together.wait(_LONGEST)
        started = time.monotonic()
        while drain(desk):
            pass
        said.put((started, time.monotonic()))


def _desk(app: App, work: Work) -> Desk:
    """Return the desk with what is read once in ten minutes already read."""
    with work.crm.instead_of_http():
        desk = app.desk()
    desk.crm.read_deals(work.crm.deals[:1], desk.picture().wanted)
    return desk


def _outcome(settings: Settings) -> Mapping[str, int]:
    """Say what the deals came to; work left behind is an error."""
    with App.build(settings) as app:
        left = app.store.bells.backlog(_ACCOUNT, utc_now())
        if left.due or left.later or left.leased or left.parked:
            raise RuntimeError(f"The workers left work behind: {left}")
        readiness = app.store.views.readiness(_ACCOUNT)
        asked = app.store.views.signoffs(_ACCOUNT, limit=10**6)
    return {**{one.value: count for one, count in readiness.items() if count}, "asked": len(asked)}


def _settings(work: Work, database: str) -> Settings:
    environ = {
        "DATABASE_URL": database,
        "DEALGATE_POLICY": str(work.policy),
        "DEALGATE_LOG_LEVEL": "error",
        "HUBSPOT_ACCESS_TOKEN": TOKEN,
        "HUBSPOT_CLIENT_SECRET": "unused",
        "HUBSPOT_PORTAL_ID": "4242001",
        "HUBSPOT_APP_ID": "77001",
        "HUBSPOT_API_URL": "http://127.0.0.1:9",  # nobody is called
    }
    return read_settings(environ, work.policy.parent)


if __name__ == "__main__":
    main(options("Deals a second that the worker answers, the CRM answering at once."))
