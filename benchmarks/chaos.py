"""Kill the worker, again and again, while a company sells: nothing is lost, nobody is asked twice.

Both CRMs in small stand in this process; the web server and the worker are processes of their own on one
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from benchmarks.chaos_sales import Act, Sales
from benchmarks.support import (
    Json,
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
from connector.demo.cast import sides
from connector.demo.sides import CLEAR, Line, Side
from connector.settings import read_settings
from connector.worker.look import look
from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.office import Task

DEALS = 540  # in HubSpot: some 18 events each, and the doubled ones
_SHARE = {"salesforce": 0.75}  # of these deals, at 10 events each: both fit into the time
KILLS, MANY_KILLS = 10, 100
_BAD_LINE = Line(duplicates=0.04, disorder=0.06)  # each of these is a request of its own
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


class Acting(Protocol):
    """What people do in one CRM, in order."""

    def acts(self) -> Iterator[Act]: ...


Outcomes = Mapping[str, Outcome]  # by CRM
Tasks = Mapping[int, Sequence[Task]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sold, how often the worker dies, on which database."""

    deals: int = DEALS
    kills: int = KILLS
    engine: str = "postgresql"
    seed: int = 1


def measure(plan: Plan) -> tuple[Outcomes, Outcomes]:
    """Return the clean run and the one with the kills, for each CRM."""
    clean = replace(plan, kills=0)
    with new_databases() as new_database:
        return run(clean, new_database(plan.engine)), run(plan, new_database(plan.engine))


def run(plan: Plan, database: str) -> Outcomes:
    """Sell everything in every CRM while the one worker of all dies so many times; wait, and count."""
    started = time.monotonic()
    with company(database, tampered=plan.kills > 0) as (cast, environ):
        sales = {side.account: _sales(side, plan) for side in cast}
        with process("benchmarks.chaos_worker", environ=environ) as worker:
            act(list(sales.values()), worker, plan.kills, plan.seed)
            with App.build(read_settings(environ, Path("/nonexistent"))) as app:
                settle(cast, app)
                for one in sales.values():
                    one.try_again()
                settle(cast, app)
                seconds = time.monotonic() - started
                return {
                    side.account: _outcome(app, side, sales[side.account], plan, seconds) for side in cast
                }


def _outcome(app: App, side: Side, sales: Sales, plan: Plan, seconds: float) -> Outcome:
    tasks = {number: side.office.tasks(deal) for number, deal in sales.ids.items()}
    keys = Counter(task.key for found in tasks.values() for task in found)
    return Outcome(
        events=side.told(),
        kills=plan.kills,
        lost=lost(app, side, list(sales.ids.values()), tasks),
        doubled=sum(count - 1 for count in keys.values()),
        badges={number: _badge(side, deal) for number, deal in sales.ids.items()},
        asked=_asked(side, sales, tasks),
        told={number: _moves(found) for number, found in tasks.items() if number not in sales.refused},
        tasks=len(keys),
        seconds=seconds,
    )


def _sales(side: Side, plan: Plan) -> Sales:
    return Sales(side.office, round(plan.deals * _SHARE.get(side.account, 1)), plan.seed)


def _mixed(sales: Sequence[Sequence[Act]]) -> list[Act]:
    """Return all acts in one order, in which every CRM begins and ends at the same time."""
    placed = [
        (place / len(acts), number, one)
        for number, acts in enumerate(sales)
        for place, one in enumerate(acts)
    ]
    return [one for _, _, one in sorted(placed, key=itemgetter(0, 1))]


@contextmanager
def company(
    database: str, *, tampered: bool, extra: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[tuple[Side, ...], Mapping[str, str]]]:
    """Start the CRMs and the web server that hears them; yield both, and the worker's settings."""
    with sides(EMPTY, clock=Clock(speed=10)) as cast, ExitStack() as stack:
        port = free_port()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dealgate-chaos-")))
        environ = {**_environ(cast, database, port, without_brakes("company", folder)), **extra}
        stack.enter_context(process("benchmarks.ingest_server", "product", environ=environ))
        url = f"http://127.0.0.1:{port}"
        with App.build(read_settings(environ, Path("/nonexistent"))) as app:
            app.start()
            for side in cast:
                side.lift_limits()
                side.provision(app.desk(side.account), url)
        await_port(port)
        for side in cast:
            side.listen(url, _BAD_LINE if tampered else CLEAR)
        yield cast, environ
        for side in cast:
            side.hang_up()


def _sleep_until(dies_at: float) -> None:
    time.sleep(max(0.0, dies_at - time.monotonic()))


def act(
    people: Sequence[Acting],
    worker: "subprocess.Popen[str]",
    kills: int,
    seed: int,
    moment: Callable[[float], None] = _sleep_until,
) -> None:
    """Do the acts in as many parts as there are kills; the worker dies at random in each of them, when
    `moment` returns: it gets the time at which this life should end."""
    chance = random.Random(seed)
    acts = _mixed([list(one.acts()) for one in people])
    pid = _pid(worker)
    for part in _parts(acts, kills):
        dies_at = time.monotonic() + chance.uniform(*_LIVES)
        for one in part:
            one()
        moment(dies_at)
        os.kill(pid, signal.SIGKILL)
        pid = _pid(worker)


def settle(cast: Sequence[Side], app: App) -> None:
    """Wait until every event is delivered and every bell answered, those for later too."""
    end = time.monotonic() + _SETTLE
    while time.monotonic() < end:
        idle = all(side.office.wait_idle(1) for side in cast)
        left = [app.store.bells.backlog(side.account, utc_now()) for side in cast]
        if idle and not any(one.due or one.later or one.leased for one in left):
            return
        time.sleep(0.1)


def _parts(acts: list[Act], kills: int) -> Iterator[list[Act]]:
    """Yield the acts in equal parts, one for each kill; the rest of them, or all, are done at the end."""
    size = len(acts) // (kills + 1)
    for start in range(0, size * kills, size):
        yield acts[start : start + size]
    for one in acts[size * kills :]:
        one()


def _pid(worker: "subprocess.Popen[str]") -> int:
    return int(await_line(worker, "working").split()[1])


def lost(app: App, side: Side, ids: Sequence[str], tasks: Tasks) -> int:
    """Count the deals whose last change was not answered: something is still to be shown or asked, or a task
    asks what nobody wants to know any more."""
    desk = app.desk(side.account)
    looked = look(desk, ids)
    unfinished = {record.deal for record in looked.records if record.effects} | set(looked.failed)
    waiting = desk.store.views.signoffs(desk.account, limit=10**6)
    wanted = {(deal, person, str(one.cycle)) for deal, one in waiting for person in one.asked}
    wrong = {deal for deal, *_ in wanted ^ set(_open_questions(tasks))}
    return len(unfinished | wrong) + len(set(ids) - {record.deal for record in looked.records})


def _open_questions(tasks: Tasks) -> Iterator[tuple[str, str, str]]:
    """Yield deal, person and cycle of every decision task that is not closed."""
    for task in (one for found in tasks.values() for one in found):
        _, deal, *card = task.key.split(":")
        if len(card) == 2 and not task.closed:
            yield deal, card[0], card[1]


def _asked(side: Side, sales: Sales, tasks: Tasks) -> Mapping[int, frozenset[str]]:
    waiting = list(_open_questions(tasks))
    return {
        number: frozenset(person for of, person, _ in waiting if of == deal)
        for number, deal in sales.ids.items()
        if side.office.page(deal).readiness != "needs-info"
    }


def _moves(tasks: Sequence[Task]) -> int:
    return sum(task.key.startswith("move:") for task in tasks)


def _badge(side: Side, deal: str) -> str:
    shown = side.office.page(deal)
    return f"{shown.stage} {shown.readiness} {shown.blocked_stages}"


def _environ(cast: Sequence[Side], database: str, port: int, rules: Path) -> Mapping[str, str]:
    environ = {
        **_SHORT,
        "DATABASE_URL": database,
        "DEALGATE_POLICY": str(rules),
        "DEALGATE_BIND": f"127.0.0.1:{port}",
        "DEALGATE_LOG_LEVEL": "error",
    }
    for side in cast:
        environ |= side.environ()
    return environ


def wrong_badges(clean: Outcome, killed: Outcome) -> int:
    """Count the deals that do not end as in the clean run."""
    return sum(killed.badges.get(number) != badge for number, badge in clean.badges.items())


def wrongly_asked(clean: Outcome, killed: Outcome) -> int:
    """Count the deals of which other people are asked, or told otherwise, than in the clean run. Whether a
    rule refused a move or we took it back is a matter of time, and so is what its rep was told."""
    moved = clean.told.keys() & killed.told.keys()
    return sum(
        clean.asked.get(number) != killed.asked.get(number)
        or (number in moved and clean.told[number] != killed.told[number])
        for number in clean.badges
    )


def _row(name: str, one: Outcome, wrong: tuple[int, int]) -> tuple[object, ...]:
    counts = (one.events, one.kills, len(one.badges), one.tasks, one.lost, one.doubled)
    return (name, *counts, *wrong, one.seconds)


def main() -> None:
    """Run both, print a table, and the JSON where asked; exit 1 unless all came out right."""
    asked = options("Kill the worker at random: nothing is lost, nobody is asked twice.")
    plan = Plan(kills=MANY_KILLS if asked.full else KILLS)
    clean, killed = measure(plan)
    rows, figures, wrong = list[tuple[object, ...]](), dict[str, Json](), 0
    for crm, one in killed.items():
        badges, astray = wrong_badges(clean[crm], one), wrongly_asked(clean[crm], one)
        rows += [_row(f"{crm}, clean", clean[crm], (0, 0)), _row(f"{crm}, killed", one, (badges, astray))]
        figures[crm] = {"lost": one.lost + astray, "doubled": one.doubled, "wrong_badges": badges}
        wrong += one.lost + astray + one.doubled + badges
    counts = ("events", "kills", "deals", "tasks", "lost", "doubled tasks", "wrong badges", "wrongly asked")
    report("One worker for both CRMs, killed on PostgreSQL", ("run", *counts, "seconds"), rows)
    if asked.json:
        print_json({**figures, "kills": plan.kills})
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
