"""Deals as they are now: one query for 200 of them, with their account and their product lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from connector.adapters.base import DealPage, Wanted
from connector.adapters.salesforce import hanging, lines, shown
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.faults import Rejected
from connector.adapters.salesforce.ids import OPPORTUNITY as PREFIX
from connector.adapters.salesforce.ids import full, parts
from connector.adapters.salesforce.library import ACCOUNT, LINE, OPPORTUNITY, Described, Library
from connector.adapters.salesforce.neighbours import Neighbours
from connector.adapters.salesforce.parsing import Row, latest
from connector.adapters.salesforce.ranges import RangeField, range_fields
from connector.adapters.salesforce.soql import BATCH, select
from connector.adapters.salesforce.vocabulary import Word, on_company, words
from connector.adapters.vocabulary import on_deal
from connector.deals import Deal, Value
from connector.policy.model import Field, Home

MASTER = "012000000000000AAA"  # Salesforce's name for "no record type"
_HANGING = frozenset({Home.CONTACT, Home.FILE})
_CORE = ("Id", "Name", "AccountId", "OwnerId", "StageName", "CreatedDate")
_OPTIONAL = ("RecordTypeId", "CurrencyIsoCode")  # where record types or several currencies are switched on


@dataclass(frozen=True, slots=True)
class Reading:
    """What is asked of each deal, fitted to what the org has."""

    opportunity: Described
    deal_words: tuple[Word, ...]
    company_words: tuple[Word, ...]
    ranged: tuple[RangeField, ...]
    lines: str
    hanging: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields to select."""
        ours = shown.names(self.ranged)
        return (
            *_CORE,
            *(name for name in (*_OPTIONAL, *ours) if name in self.opportunity),
            *(word.api for word in self.deal_words if word.known),
            *(f"Account.{word.api}" for word in self.company_words if word.known),
            *((self.lines,) if self.lines else ()),
            *hanging.subqueries(self.hanging),
        )

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return what an admin must hear of."""
        told = {word.alarm for word in (*self.deal_words, *self.company_words)}
        lost = {
            f"field-vanished {limit.name}"
            for field in self.ranged
            for limit in field.limits
            if limit.name not in self.opportunity
        }
        return tuple(sorted({alarm for alarm in told if alarm} | lost))


def read_deals(
    client: Client, library: Library, neighbours: Neighbours, ids: Sequence[str], wanted: Wanted
) -> DealPage:
    """Read deals with all that is wanted of them. Only opportunities are asked for, whatever ids come."""
    if not ids:
        return DealPage(())
    asked = {one: full(one) for one in dict.fromkeys(ids)}
    known = [one for one in asked.values() if one and one.startswith(PREFIX)]
    reading = _reading(library, wanted)
    rows: list[Row] = []
    for part in parts(known, BATCH):
        try:
            rows += client.rows(_query(reading, part), OPPORTUNITY)
        except Rejected as fault:
            if not fault.blames_all:
                raise
            reading = _reading(library, wanted, renew=True)
            rows += client.rows(_query(reading, part), OPPORTUNITY)
    neighbours.learn(rows)
    deals = {str(row["Id"]): _deal(client, row, reading) for row in rows}
    gone = tuple(one for one, whole in asked.items() if whole not in deals)
    return DealPage(tuple(deals.values()), gone=gone, alarms=reading.alarms)


def pipeline_of(row: Row) -> str:
    """Return the record type in which an opportunity stands."""
    return str(row.get("RecordTypeId") or MASTER)


def _reading(library: Library, wanted: Wanted, *, renew: bool = False) -> Reading:
    look = library.renewed if renew else library.described
    opportunity, companies = look(OPPORTUNITY), on_company(wanted.fields)
    return Reading(
        opportunity,
        words(on_deal(wanted.fields), opportunity),
        words(companies, look(ACCOUNT)) if companies else (),
        range_fields(field for field in wanted.fields if field.home is Home.DEAL),
        lines.subquery(look(LINE)) if wanted.line_items else "",
        tuple(field for field in wanted.fields if field.home in _HANGING),
    )


def _query(reading: Reading, ids: Sequence[str]) -> str:
    return select(reading.fields, OPPORTUNITY, "Id IN {}", ids)


def _deal(client: Client, row: Row, reading: Reading) -> Deal:
    account = row.get("Account") or {}
    values: dict[str, Value] = {word.name: word.read(row) for word in reading.deal_words}
    values |= {word.name: word.read(account) for word in reading.company_words}
    values |= hanging.read_hanging(client, row, reading.hanging)
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
