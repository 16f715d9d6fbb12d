"""Money in another currency, at the rates of the policy (design 1.12)."""

from collections.abc import Mapping
from decimal import Decimal

from connector.policy.model import Policy

Factors = Mapping[str, Decimal]  # by currency: what one unit of the deal's currency is worth in it


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
