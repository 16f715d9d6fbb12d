"""What a live account shows of itself, read in few calls: the ground of a first policy."""

from collections import Counter

from connector.adapters.base import Wanted
from connector.deals import Deal, Unreadable
from connector.desk import Desk
from connector.policy.first import Account, Seen, Sold, Somebody
from connector.policy.model import Field, FieldType, Home
from connector.settings import HubSpotAccount
from connector.worker.backfill import pages

_MOST_DEALS = 400
_MOST_FIELDS = 60


def sketch(desk: Desk) -> Account:
    """Read pipelines, people, products, the fields of deals, and some open deals for how full those are."""
    hubspot = isinstance(desk.settings.account(desk.account), HubSpotAccount)
    vendor = "hubspot" if hubspot else "salesforce"
    fields = desk.crm.deal_fields()[:_MOST_FIELDS]
    deals = _some_deals(desk, [_field(vendor, one.name, one.type) for one in fields])
    stood = Counter(deal.stage for deal in deals)
    owned = Counter(deal.owner for deal in deals)
    users = [user for user in desk.crm.users() if user.active and user.email]
    mails = Counter(user.email.casefold() for user in users)
    email_of = {user.owner: user.email for user in users}
    return Account(
        vendor=vendor,
        user_key="hubspot-user" if hubspot else "salesforce-username",
        currency=_currency(deals),
        pipelines=desk.crm.pipelines(),
        people=tuple(
            Somebody(
                name=user.name,
                email=user.email,
                user=(user.user if hubspot else user.username) or user.owner,
                owns=owned[user.owner],
                manager=email_of.get(user.manager or ""),
                teams=user.teams,
            )
            for user in users
            if mails[user.email.casefold()] == 1
        ),
        fields=tuple(
            Seen(one.name, one.label, one.type, one.options, _filled(one.name, deals)) for one in fields
        ),
        products=tuple(Sold(one.name, one.sku, one.price) for one in desk.crm.products()),
        stood=stood,
    )


def _some_deals(desk: Desk, fields: list[Field]) -> list[Deal]:
    ids: list[str] = []
    for page in desk.crm.open_deals():
        ids += page
        if len(ids) >= _MOST_DEALS:
            break
    wanted = Wanted(tuple(fields))
    return [
        deal
        for page in pages(ids[:_MOST_DEALS], desk.crm.batch)
        for deal in desk.crm.read_deals(page, wanted).deals
    ]


def _field(vendor: str, name: str, kind: FieldType) -> Field:
    if vendor == "hubspot":
        return Field(f"field {name}", name, kind, Home.DEAL, hubspot=name)
    return Field(f"field {name}", name, kind, Home.DEAL, salesforce=name)


def _filled(name: str, deals: list[Deal]) -> Counter[str]:
    values = ((deal.stage, deal.values.get(f"field {name}")) for deal in deals)
    return Counter(
        stage for stage, value in values if value not in (None, "", ()) and not isinstance(value, Unreadable)
    )


def _currency(deals: list[Deal]) -> str:
    found = Counter(deal.currency for deal in deals if deal.currency)
    return found.most_common(1)[0][0] if found else "EUR"
