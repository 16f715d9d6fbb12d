"""Users: in Salesforce the one id both owns records and stands in histories. Queues own records, too."""

from collections.abc import Iterable, Sequence

from connector.adapters.salesforce.client import Client, Rows
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.groups import Group, Groups
from connector.adapters.salesforce.library import Library
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import select
from connector.directory import CrmUser

USER = "User"
_FIELDS = ("Id", "Username", "Email", "Name", "IsActive", "UserType", "ManagerId", "UserRoleId")
_PROFILE = ("Profile.Name", "Profile.UserLicense.Name")  # some integration users may not see them
# Customers who sign in to a portal: an org may have millions of them, and none works on opportunities.
# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_user.htm
_CUSTOMERS = ("CspLitePortal", "CustomerSuccess", "PowerCustomerSuccess")
_WITH_A_SEAT = "Standard"
# Machines sign in as standard users too: by Salesforce's own profiles for integrations, or any profile under
# its licences for them: "Salesforce Integration", "Analytics Cloud Integration User" and others.
# https://help.salesforce.com/s/articleView?id=platform.integration_user.htm
_API_ONLY, _INTEGRATION = "API Only", "Integration"


def read_rows(client: Client, library: Library) -> Rows:
    """Return all users who may have to do with deals, machines included; without what is hidden from us."""
    try:
        return _read(client, (*_FIELDS, *_PROFILE))
    except NotShown:
        described = library.renewed(USER)
        return _read(client, [name for name in _FIELDS if name in described])


def _read(client: Client, fields: Iterable[str]) -> Rows:
    return client.rows(select(fields, USER, "UserType NOT IN {}", _CUSTOMERS), USER)


def users(rows: Sequence[Row], groups: Groups) -> tuple[CrmUser, ...]:
    """Return those who have a seat, and the queues; machines and partners own no deal and sign nothing."""
    inside = groups.by_user(rows)
    seated = [row for row in rows if row.get("UserType") == _WITH_A_SEAT and not is_machine(row)]
    people = (_user(row, inside.get(str(row["Id"]), [])) for row in seated)
    return (*people, *(_queue(one) for one in groups.named.values() if one.is_queue))


def is_machine(row: Row) -> bool:
    """Say whether only an API can sign in as this user."""
    profile = row.get("Profile") or {}
    licence = profile.get("UserLicense") or {}
    return _API_ONLY in str(profile.get("Name") or "") or _INTEGRATION in str(licence.get("Name") or "")


def _queue(group: Group) -> CrmUser:
    return CrmUser(owner=group.id, user=None, email="", name=group.name, active=False, is_queue=True)


def _user(row: Row, groups: Iterable[Group]) -> CrmUser:
    email = str(row.get("Email") or "")
    return CrmUser(
        owner=str(row["Id"]),
        user=str(row["Id"]),
        email=email,
        name=str(row.get("Name") or email),
        active=row.get("IsActive") is True,
        username=str(row.get("Username") or "") or None,
        manager=str(row.get("ManagerId") or "") or None,
        teams=tuple(one.name for one in groups if not one.is_queue),
        queues=tuple(one.name for one in groups if one.is_queue),
    )
