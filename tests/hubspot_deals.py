"""A HubSpot account with our fields, and deals as a rep makes them at its screen."""

from functools import cache

from connector.adapters.base import Wanted
from connector.adapters.hubspot import HubSpot
from connector.adapters.hubspot.fields import GROUP
from sandbox.brightline import COMPLETE
from sandbox.hubspot.kinds import KINDS, Kind
from sandbox.hubspot.properties import Property
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.schema import Group


def furnish(crm: HubSpotSandbox) -> None:
    """Leave the account as `install` does, without its calls: they have tests of their own."""
    groups, properties = _ours()
    for kind, group in groups:
        crm.account.schema.create_group(kind, group)
    for kind, prop in properties:
        crm.account.schema.create(kind, prop)


@cache
def _ours() -> tuple[tuple[tuple[Kind, Group], ...], tuple[tuple[Kind, Property], ...]]:
    with HubSpotSandbox() as crm:
        HubSpot(account="any", access_token=crm.token, app_id="1", api_url=crm.url).install(Wanted(()))
        schema = crm.account.schema
        return (
            tuple((kind, one) for kind in KINDS for one in schema.groups(kind) if one.name == GROUP),
            tuple((kind, one) for kind in KINDS for one in schema.all(kind) if one.group == GROUP),
        )


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
