"""Our tasks in HubSpot: made once for each key, closed, and read with the provable actor of the decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector.adapters.base import Delivery, Fate, TaskSeen, is_ours, still_there
from connector.adapters.hubspot.actors import actor, newest
from connector.adapters.hubspot.batches import Row, linked_ids, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.fields import TASK_DECISION, TASK_KEY, TASK_LIMIT, TASK_NOTE
from connector.adapters.hubspot.html import paragraphs
from connector.adapters.hubspot.parsing import instant, moment, number
from connector.adapters.hubspot.paths import BATCH_CREATE, BATCH_UPDATE
from connector.adapters.hubspot.writes import deliver
from connector.effects import CloseTask, CreateTask, EmptyAnswer

KIND = "tasks"
_TO_DEAL = 216  # https://developers.hubspot.com/docs/api-reference: task to deal
_CLOSED = "COMPLETED"
_PROPERTIES = ("hs_task_status", "hubspot_owner_id", TASK_KEY, TASK_DECISION, TASK_LIMIT, TASK_NOTE)
_DECIDING = (TASK_DECISION, TASK_LIMIT)


def create_tasks(client: Client, effects: Sequence[CreateTask]) -> tuple[Delivery, ...]:
    """Create tasks on their deals, 100 a call; never sent twice."""
    return deliver(client, BATCH_CREATE, KIND, [_new(effect) for effect in effects], known_by=TASK_KEY)


def close_tasks(client: Client, effects: Sequence[CloseTask]) -> tuple[Delivery, ...]:
    """Complete tasks; one that somebody deleted is closed too."""
    rows = [{"id": effect.task, "properties": {"hs_task_status": _CLOSED}} for effect in effects]
    fates = deliver(client, BATCH_UPDATE, KIND, rows)
    return tuple(
        Delivery(Fate.DONE, reason=fate.reason) if fate.fate is Fate.STALE else fate for fate in fates
    )


def empty_answers(
    client: Client, app_id: str, account: str, effects: Sequence[EmptyAnswer]
) -> tuple[Delivery, ...]:
    """Empty decisions that did not count; one that somebody wrote since is left to be heard."""
    seen = {task.id: task for task in read_tasks(client, app_id, account, [one.task for one in effects])}
    old = [one for one in effects if still_there(one, seen.get(one.task))]
    rows = [
        {"id": one.task, "properties": dict.fromkeys((TASK_DECISION, TASK_LIMIT, TASK_NOTE), "")}
        for one in old
    ]
    fates = dict(zip((one.key for one in old), deliver(client, BATCH_UPDATE, KIND, rows), strict=True))
    return tuple(fates.get(one.key, Delivery(Fate.STALE, reason="decided-anew")) for one in effects)


def read_tasks(client: Client, app_id: str, account: str, ids: Sequence[str]) -> tuple[TaskSeen, ...]:
    """Return those of the tasks that carry a key of this account, with their deals."""
    ours = _ours(client, account, ids)
    deals = (
        {task: linked_ids(rows) for task, rows in links(client, KIND, "deals", ours).items()} if ours else {}
    )
    return _seen(client, app_id, ours, {task: found[0] for task, found in deals.items() if found})


def tasks_of(client: Client, app_id: str, account: str, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
    """Return our tasks of these deals by their associations, which do not lag as search does."""
    deal_of: dict[str, str] = {}
    for deal, rows in links(client, "deals", KIND, deals).items():
        for task in linked_ids(rows):
            deal_of.setdefault(task, deal)
    return _seen(client, app_id, _ours(client, account, tuple(deal_of)), deal_of)


def _ours(client: Client, account: str, ids: Sequence[str]) -> dict[str, Row]:
    rows = read(client, KIND, ids, _PROPERTIES)
    return {str(row["id"]): row for row in rows if is_ours(account, row["properties"].get(TASK_KEY) or "")}


def _seen(
    client: Client, app_id: str, tasks: Mapping[str, Row], deal_of: Mapping[str, str]
) -> tuple[TaskSeen, ...]:
    decided = [task for task, row in tasks.items() if row["properties"].get(TASK_DECISION)]
    rows = read(client, KIND, decided, _PROPERTIES, _DECIDING) if decided else ()
    told = {str(row["id"]): row for row in rows}
    return tuple(_task(told.get(task, row), deal_of.get(task), app_id) for task, row in tasks.items())


def _task(row: Row, deal: str | None, app_id: str) -> TaskSeen:
    properties = row["properties"]
    entry = _deciding_entry(row)
    return TaskSeen(
        id=str(row["id"]),
        key=properties[TASK_KEY],
        deal=deal,
        closed=properties.get("hs_task_status") == _CLOSED,
        owner=properties.get("hubspot_owner_id") or None,
        decision=properties.get(TASK_DECISION) or None,
        limit=number(properties.get(TASK_LIMIT)),
        note=properties.get(TASK_NOTE) or "",
        decided_by=actor(entry, app_id) if entry else None,
        decided_at=moment(entry.get("timestamp")) if entry else None,
        created_at=moment(row.get("createdAt")),
    )


def _deciding_entry(row: Row) -> Mapping[str, Any] | None:
    """Return the newest entry of the decision, or of its limit where that came later.

    Whoever changes the limit of a yes decides anew, so the answer is theirs.
    """
    histories = row.get("propertiesWithHistory") or {}
    decision = row["properties"].get(TASK_DECISION)
    made = newest(histories.get(TASK_DECISION) or ())
    if not decision or made is None:
        return None
    limited = newest(histories.get(TASK_LIMIT) or ()) if decision == "yes-up-to" else None
    return made if limited is None else newest((limited, made))


def _new(effect: CreateTask) -> dict[str, Any]:
    return {
        "properties": {
            "hs_timestamp": instant(effect.due_at),
            "hs_task_subject": effect.title,
            "hs_task_body": paragraphs(effect.body),
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "HIGH" if effect.decision else "MEDIUM",
            "hs_task_type": "TODO",
            "hubspot_owner_id": effect.owner,
            TASK_KEY: effect.key,
        },
        "associations": associated(effect.deal, _TO_DEAL),
    }


def associated(deal: str, type_id: int) -> list[dict[str, Any]]:
    """Return the inline association of a new record with its deal."""
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    return [{"to": {"id": deal}, "types": [kind]}]
