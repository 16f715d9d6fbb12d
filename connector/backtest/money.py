"""Amounts added up by currency: two currencies are never one sum."""

from collections.abc import Mapping
from decimal import Decimal

from connector.deals import Value


def add(total: dict[str, Decimal], amount: Value, currency: str | None) -> None:
    """Add one amount; what is no number counts nothing."""
    if isinstance(amount, Decimal) and amount.is_finite():
        total[currency or ""] = total.get(currency or "", Decimal(0)) + amount


def plain(total: Mapping[str, Decimal]) -> dict[str, str]:
    """Return the sums as text, by currency."""
    return {currency: f"{amount:.2f}" for currency, amount in sorted(total.items())}
