"""What an account has besides deals: the fields it made for them, and its product library."""

from collections.abc import Iterable

from connector.adapters.base import CrmField, CrmProduct
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.fields import OUR_PROPERTIES
from connector.adapters.hubspot.library import Definition, Library
from connector.adapters.hubspot.parsing import number
from connector.adapters.hubspot.paths import LIST
from connector.errors import CrmRefused
from connector.policy.model import FieldType

_PAGE = 100
_PAGES = 3
_OURS = frozenset(one.name for one in OUR_PROPERTIES.values())
# Of the companies' own properties, those by which something is delivered or billed.
# https://developers.hubspot.com/docs/api-reference/crm-companies-v3/guide
_OF_COMPANIES = (
    "name",
    "domain",
    "phone",
    "address",
    "zip",
    "city",
    "country",
    "industry",
    "numberofemployees",
)
_TYPES = {
    "string": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "date": FieldType.DATE,
    "datetime": FieldType.DATE,
    "enumeration": FieldType.ENUM,
    "bool": FieldType.BOOLEAN,
}


def deal_fields(library: Library) -> tuple[CrmField, ...]:
    """Return the properties that the account made, ours left out."""
    return _own(library.definitions("deals").values())


def company_fields(library: Library) -> tuple[CrmField, ...]:
    """Return the properties of companies that a delivery asks for, and those that the account made; none
    where the app may not see companies."""
    try:
        known = library.definitions("companies")
    except CrmRefused:
        return ()
    usual = tuple(_field(known[name]) for name in _OF_COMPANIES if name in known)
    return (*usual, *(one for one in _own(known.values()) if one.name not in _OF_COMPANIES))


def _own(known: Iterable[Definition]) -> tuple[CrmField, ...]:
    mine = (one for one in known if one.own and one.name not in _OURS and one.type in _TYPES)
    return tuple(_field(one) for one in sorted(mine, key=lambda one: (one.label.casefold(), one.name)))


def _field(one: Definition) -> CrmField:
    kind = _TYPES[one.type]
    if one.type == "number" and one.fraction:
        kind = FieldType.PERCENT
    elif one.type == "number" and one.money:
        kind = FieldType.MONEY
    options = tuple(str(option["value"]) for option in one.options) if kind is FieldType.ENUM else ()
    return CrmField(one.name, one.label or one.name, kind, options)


def products(client: Client) -> tuple[CrmProduct, ...]:
    """Return the products of the library, the first few hundred."""
    found: list[CrmProduct] = []
    after: str | None = None
    for _ in range(_PAGES):
        query = {
            "limit": _PAGE,
            "properties": ["name", "price", "hs_sku"],
            **({"after": after} if after else {}),
        }
        data = client.call(LIST, "products", query=query).data
        for row in data.get("results") or ():
            told = row["properties"]
            if told.get("name"):
                found.append(CrmProduct(told["name"], told.get("hs_sku") or None, number(told.get("price"))))
        after = ((data.get("paging") or {}).get("next") or {}).get("after")
        if not after:
            break
    return tuple(found)
