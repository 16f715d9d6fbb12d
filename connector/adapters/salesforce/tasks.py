"""Our tasks in Salesforce: made once for each key, closed, and read with the stamps of the decision."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from connector.adapters.base import Delivery, Fate, TaskSeen, is_ours, still_there
from connector.adapters.kept import Kept
from connector.adapters.salesforce.actors import Crew
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import (
    ANSWERED,
    DECIDED_AT,
    DECIDED_BY,
    TASK_DECISION,
    TASK_FIGURES,
    TASK_KEY,
    TASK_LIMIT,
    TASK_NOTE,
    TASK_UNTIL,
)
from connector.adapters.salesforce.ids import OPPORTUNITY as DEAL
from connector.adapters.salesforce.ids import full, parts
from connector.adapters.salesforce.library import TASK, Library
from connector.adapters.salesforce.parsing import Row, day, latest, moment, number
from connector.adapters.salesforce.soql import BATCH, select
from connector.adapters.salesforce.writes import Record, create, update
from connector.deals import Actor
from connector.effects import CloseTask, CreateTask, EmptyAnswer
from connector.errors import CrmRefused

STATUS = "TaskStatus"
_FIELDS = (
    "Id",
    "WhatId",
    "OwnerId",
    "IsClosed",
    "CreatedDate",
    TASK_KEY.name,
    *(one.name for one in ANSWERED),
    DECIDED_BY.name,
    DECIDED_AT.name,
)
# What a task is made without where it is hidden from us, or an older package lacks it; `install` names it.
_SPARED = (TASK_FIGURES.name, "Description", "ActivityDate")
_SUBJECT = 255
_DESCRIPTION = 32_000


def closed_status(client: Client) -> str:
    """Return the status of a task that is done: the org's own first one, for it may bear any name."""
    query = select(("ApiName",), STATUS, "IsClosed = {}", True, rest="ORDER BY SortOrder")  # noqa: FBT003
    rows = client.rows(query, STATUS)
    if not rows:
        message, hint = (
            "No task status counts as closed.",
            "Setup > Task Status: give one the property Closed.",
        )
        raise CrmRefused(message, hint=hint, reason="salesforce-no-closed-status")
    return str(rows[0]["ApiName"])


def create_tasks(client: Client, library: Library, effects: Sequence[CreateTask]) -> tuple[Delivery, ...]:
    """Create tasks on their deals; never sent twice. Salesforce mails nobody about a task made by an API."""
    described = library.described(TASK)
    shut = {name for name in _SPARED if (one := described.field(name)) is None or not one.updateable}
    records = [Record(_without(shut, _new(effect)), sort=(effect.deal,)) for effect in effects]
    return create(client, TASK, records)


def close_tasks(client: Client, status: Kept[str], effects: Sequence[CloseTask]) -> tuple[Delivery, ...]:
    """Complete tasks; one that somebody deleted is closed too."""
    known = [effect.task for effect in effects if full(effect.task)]
    values = {"Status": status.get()} if known else {}
    fates = dict(
        zip(known, update(client, TASK, [Record(values, one, (one,)) for one in known]), strict=True)
    )
    gone = Delivery(Fate.STALE, reason="record-gone")
    return tuple(_closed(fates.get(effect.task, gone)) for effect in effects)


def empty_answers(
    client: Client, library: Library, crew: Crew, account: str, effects: Sequence[EmptyAnswer]
) -> tuple[Delivery, ...]:
    """Empty decisions that did not count; one that somebody made since is left to be heard."""
    seen = {one.id: one for one in read_tasks(client, library, crew, account, [one.task for one in effects])}
    old = [one for one in effects if still_there(one, seen.get(one.task))]
    described = library.described(TASK)
    nothing = dict.fromkeys(one.name for one in ANSWERED if one.name in described)
    emptied = update(client, TASK, [Record(nothing, one.task, (one.task,)) for one in old])
    fates = dict(zip((one.key for one in old), emptied, strict=True))
    return tuple(fates.get(one.key, Delivery(Fate.STALE, reason="decided-anew")) for one in effects)


def read_tasks(
    client: Client, library: Library, crew: Crew, account: str, ids: Sequence[str]
) -> tuple[TaskSeen, ...]:
    """Return those of the tasks that carry a key of this account."""
    return _read(client, library, crew, account, "Id IN {}", ids)


def tasks_of(
    client: Client, library: Library, crew: Crew, account: str, deals: Sequence[str]
) -> tuple[TaskSeen, ...]:
    """Return our tasks of these deals, as they are at this moment: queries do not lag."""
    return _read(client, library, crew, account, "WhatId IN {}", deals)


def _read(  # noqa: PLR0917  one query, all that it depends on
    client: Client, library: Library, crew: Crew, account: str, where: str, ids: Sequence[str]
) -> tuple[TaskSeen, ...]:
    if not ids:
        return ()
    described = library.described(TASK)
    if TASK_KEY.name not in described:
        return ()  # the package is not there: no task can be ours
    fields = [name for name in _FIELDS if name in described]  # what is hidden from us counts for nothing
    rows = (
        row
        for part in parts(ids, BATCH)
        for row in client.rows(select(fields, TASK, f"{where} AND {TASK_KEY.name} != null", part), TASK)
    )
    return tuple(_task(row, crew) for row in rows if is_ours(account, str(row[TASK_KEY.name])))


def _task(row: Row, crew: Crew) -> TaskSeen:
    decision, made_at = row.get(TASK_DECISION.name) or None, moment(row.get("CreatedDate"))
    stamped = latest(row.get(DECIDED_AT.name)) if decision else None
    return TaskSeen(
        id=str(row["Id"]),
        key=str(row[TASK_KEY.name]),
        deal=_deal(row),
        closed=row.get("IsClosed") is True,
        owner=row.get("OwnerId"),
        decision=decision,
        limit=number(row.get(TASK_LIMIT.name)),
        note=row.get(TASK_NOTE.name) or "",
        until=day(row.get(TASK_UNTIL.name)),
        decided_by=_author(row, crew) if stamped else None,
        # Without stamps nobody is proven: heard at a time that stays the same, so that it is refused once.
        decided_at=(stamped or made_at) if decision else None,
        created_at=made_at,
    )


def _author(row: Row, crew: Crew) -> Actor | None:
    by = row.get(DECIDED_BY.name)
    return crew.actor(by) if by else None


def _deal(row: Row) -> str | None:
    about = str(row.get("WhatId") or "")
    return about if about.startswith(DEAL) else None


def _closed(fate: Delivery) -> Delivery:
    return Delivery(Fate.DONE, reason=fate.reason) if fate.fate is Fate.STALE else fate


def _without(shut: Set[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in shut}


def _new(effect: CreateTask) -> dict[str, Any]:
    return {
        **({TASK_FIGURES.name: effect.figures[:_DESCRIPTION]} if effect.figures else {}),
        "Subject": effect.title[:_SUBJECT],
        "Description": effect.body[:_DESCRIPTION],
        "ActivityDate": effect.due_at.date().isoformat(),
        "OwnerId": effect.owner,
        "WhatId": effect.deal,
        TASK_KEY.name: effect.key,
    }
