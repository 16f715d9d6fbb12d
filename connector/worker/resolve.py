"""Bells of tasks, line items, companies and contacts: what they say is kept, then their deals' bells ring."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from connector.adapters.base import Rung, TaskSeen
from connector.deals import ActorKind, ObjectType
from connector.desk import Desk
from connector.standing import Answer, AnswerKind
from connector.store.claims import Bell, Claim
from connector.worker.answers import answer_kind

_GRANTS = frozenset({AnswerKind.YES, AnswerKind.UP_TO})

CHILDREN = frozenset(ObjectType) - {ObjectType.DEAL}


def resolve(desk: Desk, claim: Claim) -> None:
    """Ring the deals behind one batch of children, and keep what was decided on tasks."""
    asked_for = [bell.id for bell in claim.bells if bell.type is ObjectType.TASK]
    tasks = desk.crm.read_tasks(asked_for)
    behind = desk.crm.deals_behind([_rung(bell) for bell in claim.bells if bell.type is not ObjectType.TASK])
    deals = {task.deal for task in tasks if task.deal} | {deal for ids in behind.values() for deal in ids}
    gone = desk.store.standings.cards(desk.account, set(asked_for) - {task.id for task in tasks})
    facts = [*_lost(gone, desk.now()), *_handled(desk, tasks)]
    _keep(desk, claim, tasks, deals | {one.deal for one in facts}, facts)


def _keep(
    desk: Desk, claim: Claim, tasks: Iterable[TaskSeen], deals: Iterable[str], facts: Iterable[Answer]
) -> None:
    """Store the answers, ring the deals and give the bells back: all in one transaction."""
    now = desk.now()
    rings = [(desk.account, ObjectType.DEAL, deal) for deal in deals]
    with desk.store.database.write() as together:
        given = (*_answers(tasks, desk.remembers_from()), *facts)
        desk.store.answers.add(desk.account, given, now, within=together)
        desk.store.claims.finish(claim, claim.bells, now, ring=rings, within=together)


def _answers(tasks: Iterable[TaskSeen], since: datetime) -> Iterator[Answer]:
    """Yield the decisions; older ones were counted when they were made, and that may be forgotten by now."""
    for task in tasks:
        answer = answer_on(task)
        if answer is not None and answer.at >= since:
            yield answer


def _lost(gone: Iterable[tuple[str, str, str]], now: datetime) -> Iterator[Answer]:
    """Yield that a task that asked for a decision was deleted."""
    for deal, key, task in gone:
        yield Answer(f"task:{task}:gone", deal, AnswerKind.CLOSED, now, task=key)


def _handled(desk: Desk, tasks: Iterable[TaskSeen]) -> Iterator[Answer]:
    """Yield what was done to open questions' tasks other than deciding: closed, or given to another owner.
    Whether anybody still waits for it is for the count to say."""
    undecided = [task for task in tasks if task.deal and task.decision is None]
    ours = {ref for _, _, ref in desk.store.standings.cards(desk.account, [task.id for task in undecided])}
    asking = [task for task in undecided if task.id in ours]
    if not asking:
        return
    directory, now = desk.picture().context.directory, desk.now()
    for task in asking:
        person = task.key.split(":", 2)[2].rpartition(":")[0]
        user = directory.user_of.get(person)
        owner = user.owner if user is not None else directory.queues.get(person)
        if task.closed:
            yield Answer(f"task:{task.id}:closed", task.deal or "", AnswerKind.CLOSED, now, task=task.key)
        elif task.owner and owner and task.owner != owner:
            name = f"task:{task.id}:owner:{task.owner}"
            yield Answer(name, task.deal or "", AnswerKind.PASSED_ON, now, note=task.owner, task=task.key)


def answer_on(task: TaskSeen) -> Answer | None:
    """Return the decision written on a task, not yet checked; a task merely closed is no decision."""
    kind = answer_kind(task.decision)
    if kind is None or task.deal is None or task.decided_at is None:
        return None
    limit = task.limit if kind is AnswerKind.UP_TO else None
    decided = str(kind) if limit is None else f"{kind}:{limit.normalize():f}"
    proven = task.decided_by is not None and task.decided_by.kind is ActorKind.PERSON
    return Answer(
        id=f"task:{task.id}:{decided}:{int(task.decided_at.timestamp() * 1000)}",
        deal=task.deal,
        kind=kind,
        at=task.decided_at,
        limit=limit,
        note=task.note,
        until=task.until if kind in _GRANTS else None,
        user=task.decided_by.user if proven and task.decided_by else None,
        task=task.key,
    )


def _rung(bell: Bell) -> Rung:
    return Rung(bell.type, bell.id)
