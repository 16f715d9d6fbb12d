"""The rate for limits in other currencies: the first request of a gate fixes it (design 1.12)."""

from collections.abc import Iterable
from decimal import Decimal

from connector.policy.exchange import Factors, factors, rate, turned
from connector.standing import Signoff

__all__ = ["Factors", "factors", "fixed", "rate", "turned"]


def fixed(signoffs: Iterable[Signoff], gate: str | None = None) -> Decimal | None:
    """Return the rate that the first request has fixed, of one gate or of any: a new rate alone re-opens
    nothing."""
    asked = [one for one in signoffs if one.rate is not None and gate in {None, one.gate}]
    return min(asked, key=lambda one: one.requested_at).rate if asked else None
