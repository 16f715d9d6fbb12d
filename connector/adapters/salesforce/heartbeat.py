"""The sign of life in the org's custom setting: it tells a quiet deal from a dead connector (design 6)."""

from datetime import datetime

from connector.adapters.base import Delivery, Fate
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import SETTING, SETTING_HEARTBEAT
from connector.adapters.salesforce.library import Library
from connector.adapters.salesforce.parsing import instant
from connector.adapters.salesforce.soql import select
from connector.adapters.salesforce.writes import Record, create, update

OWNER = "SetupOwnerId"


def beat(client: Client, library: Library, now: datetime) -> Delivery | None:
    """Write the time for the whole org; None where the package's setting is not there to be written."""
    if SETTING_HEARTBEAT.name not in library.described(SETTING) or client.token.org is None:
        return None
    org, value = client.token.org, {SETTING_HEARTBEAT.name: instant(now)}
    rows = client.rows(select(("Id", OWNER), SETTING, f"{OWNER} = {{}}", org), SETTING)
    if rows:
        return update(client, SETTING, [Record(value, str(rows[0]["Id"]))])[0]
    (told,) = create(client, SETTING, [Record({OWNER: org, **value})])
    return None if told.fate is Fate.UNSURE else told  # the next sweep finds it or makes it
