"""What a person might sign on a day, by the policy of that day."""

from datetime import date

import pytest

from connector.explain.rights import rights
from connector.policy.load import load

POLICY = load(
    """
policy: who may what
currency: EUR
people:
  anna: {name: Anna Bos, email: anna@example.com}
  jan: {name: Jan Smit, email: jan@example.com}
  mia: {name: Mia de Vries, email: mia@example.com, manager: tom}
  tom: {name: Tom Baker, email: tom@example.com}
roles:
  operations: {label: Operations, holders: [anna], backups: [tom], chain: ops, level: 1}
  manager: {label: Sales manager, holders: [owner.manager], chain: sales, level: 1}
delegations:
  - {from: anna, to: jan, since: 2026-03-02, until: 2026-03-06, up-to: "EUR 50,000"}
checklists:
  handover: [deviations]
gates:
  - {id: contract, pipeline: Sales, stage: Contract, mode: observe, checklist: handover}
""",
    "policy.yaml",
)


@pytest.mark.parametrize(
    ("person", "day", "said"),
    [
        ("anna", "2026-03-04", ("held Operations",)),
        ("jan", "2026-03-01", ()),
        ("jan", "2026-03-02", ("stood in for Anna Bos as Operations from 2026-03-02 to 2026-03-06, up to EUR 50,000",)),
        ("jan", "2026-03-06", ("stood in for Anna Bos as Operations from 2026-03-02 to 2026-03-06, up to EUR 50,000",)),
        ("jan", "2026-03-07", ()),
        (
            "tom",
            "2026-03-04",
            (
                "was backup of Operations, while none of its holders was there",
                "held Sales manager for deals of Mia de Vries",
            ),
        ),
        ("mia", "2026-03-04", ()),
    ],
)  # fmt: skip
def test_rights_of_a_day(person: str, day: str, said: tuple[str, ...]) -> None:
    assert rights(person, date.fromisoformat(day), POLICY) == said
