"""Owners as users: the owner id owns records, the user id stands in histories."""

from collections.abc import Iterator, Mapping
from typing import Any

from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.paths import LIST_OWNERS
from connector.directory import CrmUser

_PAGE = 500
_QUEUE = "QUEUE"


def read_users(client: Client) -> tuple[CrmUser, ...]:
    """Return all owners; archived ones, and those without a live user, are not active."""
    live = [_user(row) for row in _pages(client, archived=False)]
    known = {user.owner for user in live}
    gone = [user for row in _pages(client, archived=True) if (user := _user(row)).owner not in known]
    return (*live, *gone)


def _pages(client: Client, *, archived: bool) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    while True:
        query = {"limit": _PAGE, "archived": str(archived).lower(), **({"after": after} if after else {})}
        data = client.call(LIST_OWNERS, query=query).data
        yield from data.get("results", ())
        after = ((data.get("paging") or {}).get("next") or {}).get("after")
        if not after:
            return


def _user(row: Mapping[str, Any]) -> CrmUser:
    live = row.get("userId")
    user = live or row.get("userIdIncludingInactive")
    name = " ".join(part for part in (row.get("firstName"), row.get("lastName")) if part)
    email = row.get("email") or ""
    return CrmUser(
        owner=str(row["id"]),
        user=str(user) if user else None,
        email=email,
        name=name or email,
        active=not row.get("archived") and bool(live),
        is_queue=row.get("type") == _QUEUE and not row.get("archived"),
        teams=tuple(str(team["name"]) for team in row.get("teams") or () if team.get("name")),
    )
