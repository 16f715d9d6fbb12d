"""Kill the worker, again and again, while a company sells: nothing is lost, nobody is asked twice.

The CRM in small stands in this process; the web server and the worker are processes of their own on one
PostgreSQL, and the worker ends by SIGKILL at random moments. Webhooks come twice and late. Then everything is
compared with a run of the same acts in which nothing went wrong, and with what the product says should show.
"""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.chaos_sales import Act, Sales
from benchmarks.support import (
    await_line,
    await_port,
    free_port,
    new_databases,
    options,
    print_json,
    process,
    report,
    without_brakes,
)
from connector.app import App, utc_now
from connector.settings import read_settings
from connector.worker.look import look
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.hubspot.kinds import TASK
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.webhooks import WebhookTarget

DEALS = 600  # some 17.5 events each, and the doubled ones
KILLS, MANY_KILLS = 10, 100
SECRET = "benchmark-secret"
_DUPLICATES, _DISORDER = 0.04, 0.06  # each of these is a request of its own
_LIVES = (0.05, 0.9)  # seconds that a worker lives
_SETTLE = 120.0
_SHORT = {
    "DEALGATE_CONNECT_TIMEOUT": "1",
    "DEALGATE_READ_TIMEOUT": "2",
    "DEALGATE_LEASE_SECONDS": "3.5",
    "DEALGATE_POLL_SECONDS": "0.1",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. `lost` are deals that do not show, or are not asked, exactly what they should.

    `asked` are the people with an open decision task, `told` the notices of a move back, by deal. Deals that
    lack data at the end are left out of `asked`: a question put while the data was there stays open, and
    whether anybody looked in that moment is a matter of time.
    """

    events: int
    kills: int
    lost: int
    doubled: int
    badges: Mapping[int, str]
    asked: Mapping[int, frozenset[str]]
    told: Mapping[int, int]
    tasks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sold, how often the worker dies, on which database."""

    deals: int = DEALS
    kills: int = KILLS
    engine: str = "postgresql"
    seed: int = 1


def measure(plan: Plan) -> tuple[Outcome, Outcome]:
    """Return the clean run and the one with the kills."""
    clean = Plan(plan.deals, 0, plan.engine, plan.seed)
    with new_databases() as new_database:
        return run(clean, new_database(plan.engine)), run(plan, new_database(plan.engine))


def run(plan: Plan, database: str) -> Outcome:
    """Sell everything while the worker dies so many times, wait until all is answered, and count."""
    started = time.monotonic()
    with company(database, tampered=plan.kills > 0) as (crm, environ):
        sales = Sales(crm, plan.deals, plan.seed)
        with process("benchmarks.chaos_worker", environ=environ) as worker:
            sell(sales, worker, plan)
            with App.build(read_settings(environ, Path("/nonexistent"))) as app:
                settle(crm, app)
                lost = _lost(app, sales)
        assert crm.webhooks is not None
        events = crm.webhooks.delivered.events
        keys = Counter(task.values.get("dealgate_key") for task in crm.account.records.all(TASK))
    return Outcome(
        events=events,
        kills=plan.kills,
        lost=lost,
        doubled=sum(count - 1 for count in keys.values()),
        badges={number: _badge(crm, deal) for number, deal in sales.ids.items()},
        asked=_asked(crm, sales),
        told=_told(crm, sales),
        tasks=len(keys),
        seconds=time.monotonic() - started,
    )


@contextmanager
def company(database: str, *, tampered: bool) -> Iterator[tuple[HubSpotSandbox, Mapping[str, str]]]:
    """Start the CRM and the web server that hears it; yield the CRM and its workers' settings."""
    limits, clock = Limits(burst=1_000_000), Clock(speed=10)
    with HubSpotSandbox(EMPTY, limits=limits, clock=clock) as crm, ExitStack() as stack:
        port = free_port()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dealgate-chaos-")))
        environ = _environ(crm, database, port, without_brakes("company", folder))
        stack.enter_context(process("benchmarks.ingest_server", "product", environ=environ))
        with App.build(read_settings(environ, Path("/nonexistent"))) as app:
            app.start()
            desk = app.desk()
            desk.crm.install(desk.picture().wanted)
        await_port(port)
        url = f"http://127.0.0.1:{port}/webhooks/hubspot"
        target = WebhookTarget(url, SECRET)
        crm.subscribe(replace(target, duplicates=_DUPLICATES, disorder=_DISORDER) if tampered else target)
        yield crm, environ


def sell(sales: Sales, worker: "subprocess.Popen[str]", plan: Plan) -> None:
    """Do the acts in as many parts as there are kills; the worker dies at random in each of them."""
    chance = random.Random(plan.seed)
    acts = list(sales.acts())
    pid = _pid(worker)
    for part in _parts(acts, plan.kills):
        dies_at = time.monotonic() + chance.uniform(*_LIVES)
        for act in part:
            act()
        time.sleep(max(0.0, dies_at - time.monotonic()))
        os.kill(pid, signal.SIGKILL)
        pid = _pid(worker)


def settle(crm: HubSpotSandbox, app: App) -> None:
    """Wait until every event is delivered and every bell answered, those for later too."""
    end = time.monotonic() + _SETTLE
    name = app.accounts[0]
    while time.monotonic() < end:
        idle = crm.wait_webhooks_idle(1)
        left = app.store.bells.backlog(name, utc_now())
        if idle and not (left.due or left.later or left.leased):
            return
        time.sleep(0.1)


def _parts(acts: list[Act], kills: int) -> Iterator[list[Act]]:
    """Yield the acts in equal parts, one for each kill; the rest of them, or all, are done at the end."""
    size = len(acts) // (kills + 1)
    for start in range(0, size * kills, size):
        yield acts[start : start + size]
    for act in acts[size * kills :]:
        act()


def _pid(worker: "subprocess.Popen[str]") -> int:
    return int(await_line(worker, "working").split()[1])


def _lost(app: App, sales: Sales) -> int:
    """Count the deals whose last change was not answered: something is still to be shown or asked."""
    desk, ids = app.desk(), list(sales.ids.values())
    looked = look(desk, ids)
    unfinished = {record.deal for record in looked.records if record.effects} | set(looked.failed)
    waiting = desk.store.views.signoffs(desk.account, limit=10**6)
    wanted = {(deal, person, str(one.cycle)) for deal, one in waiting for person in one.asked}
    wrong = {deal for deal, *_ in wanted ^ set(_open_questions(sales.crm))}
    return len(unfinished | wrong) + len(set(ids) - {record.deal for record in looked.records})


def _open_questions(crm: HubSpotSandbox) -> Iterator[tuple[str, str, str]]:
    """Yield deal, person and cycle of every decision task that is not closed."""
    for task in crm.account.records.all(TASK):
        _, deal, *card = (task.values.get("dealgate_key") or "").split(":")
        if len(card) == 2 and task.values.get("hs_task_status") != "COMPLETED":
            yield deal, card[0], card[1]


def _asked(crm: HubSpotSandbox, sales: Sales) -> Mapping[int, frozenset[str]]:
    waiting = list(_open_questions(crm))
    return {
        number: frozenset(person for of, person, _ in waiting if of == deal)
        for number, deal in sales.ids.items()
        if crm.deal(deal).get("ops_readiness") != "needs-info"
    }


def _told(crm: HubSpotSandbox, sales: Sales) -> Mapping[int, int]:
    keys = [(task.values.get("dealgate_key") or "").split(":") for task in crm.account.records.all(TASK)]
    moves = Counter(deal for kind, _, deal, *_ in keys if kind == "move")
    return {number: moves[deal] for number, deal in sales.ids.items()}


def _badge(crm: HubSpotSandbox, deal: str) -> str:
    shown = crm.deal(deal)
    return f"{shown['dealstage']} {shown.get('ops_readiness')} {shown.get('ops_blocked_stages', '')}"


def _environ(crm: HubSpotSandbox, database: str, port: int, rules: Path) -> Mapping[str, str]:
    return {
        **_SHORT,
        "DATABASE_URL": database,
        "DEALGATE_POLICY": str(rules),
        "DEALGATE_BIND": f"127.0.0.1:{port}",
        "DEALGATE_LOG_LEVEL": "error",
        "HUBSPOT_ACCESS_TOKEN": crm.token,
        "HUBSPOT_CLIENT_SECRET": SECRET,
        "HUBSPOT_PORTAL_ID": str(crm.account.setup.portal_id),
        "HUBSPOT_APP_ID": str(crm.account.setup.app_id),
        "HUBSPOT_API_URL": crm.url,
    }


def wrong_badges(clean: Outcome, killed: Outcome) -> int:
    """Count the deals that do not end as in the clean run."""
    return sum(killed.badges.get(number) != badge for number, badge in clean.badges.items())


def wrongly_asked(clean: Outcome, killed: Outcome) -> int:
    """Count the deals of which other people are asked, or told otherwise, than in the clean run."""
    numbers = clean.badges.keys()
    return sum(
        (clean.asked.get(number), clean.told[number]) != (killed.asked.get(number), killed.told.get(number))
        for number in numbers
    )


def _row(name: str, one: Outcome, wrong: tuple[int, int]) -> tuple[object, ...]:
    counts = (one.events, one.kills, len(one.badges), one.tasks, one.lost, one.doubled)
    return (name, *counts, *wrong, one.seconds)


def main() -> None:
    """Run both, print a table, and the JSON where asked; exit 1 unless all came out right."""
    asked = options("Kill the worker at random: nothing is lost, nobody is asked twice.")
    clean, killed = measure(Plan(kills=MANY_KILLS if asked.full else KILLS))
    wrong, astray = wrong_badges(clean, killed), wrongly_asked(clean, killed)
    counts = ("events", "kills", "deals", "tasks", "lost", "doubled tasks", "wrong badges", "wrongly asked")
    rows = [_row("clean", clean, (0, 0)), _row("killed", killed, (wrong, astray))]
    report("Workers killed on PostgreSQL", ("run", *counts, "seconds"), rows)
    if asked.json:
        figures = {"lost": killed.lost + astray, "doubled": killed.doubled, "wrong_badges": wrong}
        print_json({"hubspot": figures, "kills": killed.kills})
    raise SystemExit(1 if killed.lost or killed.doubled or wrong or astray else 0)


if __name__ == "__main__":
    main()
