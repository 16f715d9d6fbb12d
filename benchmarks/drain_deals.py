"""The deals that are rung: as in `benchmarks.calls`, all need their fields written and every tenth a task."""

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from connector.drafts import read_draft
from connector.policy.model import Policy
from sandbox.clock import Clock
from sandbox.company import Company, Deal, Employee, Line, Product, Step
from sandbox.loaders.crm_sales import FIELDS, PIPELINE

POLICY = Path(__file__).parents[1] / "sandbox" / "policies" / "crm_sales.yaml"
_DAY_MS = int(timedelta(days=1).total_seconds() * 1000)


def sellers(size: int) -> Company:
    """Return the company that the policy of crm_sales speaks of, with so many deals of the last days."""
    policy = read_draft(POLICY).policy
    employees = _employees(policy)
    products = tuple(
        Product(one.label.upper().replace(" ", "-"), one.label, one.list_price or Decimal(0))
        for one in policy.offering.products
    )
    owners = [one.id for one in employees if one.manager is not None]
    chance = random.Random(1)
    deals = tuple(
        _deal(number, chance.choice(owners), chance.choice(products), chance) for number in range(size)
    )
    return Company("USD", employees, (PIPELINE,), products, FIELDS, deals=deals)


def _employees(policy: Policy) -> tuple[Employee, ...]:
    ids = {name: str(1001 + place) for place, name in enumerate(policy.people)}
    return tuple(
        Employee(ids[name], f"9{ids[name]}", one.name, one.email, ids.get(one.manager or ""))
        for name, one in policy.people.items()
    )


def _deal(number: int, owner: str, product: Product, chance: random.Random) -> Deal:
    """Make a deal won at a price that the rep may give; every tenth stands before the gate with another."""
    dear = number % 10 == 0
    percent = chance.randint(11, 19) if dear else chance.randint(0, 9)
    stages = ("prospecting", "engaging") if dear else ("prospecting", "engaging", "won")
    start = Clock().now_ms() - _DAY_MS
    return Deal(
        key=f"deal-{number}",
        name=f"Customer {number}",
        pipeline=PIPELINE.id,
        owner=owner,
        path=tuple(Step(stage, start + place, owner) for place, stage in enumerate(stages)),
        amount=product.list_price * (100 - percent) / 100,
        lines=(Line(product.name, Decimal(1), product.list_price, product.sku),),
    )
