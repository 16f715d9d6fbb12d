"""Queues and teams as holders of a role: read from both CRMs, asked, and answered by whoever is in them."""

from dataclasses import replace

import pytest

from connector.directory import CrmUser, Directory
from connector.policy.model import Person
from sandbox.brightline import EMPTY
from sandbox.company import Team
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.adapters.hubspot_driver import HubSpotDriver
from tests.adapters.salesforce_driver import SalesforceDriver

COMPANY = replace(EMPTY, teams=(Team("Deal Desk", ("120", "121"), queue="900"), Team("EMEA Ops", ("121",))))
PEOPLE = {name: Person(name, name, f"{name}@example.com") for name in ("anna.bos", "jan.smit", "mia.devries")}


@pytest.mark.parametrize("vendor", ["hubspot", "salesforce"])
def test_queues_and_teams_are_read_with_their_members(vendor: str) -> None:
    if vendor == "hubspot":
        with HubSpotSandbox(COMPANY) as hubspot:
            users = HubSpotDriver(hubspot).crm.users()
    else:
        with SalesforceSandbox(COMPANY) as salesforce:
            users = SalesforceDriver(salesforce).crm.users()

    directory = Directory.join(PEOPLE, users)

    assert set(directory.members["queue:Deal Desk"]) == {"anna.bos", "jan.smit"}
    assert directory.members["team:EMEA Ops"] == ("jan.smit",)
    assert directory.queues["queue:Deal Desk"] == next(one.owner for one in users if one.is_queue)
    assert not any(user.is_queue for user in directory.user_of.values())


def test_a_role_in_a_queue_brings_those_below_it_along() -> None:
    """A queue whose members are roles, as most are, had nobody in it: nobody could sign."""
    with SalesforceSandbox(COMPANY) as salesforce:
        org, users = salesforce.org, salesforce.seeded.users
        head = org.add("UserRole", {"Name": "Head of delivery"}).id
        desk = org.add("UserRole", {"Name": "Delivery desk", "ParentRoleId": head}).id
        sales = org.add("UserRole", {"Name": "Sales"}).id
        for user, role in (("9120", head), ("9121", desk), ("9101", sales)):
            org.get(users[user]).values["UserRoleId"] = role
        below = org.add("Group", {"Type": "RoleAndSubordinates", "RelatedId": head}).id
        alone = org.add("Group", {"Type": "Role", "RelatedId": head}).id
        for queue, member in (("Delivery", below), ("Heads", alone)):
            made = org.add("Group", {"Name": queue, "Type": "Queue"}).id
            org.add("GroupMember", {"GroupId": made, "UserOrGroupId": member})
        directory = Directory.join(PEOPLE, SalesforceDriver(salesforce).crm.users())

    assert set(directory.members["queue:Delivery"]) == {"anna.bos", "jan.smit"}
    assert directory.members["queue:Heads"] == ("anna.bos",)


def test_a_queue_is_nobody() -> None:
    queue = CrmUser("900", None, "", "Deal Desk", active=False, is_queue=True)

    assert not Directory.join(PEOPLE, (queue,)).reachable("anna.bos")
