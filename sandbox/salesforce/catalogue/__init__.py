"""The standard objects, as much of them as a sales team and its add-ons use."""

from sandbox.salesforce.catalogue.make import text
from sandbox.salesforce.catalogue.sales import sales_objects
from sandbox.salesforce.catalogue.settings import setting_objects
from sandbox.salesforce.schema import SObject

_CURRENCY = (
    "Account",
    "Opportunity",
    "OpportunityLineItem",
    "Product2",
    "PricebookEntry",
    "OpportunityHistory",
)


def standard(*, multi_currency: bool) -> tuple[SObject, ...]:
    """Return fresh copies of all standard objects."""
    objects = (*sales_objects(), *setting_objects())
    if not multi_currency:
        return tuple(one for one in objects if one.name != "CurrencyType")
    for one in objects:
        if one.name in _CURRENCY:
            one.add(text("CurrencyIsoCode", 3))
    return objects
