"""docs/capacity.md: its policy is one that loads, its sheet one that is read."""

import re
from datetime import date
from pathlib import Path

from connector.capacity.sheet import read_sheet
from connector.capacity.sheet_schemas import COLUMNS, KINDS
from connector.policy.load import load

PAGE = (Path(__file__).parents[2] / "docs/capacity.md").read_text(encoding="utf-8")
REST = """
policy: Page
currency: EUR
people:
  anna-bos: {name: Anna Bos, email: anna.bos@example.com}
  jan-smit: {name: Jan Smit, email: jan.smit@example.com}
roles:
  operations: {holders: [anna-bos, jan-smit]}
gates:
  - {id: contract, pipeline: Sales, stage: Contract, mode: flag, checklist: contract}
"""


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_policy_of_the_page_loads() -> None:
    policy = load(REST + block("yaml"), "page.yaml")
    assert policy.offering.products[0].effort
    assert policy.checklists["contract"].checks[0].id == "contract.capacity"


def test_the_sheet_of_the_page_is_read() -> None:
    plan = read_sheet(block("csv").encode(), "page.csv", date(2026, 3, 2))
    assert (len(plan.supply), len(plan.leave), len(plan.commitments)) == (3, 1, 1)
    assert plan.as_of == date(2026, 2, 23)


def test_every_kind_and_column_is_told() -> None:
    for word in (*KINDS, *COLUMNS):
        assert word in PAGE
