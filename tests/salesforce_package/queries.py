"""Every query that the adapter sends, taken from the wire while it does everything it can."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import urllib3

from connector.adapters.base import Rung
from connector.deals import ObjectType
from connector.effects import AddNote
from connector.policy.model import Field, FieldType, Home
from tests.adapters.driver import Sold
from tests.adapters.salesforce_driver import SalesforceDriver, deploy, new_sandbox

ACCOUNT, CONTACT = "0015g00000AbCdEAAV", "0035g00000AbCdEAAV"
HANGING = (
    Field("buyers", "Buyers", FieldType.NUMBER, Home.CONTACT, match="Buyer"),
    Field("offer", "Offer", FieldType.NUMBER, Home.FILE, match="offer*.pdf"),
    Field("industry", "Industry", FieldType.TEXT, Home.COMPANY, salesforce="Industry"),
)


def sent() -> list[str]:
    """Return the queries of one adapter at work on a sandbox, each once."""
    found: dict[str, None] = {}
    send = urllib3.HTTPConnectionPool.urlopen

    def taken(pool: Any, method: str, url: str, *args: Any, **rest: Any) -> Any:
        found.update(dict.fromkeys(parse_qs(urlsplit(url).query).get("q", ())))
        return send(pool, method, url, *args, **rest)

    with patch.object(urllib3.HTTPConnectionPool, "urlopen", taken), new_sandbox() as sandbox:
        deploy(sandbox)
        _work(SalesforceDriver(sandbox))
    return list(found)


def _work(driver: SalesforceDriver) -> None:
    crm, now = driver.crm, driver.now()
    deal = driver.new_deal("O'Neill \\ Sons", "proposal", (Sold("Data Platform Core", 1),))
    (line,) = driver.sandbox.lines_of(deal)
    _put_a_role_into_a_queue(driver)
    crm.pipelines(), crm.users(), crm.products(), crm.rates()
    crm.read_deals([deal], driver.wanted)
    crm.read_deals([deal], replace(driver.wanted, fields=HANGING))
    crm.read_deals(["0065g00000AbCdEAAV"], driver.wanted)
    crm.read_history([deal], driver.wanted)
    children = {ObjectType.LINE_ITEM: line, ObjectType.COMPANY: ACCOUNT, ObjectType.CONTACT: CONTACT}
    crm.deals_behind([Rung(kind, one) for kind, one in children.items()])
    crm.read_tasks([deal.replace("006", "00T")]), crm.tasks_of([deal])
    crm.notes_of([AddNote(deal, "a'b", "text")])
    list(crm.changed_since(now - timedelta(hours=1), now + timedelta(minutes=1)))
    list(crm.open_deals()), list(crm.showing())
    crm.heartbeat(now)
    crm.examine(driver.wanted), crm.install(driver.wanted), crm.uninstall()


def _put_a_role_into_a_queue(driver: SalesforceDriver) -> None:
    org = driver.sandbox.org
    role = org.add("UserRole", {"Name": "Delivery"}).id
    group = org.add("Group", {"Type": "RoleAndSubordinates", "RelatedId": role}).id
    queue = org.add("Group", {"Name": "Deal desk", "Type": "Queue"}).id
    org.add("GroupMember", {"GroupId": queue, "UserOrGroupId": group})
