"""A deal as it would be with a few other values, and how much money that moves."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from connector import values
from connector.checks.derived import derive, discount_base
from connector.deals import Deal, LineItem, Value
from connector.policy.model import Derived, Field, Home, PriceBase
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local

Changes = tuple[tuple[str, Value], ...]
_CENT = Decimal("0.01")


def changed(ground: Ground, changes: Changes) -> Ground:
    """Return the ground with these values; derived ones follow from them, a discount from new prices."""
    deal, pinned = ground.deal, dict[str, Value]()
    for name, value in changes:
        field = ground.policy.fields[name]
        if field.home is not Home.DERIVED:
            deal = replace(deal, values={**deal.values, name: value})
            continue
        pinned[name] = value  # prices are whole cents, the limit counts as it is written
        if field.derived is Derived.DISCOUNT and isinstance(value, Decimal):
            deal = _priced(deal, field, value, ground)
    today = local(ground.now, ground.policy.calendar).date()
    facts = derive(deal, ground.policy, today, ground.context.standing.signoffs)
    return replace(ground, deal=deal, facts={**facts, **pinned})


def moved_money(before: Deal, after: Deal) -> Decimal:
    """Return by how much the price changes, in the deal's currency; 0 where only other things do."""
    return max(abs(_sold_for(after) - _sold_for(before)), abs(_amount(after) - _amount(before)))


def _priced(deal: Deal, field: Field, discount: Decimal, ground: Ground) -> Deal:
    """Return the deal at this discount: every line moved alike, and the amount where it is their sum."""
    full = discount_base(deal, ground.policy, ground.context.standing.signoffs)
    if full is None:
        return deal
    net = full * (100 - discount) / 100
    if field.of is PriceBase.AMOUNT:
        return replace(deal, values={**deal.values, "amount": net.quantize(_CENT, rounding=ROUND_CEILING)})
    now = ground.facts.get(field.name)
    left = Decimal(100) - now if isinstance(now, Decimal) else Decimal(0)
    if left <= 0:
        return deal
    lines = tuple(_scaled(line, (100 - discount) / left) for line in deal.line_items or ())
    after = replace(deal, line_items=lines)
    if abs(_amount(deal) - _sold_for(deal)) > _CENT:
        return after
    sold = values.rounded(_sold_for(after), 8)  # a third of a price has no end, and is no cent more
    amount = sold.quantize(_CENT, rounding=ROUND_CEILING)
    return replace(after, values={**after.values, "amount": amount})


def _scaled(line: LineItem, by: Decimal) -> LineItem:
    return line if line.net_price is None else replace(line, net_price=line.net_price * by)


def _sold_for(deal: Deal) -> Decimal:
    return _sum(
        line.quantity * line.net_price for line in deal.line_items or () if line.net_price is not None
    )


def _sum(prices: Iterable[Decimal]) -> Decimal:
    return sum(prices, Decimal(0))


def _amount(deal: Deal) -> Decimal:
    amount = deal.values.get("amount")
    return amount if isinstance(amount, Decimal) and amount.is_finite() else Decimal(0)
