"""The product lines of a deal: what is sold, at which price, against which list price."""

from collections.abc import Iterator
from decimal import Decimal

from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.library import LINE, Described
from connector.adapters.salesforce.parsing import Row, number
from connector.adapters.salesforce.soql import children
from connector.deals import LineItem

RELATION = "OpportunityLineItems"
_FIELDS = ("Id", "Product2Id", "ProductCode", "Name", "Quantity", "UnitPrice", "ListPrice", "Discount")
_DISCOUNT = "Discount"
_NOT_EVERYWHERE = frozenset({_DISCOUNT})  # not every edition has it
_PRODUCT = "Product2.Name"


def subquery(described: Described) -> str:
    """Return the part of a query that brings each deal's lines along; "" where they are not shown to us."""
    fields = [name for name in _FIELDS if name in described]
    product = [_PRODUCT] if "Product2Id" in described else []
    return children([*fields, *product], RELATION, rest="ORDER BY SortOrder, Id") if fields else ""


def lost(described: Described) -> Iterator[str]:
    """Name what is not shown to us: a price that is hidden is unknown, and no discount of it."""
    if not described.fields:
        yield f"field-vanished {LINE}"
        return
    for name in _FIELDS:
        if name not in described and name not in _NOT_EVERYWHERE:
            yield f"field-vanished {LINE}.{name}"


def read_lines(client: Client, row: Row) -> tuple[LineItem, ...]:
    """Return the lines that came with a deal; those of a long list are fetched page by page."""
    return tuple(_line(one) for one in client.children(row, RELATION, LINE))


def _line(row: Row) -> LineItem:
    quantity = number(row.get("Quantity"))
    return LineItem(
        id=str(row["Id"]),
        product=row.get("Product2Id"),
        name=str((row.get("Product2") or {}).get("Name") or row.get("Name") or ""),
        sku=row.get("ProductCode") or None,
        # A quantity that is not known must not pass for one: then the line's price is not known either.
        quantity=Decimal(1) if quantity is None else quantity,
        list_price=_list_price(row),
        net_price=None if quantity is None else _net_price(row),
    )


def _list_price(row: Row) -> Decimal | None:
    """Return the price of the price book. A product listed at nothing stands for "whatever we agree"."""
    price = number(row.get("ListPrice"))
    return price or None


def _net_price(row: Row) -> Decimal | None:
    price, percent = number(row.get("UnitPrice")), number(row.get(_DISCOUNT))
    if price is None or percent is None:
        return price
    return price * (100 - percent) / 100
