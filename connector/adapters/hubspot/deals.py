"""Deals as they are now: what the policy names, what our own fields show, who was merged, who is gone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connector.adapters.base import DealPage, Wanted
from connector.adapters.hubspot.batches import Row, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.companies import Companies, read_companies
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TIMES
from connector.adapters.hubspot.hanging import Hanging, read_hanging
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.lines import read_lines
from connector.adapters.hubspot.parsing import instant, moment
from connector.adapters.hubspot.vocabulary import Word, words
from connector.adapters.vocabulary import on_deal
from connector.deals import Deal, LineItem, OurField, Value
from connector.policy.model import Field, Home

KIND = "deals"
_CORE = (
    "dealname",
    "pipeline",
    "dealstage",
    "hubspot_owner_id",
    "deal_currency_code",
    "hs_merged_object_ids",
)
_SHOWN = tuple((ours, prop.name, ours in TIMES) for ours, prop in OUR_PROPERTIES.items())


def read_deals(client: Client, library: Library, ids: Sequence[str], wanted: Wanted) -> DealPage:
    """Read deals in batches of 100, and only what is wanted of their companies and line items."""
    vocabulary = words(on_deal(wanted.fields), library.definitions(KIND))
    properties = tuple(
        dict.fromkeys((*_CORE, *(name for _, name, _ in _SHOWN), *(w.prop for w in vocabulary if w.mapped)))
    )
    rows = list(read(client, KIND, ids, properties))
    if _surprising(rows, vocabulary):
        vocabulary = words(on_deal(wanted.fields), library.renewed_definitions(KIND))
    merged = _merged(rows, ids)
    seen = [str(row["id"]) for row in rows]
    companies = read_companies(client, library, seen, _on_companies(wanted))
    hanging = read_hanging(client, library, seen, wanted.fields)
    lines = read_lines(client, library, seen) if wanted.line_items else None
    deals = {
        str(row["id"]): _deal(row, vocabulary, _beside(str(row["id"]), companies, hanging), lines)
        for row in rows
    }
    alarms = (*(word.alarm for word in vocabulary), *companies.alarms, *hanging.alarms)
    return DealPage(
        tuple(deals.values()),
        gone=tuple(one for one in dict.fromkeys(ids) if one not in deals and one not in merged),
        merged=merged,
        absorbed=tuple(sorted({old for row in rows for old in _old_ids(row)})),
        alarms=tuple(sorted({alarm for alarm in alarms if alarm})),
    )


def _beside(deal: str, companies: Companies, hanging: Hanging) -> Mapping[str, Value]:
    return {**companies.values.get(deal, {}), **hanging.values.get(deal, {})}


def _on_companies(wanted: Wanted) -> list[Field]:
    return [field for field in wanted.fields if field.home is Home.COMPANY]


def _surprising(rows: Sequence[Row], vocabulary: Iterable[Word]) -> bool:
    """Tell whether HubSpot left out a property that we took for known, or sent one that we took for gone."""
    if not rows:
        return False
    sent = rows[0]["properties"]
    return any(word.mapped and word.known != (word.prop in sent) for word in vocabulary)


def _merged(rows: Iterable[Row], ids: Iterable[str]) -> dict[str, str]:
    """Return the survivor of each asked deal that was merged away: HubSpot answers with the survivor."""
    asked = set(ids)
    survivors: dict[str, str] = {}
    for row in rows:
        survivors.update({old: str(row["id"]) for old in _old_ids(row) if old in asked})
    return survivors


def _old_ids(row: Row) -> set[str]:
    """Return the ids of the deals that were merged into this one."""
    told = (row["properties"].get("hs_merged_object_ids") or "").split(";")
    return {old for old in told if old} - {str(row["id"])}


def _deal(
    row: Row,
    vocabulary: Iterable[Word],
    beside: Mapping[str, Value],
    lines: Mapping[str, tuple[LineItem, ...]] | None,
) -> Deal:
    properties = row["properties"]
    deal_id = str(row["id"])
    return Deal(
        id=deal_id,
        name=properties.get("dealname") or "",
        pipeline=properties.get("pipeline") or "",
        stage=properties.get("dealstage") or "",
        owner=properties.get("hubspot_owner_id") or None,
        currency=properties.get("deal_currency_code") or None,
        created_at=moment(row.get("createdAt")),
        values={**{word.name: word.read(properties) for word in vocabulary}, **beside},
        line_items=lines.get(deal_id, ()) if lines is not None else None,
        shown=_shown(properties),
    )


def _shown(properties: Mapping[str, Any]) -> dict[OurField, str]:
    shown = {ours: (properties[name], timed) for ours, name, timed in _SHOWN if properties.get(name)}
    return {ours: _instant(text) if timed else text for ours, (text, timed) in shown.items()}


def _instant(text: str) -> str:
    at = moment(text)
    return text if at is None else instant(at)
