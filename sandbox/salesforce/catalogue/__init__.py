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


def standard(*, multi_currency: bool, dated_rates: bool = False) -> tuple[SObject, ...]:
    """Return fresh copies of all standard objects. An org knows rates by date only with advanced currency
    management, which takes several currencies."""
    hidden = {
        *(() if multi_currency else ("CurrencyType",)),
        *(() if multi_currency and dated_rates else ("DatedConversionRate",)),
    }
    objects = tuple(one for one in (*sales_objects(), *setting_objects()) if one.name not in hidden)
    if not multi_currency:
        return objects
    for one in objects:
        if one.name in _CURRENCY:
            one.add(text("CurrencyIsoCode", 3))
    return objects
