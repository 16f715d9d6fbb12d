"""Deals for the checks, as short as they can be written."""

from datetime import date
from decimal import Decimal

from connector import checks
from connector.checks.case import Case
from connector.checks.derived import derive
from connector.deals import Deal, LineItem, OurField, Pipeline, Stage, Value
from connector.policy.model import Policy
from connector.verdicts import Finding

TODAY = date(2026, 3, 2)
SALES = Pipeline(
    "default", "Sales", tuple(Stage(name.lower(), name) for name in ("Proposal", "Contract", "Won"))
)


def run_checks(one: Deal, rules: Policy, gate: int = 0, today: date = TODAY) -> tuple[Finding, ...]:
    """Run the checklist of one gate of the policy."""
    return checks.run(Case(rules, rules.gates[gate], one, derive(one, rules, today), SALES, today))


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
