"""Deals for the checks, as short as they can be written."""

from decimal import Decimal

from connector.deals import Deal, LineItem, OurField, Value


def line(
    name: str = "Data Platform",
    net: str | None = "1000",
    *,
    sku: str | None = "DP",
    quantity: int = 1,
    price: str | None = None,
    product: str | None = "77",
) -> LineItem:
    """Make a line; `net` and `price` (the CRM's list price) are for one unit."""
    return LineItem(
        id=name,
        product=product,
        name=name,
        sku=sku,
        quantity=Decimal(quantity),
        list_price=None if price is None else Decimal(price),
        net_price=None if net is None else Decimal(net),
    )


def deal(*lines: LineItem, currency: str | None = "EUR", case: str = "", **values: Value) -> Deal:
    """Make a deal; `case` is what the rep wrote beside the request."""
    return Deal(
        id="1",
        name="Acme",
        pipeline="default",
        stage="contract",
        owner="101",
        currency=currency,
        values={name.replace("_", "-"): value for name, value in values.items()},
        line_items=lines,
        shown={OurField.REQUEST_NOTE: case} if case else {},
    )
