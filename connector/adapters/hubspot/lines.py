"""The product lines of deals: what is sold, at which price, against which list price."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from connector.adapters.hubspot.batches import Row, linked_ids, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.parsing import number
from connector.deals import LineItem

KIND = "line_items"
PROPERTIES = (
    "name",
    "quantity",
    "price",
    "hs_product_id",
    "hs_sku",
    "discount",
    "hs_discount_percentage",
    "hs_cost_of_goods_sold",
)


def read_lines(client: Client, library: Library, deals: Sequence[str]) -> Mapping[str, tuple[LineItem, ...]]:
    """Return the lines of each deal, by deal: one call of links for 1,000 deals, one for 100 lines."""
    by_deal = {deal: linked_ids(rows) for deal, rows in links(client, "deals", KIND, deals).items()}
    rows = {
        str(row["id"]): row
        for row in read(client, KIND, (i for ids in by_deal.values() for i in ids), PROPERTIES)
    }
    build = builder(library, rows.values())
    lines = {one: build(one, row["properties"]) for one, row in rows.items()}
    return {
        deal: tuple(lines[one] for one in sorted(ids, key=int) if one in lines)
        for deal, ids in by_deal.items()
    }


def builder(library: Library, rows: Iterable[Row]) -> Callable[[str, Mapping[str, Any]], LineItem]:
    """Return what makes a line of its id and properties, at the list prices of the products in these rows."""
    products = {row["properties"].get("hs_product_id") for row in rows} - {None, ""}
    prices = library.list_prices(products)
    return lambda line, properties: _line(line, properties, prices, lambda: _discount_is_percent(library))


def _line(
    line: str,
    properties: Mapping[str, Any],
    prices: Mapping[str, Decimal | None],
    in_percent: Callable[[], bool],
) -> LineItem:
    product = properties.get("hs_product_id") or None
    quantity = number(properties.get("quantity"))
    return LineItem(
        id=line,
        product=product,
        name=properties.get("name") or "",
        sku=properties.get("hs_sku") or None,
        # A quantity that is not known must not pass for one: then the line's price is not known either.
        quantity=Decimal(1) if quantity is None else quantity,
        list_price=prices.get(product) if product else None,
        net_price=None if quantity is None else _net_price(properties, in_percent),
        cost=number(properties.get("hs_cost_of_goods_sold")),
    )


def _net_price(properties: Mapping[str, Any], in_percent: Callable[[], bool]) -> Decimal | None:
    """Return the unit price less its discount; None where a part of it is missing or unreadable."""
    price = number(properties.get("price"))
    percent, amount = properties.get("hs_discount_percentage"), properties.get("discount")
    if price is None:
        return None
    if percent and number(percent) != 0:
        return _less_percent(price, number(percent))
    if not amount:
        return price
    off = number(amount)
    if off and in_percent():
        return _less_percent(price, off)
    return None if off is None else price - off


def _less_percent(price: Decimal, percent: Decimal | None) -> Decimal | None:
    return None if percent is None else price * (100 - percent) / 100


def _discount_is_percent(library: Library) -> bool:
    """Ask the account: `discount` is an amount for each unit, but in some accounts a percentage."""
    known = library.definitions(KIND).get("discount")
    return known is not None and known.fraction
