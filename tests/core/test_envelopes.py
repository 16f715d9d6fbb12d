"""Needless re-approval and stale approval: inside the agreed range nothing re-opens, outside it always does."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connector.deals import OurField, Value
from connector.policy.model import Bound, Policy, Ruling
from connector.signoffs.cover import in_range
from connector.standing import SignoffState
from connector.verdicts import Readiness
from connector.versions.answer import of_gate, words
from tests.core.test_laws import QUICK
from tests.core.world import Life, answer, deal, decisions, gate, line, matrix, moved, policy, request, row

FACT = replace(row("m", Ruling.SIGN_OFF, ["operations"], discount="<= 20%"), attest="It fits")
LIMITS = some.integers(11, 20)
CHANGES = some.lists(
    some.sampled_from(["better", "region", "amount", "close-date", "service_level", "owner"]), max_size=4
)


def agreed(limit: int, *, passed: bool) -> Life:
    """A deal at its limit, agreed, and (`passed`) moved into Contract."""
    life = Life(deal("proposal", 20), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes-up-to", at=life.now, limit=limit))
    if limit < 20:
        life.price(limit)
        life.step()
    if passed:
        life.move("contract")
        life.step()
    return life


@settings(QUICK, max_examples=20)
@given(LIMITS, some.integers(0, 20), some.booleans(), CHANGES)
def test_inside_the_agreed_range_nothing_reopens_and_outside_it_always_does(
    limit: int, discount: int, passed: bool, changes: list[str]
) -> None:
    life = agreed(limit, passed=passed)
    asked = len(life.standing.signoffs)
    for change in changes:
        _harmless(life, change)
        life.step()
        assert len(life.standing.signoffs) == asked, change

    life.price(discount)
    life.step()

    [yes, *new] = life.standing.signoffs
    if discount <= limit:
        assert (new, life.show(OurField.READINESS)) == ([], Readiness.READY)
        assert yes.state in {SignoffState.APPROVED, SignoffState.WITHDRAWN}
    else:
        # 20 % is the very deal that was answered "not as it is": the counter-offer stands, nobody is asked.
        assert [one.state for one in new] == ([SignoffState.REQUESTED] if discount != 20 else [])
        assert life.verdict is not None
        assert not life.verdict.gates[0].clear


def _harmless(life: Life, change: str) -> None:
    match change:
        case "better":
            life.fill(number_of_users=Decimal(3))
        case "region":
            life.fill(region="APAC")
        case "service_level":
            life.fill(service_level="premium")
        case _:
            life.now += timedelta(minutes=1)


def test_raised_above_the_range_only_what_reads_it_is_asked_again() -> None:
    life = Life(deal("proposal", 15), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes-up-to", at=life.now, limit=15))
    life.move("contract")
    life.step()
    life.price(17)

    life.step()

    assert life.verdict is not None
    [contract] = life.verdict.gates
    assert [need.row for need in contract.waiting] == ["middle"]
    assert [one.check for one in contract.findings] == ["deviations"]


@pytest.mark.parametrize(
    ("who", "limit", "told"), [("anna", 28, "20 %"), ("ruth", 99, "30 %"), ("ruth", 25, "25 %")]
)
def test_nobody_agrees_further_than_he_may_decide_and_the_rep_reads_how_far(
    who: str, limit: int, told: str
) -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes-up-to", who, life.now, limit=limit))
    assert f"agreed: up to {told} discount." in life.sentence
    [signoff] = life.standing.signoffs
    assert [one.high for one in signoff.envelope if one.field == "discount"] == [
        Decimal(told.removesuffix(" %"))
    ]


def test_a_discount_below_nothing_is_no_limit() -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes-up-to", at=life.now, limit=-5))
    assert "names none" in life.heard[0].sentence


def test_while_the_customer_is_waited_for_no_hour_is_named() -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    assert life.show(OurField.DUE)
    life.step(answer("wait-for-customer", at=life.now))
    assert life.sentence.startswith(
        "Contract: waiting for Anna Bos (Operations), once the customer has answered, because 18 % discount"
    )
    assert not life.show(OurField.DUE)
    life.now += timedelta(minutes=5)
    life.step(answer("go-on", at=life.now))
    assert "until Wed" in life.sentence


@pytest.mark.parametrize(
    ("discount", "product", "rules", "said"),
    [
        (18, "DP-CORE", policy(gate()), "up to 18 % discount"),
        (0, None, policy(gate()), "Data Platform Core is not in the standard offering"),
        (8, None, policy(gate()), "Data Platform Core is not in the standard offering"),
        (18, None, policy(gate()), "Data Platform Core is not in the standard offering, up to 18 % discount"),
        (5, "DP-CORE", policy(gate(matrices=("m",)), matrices={"m": matrix("m", FACT)}), '"It fits", up to 5 % discount'),
    ],
)  # fmt: skip
def test_what_was_agreed_is_said_though_no_limit_says_it(
    discount: int, product: str | None, rules: Policy, said: str
) -> None:
    one = deal("proposal", discount, line_items=(line(Decimal(discount), product),))
    life = Life(one, rules, history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now))
    assert life.sentence == f"Ready for Contract. Anna Bos agreed: {said}. Inside that, change what you like."


@pytest.mark.parametrize(
    ("seen", "holds"),
    [
        ({"discount": Decimal(18)}, True),
        ({"discount": Decimal(19)}, True),
        ({"discount": Decimal(17)}, False),  # is 18 now: worse than what was seen
        ({"region": "EMEA"}, True),
        ({"region": "APAC"}, False),
        ({"service_level": "gold"}, True),  # counts for no answer
        ({"amount": Decimal(1)}, True),
        ({"gone": Decimal(1)}, True),  # the policy does not know it any more
    ],
)
def test_an_answer_holds_while_no_material_input_is_worse_than_what_was_seen(
    seen: dict[str, Value], holds: bool
) -> None:
    facts = Life(deal("proposal", 18), policy(gate())).ground.facts
    assert in_range(request(seen=seen), policy(gate()), facts) is holds
    assert not in_range(request(seen=seen, envelope=(Bound("discount", high=Decimal(17)),)), policy(), facts)


def test_a_counter_offer_says_until_when_and_on_which_condition_before_it_is_taken() -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    note = "Condition: the customer sends the data by 15 January\nuntil 31 January"
    life.step(answer("yes-up-to", at=life.now, limit=15, note=note))
    assert life.sentence.startswith(
        "Contract: your turn. At 15 % Anna Bos says yes, until 31 January 2027."
        " On condition: the customer sends the data by 15 January 2027."
    )


def custom(discount: int) -> Life:
    """A deal with a product outside the offering, asked about at this discount."""
    one = deal("proposal", discount, line_items=(line(Decimal(discount), None),))
    life = Life(one, policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    return life


def reprice(life: Life, discount: int) -> None:
    life.price(discount)
    life.deal = replace(life.deal, line_items=(line(Decimal(discount), None),))


@pytest.mark.parametrize(("discount", "asked"), [(5, False), (10, False), (11, True), (25, True)])
@pytest.mark.parametrize("passed", [False, True])
def test_a_yes_to_a_product_is_not_asked_for_again_at_a_discount_that_is_the_reps_alone(
    discount: int,
    asked: bool,
    passed: bool,
) -> None:
    life = custom(0)
    life.step(answer("yes", at=life.now))
    if passed:
        life.move("contract")
        life.step()
    reprice(life, discount)

    life.step()

    assert (len(life.standing.signoffs) > 1) is asked
    assert (life.show(OurField.READINESS) == Readiness.READY) is not asked


def test_a_discount_of_the_reps_own_does_not_put_an_open_question_about_a_product_anew() -> None:
    life = custom(0)
    reprice(life, 8)
    assert decisions(life.step()) == []
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now))
    [yes] = life.standing.signoffs
    assert yes.state is SignoffState.APPROVED
    assert life.show(OurField.READINESS) == Readiness.READY


def test_a_limit_that_was_set_holds_below_what_the_rep_may_do_alone() -> None:
    life = custom(12)
    life.step(answer("yes-up-to", at=life.now, limit=5))
    reprice(life, 5)
    life.step()
    assert "up to 5 % discount" in life.sentence
    reprice(life, 8)
    life.step()
    assert [one.state for one in life.standing.signoffs][1:] == [SignoffState.REQUESTED]


def test_where_every_deal_is_signed_nothing_is_the_reps_alone() -> None:
    every = policy(gate(matrices=("m",)), matrices={"m": matrix(
        "m", row("all", Ruling.SIGN_OFF, ["operations"]), row("large", Ruling.SIGN_OFF, ["founder"], discount="> 20%")
    )})  # fmt: skip
    life = Life(deal("proposal", 5), every, history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now))
    assert life.show(OurField.READINESS) == Readiness.READY
    life.price(9)
    life.step()
    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF


@pytest.mark.parametrize(
    ("kind", "note", "said"),
    [
        ("yes-up-to", "", "held: a counter-offer that the rep has not taken"),
        ("question", "Why?", "held: a question to the rep"),
    ],
)
def test_a_preview_says_what_the_rep_has_to_answer(kind: str, note: str, said: str) -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer(kind, at=life.now, limit=15 if kind == "yes-up-to" else None, note=note))
    assert life.verdict is not None
    assert words(of_gate(life.verdict.gates[0]), life.policy) == said
