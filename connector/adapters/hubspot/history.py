"""What happened to a deal: the property histories that decide who moved it, asked, and answered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector.adapters.base import Wanted
from connector.adapters.hubspot.actors import actor
from connector.adapters.hubspot.batches import Row, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.fields import OUR_PROPERTIES
from connector.adapters.hubspot.parsing import moment
from connector.adapters.hubspot.vocabulary import property_of
from connector.deals import Change, OurField
from connector.policy.model import Home

_ALWAYS = (("stage", "dealstage"), ("pipeline", "pipeline"), ("close-date", "closedate"))
_SPOKEN = (OurField.REQUEST, OurField.REQUEST_NOTE, OurField.DECISION, OurField.DECISION_NOTE)


def read_history(
    client: Client, app_id: str, ids: Sequence[str], wanted: Wanted
) -> Mapping[str, tuple[Change, ...]]:
    """Return each deal's changes, newest first, in batches of 50. About 20 versions a property are kept."""
    names = _names(wanted)
    properties = tuple(dict.fromkeys(names.values()))
    rows = read(client, "deals", ids, ["hs_object_id"], properties)
    return {str(row["id"]): _changes(row, names, app_id) for row in rows}


def _names(wanted: Wanted) -> dict[str, str]:
    """Return the property behind each name that a change may carry."""
    words = {
        field.name: property_of(field)
        for field in wanted.fields
        if field.home is Home.DEAL and property_of(field)
    }
    ours = {field.value: OUR_PROPERTIES[field].name for field in _SPOKEN}
    return {**words, **dict(_ALWAYS), **ours}


def _changes(row: Row, names: Mapping[str, str], app_id: str) -> tuple[Change, ...]:
    histories = row.get("propertiesWithHistory") or {}
    found = [
        change for name, prop in names.items() for change in _entries(name, histories.get(prop) or (), app_id)
    ]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _entries(name: str, entries: Sequence[Mapping[str, Any]], app_id: str) -> Iterator[Change]:
    for entry in entries:
        at = moment(entry.get("timestamp"))
        if at is not None:
            yield Change(name, entry.get("value"), at, actor(entry, app_id))
