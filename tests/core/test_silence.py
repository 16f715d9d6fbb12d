"""The rep never answers an approver's question: whom it is told to, and where it ends (ADR 235)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from connector.deals import Change, OurField
from connector.directory import Directory
from connector.effects import CloseTask, Effect
from connector.policy.model import Ruling, TellRep
from connector.signoffs.hours import after
from connector.standing import CLOCK, SignoffState
from connector.worker.moves import moves
from tests.core.test_asking import asked_about, mails, state, told
from tests.core.world import (
    MACHINE,
    PEOPLE,
    ROLES,
    USERS,
    Life,
    answer,
    deal,
    decisions,
    gate,
    matrix,
    moved,
    person,
    policy,
    row,
)

STILL = "Acme: Anna Bos (Operations) still waits for your answer"
VETO = replace(row("m", Ruling.SALES, discount="<= 20%"), veto=("sales-manager",), veto_within=4)

MANAGED = {**ROLES, "sales-manager": replace(ROLES["sales-manager"], holders=("eva",))}


def asked_back(life: Life | None = None, by: str = "anna") -> Life:
    """Let the approver ask the rep five minutes after being asked."""
    life = life or asked_about()
    life.now += timedelta(minutes=5)
    life.step(answer("question", by=by, at=life.now, note="Who migrates the data?"))
    assert state(life) == "info-requested"
    return life


def silent_for(life: Life, hours: int) -> tuple[Effect, ...]:
    """Let so many of the rep's working hours pass since the question."""
    at = life.standing.signoffs[-1].asked_at
    assert at is not None
    life.now = after(at, hours * 60, life.policy.calendar)
    return life.step()


def closed(effects: Iterable[Effect]) -> set[str]:
    return {one.key.split(":")[0] for one in effects if isinstance(one, CloseTask)}


def may_be_stopped() -> Life:
    life = asked_about(18, policy(gate(matrices=("m",)), matrices={"m": matrix("m", VETO)}, roles=MANAGED))
    assert [one.stops for one in life.standing.signoffs] == [4]
    return life


def test_nobody_is_troubled_before_the_reps_time_is_over() -> None:
    life = asked_back()
    assert silent_for(life, 7) == ()
    assert state(life) == "info-requested"


def test_the_rep_is_reminded_once_and_the_manager_reads_until_when() -> None:
    life = asked_back()
    effects = silent_for(life, 8)
    assert told(effects) == [STILL]
    assert mails(effects) == [("eva", "Acme: Mia de Vries has not answered Anna Bos (Operations)")]
    assert life.step() == ()
    assert silent_for(life, 12) == ()


def test_what_they_read_says_what_happens_without_an_answer() -> None:
    life = asked_back()
    rep, manager = (getattr(one, "body", "") for one in silent_for(life, 8) if hasattr(one, "body"))
    assert rep == (
        "Who migrates the data?\nWithout an answer by Thu 14:05 the request lapses, and nobody decides on it any"
        " more. Write your answer under Your case for Operations and choose Ask Operations."
    )
    assert manager == (
        "Anna Bos (Operations) asked Mia de Vries: Who migrates the data?\nWithout an answer by Thu 14:05 the"
        " request lapses, and nobody decides on it any more. Nothing is asked of you."
    )


def test_after_the_same_time_again_the_request_lapses_and_both_are_told() -> None:
    life = asked_back()
    silent_for(life, 8)
    effects = silent_for(life, 16)
    [signoff] = life.standing.signoffs
    assert (signoff.state, signoff.decided_by, signoff.unanswered) == (SignoffState.EXPIRED, CLOCK, True)
    assert told(effects) == ["Acme: the request has lapsed"]
    assert mails(effects) == [("anna", "Acme: no answer to your question")]
    assert closed(effects) == {"main", "question", "still-asks"}
    assert life.step() == ()


def test_a_reply_ends_it_and_closes_both_tasks() -> None:
    life = asked_back()
    silent_for(life, 8)
    life.now += timedelta(minutes=1)
    effects = life.step(answer("reply", by="mia", at=life.now, note="We do."))
    assert closed(effects) == {"question", "still-asks"}
    assert mails(effects) == [("anna", "Acme: the answer to your question")]
    assert state(life) == "requested"
    assert silent_for(life, 16) == ()


def test_what_lapsed_is_not_put_again_by_a_change_but_when_the_rep_asks() -> None:
    life = asked_back()
    silent_for(life, 16)
    life.price(19)
    assert decisions(life.step()) == []
    asks = Change(OurField.REQUEST, "yes", life.now, person())
    life.deal = replace(
        life.deal, shown={**life.deal.shown, OurField.REQUEST: "yes", OurField.REQUEST_NOTE: "We do."}
    )
    life.history = (asks, *(life.history or ()))
    [card] = decisions(life.step())
    assert "The rep writes: We do." in card.body
    assert [one.state for one in life.standing.signoffs] == [SignoffState.SUPERSEDED, SignoffState.REQUESTED]


def test_a_deal_that_owes_the_gate_is_asked_about_again_when_a_person_touches_it() -> None:
    life = asked_about(18, policy(gate(move_back=False)))
    life.move("contract")
    life.step()
    asked_back(life)
    silent_for(life, 16)
    life.fill(delivery_address="Dam 1, Amsterdam")
    life.history = (replace((life.history or ())[0], actor=MACHINE), *(life.history or ())[1:])
    assert decisions(life.step()) == []
    life.fill(delivery_address="Dam 2, Amsterdam")
    assert len(decisions(life.step())) == 1


def test_while_whoever_may_stop_the_deal_asks_the_rep_the_badge_says_what() -> None:
    life = asked_back(may_be_stopped(), by="eva")
    assert life.sentence == "Ready for Contract. Eva Lang (Sales) asks: Who migrates the data?"


def test_whoever_may_stop_the_deal_has_the_rest_of_his_hours_though_the_rep_keeps_silent() -> None:
    life = asked_back(may_be_stopped(), by="eva")
    assert "whoever may stop the deal decides without it" in str(silent_for(life, 8))
    effects = silent_for(life, 16)
    [right] = life.standing.signoffs
    assert (right.state, right.unanswered) == (SignoffState.REQUESTED, True)
    assert mails(effects) == [("eva", "Acme: no answer to your question")]
    assert "You may still stop the deal, until Fri 10:00." in str(effects)
    life.now += timedelta(hours=1)
    life.step(answer("no", by="eva", at=life.now, note="Not without a plan."))
    assert state(life) == "rejected"


def test_a_right_to_stop_that_nobody_looked_at_for_long_is_over_and_whoever_asked_reads_so() -> None:
    life = asked_back(may_be_stopped(), by="eva")
    silent_for(life, 8)
    life.now += timedelta(days=30)
    effects = life.step()
    assert state(life) == "expired"
    assert mails(effects) == [("eva", "Acme: no answer to your question")]
    assert "It is not stopped." in str(effects)
    assert life.step() == ()


def test_a_manager_who_asks_himself_is_not_written_to_and_neither_is_nobody() -> None:
    life = asked_back(may_be_stopped(), by="eva")
    assert mails(silent_for(life, 8)) == []
    people = {**PEOPLE, "mia": replace(PEOPLE["mia"], manager=None)}
    life = asked_back(asked_about(directory=Directory.join(people, USERS)))
    assert mails(silent_for(life, 8)) == []


def test_a_rep_whom_the_policy_does_not_name_is_told_by_task_and_nobody_else_is() -> None:
    life = Life(deal("proposal", 18, owner="999"), policy(gate()), history=moved("discovery", "proposal"))
    life.step()
    effects = silent_for(asked_back(life), 8)
    assert (told(effects), mails(effects)) == ([STILL], [])


def test_a_rep_who_is_told_by_mail_reads_the_same() -> None:
    life = asked_back(asked_about(18, policy(gate(), tell_rep=TellRep.MAIL)))
    assert mails(silent_for(life, 8))[0] == ("mia", STILL)
    assert mails(silent_for(life, 16))[0] == ("mia", "Acme: the request has lapsed")


def test_the_rep_reads_who_asks_though_somebody_else_was_asked_first() -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    effects = life.step(answer("question", by="ruth", at=life.now, note="Why?"))
    assert told(effects) == ["Acme: Ruth Klein (Founder) asks you something"]
    assert "Ruth Klein (Founder) asks: Why?" in life.sentence


def test_whoever_asked_reads_the_reply_though_somebody_else_decides() -> None:
    life = asked_back(by="ruth")
    life.now += timedelta(minutes=5)
    effects = life.step(answer("reply", by="mia", at=life.now, note="We do."))
    assert [who for who, _ in mails(effects)] == ["anna", "ruth"]


def test_the_record_says_that_the_rep_did_not_reply_and_the_clock_ended_it() -> None:
    for life, event in ((asked_back(), "unanswered"), (asked_back(may_be_stopped(), by="eva"), "no-reply")):
        before = life.standing.signoffs
        silent_for(life, 16)
        assert life.verdict is not None
        [note] = moves(life.verdict, before, life.standing.signoffs)
        assert (note.body["event"], note.body["actor"]) == (event, CLOCK)
