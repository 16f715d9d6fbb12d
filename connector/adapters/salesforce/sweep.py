"""Finding deals without being told: what changed, what is open, what shows our fields."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.adapters.base import Rung
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import OUR_FIELDS, TASK_KEY
from connector.adapters.salesforce.history import HISTORY
from connector.adapters.salesforce.ids import OPPORTUNITY as DEAL
from connector.adapters.salesforce.ids import full, parts
from connector.adapters.salesforce.library import LINE, OPPORTUNITY, TASK, Library
from connector.adapters.salesforce.parsing import moment
from connector.adapters.salesforce.soql import BATCH, select
from connector.deals import ObjectType, OurField

_MODIFIED = "SystemModstamp"
_BLOCKED = OUR_FIELDS[OurField.BLOCKED_STAGES].name


def changed_since(
    client: Client, library: Library, types: Sequence[ObjectType], since: datetime, until: datetime
) -> Iterator[tuple[Rung, ...]]:
    """Yield pages of records changed from `since` to `until`, then of deals deleted in that time.

    SystemModstamp moves with every save, also those that set LastModifiedDate by hand. History rows come on
    top: they stay where a later save of the deal has moved its own stamp beyond the window.
    """
    window = (since, until)
    if ObjectType.DEAL in types:
        yield from _rung(client, ObjectType.DEAL, OPPORTUNITY, window)
        yield from _rung(client, ObjectType.DEAL, HISTORY, window, key="OpportunityId", stamp="CreatedDate")
    if ObjectType.LINE_ITEM in types and library.described(LINE).fields:
        yield from _rung(client, ObjectType.LINE_ITEM, LINE, window)
    if ObjectType.TASK in types and TASK_KEY.name in library.described(TASK):
        yield from _rung(client, ObjectType.TASK, TASK, window, further=f" AND {TASK_KEY.name} != null")
    yield from _rung(
        client, ObjectType.DEAL, OPPORTUNITY, window, further=" AND IsDeleted = true", deleted=True
    )


def open_deals(client: Client) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of deals that are not closed."""
    return _ids(client, OPPORTUNITY, "IsClosed = false")


def showing(client: Client, library: Library) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of deals that list stages as closed for now."""
    if _BLOCKED in library.described(OPPORTUNITY):
        yield from _ids(client, OPPORTUNITY, f"{_BLOCKED} != null")


def open_tasks(client: Client, library: Library) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of our tasks that are not done."""
    if TASK_KEY.name in library.described(TASK):
        yield from _ids(client, TASK, f"{TASK_KEY.name} != null AND IsClosed = false")


def deals_behind(client: Client, rung: Sequence[Rung]) -> Mapping[Rung, tuple[str, ...]]:
    """Return the deals of each record, 200 records of one kind a call."""
    found: dict[Rung, tuple[str, ...]] = dict.fromkeys(rung, ())
    found |= {one: (full(one.id) or one.id,) for one in rung if one.type is ObjectType.DEAL}
    for kind, (source, key, deal) in _WAYS.items():
        asked = [one for one in rung if one.type is kind]
        deals = _deals_by(client, source, key, deal, [one.id for one in asked])
        found |= {one: tuple(dict.fromkeys(deals.get(full(one.id) or "", ()))) for one in asked}
    return found


_WAYS: Mapping[ObjectType, tuple[str, str, str]] = {
    ObjectType.LINE_ITEM: (LINE, "Id", "OpportunityId"),
    ObjectType.TASK: (TASK, "Id", "WhatId"),
    ObjectType.COMPANY: (OPPORTUNITY, "AccountId", "Id"),
    ObjectType.CONTACT: ("OpportunityContactRole", "ContactId", "OpportunityId"),
}


def _deals_by(client: Client, source: str, key: str, deal: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the deals that `source` names for each record: deleted lines still tell whose they were."""
    found: dict[str, list[str]] = {}
    for part in parts(ids, BATCH):
        query = select((key, deal), source, f"{key} IN {{}}", part)
        for rows in client.pages(query, source, deleted=source == LINE):
            for row in rows:
                if str(row.get(deal) or "").startswith(DEAL):
                    found.setdefault(str(row[key]), []).append(str(row[deal]))
    return found


def _rung(
    client: Client,
    kind: ObjectType,
    source: str,
    window: tuple[datetime, datetime],
    *,
    key: str = "Id",
    stamp: str = _MODIFIED,
    further: str = "",
    deleted: bool = False,
) -> Iterator[tuple[Rung, ...]]:
    where = f"{stamp} >= {{}} AND {stamp} <= {{}}{further}"
    query = select((key, stamp), source, where, *window, rest=f"ORDER BY {stamp}, Id")
    for rows in client.pages(query, source, deleted=deleted):
        page: dict[str, Any] = {str(row[key]): row.get(stamp) for row in rows if row.get(key)}
        if page:
            yield tuple(Rung(kind, one, moment(at)) for one, at in page.items())


def _ids(client: Client, source: str, where: str) -> Iterator[tuple[str, ...]]:
    for rows in client.pages(select(("Id",), source, where, rest="ORDER BY Id"), source):
        if rows:
            yield tuple(str(row["Id"]) for row in rows)
