"""The sweep: correctness does not depend on push. Whatever changed since the last one rings its bell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connector.adapters.base import Fate, Rung, TaskSeen
from connector.deals import ObjectType
from connector.desk import Desk
from connector.effects import CloseTask
from connector.store.jobs import Cursor, JobLease

# Search indexes lag behind writes by moments, and clocks differ: look a little further back each time.
_OVERLAP = timedelta(minutes=5)
_FIRST = timedelta(days=1)
_PATIENCE = timedelta(seconds=1)


Meanwhile = Callable[[Desk], object]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: bells rung, doubled tasks closed, and where the next one begins."""

    rung: int
    twins: int
    lease: JobLease
    cursor: Cursor


def sweep(
    desk: Desk, lease: JobLease, since: datetime | None = None, meanwhile: Meanwhile = lambda _: None
) -> Swept:
    """Ring everything that changed since the last sweep (or `since`), children and keyed tasks included.

    `meanwhile` is called between two pages, with a batch of bells rung or a second gone by: what webhooks
    ring must not wait for a sweep to end.
    """
    until = served_at = desk.now()
    start = since or _start(lease.cursor, until)
    rung = served = twins = 0
    for page in desk.crm.changed_since(start, until):
        rung += desk.store.bells.ring([(desk.account, one.type, one.id) for one in page], desk.now())
        twins += _close_twins(desk, page)
        if rung - served >= desk.crm.batch or desk.now() - served_at >= _PATIENCE:
            meanwhile(desk)
            served, served_at = rung, desk.now()
        lease = desk.store.jobs.keep(lease, lease.cursor, desk.settings.lease_seconds, desk.now())
    desk.crm.heartbeat(until)
    return Swept(rung, twins, lease, {"until": until.isoformat()})


def _start(cursor: Cursor, now: datetime) -> datetime:
    last = cursor.get("until")
    if not isinstance(last, str):
        return now - _FIRST
    return datetime.fromisoformat(last).astimezone(UTC) - _OVERLAP


def _close_twins(desk: Desk, page: Sequence[Rung]) -> int:
    """Close the younger of two open tasks with one key; the older one is on record."""
    ids = [one.id for one in page if one.type is ObjectType.TASK]
    tasks = [task for task in desk.crm.read_tasks(ids) if task.deal and not task.closed] if ids else []
    if not tasks:
        return 0
    refs = _recorded(desk, {task.deal for task in tasks if task.deal})
    twins = [task for task in tasks if refs.get(task.key, task.id) != task.id]
    fates = desk.crm.close_tasks([_closing(task) for task in twins]) if twins else ()
    return sum(fate.fate is Fate.DONE for fate in fates)


def _recorded(desk: Desk, deals: Iterable[str]) -> Mapping[str, str]:
    standings = desk.store.standings.of(desk.account, sorted(deals))
    return {key: ref for standing in standings.values() for key, ref in standing.done.items()}


def _closing(task: TaskSeen) -> CloseTask:
    return CloseTask(task.deal or "", f"close:{task.key}:{task.id}", task.id)
