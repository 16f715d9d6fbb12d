"""A deal's product lines held against the standard offering: what is offered, at which list price."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from connector.checks.rates import turned
from connector.deals import Deal, LineItem, Unreadable
from connector.policy.model import Policy, Product, folded
from connector.texts import unknown

_DIGITS = 12  # before the point


class Line(NamedTuple):
    """One line with its place in the offering. `list_price` and `cost` for one unit in the deal's currency,
    None where neither the offering nor the CRM knows it."""

    item: LineItem
    product: Product | None
    offered: bool
    list_price: Decimal | None
    cost: Decimal | None = None

    @property
    def label(self) -> str:
        """Name the line as the rep knows it."""
        return self.item.name or self.item.sku or unknown.line(self.item.id)

    @property
    def list_total(self) -> Decimal | None:
        """Return quantity times list price, None where the list price is not known."""
        return None if self.list_price is None else self.item.quantity * self.list_price

    @property
    def net_total(self) -> Decimal | None:
        """Return quantity times net price, None where the net price is not known."""
        return None if self.item.net_price is None else self.item.quantity * self.item.net_price


def lines_of(deal: Deal, policy: Policy, currency: str | None) -> tuple[Line, ...]:
    """Return the deal's lines; none where they were not read. Prices of the offering come before the CRM's
    price book; they count in the deal's own currency, in another by the policy's rates."""
    return tuple([_line(item, policy, currency) for item in deal.line_items or ()])


def strangers(deal: Deal, policy: Policy) -> tuple[str, ...]:
    """Return the names of the deal's products that are not in the offering, each once."""
    return tuple(dict.fromkeys(line.label for line in lines_of(deal, policy, None) if not line.offered))


def net_of(lines: Iterable[Line]) -> Decimal | Unreadable:
    """Return the sum of the lines' net prices."""
    total = Decimal(0)
    for line in lines:
        if line.net_total is None:
            return Unreadable(unknown.no_price(line.label))
        total += line.net_total
    return total


def _line(read: LineItem, policy: Policy, currency: str | None) -> Line:
    item = read if _is_plausible(read) else replace(read, list_price=None, net_price=None, cost=None)
    offering = policy.offering
    product = _product(item, offering.by_name)
    offered = product is not None if offering.products else item.product is not None
    if product is None:
        return Line(item, product, offered, item.list_price, item.cost)
    price = _in(currency, product.list_price, product, policy)
    cost = None if product.cost is None else _in(currency, product.cost, product, policy)
    return Line(
        item,
        product,
        offered,
        item.list_price if price is None else price,
        item.cost if cost is None else cost,
    )


def _is_plausible(item: LineItem) -> bool:
    """Say whether the line's numbers can be meant; with others no price of it is known."""
    for one in (item.quantity, item.list_price, item.net_price, item.cost):
        if one is not None and one.adjusted() >= _DIGITS:
            return False
    return True


def _in(currency: str | None, amount: Decimal | None, product: Product, policy: Policy) -> Decimal | None:
    """Return an amount of the offering in the deal's currency, None where it cannot be said."""
    if amount is None or product.currency in {None, currency}:
        return amount
    return turned(amount, product.currency, currency, policy)


def _product(item: LineItem, by_name: Mapping[str, Product]) -> Product | None:
    for name in (item.sku, item.name, item.product):
        if name and (found := by_name.get(folded(name))) is not None:
            return found
    return None
