"""Kill the worker, again and again, while approvers decide: no answer is lost or counted twice.

As in `chaos`, both CRMs in small stand in this process, web server and worker are processes of their own.
The worker, and some of the commands, end by SIGKILL at random moments while they have deals in hand. First
everybody is asked in peace; then answers come by task, by mail link and by command, and at the end the
record, the ledger and the CRM's tasks are held against what was said.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from benchmarks.chaos import MANY_KILLS, Plan, act, company, lost, settle
from benchmarks.chaos_approvers import SECRET, Approvers, Said
from benchmarks.support import Json, new_databases, options, print_json, process, report
from connector.app import App
from connector.demo.sides import Side
from connector.settings import read_settings
from connector.signoffs.answers import DECIDING
from connector.standing import Answer, AnswerKind, Signoff, SignoffState
from connector.store.encode import decode
from connector.store.tables import answers, bells
from sandbox.office import Task

DEALS, MANY_DEALS = 60, 300
_NOWHERE = "/nonexistent"
_PATIENCE, _LONGEST = 1.5, 0.12  # seconds: until there is work, and into it
_ENDS = {AnswerKind.YES: "ready", AnswerKind.UP_TO: "needs-info", AnswerKind.NO: "blocked"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One CRM. `in_hand`: kills that met the worker at work. `lost` answers are on no record or were never
    heard; `twice`: answers that were heard more than once, deals with more than one decision; `wrong`: deals
    whose state, badge or notices are not those of the answer that counted; `doubled` tasks have one key;
    `orphaned`: deals with a task that nobody waits for, or without one where somebody does; `broken`: what
    the ledger has wrong, in words."""

    in_hand: int
    said: int
    counted: int
    refused: int
    lost: int
    twice: int
    wrong: int
    doubled: int
    orphaned: int
    broken: tuple[str, ...]

    @property
    def faults(self) -> int:
        return self.lost + self.twice + self.wrong + self.doubled + self.orphaned + len(self.broken)


def measure(plan: Plan) -> Mapping[str, Outcome]:
    """Return what came of all answers, for each CRM."""
    with new_databases() as new_database:
        return run(plan, new_database(plan.engine))


def run(plan: Plan, database: str) -> Mapping[str, Outcome]:
    """Ask about every deal, then let people answer while the one worker of all dies so many times."""
    with company(database, tampered=plan.kills > 0, extra={"DEALGATE_LINK_SECRET": SECRET}) as (
        cast,
        environ,
    ):
        url = f"http://{environ['DEALGATE_BIND']}"
        people = {
            side.account: Approvers(side.office, side.account, url, environ, plan.deals, plan.seed)
            for side in cast
        }
        settings = read_settings(environ, Path(_NOWHERE))
        with process("benchmarks.chaos_worker", environ=environ) as worker, App.build(settings) as app:
            for one in people.values():
                one.sell()
            settle(cast, app)
            for one in people.values():
                one.read_tasks()
            strikes = Strikes(app, random.Random(plan.seed))
            act(list(people.values()), worker, plan.kills, plan.seed, strikes)
            for one in people.values():
                one.join()
            settle(cast, app)
            return {side.account: _outcome(app, side, people[side.account], strikes) for side in cast}


@dataclass
class Strikes:
    """Choose the moment of each kill: while the worker has something in hand, where there is anything.
    `in_hand` counts those that met it so; leases of workers that are dead already are no work."""

    app: App
    chance: random.Random
    in_hand: int = 0
    _dead: set[str] = field(default_factory=set)

    def __call__(self, _dies_at: float) -> None:
        end = time.monotonic() + _PATIENCE
        while not self._held() - self._dead and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, _LONGEST))
        held = self._held()
        self.in_hand += bool(held - self._dead)
        self._dead |= held

    def _held(self) -> set[str]:
        query = select(bells.c.token).where(bells.c.token.is_not(None)).distinct()
        with self.app.store.database.read() as transaction:
            return {token for token in transaction.scalars(query) if token}


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record: the decisions that were kept, by id; what the ledger says became of them, and the
    moves of each deal's sign-offs, both in order."""

    kept: Mapping[str, Answer]
    waiting: frozenset[str]
    heard: Mapping[str, Sequence[Mapping[str, Any]]]
    events: Mapping[str, Sequence[str]]


def _outcome(app: App, side: Side, people: Approvers, strikes: Strikes) -> Outcome:
    record = _record(app, side.account)
    tasks = {number: side.office.tasks(deal) for number, deal in people.ids.items()}
    keys = Counter(task.key for found in tasks.values() for task in found)
    told = [body for bodies in record.heard.values() for body in bodies]
    standings = app.store.standings.of(side.account, list(people.ids.values()))
    return Outcome(
        in_hand=strikes.in_hand,
        said=len(record.kept),
        counted=sum(body["counted"] for body in told),
        refused=sum(not body["counted"] for body in told),
        lost=_lost(people.said, record),
        twice=_twice(record),
        wrong=sum(
            _is_wrong(standings[deal].signoffs, side.office.page(deal).readiness, tasks[number], record, deal)
            for number, deal in people.ids.items()
        ),
        doubled=sum(count - 1 for count in keys.values()),
        orphaned=lost(app, side, list(people.ids.values()), tasks),
        broken=tuple(_broken(app, side.account, record)),
    )


def _record(app: App, account: str) -> Record:
    with app.store.database.read() as transaction:
        rows = transaction.execute(
            select(answers.c.body, answers.c.consumed_at).where(answers.c.account == account)
        ).all()
    kept = {one.id: one for body, _ in rows if (one := decode(Answer, body)).kind in DECIDING}
    heard: dict[str, list[Mapping[str, Any]]] = {}
    events: dict[str, list[str]] = {}
    for entry, _ in app.store.ledger.told(account):
        body = orjson.loads(entry.body)
        if entry.kind == "decision" and body["kind"] in DECIDING:
            heard.setdefault(body["answer"], []).append(body)
            events.setdefault(entry.deal or "", []).append("decision")
        if entry.kind == "sign-off":
            events.setdefault(entry.deal or "", []).append(body["event"])
    waiting = frozenset(decode(Answer, body).id for body, consumed_at in rows if consumed_at is None)
    return Record(kept, waiting, heard, events)


def _lost(said: Iterable[Said], record: Record) -> int:
    """Count the answers that were taken and are not on record, and those on record that nobody has heard."""
    known = Counter((one.deal, one.kind, way) for one in record.kept.values() for way in _ways(one))
    given = Counter((one.deal, one.kind, one.way) for one in said if one.sure)
    unheard = set(record.kept) - set(record.heard)
    return sum((given - known).values()) + len(unheard | record.waiting)


def _ways(answer: Answer) -> Iterator[str]:
    yield answer.id.partition(":")[0] + ":"


def _twice(record: Record) -> int:
    """Count the answers that were heard again, and the deals that were decided more than once."""
    again = sum(len(bodies) - 1 for bodies in record.heard.values())
    decided = (sum(event in {"yes", "no"} for event in events) for events in record.events.values())
    return again + sum(max(0, count - 1) for count in decided)


def _is_wrong(
    signoffs: Sequence[Signoff], badge: str, tasks: Sequence[Task], record: Record, deal: str
) -> bool:
    """Say whether a deal does not show the one answer that counted, or somebody was told otherwise."""
    told = [
        body
        for bodies in record.heard.values()
        for body in bodies
        if record.kept[body["answer"]].deal == deal
    ]
    counted = [AnswerKind(body["kind"]) for body in told if body["counted"]]
    if len(counted) != 1 or len(signoffs) != 1:
        return True
    wanted = SignoffState.REJECTED if counted[0] is AnswerKind.NO else SignoffState.APPROVED
    news = sum(task.key.startswith("told:") for task in tasks)
    excuses = sum(task.key.startswith("refused:") for task in tasks)
    shown = (signoffs[0].state, badge, news, excuses)
    return shown != (wanted, _ENDS[counted[0]], 1, len(told) - 1)


def _broken(app: App, account: str, record: Record) -> Iterator[str]:
    problem = app.store.ledger.verify(account).problem
    if problem:
        yield problem
    for deal, events in record.events.items():
        if [event for event in events if event in {"asked", "yes", "no"}][:1] != ["asked"]:
            yield f"{deal} was decided before it was asked"


def main() -> None:
    """Run it, print a table, and the JSON where asked; exit 1 unless all came out right."""
    asked = options("Kill the worker at random while approvers answer: no answer is lost or counted twice.")
    plan = Plan(MANY_DEALS, MANY_KILLS) if asked.full else Plan(DEALS)
    found = measure(plan)
    rows = [(crm, plan.deals, plan.kills, *_figures(one).values()) for crm, one in found.items()]
    columns = ("CRM", "deals", "kills", *_figures(next(iter(found.values()))))
    report("Approvers answer, the worker is killed on PostgreSQL", columns, rows)
    if asked.json:
        figures: dict[str, Json] = {crm: _figures(one) for crm, one in found.items()}
        print_json({**figures, "kills": plan.kills})
    raise SystemExit(1 if any(one.faults for one in found.values()) else 0)


def _figures(one: Outcome) -> dict[str, int]:
    return {
        "in hand": one.in_hand,
        "answers": one.said,
        "counted": one.counted,
        "refused": one.refused,
        "lost": one.lost,
        "twice": one.twice,
        "wrong": one.wrong,
        "doubled": one.doubled,
        "orphaned": one.orphaned,
        "ledger": len(one.broken),
    }


if __name__ == "__main__":
    main()
