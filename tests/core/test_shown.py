"""What our fields in the CRM show of a deal, field by field."""

import json
from dataclasses import replace
from datetime import timedelta

from connector.deals import OurField
from connector.effects import WriteFields
from connector.policy.model import Mode, Policy
from tests.core import test_ranges as box
from tests.core.test_asking import asked_about
from tests.core.world import Life, answer, gate, moved, policy

TEN = box.policy(*box.TEN)


def shown(amount: int, rules: Policy = TEN) -> Life:
    """A deal in Proposal in a CRM that has a field for everything."""
    life = Life(box.priced(amount), rules, history=moved("discovery", "proposal"))
    life.context = {"shows": box.SHOWS}
    life.step()
    return life


def test_a_deal_that_waits_shows_why_for_whom_until_when_and_where_it_would_be_clear() -> None:
    life = shown(41000)
    told = {name: life.show(name) for name in OurField if life.show(name) and name is not OurField.DETAIL}
    assert told == {
        OurField.READINESS: "needs-sign-off",
        OurField.REASON: "Contract: waiting for Anna Bos (Operations) until Wed 14:00, because 14.6 % discount is"
        " over your 10 %. At 10 % or less you need nobody.",
        OurField.BLOCKED_STAGES: ";contract;closedwon;",
        OurField.WAITING_ON: "Anna Bos (Operations)",
        OurField.DUE: "2026-11-25T13:00:00Z",
        OurField.CHECKED_AT: "2026-11-24T13:00:00Z",
        OurField.CLEAR_RANGE: '{"amount":["43200",null]}',
    }


def test_a_deal_that_is_ready_shows_the_stages_with_the_range_in_which_they_may_be_entered() -> None:
    life = shown(45000)
    assert (life.show(OurField.READINESS), life.show(OurField.REASON)) == ("ready", "Ready for Contract.")
    assert life.show(OurField.BLOCKED_STAGES) == ";contract;closedwon;"
    assert life.show(OurField.CLEAR_RANGE) == '{"amount":["43200",null]}'
    assert (life.show(OurField.WAITING_ON), life.show(OurField.DUE)) == ("", "")


def test_where_no_stage_is_shut_no_range_is_shown() -> None:
    life = shown(
        45000,
        box.policy(
            *box.TEN, gates=(gate(matrices=("rules",), checklist="none", mode=Mode.FLAG, move_back=False),)
        ),
    )
    assert (life.show(OurField.BLOCKED_STAGES), life.show(OurField.CLEAR_RANGE)) == ("", "")


def test_the_panel_tells_what_the_rep_may_decide_alone_from_the_deal_as_it_is() -> None:
    detail = json.loads(shown(41000).show(OurField.DETAIL))
    assert (detail["badge"], detail["alone"]) == ("Waiting for sign-off", "You alone: up to 10 % discount")
    assert detail["levers"] == ["At 10 % or less you need nobody."]
    assert detail["gates"] == [
        {
            "gate": "contract", "stage": "Contract", "readiness": "needs-sign-off", "clear": False,
            "findings": [], "fine": [], "waiting": ["14.6 % discount is over your 10 %"],
        }
    ]  # fmt: skip


def test_a_field_that_the_crm_does_not_have_is_not_written() -> None:
    life = Life(box.priced(41000), TEN, history=moved("discovery", "proposal"))
    written = {name for one in life.step() if isinstance(one, WriteFields) for name in one.values}
    assert not written & {OurField.CLEAR_RANGE, OurField.DETAIL}


def test_a_second_look_at_the_same_deal_writes_nothing_and_another_price_is_checked_anew() -> None:
    life = shown(41000)
    life.now += timedelta(hours=1)
    assert life.step() == ()
    life.fill(amount=box.priced(40000).values["amount"])
    life.step()
    assert life.show(OurField.CHECKED_AT) == "2026-11-24T14:01:00Z"


def test_a_badge_that_somebody_wrote_over_is_repaired() -> None:
    life = shown(41000)
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.READINESS: "ready", OurField.DUE: ""})
    (effect,) = life.step()
    assert isinstance(effect, WriteFields)
    assert dict(effect.values) == {OurField.READINESS: "needs-sign-off", OurField.DUE: "2026-11-25T13:00:00Z"}


def test_a_question_that_waits_for_the_customer_has_no_time_to_show() -> None:
    life = asked_about()
    assert life.show(OurField.DUE) == "2026-11-25T13:00:00Z"
    life.now += timedelta(minutes=5)
    life.step(answer("wait-for-customer", at=life.now))
    assert life.show(OurField.DUE) == ""
    assert life.show(OurField.WAITING_ON) == "Anna Bos (Operations)"


def test_a_deal_that_no_gate_is_for_shows_nothing_that_it_showed_before() -> None:
    life = asked_about()
    life.policy = policy(gate(pipeline="Renewals", stage="Renewed"))
    life.step()
    assert {life.show(name) for name in (OurField.READINESS, OurField.REASON, OurField.BLOCKED_STAGES)} == {
        ""
    }
