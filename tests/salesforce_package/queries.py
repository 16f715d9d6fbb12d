"""Every query that the adapter sends, taken from the wire while it does everything it can."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import urllib3

from connector.adapters.base import Rung
from connector.deals import ObjectType
from connector.effects import AddNote
from tests.adapters.driver import Sold
from tests.adapters.salesforce_driver import SalesforceDriver, deploy, new_sandbox


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
    crm.pipelines(), crm.users()
    crm.read_deals([deal], driver.wanted)
    crm.read_history([deal], driver.wanted)
    crm.deals_behind([Rung(ObjectType.LINE_ITEM, line)])
    crm.read_tasks([deal.replace("006", "00T")]), crm.tasks_of([deal])
    crm.notes_of([AddNote(deal, "a'b", "text")])
    list(crm.changed_since(now - timedelta(hours=1), now + timedelta(minutes=1)))
    list(crm.open_deals()), list(crm.showing())
    crm.heartbeat(now)
    crm.examine(driver.wanted), crm.install(driver.wanted), crm.uninstall()
