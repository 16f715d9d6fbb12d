"""Our own fields on opportunities: absolute values, never together with a stage."""

from collections.abc import Iterable, Sequence

from connector.adapters.base import Delivery
from connector.adapters.salesforce import shown
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.library import OPPORTUNITY, Described, Library
from connector.adapters.salesforce.neighbours import Neighbours
from connector.adapters.salesforce.ranges import RangeField
from connector.adapters.salesforce.writes import Record, update
from connector.effects import WriteFields


def write_fields(
    client: Client,
    library: Library,
    neighbours: Neighbours,
    ranged: Sequence[RangeField],
    effects: Sequence[WriteFields],
) -> tuple[Delivery, ...]:
    """Write what the deals should show; limits of fields that the org does not have are left out."""
    if not effects:
        return ()
    known = _known(ranged, library.described(OPPORTUNITY))
    records = [
        Record(shown.written(effect.values, known), effect.deal, neighbours.place(effect.deal))
        for effect in effects
    ]
    return update(client, OPPORTUNITY, records)


def _known(ranged: Iterable[RangeField], described: Described) -> tuple[RangeField, ...]:
    return tuple(field for field in ranged if all(limit.name in described for limit in field.limits))
