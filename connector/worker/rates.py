"""New exchange rates of the account: deals in other currencies are looked at again; nobody is disturbed."""

from connector.desk import Desk
from connector.policy.model import Quotes
from connector.store.encode import encode


def reprice(desk: Desk, seen: str) -> str:
    """Ring the deals that other rates may answer otherwise; return what to compare with next time. `seen` is
    what this returned last, empty where the policy did not ask for the account's rates yet."""
    policy = desk.pictures.policy(desk.now())
    if not policy.rates.from_crm:
        return ""
    quotes = desk.crm.rates()
    now = _worth(quotes)
    if seen and now != seen:
        here = {None, policy.currency}
        known = desk.store.views.inputs(desk.account)
        deals = [one.deal.id for one in known if one.deal.currency not in here and one.quotes != quotes]
        desk.store.capacity.ring_quietly(desk.account, deals, desk.now())
    return now


def _worth(quotes: Quotes | None) -> str:
    """Return the rates without their day: the same rate of another day changes nothing."""
    return encode(quotes.worth) if quotes is not None else "none"
