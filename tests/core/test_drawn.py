"""A price list that changes is not a deal that changes: what was decided under the old one stays decided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.gates.drawn import drawn, unchanged
from connector.policy.model import Offering, Policy
from connector.standing import Clearance, ClearedHow
from tests.core.world import NOW, Life, deal, gate, line, moved, policy

RULES = policy(gate(), offering=Offering(start="start_date"))


def passed(life: Life) -> Clearance:
    return Clearance("contract", ClearedHow.PASSED, NOW, "v1", drawn=drawn(life.ground))


def of(rules: Policy = RULES, **changes: Any) -> Life:
    return Life(deal("contract", 5, **changes), rules, history=moved("proposal", "contract"))


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"values": {"region": "APAC"}}, True),  # nothing that is computed looks at it
        ({"values": {"amount": Decimal(1)}}, False),
        ({"values": {"start_date": date(2027, 3, 3)}}, False),
        ({"currency": "USD"}, False),
        ({"line_items": (line(Decimal(6)),)}, False),
        ({"line_items": (line(Decimal(5), quantity=3),)}, False),
        ({"line_items": (line(Decimal(5), product="OTHER"),)}, False),
        ({"line_items": ()}, False),
        ({"line_items": None}, False),
    ],
)
def test_a_deal_is_as_it_was_while_nothing_changed_that_its_computed_words_are_drawn_from(
    changes: dict[str, Any], same: bool
) -> None:
    assert unchanged(passed(of()), of(**changes).ground) is same


def test_a_deal_without_lines_is_as_it_was_and_one_passed_before_this_was_kept_is_not() -> None:
    bare = of(line_items=None)
    assert unchanged(passed(bare), bare.ground)
    assert not unchanged(replace(passed(bare), drawn={}), bare.ground)


def test_a_new_list_price_opens_no_gate_that_was_passed_and_another_price_does() -> None:
    life = Life(deal("proposal", 5), policy(gate()), history=moved("proposal"))
    life.step()
    life.move("contract")
    life.step()
    seen = life.standing.clearances["contract"]
    other = replace(seen, seen={**seen.seen, "discount": Decimal(0)})  # was no discount under the old prices
    life.standing = replace(life.standing, clearances={"contract": other})
    life.price(5)
    life.step()
    assert life.standing.clearances["contract"].seen["discount"] == 0
    life.price(6)
    life.step()
    assert life.standing.clearances["contract"].seen["discount"] == 6
