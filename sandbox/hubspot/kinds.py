"""The object types the sandbox knows, by every name HubSpot takes for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Kind:
    """One object type. `shown`: what a read without names returns; `required`: needed at creation."""

    type_id: str
    name: str
    plural: str
    shown: tuple[str, ...]
    required: tuple[str, ...] = ()
    created: str = "createdate"
    modified: str = "hs_lastmodifieddate"

    @property
    def constant(self) -> str:
        """The name as error messages and association types write it."""
        return self.name.upper()


DEAL = Kind(
    "0-3",
    "deal",
    "deals",
    ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    ("dealname", "dealstage"),
)
LINE_ITEM = Kind("0-8", "line_item", "line_items", ("hs_product_id", "quantity"))
PRODUCT = Kind("0-7", "product", "products", ("description", "name", "price"), ("name",))
COMPANY = Kind("0-2", "company", "companies", ("domain", "name"))
CONTACT = Kind("0-1", "contact", "contacts", ("email", "firstname", "lastname"), modified="lastmodifieddate")
TASK = Kind("0-27", "task", "tasks", (), ("hs_timestamp",), created="hs_createdate")
NOTE = Kind("0-46", "note", "notes", (), ("hs_timestamp",), created="hs_createdate")

KINDS = (DEAL, LINE_ITEM, PRODUCT, COMPANY, CONTACT, TASK, NOTE)

_BY_NAME: Mapping[str, Kind] = MappingProxyType(
    {name: kind for kind in KINDS for name in (kind.type_id, kind.name, kind.plural)}
)


def kind_named(name: str) -> Kind | None:
    """Return the object type of `deals`, `deal` or `0-3`."""
    return _BY_NAME.get(name.lower())
