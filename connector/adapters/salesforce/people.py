"""Users: in Salesforce the one id both owns records and stands in histories. Queues own records, too."""

from collections.abc import Iterable, Mapping

from connector.adapters.salesforce.client import Client, Rows
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.library import Library
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import children, select
from connector.directory import CrmUser

USER = "User"
_FIELDS = ("Id", "Username", "Email", "Name", "IsActive", "UserType", "ManagerId")
_PROFILE = "Profile.Name"  # some integration users may not see it
# Customers who sign in to a portal: an org may have millions of them, and none works on opportunities.
# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm
_CUSTOMERS = ("CspLitePortal", "CustomerSuccess", "PowerCustomerSuccess")
_WITH_A_SEAT = "Standard"
GROUP = "Group"
_MEMBER = "UserOrGroupId"
_QUEUE, _TEAM = "Queue", "Regular"  # a public group is what others call a team


def read_rows(client: Client, library: Library) -> Rows:
    """Return all users who may have to do with deals, machines included; without what is hidden from us."""
    try:
        return _read(client, (*_FIELDS, _PROFILE))
    except NotShown:
        described = library.renewed(USER)
        return _read(client, [name for name in _FIELDS if name in described])


def _read(client: Client, fields: Iterable[str]) -> Rows:
    return client.rows(select(fields, USER, "UserType NOT IN {}", _CUSTOMERS), USER)


def read_groups(client: Client) -> Rows:
    """Return the queues and public groups with their members; none where we may not see them."""
    fields = ("Id", "Name", "Type", children((_MEMBER,), "GroupMembers"))
    try:
        return client.rows(select(fields, GROUP, "Type IN {}", [_QUEUE, _TEAM]), GROUP)
    except NotShown:
        return []


def users(rows: Iterable[Row], groups: Iterable[Row] = ()) -> tuple[CrmUser, ...]:
    """Return those who have a seat, and the queues; machines and partners own no deal and sign nothing."""
    known = {str(one["Id"]): one for one in groups}
    inside = _inside(known)
    people = tuple(_user(row, inside) for row in rows if row.get("UserType") == _WITH_A_SEAT)
    return (*people, *(_queue(one) for one in known.values() if one.get("Type") == _QUEUE))


def _inside(groups: Mapping[str, Row]) -> Mapping[str, list[Row]]:
    """Return for each user the groups of which he is a member, by way of others too."""
    found: dict[str, list[Row]] = {}
    for one in groups.values():
        for member in _members(str(one["Id"]), groups, frozenset()):
            found.setdefault(member, []).append(one)
    return found


def _members(group: str, groups: Mapping[str, Row], seen: frozenset[str]) -> Iterable[str]:
    """Yield the users of a group; a group that contains itself ends there."""
    if group in seen:
        return
    rows = (groups[group].get("GroupMembers") or {}).get("records") or ()
    for member in (str(row.get(_MEMBER)) for row in rows):
        if member in groups:
            yield from _members(member, groups, seen | {group})
        else:
            yield member


def _queue(row: Row) -> CrmUser:
    name = str(row.get("Name"))
    return CrmUser(owner=str(row["Id"]), user=None, email="", name=name, active=False, is_queue=True)


def _user(row: Row, groups: Mapping[str, list[Row]]) -> CrmUser:
    email, mine = str(row.get("Email") or ""), groups.get(str(row["Id"]), [])
    return CrmUser(
        owner=str(row["Id"]),
        user=str(row["Id"]),
        email=email,
        name=str(row.get("Name") or email),
        active=row.get("IsActive") is True,
        username=str(row.get("Username") or "") or None,
        manager=str(row.get("ManagerId") or "") or None,
        teams=tuple(str(one["Name"]) for one in mine if one.get("Type") == _TEAM),
        queues=tuple(str(one["Name"]) for one in mine if one.get("Type") == _QUEUE),
    )
