"""What an org has besides opportunities: the fields it made for them, and its standard price book."""

from connector.adapters.base import CrmField, CrmProduct
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.parsing import Row, number
from connector.adapters.salesforce.soql import select
from connector.policy.model import FieldType

ENTRY = "PricebookEntry"
_FIELDS = ("Product2.Name", "Product2.ProductCode", "UnitPrice")
_MOST = "ORDER BY Product2.Name LIMIT 300"
_OWN = "__c"
_OURS = ("ops_", "dealgate_")
_TYPES = {
    "string": FieldType.TEXT,
    "textarea": FieldType.TEXT,
    "double": FieldType.NUMBER,
    "int": FieldType.NUMBER,
    "currency": FieldType.MONEY,
    "percent": FieldType.PERCENT,
    "date": FieldType.DATE,
    "datetime": FieldType.DATE,
    "picklist": FieldType.ENUM,
    "multipicklist": FieldType.ENUM,
    "boolean": FieldType.BOOLEAN,
}


def deal_fields(library: Library) -> tuple[CrmField, ...]:
    """Return the custom fields of opportunities, ours left out."""
    known = library.described(OPPORTUNITY).fields.values()
    mine = (one for one in known if one.name.endswith(_OWN) and not one.name.lower().startswith(_OURS))
    return tuple(
        CrmField(one.name, one.label or one.name, _TYPES[one.type], tuple(sorted(one.options)))
        for one in sorted(mine, key=lambda one: (one.label.casefold(), one.name))
        if one.type in _TYPES
    )


def products(client: Client) -> tuple[CrmProduct, ...]:
    """Return the active entries of the standard price book, the first few hundred."""
    where = "IsActive = {} AND Pricebook2.IsStandard = {}"
    rows = client.rows(select(_FIELDS, ENTRY, where, True, True, rest=_MOST), ENTRY)  # noqa: FBT003
    return tuple(_product(row) for row in rows if (row.get("Product2") or {}).get("Name"))


def _product(row: Row) -> CrmProduct:
    told = row["Product2"]
    return CrmProduct(str(told["Name"]), told.get("ProductCode") or None, number(row.get("UnitPrice")))
