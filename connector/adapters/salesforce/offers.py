"""What an org has besides opportunities: the fields it made for them, and its standard price book."""

from connector.adapters.base import CrmField, CrmProduct
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.library import ACCOUNT, OPPORTUNITY, Definition, Described, Library
from connector.adapters.salesforce.parsing import Row, number
from connector.adapters.salesforce.soql import select
from connector.policy.model import FieldType

ENTRY = "PricebookEntry"
_FIELDS = ("Product2.Name", "Product2.ProductCode", "UnitPrice")
_MOST = "ORDER BY Product2.Name LIMIT 300"
_OWN = "__c"
# Of the accounts' own fields, those by which something is delivered or billed.
# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_account.htm
_OF_COMPANIES = (
    "Name", "AccountNumber", "Phone", "Website", "BillingStreet", "BillingPostalCode", "BillingCity",
    "BillingCountry", "Industry", "NumberOfEmployees",
)  # fmt: skip
_OURS = ("ops_", "dealgate_")
_TYPES = {
    "string": FieldType.TEXT,
    "textarea": FieldType.TEXT,
    "phone": FieldType.TEXT,
    "url": FieldType.TEXT,
    "email": FieldType.TEXT,
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
    return _own(library.described(OPPORTUNITY))


def company_fields(library: Library) -> tuple[CrmField, ...]:
    """Return the fields of accounts that a delivery asks for, and the custom ones; none where the
    integration user does not see accounts."""
    described = library.described(ACCOUNT)
    usual = (described.field(name) for name in _OF_COMPANIES)
    return (*(_field(one) for one in usual if one is not None and one.type in _TYPES), *_own(described))


def _own(described: Described) -> tuple[CrmField, ...]:
    known = described.fields.values()
    mine = (one for one in known if one.name.endswith(_OWN) and not one.name.lower().startswith(_OURS))
    ordered = sorted(mine, key=lambda one: (one.label.casefold(), one.name))
    return tuple(_field(one) for one in ordered if one.type in _TYPES)


def _field(one: Definition) -> CrmField:
    return CrmField(one.name, one.label or one.name, _TYPES[one.type], tuple(sorted(one.options)))


def products(client: Client) -> tuple[CrmProduct, ...]:
    """Return the active entries of the standard price book, the first few hundred."""
    where = "IsActive = {} AND Pricebook2.IsStandard = {}"
    rows = client.rows(select(_FIELDS, ENTRY, where, True, True, rest=_MOST), ENTRY)  # noqa: FBT003
    return tuple(_product(row) for row in rows if (row.get("Product2") or {}).get("Name"))


def _product(row: Row) -> CrmProduct:
    told = row["Product2"]
    return CrmProduct(str(told["Name"]), told.get("ProductCode") or None, number(row.get("UnitPrice")))
