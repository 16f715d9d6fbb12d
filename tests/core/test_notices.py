"""Rows that say `notify`: somebody is told, once, and nothing waits for him."""

import pytest

from connector.effects import SendMail
from connector.policy.model import Ruling
from connector.verdicts import Readiness
from tests.core.world import Life, deal, gate, matrix, moved, policy, row

MATRIX = matrix(
    "discounts",
    row("small", Ruling.SALES, discount="< 5%"),
    row("told", Ruling.NOTIFY, ["operations"], "Operations keeps an eye on it.", discount="[5%..10%]"),
    row("told more", Ruling.NOTIFY, ["founder"], discount="(10%..30%]"),
)


def mails(life: Life) -> list[SendMail]:
    return [one for one in life.step() if isinstance(one, SendMail)]


@pytest.fixture
def life() -> Life:
    """Mia's deal at 7 % discount in Proposal, just before the gate."""
    rules = policy(gate(matrices=("discounts",)), matrices={"discounts": MATRIX})
    return Life(deal("proposal", 7), rules, history=moved("discovery", "proposal"))


def test_the_holder_reads_what_it_is_about_and_that_nothing_is_asked(life: Life) -> None:
    [mail] = mails(life)

    assert mail.person == "anna"
    assert mail.subject == "For your information: Acme, EUR 44,640, 7 % discount"
    assert mail.body == (
        "Mia de Vries is taking Acme into Contract. Nothing is asked of you:\n"
        "- 7 % discount\n"
        "Policy: Operations keeps an eye on it."
    )
    assert life.verdict is not None
    assert life.verdict.readiness is Readiness.READY


def test_one_is_told_once_however_often_the_deal_is_looked_at_or_crosses_the_gate(life: Life) -> None:
    first = mails(life)
    life.price(8)
    again = mails(life)
    life.move("contract")
    crossed = mails(life)
    life.move("proposal")
    back = mails(life)

    assert len(first) == 1
    assert [*again, *crossed, *back] == []


def test_another_row_is_other_news(life: Life) -> None:
    mails(life)
    life.price(12)

    assert [mail.person for mail in mails(life)] == ["ruth"]
    assert mails(life) == []


def test_a_deal_that_jumps_into_the_stage_is_told_of_all_the_same(life: Life) -> None:
    life.move("closedwon")

    assert [mail.person for mail in mails(life)] == ["anna"]
