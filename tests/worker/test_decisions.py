"""Operations decides, and what counts as a decision. What people do with the task: tests/story/test_tasks.py."""

import time
from collections import Counter
from pathlib import Path

import pytest

from connector.app import App
from connector.demo.cast import CRMS, sides
from connector.demo.exceptions import exceptions
from connector.settings import read_settings
from connector.standing import SignoffState
from connector.verdicts import Readiness
from connector.worker.backfill import back_fill
from sandbox.generator import generate
from tests.worker.play import ANNA, COMPANY, JAN, LENA, MIA, RUTH, TOM, Play


def asked(play: Play, discount: int = 18, **given: str) -> str:
    deal = play.sell(discount, **given)
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    return deal


def test_a_yes_clears_the_deal_and_the_rep_is_told_once(play: Play) -> None:
    deal = asked(play)
    play.by(ANNA).decide(play.question(deal), "yes", note="Fine.")
    assert play.settle()
    assert play.badge(deal) == "ready"
    assert not play.tasks(deal, "120")
    assert play.subjects(deal, "103") == ["Acme: Anna Bos says yes"]
    play.by(LENA).move(deal, "contract")
    assert play.settle()
    assert play.place(deal) == "contract"
    assert "Contract" not in play.reason(deal)  # the question is now about Closed Won
    assert len(play.subjects(deal, "103")) == 1


def test_who_decides_is_told_by_task_and_by_one_mail(play: Play) -> None:
    deal = asked(play, dealname="Post")
    play.by(LENA).update(deal, {"amount": "19000"})
    assert play.settle()
    mails = [mail for mail in play.letters.sent if "Post" in mail.subject]
    assert [mail.to for mail in mails] == ["anna.bos@example.com"]
    assert len(play.tasks(deal, "120")) == 1


def test_a_counter_offer_waits_for_the_rep_and_then_clears(play: Play) -> None:
    deal = asked(play, 19)
    play.by(ANNA).decide(play.question(deal), "yes-up-to", limit="15")
    assert play.settle()
    assert play.badge(deal) == "needs-info"
    assert "At 15 %" in play.reason(deal)
    assert play.subjects(deal, "103") == ["Acme: not as it is. At 15 % Anna Bos says yes"]
    play.discount(deal, 15)
    assert play.settle()
    assert play.badge(deal) == "ready"
    assert not play.tasks(deal, "120")


def test_a_no_stops_the_deal(play: Play) -> None:
    deal = asked(play)
    play.by(ANNA).decide(play.question(deal), "no", note="Never again.")
    assert play.settle()
    assert play.badge(deal) == "blocked"
    play.by(LENA).move(deal, "contract")
    assert play.settle()
    assert play.place(deal) == "proposal"


def test_a_question_goes_to_the_rep_whose_reply_goes_back(play: Play) -> None:
    deal = asked(play)
    task = play.question(deal)
    play.by(ANNA).decide(task, "question", note="Who migrates the data?")
    assert play.settle()
    assert play.badge(deal) == "needs-info"
    assert "Anna Bos (Operations) asks: Who migrates the data?" in play.reason(deal)
    assert play.subjects(deal, "103") == ["Acme: Anna Bos (Operations) asks you something"]
    play.by(LENA).update(deal, {"ops_request": "yes", "ops_request_note": "We do."})
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert play.signoffs(deal)[0].note == "We do."
    assert not play.tasks(deal, "103")
    play.by(ANNA).decide(task, "yes")
    assert play.settle()
    assert play.badge(deal) == "ready"


def test_whoever_asks_by_the_request_field_is_not_asked_himself(play: Play) -> None:
    deal = play.sell(18, stage="discovery")
    assert play.settle()
    play.by(ANNA).update(deal, {"ops_request": "yes"})
    assert play.settle()
    (signoff,) = play.signoffs(deal)
    assert (signoff.asked, signoff.requested_by) == (("jan-smit",), "anna-bos")


def test_the_rep_takes_the_question_back_and_asks_again(play: Play) -> None:
    deal = asked(play)
    play.by(LENA).update(deal, {"ops_request": "withdraw"})
    assert play.settle()
    assert [one.state for one in play.signoffs(deal)] == [SignoffState.WITHDRAWN]
    assert not play.tasks(deal, "120")
    assert not play.crm.deal(deal).get("ops_request")
    play.by(LENA).update(deal, {"ops_request": "yes"})
    assert play.settle()
    assert [one.state for one in play.signoffs(deal)] == [SignoffState.WITHDRAWN, SignoffState.REQUESTED]


def test_a_yes_of_the_deals_owner_does_not_count_and_he_is_told_why(play: Play) -> None:
    deal = asked(play, by=ANNA)
    task = play.question(deal)
    play.by(ANNA).decide(task, "yes")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    (told,) = [one for one in play.tasks(deal, "120").values() if "answer" in one["hs_task_subject"]]
    assert "does not count: you own this deal. Asked instead: Jan Smit" in told["hs_task_body"]
    play.by(JAN).decide(task, "yes")  # heard, since the answer that did not count was emptied
    assert play.settle()
    assert play.badge(deal) == "ready"


def test_a_yes_of_somebody_else_does_not_count(play: Play) -> None:
    deal = asked(play)
    play.by(TOM).decide(play.question(deal), "yes")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert len(play.subjects(deal, "102")) == 1


def test_a_yes_from_higher_up_the_chain_counts(play: Play) -> None:
    deal = asked(play)
    play.by(RUTH).decide(play.question(deal), "yes")
    assert play.settle()
    assert play.badge(deal) == "ready"


def test_a_yes_of_a_workflow_does_not_count(play: Play) -> None:
    deal = asked(play)
    play.crm.workflow().decide(play.question(deal), "yes")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert any("hs_note_body" in note for note in play.crm.notes_of(deal).values())


def test_a_decision_on_the_deal_itself_counts_and_the_field_is_emptied(play: Play) -> None:
    deal = asked(play)
    play.by(ANNA).decide_on_deal(deal, "yes", note="Fine.")
    assert play.settle()
    assert play.badge(deal) == "ready"
    assert not play.crm.deal(deal).get("ops_decision")
    (signoff,) = [one for one in play.signoffs(deal) if one.state is SignoffState.APPROVED]
    assert (signoff.decided_by, signoff.note) == ("anna-bos", "Fine.")


def test_a_no_on_the_deal_itself_needs_a_reason_too(play: Play) -> None:
    deal = asked(play)
    play.by(ANNA).decide_on_deal(deal, "no")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert not play.crm.deal(deal).get("ops_decision")
    (told,) = [one for one in play.tasks(deal, "120").values() if "does not count" in one["hs_task_subject"]]
    assert "does not say why" in told["hs_task_body"]
    play.by(ANNA).decide_on_deal(deal, "no", note="Never again.")
    assert play.settle()
    assert play.badge(deal) == "blocked"


def test_a_limit_on_the_deal_itself_stands_at_the_head_of_the_note(play: Play) -> None:
    deal = asked(play, 19)
    play.by(ANNA).decide_on_deal(deal, "yes-up-to", note="15 % at most")
    assert play.settle()
    assert play.badge(deal) == "needs-info"
    assert "At 15 %" in play.reason(deal)


def test_a_rep_cannot_decide_on_the_deal_itself(play: Play) -> None:
    deal = asked(play)
    play.by(MIA).decide_on_deal(deal, "yes")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert not play.crm.deal(deal).get("ops_decision")
    assert len(play.subjects(deal, "101")) == 1


def test_the_founder_is_asked_for_what_is_hers(play: Play) -> None:
    deal = asked(play, 25)
    (task,) = play.tasks(deal, "130")
    play.by(ANNA).decide(task, "yes")
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    play.by(RUTH).decide(task, "yes")
    assert play.settle()
    assert play.badge(deal) == "ready"


def test_a_yes_is_outgrown_by_a_larger_discount_and_asked_for_again(play: Play) -> None:
    deal = asked(play, 15)
    play.by(ANNA).decide(play.question(deal), "yes")
    assert play.settle()
    play.discount(deal, 18)
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"
    assert len(play.tasks(deal, "120")) == 1


@pytest.mark.parametrize("crm", CRMS)
def test_every_readiness_exceptions_too_has_two_percent_of_a_generated_companys_deals(
    crm: str, tmp_path: Path, sqlite_url: str
) -> None:
    company = generate(200, seed=3, now_ms=time.time_ns() // 1_000_000)
    with sides(company, (crm,)) as (side,):
        side.lift_limits()
        environ = {"DATABASE_URL": sqlite_url, "DEALGATE_POLICY": str(COMPANY), **side.environ()}
        with App.build(read_settings({**environ, "DEALGATE_LOG_LEVEL": "error"}, tmp_path)) as app:
            app.start()
            desk, ids = app.desk(), side.known(company.deals)
            side.provision(desk, "https://ops.example.com")
            back_fill(desk, ids)
            back_fill(desk, exceptions(desk, ids))
            shares = Counter(side.office.page(deal).readiness or "not-assessed" for deal in ids)
    assert {readiness.value for readiness in Readiness} == set(shares)
    assert min(shares.values()) >= 0.02 * len(ids), shares
