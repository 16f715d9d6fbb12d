"""Finding deals without being told: what changed, what is open, what shows our fields.

Search ends at 10,000 results a query, so pages go on by the record's id, which never repeats or skips.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.adapters.base import Rung
from connector.adapters.hubspot.batches import linked_ids, links
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TASK_KEY
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.parsing import moment
from connector.adapters.hubspot.paths import LIST, SEARCH
from connector.deals import ObjectType, OurField
from connector.errors import CrmUnavailable

_PAGE = 200
_LIST_PAGE = 100
_MODIFIED = "hs_lastmodifieddate"
_ID = "hs_object_id"
_MODIFIED_OF_CONTACTS = "lastmodifieddate"
KINDS: Mapping[ObjectType, str] = {
    ObjectType.DEAL: "deals",
    ObjectType.TASK: "tasks",
    ObjectType.LINE_ITEM: "line_items",
    ObjectType.COMPANY: "companies",
    ObjectType.CONTACT: "contacts",
}

Filter = Mapping[str, str]


def changed_since(
    client: Client, library: Library, types: Sequence[ObjectType], since: datetime, until: datetime
) -> Iterator[tuple[Rung, ...]]:
    """Yield pages of records changed from `since` to `until`, then of deals deleted in that time."""
    for kind in types:
        modified = _MODIFIED_OF_CONTACTS if kind is ObjectType.CONTACT else _MODIFIED
        window = [_filter(modified, "GTE", _millis(since)), _filter(modified, "LTE", _millis(until))]
        keyed = kind is ObjectType.TASK
        if keyed and TASK_KEY not in library.definitions("tasks"):
            continue  # not installed yet: no task can be ours
        filters = [*window, *([_filter(TASK_KEY, "HAS_PROPERTY")] if keyed else [])]
        for rows in search(client, KINDS[kind], filters, [modified]):
            yield tuple(Rung(kind, str(row["id"]), moment(row["properties"].get(modified))) for row in rows)
    for rows in _archived(client):
        deleted = [(str(row["id"]), moment(row.get("archivedAt") or row.get("updatedAt"))) for row in rows]
        yield tuple(Rung(ObjectType.DEAL, one, at) for one, at in deleted if at and since <= at <= until)


def open_deals(client: Client) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of deals that are not closed."""
    for rows in search(client, "deals", [_filter("hs_is_closed", "EQ", "false")], [_ID]):
        yield tuple(str(row["id"]) for row in rows)


def showing(client: Client, library: Library) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of deals that list stages as closed for now."""
    blocked = OUR_PROPERTIES[OurField.BLOCKED_STAGES].name
    if blocked not in library.definitions("deals"):
        return
    for rows in search(client, "deals", [_filter(blocked, "HAS_PROPERTY")], [_ID]):
        yield tuple(str(row["id"]) for row in rows)


def open_tasks(client: Client, library: Library) -> Iterator[tuple[str, ...]]:
    """Yield pages of the ids of our tasks that are not completed."""
    if TASK_KEY not in library.definitions("tasks"):
        return
    filters = [_filter(TASK_KEY, "HAS_PROPERTY"), _filter("hs_task_status", "NEQ", "COMPLETED")]
    for rows in search(client, "tasks", filters, [_ID]):
        yield tuple(str(row["id"]) for row in rows)


def deals_behind(client: Client, rung: Sequence[Rung]) -> Mapping[Rung, tuple[str, ...]]:
    """Return the deals of each record, 1,000 records of one kind a call."""
    found: dict[Rung, tuple[str, ...]] = {one: (one.id,) for one in rung if one.type is ObjectType.DEAL}
    for kind in ObjectType:
        asked = [one for one in rung if one.type is kind and kind is not ObjectType.DEAL]
        if asked:
            deals = links(client, KINDS[kind], "deals", [one.id for one in asked])
            found.update({one: tuple(linked_ids(deals.get(one.id, ()))) for one in asked})
    return found


def search(
    client: Client, kind: str, filters: Sequence[Filter], properties: Sequence[str]
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield pages of up to 200 records in the order of their ids."""
    last = "0"
    while True:
        body = {
            "filterGroups": [{"filters": [*filters, _filter(_ID, "GT", last)]}],
            "sorts": [_ID],
            "properties": list(properties),
            "limit": _PAGE,
            "after": "0",
        }
        data = client.call(SEARCH, kind, body=body).data
        rows = data.get("results") or ()
        last = _last_of(rows, last)
        if rows:
            yield rows
        if not rows or not data.get("paging"):
            return


def _last_of(rows: Sequence[Mapping[str, Any]], before: str) -> str:
    """Return the highest id of a page, refusing one out of order: to go on from there would skip records."""
    ids = [int(before), *(int(row["id"]) for row in rows)]
    if ids != sorted(ids):
        raise CrmUnavailable("HubSpot's search answered out of order.", reason="hubspot-search-unsorted")
    return str(ids[-1])


def _archived(client: Client) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield pages of deleted deals, which search does not find; HubSpot keeps them for 90 days."""
    after: str | None = None
    while True:
        query = {
            "limit": _LIST_PAGE,
            "archived": "true",
            "properties": [_ID],
            **({"after": after} if after else {}),
        }
        data = client.call(LIST, "deals", query=query).data
        yield data.get("results") or ()
        after = ((data.get("paging") or {}).get("next") or {}).get("after")
        if not after:
            return


def _filter(name: str, operator: str, value: str | None = None) -> Filter:
    return {"propertyName": name, "operator": operator, **({} if value is None else {"value": value})}


def _millis(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))
