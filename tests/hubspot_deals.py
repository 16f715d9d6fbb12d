"""Deals as a rep makes them at HubSpot's screen."""

from sandbox.brightline import COMPLETE
from sandbox.hubspot.sandbox import HubSpotSandbox


def sell(crm: HubSpotSandbox, discount: int, by: str, **values: str) -> str:
    """Create a complete deal with one product; an empty value leaves a field out. Returns its id."""
    complete = {
        "dealname": "Acme",
        "pipeline": "default",
        "hubspot_owner_id": by[1:],
        "deal_currency_code": "EUR",
        "amount": f"{240 * (100 - discount)}",
        **COMPLETE,
    }
    off = {"hs_discount_percentage": str(discount)} if discount else {}
    line = {"hs_product_id": crm.seeded.products["DP-CORE"], "quantity": "1", **off}
    wanted = {name: value for name, value in {**complete, **values}.items() if value}
    return crm.act_as(by).create_deal(wanted, [line])
