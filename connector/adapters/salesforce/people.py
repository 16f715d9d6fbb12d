"""Users: in Salesforce the one id both owns records and stands in histories."""

from collections.abc import Iterable

from connector.adapters.salesforce.client import Client, Rows
from connector.adapters.salesforce.faults import Rejected
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import select
from connector.directory import CrmUser

USER = "User"
_FIELDS = ("Id", "Username", "Email", "Name", "IsActive", "UserType", "ManagerId")
_PROFILE = "Profile.Name"  # some integration users may not see it
_WITH_A_SEAT = "Standard"


def read_rows(client: Client) -> Rows:
    """Return all users, machines included."""
    try:
        return client.rows(select((*_FIELDS, _PROFILE), USER), USER)
    except Rejected:
        return client.rows(select(_FIELDS, USER), USER)


def users(rows: Iterable[Row]) -> tuple[CrmUser, ...]:
    """Return those who have a seat; machines and partners own no deal and sign nothing."""
    return tuple(_user(row) for row in rows if row.get("UserType") == _WITH_A_SEAT)


def _user(row: Row) -> CrmUser:
    email = str(row.get("Email") or "")
    return CrmUser(
        owner=str(row["Id"]),
        user=str(row["Id"]),
        email=email,
        name=str(row.get("Name") or email),
        active=row.get("IsActive") is True,
        username=str(row.get("Username") or "") or None,
        manager=str(row.get("ManagerId") or "") or None,
    )
