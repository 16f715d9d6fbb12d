"""The deals that are judged: those of crm_sales, drawn again and again, each with an amount of its own."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from connector.deals import Deal, LineItem, Value
from sandbox.company import Company, Customer
from sandbox.company import Deal as Sale
from sandbox.loaders import crm_sales

_SPREAD = (0.85, 1.1)  # of the list price


def deals(folder: Path, size: int) -> tuple[Deal, ...]:
    """Return so many deals, one stage before the gate; the same ones each time. One in six has no account,
    and with it no sector, country or number of employees, as in the data."""
    company = crm_sales.load(folder)
    chance = random.Random(1)
    return tuple(_deals(company, chance.choices(company.deals, k=size), chance))


def known(deal: Deal) -> bool:
    """Say whether every value is there: the peers have no word for what is not known."""
    return "sector" in deal.values


def _deals(company: Company, sales: list[Sale], chance: random.Random) -> Iterator[Deal]:
    customers = {one.key: one for one in company.customers}
    for number, sale in enumerate(sales):
        line = sale.lines[0]
        amount = Decimal(round(float(line.price or 0) * chance.uniform(*_SPREAD)))
        item = LineItem(f"line-{number}", line.sku, line.name, line.sku, line.quantity, line.price, None)
        yield Deal(
            id=f"deal-{number}",
            name=sale.name,
            pipeline=crm_sales.PIPELINE.id,
            stage="engaging",
            owner=sale.owner,
            currency=company.currency,
            created_at=datetime.fromtimestamp(sale.path[0].at / 1000, UTC),
            values={"amount": amount, **_values(sale, customers.get(sale.customer or ""))},
            line_items=(item,),
        )


def _values(sale: Sale, customer: Customer | None) -> Mapping[str, Value]:
    days = (sale.path[-1].at - sale.path[0].at) // 86_400_000
    own: dict[str, Value] = {
        "product": sale.lines[0].name,
        "region": sale.values["region"],
        "days-open": Decimal(days),
    }
    if customer is None:
        return own
    employees = Decimal(customer.employees or 0)
    return own | {"sector": customer.industry, "country": customer.country, "employees": employees}
