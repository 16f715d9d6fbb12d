"""Money in another currency, by the rates of the policy (design 1.12)."""

from decimal import Decimal

from connector.policy.model import Policy


def rate(currency: str | None, policy: Policy) -> Decimal | None:
    """Return what one unit is worth in the policy's own currency, None where no rate is known."""
    if currency is None or policy.currency is None:
        return None
    return Decimal(1) if currency == policy.currency else policy.rates.worth.get(currency)


def turned(amount: Decimal, have: str | None, want: str | None, policy: Policy) -> Decimal | None:
    """Return the amount in the currency that is wanted, None where no rate is known."""
    if have == want:
        return amount
    one, other = rate(have, policy), rate(want, policy)
    return None if one is None or other is None else amount * one / other
