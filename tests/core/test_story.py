"""One deal's story from over-discounted to signed, in the very words that people read."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from connector.deals import Change, OurField
from connector.effects import AddNote, CloseTask, CreateTask, Effect, EmptyAnswer, SendMail, WriteFields
from connector.policy.model import Mode, TellRep
from connector.standing import Clearance, ClearedHow, SignoffState, Standing
from connector.verdicts import Readiness
from tests.core.world import (
    NOW,
    Life,
    answer,
    deal,
    decisions,
    gate,
    moved,
    moves,
    person,
    policy,
    request,
    tasks,
)

SIGN_OFF = (
    "Contract: waiting for Anna Bos (Operations) until Wed 14:01, "
    "because 18 % discount is over your 10 %. At 10 % or less you need nobody."
)


def told(effects: tuple[Effect, ...]) -> list[tuple[str, str]]:
    """Return what the rep was told: titles and bodies of tasks that ask for nothing."""
    return [(one.title, one.body) for one in tasks(effects) if not one.decision]


@pytest.fixture
def life() -> Life:
    """Mia has just moved a deal at 18 % discount from Proposal to Contract."""
    made = Life(
        deal("proposal", 18),
        policy(gate()),
        history=moved("discovery", "proposal", at=NOW - timedelta(days=2)),
    )
    made.move("contract")
    return made


def test_an_over_discounted_deal_is_explained_asked_about_and_moved_back(life: Life) -> None:
    effects = life.step()

    assert life.sentence == SIGN_OFF
    assert life.show(OurField.READINESS) == "needs-sign-off"
    assert life.show(OurField.WAITING_ON) == "Anna Bos (Operations)"
    assert life.show(OurField.DUE) == "2026-11-25T13:01:00Z"
    [task] = decisions(effects)
    assert (task.owner, task.key) == ("120", "main:7:anna:1")
    assert task.title == "Decide by Wed 14:01: Acme, EUR 39,360, 18 % discount (rep's limit 10 %)"
    assert task.body == (
        "Mia de Vries wants to take Acme into Contract. You decide:\n"
        "- 18 % discount (rep's limit 10 %)\n"
        "- 18 % under list price, worth EUR 8,640.\n"
        "Set the decision on this task: yes, yes up to a limit (discount), or no, with a note. "
        "Closing the task decides nothing."
    )
    [mail] = [one for one in effects if isinstance(one, SendMail)]
    assert (mail.person, mail.subject) == ("anna", task.title)
    [move] = moves(effects)
    assert (move.to_pipeline, move.to_stage, life.deal.stage) == ("default", "proposal", "proposal")
    back = (
        "Back in Proposal since 14:01: Contract needs Anna Bos (Operations) for 18 % discount. "
        "Answer by Wed 14:01. At 10 % or less, move it yourself now."
    )
    assert [one.body for one in effects if isinstance(one, AddNote)] == [back]
    assert told(effects) == [("Acme: back in Proposal", back)]


def test_back_in_proposal_only_the_blocked_stages_change_and_then_nothing(life: Life) -> None:
    life.step()

    effects = life.step()

    assert effects == (WriteFields("7", {OurField.BLOCKED_STAGES: ";contract;closedwon;"}),)
    assert life.step() == ()


def test_a_counter_offer_is_the_reps_turn_and_opens_at_its_limit(life: Life) -> None:
    life.step()
    life.now += timedelta(hours=1)

    effects = life.step(answer("yes-up-to", at=life.now, limit=15))

    assert life.sentence == "Contract: your turn. At 15 % Anna Bos says yes. At 10 % or less you need nobody."
    assert [title for title, _ in told(effects)] == ["Acme: not as it is. At 15 % Anna Bos says yes"]
    assert [one.key for one in effects if isinstance(one, CloseTask)] == ["main:7:anna:1"]
    assert life.show(OurField.WAITING_ON) == life.show(OurField.DUE) == ""
    life.price(15)
    life.step()
    agreed = "Ready for Contract. Anna Bos agreed: up to 15 % discount. Inside that, change what you like."
    assert life.sentence == agreed
    life.move("contract")
    assert moves(life.step()) == []
    assert (life.deal.stage, life.sentence) == ("contract", "Ready. Nothing is open.")


def test_beyond_the_agreed_range_it_lapses_and_is_asked_again(life: Life) -> None:
    life.step()
    life.now += timedelta(hours=1)
    life.step(answer("yes-up-to", at=life.now, limit=15))
    life.price(15)
    life.move("contract")
    life.step()
    life.now += timedelta(days=1)
    life.price(17)

    effects = life.step()

    assert life.sentence == (
        "Contract: waiting for Anna Bos (Operations) until Thu 15:04, "
        "because 17 % discount is over your 10 %. At 15 % or less you need nobody."
    )
    assert [one.key for one in decisions(effects)] == ["main:7:anna:2"]
    assert [(one.cycle, one.state) for one in life.standing.signoffs] == [(1, "superseded"), (2, "requested")]
    assert moves(effects) == []  # the move is a day old
    assert life.show(OurField.BLOCKED_STAGES) == ";closedwon;"


def test_a_no_stops_the_deal_until_it_gets_better(life: Life) -> None:
    life.step()
    life.now += timedelta(hours=1)

    effects = life.step(answer("no", at=life.now, note="Too much work for this price."))

    assert life.sentence == (
        "Contract: stopped by Anna Bos (Operations): Too much work for this price. At 10 % or less you need nobody."
    )
    assert life.show(OurField.READINESS) == "blocked"
    assert [title for title, _ in told(effects)] == ["Acme: Anna Bos says no"]
    life.move("contract")
    again = life.step()
    assert [one.to_stage for one in moves(again)] == ["proposal"]
    assert decisions(again) == []
    life.price(10)
    life.step()
    assert life.sentence == "Ready for Contract."


def test_a_yes_is_told_and_covers_what_was_asked(life: Life) -> None:
    life.step()
    life.now += timedelta(hours=1)

    effects = life.step(answer("yes", at=life.now, note="Fine, they pay in advance"))

    agreed = "Ready for Contract. Anna Bos agreed: up to 18 % discount. Inside that, change what you like."
    assert life.sentence == agreed
    assert told(effects) == [
        ("Acme: Anna Bos says yes", f"Anna Bos wrote: Fine, they pay in advance\n{agreed}")
    ]
    life.move("contract")
    assert moves(life.step()) == []
    assert life.standing.clearances["contract"].policy_version == "v1"


def test_missing_data_is_named_and_unknown_because_goes_to_operations(life: Life) -> None:
    life.price(5)
    life.fill(delivery_address=None, number_of_users=None)

    effects = life.step()

    missing = (
        "Contract: your turn. Missing: delivery address, number of users. "
        'Don\'t know one yet? Write "unknown, because ..." and Operations takes it from there.'
    )
    assert life.sentence == missing
    assert told(effects) == [("Acme: back in Proposal", f"Back in Proposal since 14:03: {missing}")]
    assert decisions(effects) == []
    life.fill(delivery_address="unknown, because the site is not chosen", number_of_users=30)
    life.fill(number_of_users=life.policy.matrices["discounts"].rows[0].cells[0].breakpoints[0])
    life.step()
    assert life.sentence == (
        "Contract: waiting for Anna Bos (Operations) until Wed 14:05, "
        "because delivery address is not known yet (the site is not chosen)."
    )


def test_your_own_yes_does_not_count_and_you_hear_why(life: Life) -> None:
    life.deal = replace(life.deal, owner="120")
    life.step()
    life.now += timedelta(hours=1)

    effects = life.step(answer("yes", by="anna", at=life.now))

    [note] = [one for one in effects if isinstance(one, CreateTask)]
    assert (note.owner, note.decision) == ("120", False)
    assert note.body == "Your yes for Acme does not count: you own this deal. Asked instead: Jan Smit"
    assert life.step(answer("yes", by="anna", at=life.now)) == ()  # told once


def test_nobody_who_may_sign_keeps_the_gate_shut_and_alarms(life: Life) -> None:
    roles = {**life.policy.roles}
    roles["operations"] = replace(roles["operations"], holders=("left",))
    life.policy = replace(life.policy, roles=roles)

    effects = life.step()

    assert life.sentence.startswith(
        "Contract: needs sign-off by Operations, but nobody who may give it is active here; your admin is told"
    )
    assert life.verdict.alarms == ("nobody-can-sign operations",)
    assert decisions(effects) == []


def test_the_rep_is_told_by_mail_where_the_policy_says_so(life: Life) -> None:
    life.policy = replace(life.policy, tell_rep=TellRep.MAIL)

    effects = life.step()

    mails = [(one.person, one.subject) for one in effects if isinstance(one, SendMail)]
    assert ("mia", "Acme: back in Proposal") in mails
    assert told(effects) == []


def test_a_rep_who_asks_too_early_hears_once_what_is_missing(life: Life) -> None:
    life.deal = replace(deal("discovery", 18, shown={OurField.REQUEST: "yes"}), values={})

    effects = life.step()

    assert [title for title, _ in told(effects)] == ["Acme: Contract needs something from you first"]
    assert life.show(OurField.REQUEST) == "yes"
    assert life.step() == ()
    life.fill(
        delivery_address="Kade 1",
        number_of_users=life.policy.matrices["discounts"].rows[0].cells[0].breakpoints[0],
    )
    assert len(decisions(life.step())) == 1
    assert life.show(OurField.REQUEST) == ""


def test_lost_deals_are_left_alone_but_for_questions_nobody_needs_answered(life: Life) -> None:
    life.step()
    shown = life.deal.shown
    life.move("closedlost")

    effects = life.step()

    assert effects == (CloseTask("7", "main:7:anna:1", "made-3"),)
    assert life.deal.shown == shown
    assert [one.state for one in life.standing.signoffs] == ["withdrawn"]
    assert life.step() == ()


def test_lost_and_won_again_keeps_what_was_cleared(life: Life) -> None:
    life.price(5)
    life.step()
    life.move("closedlost")
    life.step()
    life.move("closedwon")

    assert moves(life.step()) == []
    assert life.sentence == "Ready. Nothing is open."


def test_going_back_before_the_gate_loses_the_clearance_but_not_the_yes(life: Life) -> None:
    life.step()
    life.step(answer("yes", at=life.now))
    life.move("contract")
    life.step()
    life.move("discovery")
    life.step()
    assert "contract" not in life.standing.clearances
    life.move("contract")

    assert moves(life.step()) == []
    assert "contract" in life.standing.clearances


def test_pausing_empties_the_blocked_stages_and_nothing_else(life: Life) -> None:
    life.step()
    life.step()
    life.context = {"observe_only": True}

    assert life.step() == (WriteFields("7", {OurField.BLOCKED_STAGES: ""}),)
    life.move("closedwon")
    assert life.step() == ()


def test_an_overwritten_badge_is_repaired_and_the_check_time_stays(life: Life) -> None:
    life.step()
    life.step()
    checked = life.show(OurField.CHECKED_AT)
    life.now += timedelta(hours=1)
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.READINESS: "ready"})

    assert life.step() == (WriteFields("7", {OurField.READINESS: "needs-sign-off"}),)
    assert life.show(OurField.CHECKED_AT) == checked


def test_a_close_date_that_the_move_changed_is_restored(life: Life) -> None:
    at = life.now
    dates = (
        Change("close-date", "2026-11-24", at + timedelta(seconds=30), person()),
        Change("close-date", "2027-01-31", at - timedelta(days=9), person()),
    )
    life.history = (dates[0], *(life.history or ()), dates[1])

    assert [one.close_date for one in moves(life.step())] == ["2027-01-31"]


def test_one_card_for_one_person_when_a_second_gate_asks(life: Life) -> None:
    won = gate("won", "closedwon", checklist=None, matrices=("discounts",))
    life.policy = policy(gate(mode=Mode.FLAG), replace(won, mode=Mode.FLAG))
    life.move("proposal")
    life.step()
    life.move("closedwon")

    effects = life.step()

    [card] = decisions(effects)
    assert card.key == "main:7:anna:2"
    assert "into Contract and Closed Won" in card.body
    assert [one.key for one in effects if isinstance(one, CloseTask)] == ["main:7:anna:1"]
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now, task="main:7:anna:2"))
    assert [one.state for one in life.standing.signoffs if one.cycle == 2] == ["approved", "approved"]
    assert life.show(OurField.READINESS) == "ready"


def test_a_worse_deal_replaces_the_open_question_and_a_better_one_does_not(life: Life) -> None:
    life.step()
    life.price(16)
    assert decisions(life.step()) == []
    life.price(19)

    effects = life.step()

    assert [one.title.split(", ")[-1] for one in decisions(effects)] == ["19 % discount (rep's limit 10 %)"]
    assert [one.key for one in effects if isinstance(one, CloseTask)] == ["main:7:anna:1"]


def test_nobody_is_asked_for_the_next_gate_while_an_earlier_one_is_owed(life: Life) -> None:
    life.policy = policy(gate(), gate("won", "closedwon", checklist=None, matrices=("discounts",)))

    [card] = decisions(life.step())

    assert "into Contract." in card.body
    assert [one.gate for one in life.standing.signoffs] == ["contract"]


def test_a_yes_answers_the_same_question_at_the_next_gate(life: Life) -> None:
    life.policy = policy(gate(), gate("won", "closedwon", checklist=None, matrices=("discounts",)))
    life.step()
    life.now += timedelta(hours=1)
    life.step(answer("yes", at=life.now))
    life.move("contract")

    effects = life.step()

    assert decisions(effects) == []
    assert life.sentence == (
        "Ready for Closed Won. Anna Bos agreed: up to 18 % discount. Inside that, change what you like."
    )


def test_a_worse_deal_is_asked_about_again_at_the_next_gate(life: Life) -> None:
    life.policy = policy(gate(), gate("won", "closedwon", checklist=None, matrices=("discounts",)))
    life.step()
    life.now += timedelta(hours=1)
    life.step(answer("yes", at=life.now))
    life.move("contract")
    life.step()
    life.price(19)

    life.step()

    assert [one.gate for one in life.standing.signoffs if one.state == "requested"] == ["contract"]


def test_a_yes_that_does_not_count_is_emptied_so_that_the_next_yes_is_heard(life: Life) -> None:
    life.step()
    life.now += timedelta(hours=1)

    effects = life.step(answer("yes", by="mia", at=life.now, task="main:7:anna:1"))

    [emptied] = [one for one in effects if isinstance(one, EmptyAnswer)]
    assert (emptied.task, emptied.decided_at) == (life.standing.done["main:7:anna:1"], life.now)


def test_a_deal_that_passed_after_it_had_gone_back_is_not_said_to_be_older_than_the_gate(life: Life) -> None:
    life.policy = policy(gate(since=NOW.date() + timedelta(days=1)))
    went_back = Clearance("contract", ClearedHow.LEFT, NOW, "v1")
    life.standing = replace(life.standing, clearances={"contract": went_back})
    life.price(5)
    life.step()

    assert life.standing.clearances["contract"].how is ClearedHow.PASSED
    assert life.step() == ()


def test_a_no_to_a_gate_once_passed_still_stands_at_the_second_look_though_the_gate_is_younger(
    life: Life,
) -> None:
    life.policy = policy(gate(since=NOW.date() + timedelta(days=1), move_back=False))
    passed = Clearance(
        "contract", ClearedHow.LAPSED, NOW - timedelta(days=9), "v1", {"discount": Decimal(15)}
    )
    no = request(
        state=SignoffState.REJECTED,
        decided_by="anna",
        decided_at=NOW,
        seen={"discount": Decimal(18), "not_offered": Decimal(0)},
    )
    life.deal = deal("contract", 18)
    life.standing = Standing(signoffs=(no,), clearances={"contract": passed}, known=True)

    life.step()

    assert life.verdict is not None
    assert life.verdict.readiness is Readiness.BLOCKED
    assert life.standing.clearances["contract"].how is ClearedHow.REOPENED
    assert life.step() == ()
    assert life.verdict.readiness is Readiness.BLOCKED
