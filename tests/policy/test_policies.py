"""The policies that come with the product load, and say about real deals what they must."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from connector.authority import needs
from connector.checks.derived import currency_of, derive
from connector.deals import Deal, LineItem
from connector.policy.load import load
from connector.policy.model import Mode, Policy, Ruling

ROOT = Path(__file__).parents[2]
SALES = ROOT.parent / "shared" / "data" / "crm_sales"
SHIPPED = sorted([*ROOT.glob("sandbox/policies/*.yaml"), *ROOT.glob("examples/*.yaml")])


def shipped(name: str) -> Policy:
    path = ROOT / "sandbox" / "policies" / name
    return load(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_policy_loads(path: Path) -> None:
    assert load(path.read_bytes(), path.name).gates


def test_the_examples_are_there() -> None:
    assert {"company.yaml", "crm_sales.yaml", "minimal.yaml"} <= {path.name for path in SHIPPED}


def ruled(policy: Policy, discount: str, strangers: int = 0) -> list[tuple[Ruling, str | None]]:
    facts = dict.fromkeys(policy.fields) | {
        "discount": Decimal(discount),
        "products-not-offered": Decimal(strangers),
    }
    return [(need.ruling, need.role) for need in needs(policy, policy.gates[0], facts, "EUR")]


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        ("-5", [(Ruling.SALES, None)]),
        ("10", [(Ruling.SALES, None)]),
        ("10.01", [(Ruling.SIGN_OFF, "operations")]),
        ("20", [(Ruling.SIGN_OFF, "operations")]),
        ("20.01", [(Ruling.SIGN_OFF, "founder")]),
        ("30", [(Ruling.SIGN_OFF, "founder")]),
        ("30.01", [(Ruling.FORBIDDEN, None)]),
    ],
)
def test_the_sandbox_company_decides_by_discount(
    discount: str, expected: list[tuple[Ruling, str | None]]
) -> None:
    assert ruled(shipped("company.yaml"), discount) == expected


def test_the_sandbox_company_asks_operations_about_a_product_it_does_not_offer() -> None:
    policy = shipped("company.yaml")
    assert ruled(policy, "5", 1) == [(Ruling.SIGN_OFF, "operations")]
    assert ruled(policy, "25", 1) == [(Ruling.SIGN_OFF, "founder")]
    assert ruled(policy, "31", 1) == [(Ruling.FORBIDDEN, None)]


def test_the_sandbox_company_has_its_gates_and_people() -> None:
    policy = shipped("company.yaml")
    assert [(gate.pipeline, gate.stage, gate.mode, gate.move_back) for gate in policy.gates] == [
        ("Sales Pipeline", "Contract", Mode.BLOCK, True),
        ("Sales Pipeline", "Closed Won", Mode.BLOCK, True),
        ("Renewals", "Renewed", Mode.FLAG, False),
    ]
    assert {person.manager for person in policy.people.values()} == {"eva-lang", "ruth-klein", None}
    assert policy.roles["operations"].holders == ("anna-bos", "jan-smit")


def rows(name: str) -> Iterator[dict[str, str]]:
    with (SALES / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def won(policy: Policy) -> Iterator[Deal]:
    for row in rows("sales_pipeline.csv"):
        if row["deal_stage"] == "Won":
            item = LineItem("1", None, row["product"], None, Decimal(1), None, None)
            amount = Decimal(row["close_value"])
            yield Deal(
                row["opportunity_id"],
                row["account"],
                "default",
                "won",
                values={"amount": amount},
                line_items=(item,),
            )


@pytest.mark.skipif(not SALES.is_dir(), reason="the crm_sales data set is not beside the repository")
def test_of_4238_won_deals_617_need_the_manager_and_92_operations() -> None:
    policy = shipped("crm_sales.yaml")
    asked: Counter[str | None] = Counter()
    for deal in won(policy):
        (need,) = needs(policy, policy.gates[0], derive(deal, policy), currency_of(deal, policy))
        assert need.ruling in {Ruling.SALES, Ruling.SIGN_OFF}
        asked[need.role] += 1
    assert asked.total() == 4238
    assert asked["operations"] == 92
    assert asked["operations"] + asked["sales-manager"] == 709


@pytest.mark.skipif(not SALES.is_dir(), reason="the crm_sales data set is not beside the repository")
def test_every_agent_of_the_data_set_is_a_person_with_the_right_manager() -> None:
    people = {person.name: person for person in shipped("crm_sales.yaml").people.values()}
    for row in rows("sales_teams.csv"):
        manager = people[row["sales_agent"]].manager
        assert people[row["manager"]].id == manager
