"""The product lines of deals through time, out of the histories of their properties.

HubSpot tells neither which lines a deal had nor which were taken away: the history of how many there were
says whether those that are there now are all of them.
https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/line-items/batch/get-line-items
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.adapters.hubspot.batches import Row, linked_ids, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.lines import KIND, PROPERTIES, builder
from connector.adapters.hubspot.parsing import moment, number
from connector.deals import LineItem, PastLines

_COUNT = "hs_num_of_associated_line_items"
_MOST_VERSIONS = 20  # of one property; what lies before the oldest of that many is lost
_Dated = tuple[datetime, str | None]
Build = Callable[[str, Mapping[str, Any]], LineItem]


def read_past_lines(client: Client, library: Library, deals: Sequence[str]) -> Mapping[str, PastLines]:
    """Return the lines of each deal through time: one call of links for 1,000 deals, one for 50 deals, one
    for 50 lines. List prices are those of today."""
    by_deal = {deal: linked_ids(rows) for deal, rows in links(client, "deals", KIND, deals).items()}
    wanted = [line for ids in by_deal.values() for line in ids]
    rows = {str(row["id"]): row for row in read(client, KIND, wanted, PROPERTIES, PROPERTIES)}
    build = builder(library, rows.values())
    lines = {name: tuple(_versions(name, row, build)) for name, row in rows.items()}
    return {
        str(row["id"]): PastLines(
            tuple((at, _count(text)) for at, text in _dated(row, _COUNT)),
            tuple(lines[one] for one in sorted(by_deal.get(str(row["id"]), ()), key=int) if one in lines),
        )
        for row in read(client, "deals", deals, ["hs_object_id"], [_COUNT])
    }


def _versions(line: str, row: Row, build: Build) -> Iterator[tuple[datetime, LineItem | None]]:
    """Yield the line as it was from each of its changes on, None while something of it is lost."""
    told = {name: _dated(row, name) for name in PROPERTIES}
    lost = [dated[0][0] for dated in told.values() if len(dated) >= _MOST_VERSIONS]
    made = moment(row.get("createdAt"))
    moments = sorted({at for dated in told.values() for at, _ in dated} | ({made} if made else set()))
    for at in moments:
        then = {name: _latest(dated, at) for name, dated in told.items()}
        yield at, None if any(at < since for since in lost) else build(line, then)


def _latest(dated: Sequence[_Dated], at: datetime) -> str | None:
    earlier = [text for since, text in dated if since <= at]
    return earlier[-1] if earlier else None


def _dated(row: Row, name: str) -> list[_Dated]:
    """Return the history of a property, oldest first."""
    entries = (row.get("propertiesWithHistory") or {}).get(name) or ()
    found = ((moment(entry.get("timestamp")), entry.get("value")) for entry in reversed(entries))
    return [(at, text) for at, text in found if at is not None]


def _count(text: str | None) -> int | None:
    found = number(text)
    return None if found is None else int(found)
