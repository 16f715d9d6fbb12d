"""The rate for limits in other currencies: the first request of a gate fixes it (design 1.12)."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from connector.policy.exchange import Factors, factors, rate, turned
from connector.policy.model import Policy
from connector.standing import Signoff

__all__ = ["Factors", "factors", "first", "fixed", "priced", "rate", "turned"]


def fixed(signoffs: Iterable[Signoff], gate: str | None = None) -> Decimal | None:
    """Return the rate that the first request has fixed, of one gate or of any: a new rate alone re-opens
    nothing."""
    one = first(signoffs, gate)
    return one.rate if one else None


def first(signoffs: Iterable[Signoff], gate: str | None = None) -> Signoff | None:
    """Return the request that has fixed the rate, of one gate or of any."""
    asked = [one for one in signoffs if one.rate is not None and gate in {None, one.gate}]
    return min(asked, key=lambda one: one.requested_at, default=None)


def priced(policy: Policy, currency: str | None, signoffs: Iterable[Signoff]) -> Policy:
    """Return the policy by which a deal in this currency is priced: its rate is the one that the deal's first
    request has fixed, so that a new rate alone changes no discount of a deal that somebody decides about."""
    if currency is None or currency == policy.currency or currency not in policy.rates.worth:
        return policy
    known = fixed(signoffs)
    if known is None or known == policy.rates.worth[currency]:
        return policy
    worth = {**policy.rates.worth, currency: known}
    return policy.at_rates(replace(policy.rates, worth=worth))
