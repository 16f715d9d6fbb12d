"""Bells of tasks, line items, companies and contacts: what they say is kept, then their deals' bells ring."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from connector.adapters.base import Rung, TaskSeen
from connector.deals import ActorKind, ObjectType
from connector.desk import Desk
from connector.standing import Answer, AnswerKind
from connector.store.claims import Bell, Claim
from connector.worker.answers import answer_kind

CHILDREN = frozenset(ObjectType) - {ObjectType.DEAL}


def resolve(desk: Desk, claim: Claim) -> None:
    """Ring the deals behind one batch of children, and keep what was decided on tasks."""
    tasks = desk.crm.read_tasks([bell.id for bell in claim.bells if bell.type is ObjectType.TASK])
    behind = desk.crm.deals_behind([_rung(bell) for bell in claim.bells if bell.type is not ObjectType.TASK])
    deals = {task.deal for task in tasks if task.deal} | {deal for ids in behind.values() for deal in ids}
    _keep(desk, claim, tasks, deals)


def _keep(desk: Desk, claim: Claim, tasks: Iterable[TaskSeen], deals: Iterable[str]) -> None:
    """Store the answers, ring the deals and give the bells back: all in one transaction."""
    now = desk.now()
    rings = [(desk.account, ObjectType.DEAL, deal) for deal in deals]
    with desk.store.database.write() as together:
        desk.store.answers.add(desk.account, _answers(tasks, desk.remembers_from()), now, within=together)
        desk.store.claims.finish(claim, claim.bells, now, ring=rings, within=together)


def _answers(tasks: Iterable[TaskSeen], since: datetime) -> Iterator[Answer]:
    """Yield the decisions; older ones were counted when they were made, and that may be forgotten by now."""
    for task in tasks:
        answer = answer_on(task)
        if answer is not None and answer.at >= since:
            yield answer


def answer_on(task: TaskSeen) -> Answer | None:
    """Return the decision written on a task, not yet checked; a task merely closed is no decision."""
    kind = answer_kind(task.decision)
    if kind is None or task.deal is None or task.decided_at is None:
        return None
    proven = task.decided_by is not None and task.decided_by.kind is ActorKind.PERSON
    return Answer(
        id=f"task:{task.id}:{kind}:{int(task.decided_at.timestamp() * 1000)}",
        deal=task.deal,
        kind=kind,
        at=task.decided_at,
        limit=task.limit if kind is AnswerKind.UP_TO else None,
        note=task.note,
        user=task.decided_by.user if proven and task.decided_by else None,
        task=task.key,
    )


def _rung(bell: Bell) -> Rung:
    return Rung(bell.type, bell.id)
