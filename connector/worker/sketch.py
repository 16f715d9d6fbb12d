"""What a live account shows of itself, read in few calls: the ground of a first policy."""

from collections import Counter
from dataclasses import replace

from connector.adapters.base import CrmField, Wanted
from connector.deals import Deal, Unreadable
from connector.desk import Desk
from connector.policy.first import Account, Seen, Sold, Somebody
from connector.policy.model import Field, Home
from connector.settings import HubSpotAccount
from connector.worker.backfill import pages

_MOST_DEALS = 400
_MOST_FIELDS = 60


def sketch(desk: Desk) -> Account:
    """Read pipelines, people, products, the fields of deals, and some open deals for how full those are."""
    hubspot = isinstance(desk.settings.account(desk.account), HubSpotAccount)
    vendor = "hubspot" if hubspot else "salesforce"
    shown = _shown(desk)
    deals = _some_deals(desk, [_field(vendor, one, home) for home, one in shown])
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
        fields=tuple(_seen(home, one, deals) for home, one in shown),
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


def _shown(desk: Desk) -> list[tuple[Home, CrmField]]:
    """Return the fields of deals, then those of companies."""
    of_deals = [(Home.DEAL, one) for one in desk.crm.deal_fields()[:_MOST_FIELDS]]
    return of_deals + [(Home.COMPANY, one) for one in desk.crm.company_fields()[:_MOST_FIELDS]]


def _field(vendor: str, one: CrmField, home: Home) -> Field:
    blank = Field(_key(home, one.name), one.name, one.type, home)
    return replace(blank, hubspot=one.name) if vendor == "hubspot" else replace(blank, salesforce=one.name)


def _key(home: Home, name: str) -> str:
    return f"{home} {name}"


def _seen(home: Home, one: CrmField, deals: list[Deal]) -> Seen:
    return Seen(one.name, one.label, one.type, one.options, _filled(_key(home, one.name), deals), home)


def _filled(key: str, deals: list[Deal]) -> Counter[str]:
    values = ((deal.stage, deal.values.get(key)) for deal in deals)
    return Counter(
        stage for stage, value in values if value not in (None, "", ()) and not isinstance(value, Unreadable)
    )


def _currency(deals: list[Deal]) -> str:
    found = Counter(deal.currency for deal in deals if deal.currency)
    return found.most_common(1)[0][0] if found else "EUR"
