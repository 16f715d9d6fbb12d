"""Deals as they are now: one query for 200 of them, with their account and their product lines."""

from collections.abc import Sequence

from connector.adapters.base import DealPage, Wanted
from connector.adapters.salesforce import lines, shown
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.ids import OPPORTUNITY as PREFIX
from connector.adapters.salesforce.ids import full, parts
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.neighbours import Neighbours
from connector.adapters.salesforce.parsing import Row, latest
from connector.adapters.salesforce.reading import Reading, reading_of
from connector.adapters.salesforce.soql import BATCH, select
from connector.deals import Deal, Value

MASTER = "012000000000000AAA"  # Salesforce's name for "no record type"


def read_deals(
    client: Client, library: Library, neighbours: Neighbours, ids: Sequence[str], wanted: Wanted
) -> DealPage:
    """Read deals with all that is wanted of them. Only opportunities are asked for, whatever ids come."""
    if not ids:
        return DealPage(())
    asked = {one: full(one) for one in dict.fromkeys(ids)}
    known = [one for one in asked.values() if one and one.startswith(PREFIX)]
    reading = reading_of(library, wanted)
    rows: list[Row] = []
    for part in parts(known, BATCH):
        try:
            rows += client.rows(_query(reading, part), OPPORTUNITY)
        except NotShown:
            reading = reading_of(library, wanted, renew=True)
            rows += client.rows(_query(reading, part), OPPORTUNITY)
    if known and not rows:
        _check_sight(client)
    neighbours.learn(rows)
    deals = {str(row["Id"]): _deal(client, row, reading) for row in rows}
    gone = tuple(one for one, whole in asked.items() if whole not in deals)
    return DealPage(tuple(deals.values()), gone=gone, alarms=reading.alarms)


def _check_sight(client: Client) -> None:
    """Raise NotShown where we see no opportunity at all, not even a deleted one: they are hidden, not gone,
    and nobody's sign-off is to be withdrawn for it."""
    query = select(("Id",), OPPORTUNITY, rest="LIMIT 1")
    if not any(client.pages(query, OPPORTUNITY, deleted=True)):
        hint = "Give the integration user View All on Opportunity, as Dealgate: Integration does."
        raise NotShown("Salesforce shows the integration user no opportunity at all.", hint=hint)


def pipeline_of(row: Row) -> str:
    """Return the record type in which an opportunity stands."""
    return str(row.get("RecordTypeId") or MASTER)


def _query(reading: Reading, ids: Sequence[str]) -> str:
    return select(reading.fields, OPPORTUNITY, "Id IN {}", ids)


def _deal(client: Client, row: Row, reading: Reading) -> Deal:
    account = row.get("Account") or {}
    values: dict[str, Value] = {word.name: word.read(row) for word in reading.deal_words}
    values |= {word.name: word.read(account) for word in reading.company_words}
    values |= reading.hanging.read(client, row)
    return Deal(
        id=str(row["Id"]),
        name=str(row.get("Name") or ""),
        pipeline=pipeline_of(row),
        stage=str(row.get("StageName") or ""),
        owner=row.get("OwnerId"),
        currency=row.get("CurrencyIsoCode") or None,
        created_at=latest(row.get("CreatedDate")),
        values=values,
        line_items=lines.read_lines(client, row) if reading.lines else None,
        shown=shown.read(row, reading.ranged),
    )
