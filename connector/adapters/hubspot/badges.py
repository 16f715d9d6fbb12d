"""Our own fields on deals: absolute values, 100 deals a call, never together with a stage."""

from collections.abc import Mapping, Sequence

from connector.adapters.base import Delivery
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TIMES
from connector.adapters.hubspot.parsing import instant, moment
from connector.adapters.hubspot.paths import BATCH_UPDATE
from connector.adapters.hubspot.writes import deliver
from connector.deals import OurField
from connector.effects import WriteFields


def write_fields(client: Client, effects: Sequence[WriteFields]) -> tuple[Delivery, ...]:
    """Write what the deals should show."""
    rows = [{"id": effect.deal, "properties": _properties(effect.values)} for effect in effects]
    return deliver(client, BATCH_UPDATE, "deals", rows)


def _properties(values: Mapping[OurField, str]) -> dict[str, str]:
    return {OUR_PROPERTIES[field].name: _written(field, text) for field, text in values.items()}


def _written(field: OurField, text: str) -> str:
    at = moment(text) if field in TIMES else None
    return text if at is None else instant(at)
