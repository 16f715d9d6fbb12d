"""Money in another currency, at the rates of the policy (design 1.12)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Context, Decimal

from connector.policy.model import Policy, Quotes

_DIGITS = Context(prec=12)

Factors = Mapping[str, Decimal]  # by currency: what one unit of the deal's currency is worth in it


def quoted(policy: Policy, quotes: Quotes | None) -> Policy:
    """Return the policy with the account's rates for all currencies that it does not name itself; as it is
    where it does not ask for them, or where the account does not know the policy's own currency."""
    known = policy.rates
    if quotes is None or not known.from_crm:
        return policy
    told = {**quotes.worth, quotes.home: Decimal(1)}
    own = told.get(policy.currency or "")
    if own is None:
        return policy
    fixed = {name: each for name, each in known.worth.items() if name not in known.dated}
    others = told.keys() - {*fixed, policy.currency}
    found = {name: _DIGITS.divide(told[name], own) for name in sorted(others)}
    rates = replace(known, worth={**found, **fixed}, dated=dict.fromkeys(found, quotes.as_of))
    return policy.at_rates(rates)


def is_blind(policy: Policy) -> bool:
    """Say whether the policy asks for the CRM's rates, and nobody has told them."""
    return policy.rates.from_crm and not policy.rates.dated


def rate(currency: str | None, policy: Policy) -> Decimal | None:
    """Return what one unit is worth in the policy's own currency, None where no rate is known."""
    if currency is None or policy.currency is None:
        return None
    return Decimal(1) if currency == policy.currency else policy.rates.worth.get(currency)


def factors(currency: str | None, policy: Policy, at: Decimal | None = None) -> Factors:
    """Return what one unit of the deal's currency is worth in every other whose rate is known. `at`: the rate
    of the deal's currency, where a request has fixed it."""
    if not policy.rates.worth or currency is None or policy.currency is None:
        return {}
    own = rate(currency, policy) if at is None else at
    if own is None:
        return {}
    worth = {policy.currency: Decimal(1), **policy.rates.worth}
    return {other: own / each for other, each in worth.items() if other != currency}


def turned(amount: Decimal, have: str | None, want: str | None, policy: Policy) -> Decimal | None:
    """Return the amount in the currency that is wanted, None where no rate is known."""
    if have == want:
        return amount
    one, other = rate(have, policy), rate(want, policy)
    return None if one is None or other is None else amount * one / other
