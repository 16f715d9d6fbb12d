"""What people do on the card, from their point of view."""

from datetime import timedelta

import orjson

from connector.deals import ObjectType
from sandbox.faults import Fault, FaultKind
from tests.cards.caller import Card, card
from tests.worker.play import ANNA, JAN, LENA, MIA, Play, now


def asked(play: Play, discount: int = 18, **values: str) -> str:
    """Return a deal about whose discount Operations is asked."""
    deal = play.sell(discount, **values)
    play.look(deal)
    return deal


def done(play: Play, user: str, deal: str, action: str, **body: object) -> dict[str, object]:
    """Do it on the card, let the worker answer, and return what the card then shows."""
    there = card(play, user)
    there.do(deal, action, **body)
    assert play.settle()
    return there.deal(deal)


def test_the_card_shows_badge_sentence_lever_and_what_the_viewer_may_do(play: Play) -> None:
    deal = asked(play)
    seen = card(play, LENA).deal(deal)
    assert seen["badge"] == "Waiting for sign-off"
    assert seen["sentence"] == play.reason(deal)
    assert seen["levers"] == ["At 10 % or less you need nobody."]
    assert seen["viewer"] == {
        "name": "Lena Fischer",
        "may_ask": True,
        "may_reply": False,
        "may_withdraw": True,
        "may_decide": [],
    }
    mine = card(play, ANNA).deal(deal)["viewer"]["may_decide"]
    assert [(one["role"], one["limit_on"]) for one in mine] == [("Operations", "discount")]


def test_a_card_opened_before_the_first_check_has_the_deal_checked(play: Play) -> None:
    play.look(play.sell())
    deal, there = play.sell(), card(play, LENA)
    answer = there.get(f"/deals/{deal}")
    assert (answer.status_code, answer.get_json()["reason"]) == (404, "deal-unknown")
    assert play.settle()
    assert there.deal(deal)["badge"] == "Ready"


def test_a_deal_that_is_being_looked_at_is_pending(play: Play) -> None:
    deal = asked(play)
    play.ring(deal)
    assert card(play, LENA).deal(deal)["pending"]
    assert play.settle()
    assert not card(play, LENA).deal(deal)["pending"]


def test_other_values_are_tried_by_the_same_engine_and_nothing_is_written(play: Play) -> None:
    deal = asked(play)
    writes, standing = play.writes(), play.standing(deal)
    there = card(play, LENA)
    for wished, badge in (({"discount": 10}, "Ready"), ({"discount": "31 %"}, "Stopped by Operations")):
        seen = there.post(f"/deals/{deal}/what-if", {"values": wished}).get_json()
        assert (seen["badge"], seen["supposed"]) == (badge, True)
    nothing = there.post(f"/deals/{deal}/what-if", {"values": {"delivery-address": None}}).get_json()
    assert "Missing: delivery address" in nothing["sentence"]
    assert (play.writes(), play.standing(deal)) == (writes, standing)
    assert not there.deal(deal)["supposed"]


def test_a_value_that_is_no_reps_to_change_or_cannot_be_read_is_refused_by_name(play: Play) -> None:
    deal, there = asked(play), card(play, LENA)
    for wished, told in (
        ({"region": "EMEA"}, "region: It is no field that a rep may change."),
        ({"margin": 3}, "margin: It is no field that a rep may change."),
        ({"start-date": "soon"}, "start-date: Write a date as 2026-03-16."),
        ({"number-of-users": "many"}, "number-of-users: Write a number as 1200"),
        ({"discount": [1]}, "values: Give a text, a number"),
    ):
        answer = there.post(f"/deals/{deal}/what-if", {"values": wished})
        assert answer.status_code == 422
        assert answer.get_json()["message"].startswith(told)


def test_asking_from_the_card_asks_operations_and_keeps_the_case_in_the_crm(play: Play) -> None:
    deal = asked(play, stage="discovery")
    assert play.signoffs(deal) == ()
    day = (now() + timedelta(days=9)).date().isoformat()
    seen = done(play, LENA, deal, "ask", case="They decide on Friday.", needed_by=day)
    assert seen["sentence"].startswith("Contract: waiting for Anna Bos")
    (signoff,) = play.signoffs(deal)
    assert (signoff.requested_by, signoff.needed_by.isoformat()) == ("lena-fischer", day)
    shown = play.crm.deal(deal)
    assert (shown["ops_request_note"], shown["ops_needed_by"]) == ("They decide on Friday.", day)
    assert not shown.get("ops_request")
    body = play.tasks(deal, ANNA[1:]).popitem()[1]["hs_task_body"]
    assert "They decide on Friday." in body


def test_asked_while_data_is_missing_it_is_asked_once_the_data_is_there(play: Play) -> None:
    deal = asked(play, stage="discovery", delivery_address="")
    there = card(play, MIA)
    told = there.do(deal, "ask", case="Please look.")
    assert told["next"].startswith("Noted. Fill in what is missing")
    assert play.settle()
    assert play.signoffs(deal) == ()
    play.by(LENA).update(deal, {"delivery_address": "Kade 1"})
    play.look(deal)
    assert [one.requested_by for one in play.signoffs(deal)] == ["mia-devries"]


def test_a_reason_told_on_the_card_counts_for_a_field_that_nobody_knows_yet(play: Play) -> None:
    deal = asked(play, 0, number_of_users="")
    seen = done(play, LENA, deal, "ask", case="number of users unknown, because they count next week")
    assert "is not known yet, because they count next week" in str(seen["gates"])
    play.look(deal)
    assert card(play, LENA).deal(deal)["readiness"] == "needs-sign-off"


def test_the_case_is_kept_though_the_crm_was_away_when_it_was_told(bench: Play) -> None:
    deal = asked(bench, stage="discovery")
    card(bench, LENA).do(deal, "ask", case="Hear me.")
    bench.crm.faults.set([Fault(FaultKind.ERROR, route="POST objects/deals/batch/update")])
    bench.settle()
    bench.crm.faults.set([])
    bench.later(seconds=400)
    bench.look(deal)
    assert bench.crm.deal(deal)["ops_request_note"] == "Hear me."


def test_a_case_written_in_the_crm_since_is_not_overwritten(bench: Play) -> None:
    deal = asked(bench, stage="discovery")
    card(bench, LENA).do(deal, "ask", case="First words.")
    bench.later(seconds=0)
    bench.by(LENA).update(deal, {"ops_request_note": "Better words."})
    assert bench.settle()
    assert bench.crm.deal(deal)["ops_request_note"] == "Better words."


def test_whoever_asks_from_the_card_does_not_sign_what_he_asked_for(play: Play) -> None:
    deal = asked(play, stage="discovery")
    seen = done(play, ANNA, deal, "ask", case="For Lena.")
    assert seen["viewer"]["may_decide"] == []
    assert seen["operations"] is None
    assert [one.asked for one in play.signoffs(deal)] == [("jan-smit",)]


def test_a_question_is_answered_and_the_counter_offer_taken_on_the_card(play: Play) -> None:
    deal = asked(play)
    seen = done(play, ANNA, deal, "decide", answer="question", note="Is it a reference?")
    assert "Is it a reference?" in card(play, LENA).deal(deal)["sentence"]
    assert card(play, LENA).deal(deal)["viewer"]["may_reply"]
    seen = done(play, LENA, deal, "reply", text="Yes, signed.")
    assert not seen["viewer"]["may_reply"]
    seen = done(play, ANNA, deal, "decide", answer="yes-up-to", limit=15, note="For a reference.")
    assert "At 15 % Anna Bos says yes" in card(play, LENA).deal(deal)["sentence"]
    tried = card(play, LENA).post(f"/deals/{deal}/what-if", {"values": {"discount": 15}}).get_json()
    assert tried["badge"] == "Ready"
    play.discount(deal, 15)
    play.look(deal)
    assert card(play, LENA).deal(deal)["badge"] == "Ready"
    told = [one["text"] for one in card(play, LENA).deal(deal)["history"]]
    order = ["asks the rep", "Lena Fischer replied", "said yes", 'Badge "Ready"']
    places = [next(i for i, text in enumerate(told) if word in text) for word in order]
    assert places == sorted(places)


def test_a_yes_until_a_day_holds_until_that_day(play: Play) -> None:
    deal, day = asked(play), (now() + timedelta(days=20)).date()
    seen = done(play, ANNA, deal, "decide", answer="yes", until=day.isoformat())
    assert seen["badge"] == "Ready"
    assert [one.valid_until for one in play.signoffs(deal)] == [day]


def test_questions_are_taken_back_on_the_card(play: Play) -> None:
    deal = asked(play)
    seen = done(play, LENA, deal, "withdraw")
    assert not seen["viewer"]["may_withdraw"]
    assert play.tasks(deal, ANNA[1:]) == {}


def test_a_decision_that_does_not_count_is_told_to_its_giver_on_the_card_and_to_nobody_else(
    play: Play,
) -> None:
    deal = asked(play)
    seen = done(play, MIA, deal, "decide", answer="yes")
    assert seen["badge"] == "Waiting for sign-off"
    assert "does not count" in seen["history"][-1]["text"]
    assert "does not count" not in str(card(play, LENA).deal(deal)["history"])


def test_the_same_signed_call_twice_is_one_answer(play: Play) -> None:
    deal, there = asked(play), card(play, ANNA)
    frozen = now()
    again = Card(there.client, there.signing, there.user, lambda: frozen)
    first, second = (again.do(deal, "decide", answer="yes", note="Fine.") for _ in range(2))
    assert first == second
    assert play.settle()
    kinds = [entry.kind for entry in play.desk.store.ledger.entries(play.desk.account, deal)]
    assert kinds.count("decision") == 1


def test_saying_something_rings_the_deal_in_the_same_transaction(bench: Play) -> None:
    deal = asked(bench)
    card(bench, ANNA).do(deal, "decide", answer="no", note="Too much.")
    claim = bench.desk.claim(frozenset({ObjectType.DEAL}))
    assert claim is not None
    assert claim.deals == (deal,)


def test_a_wrong_form_is_told_by_its_field(play: Play) -> None:
    deal, there = asked(play), card(play, ANNA)
    for action, body, told in (
        ("decide", {"answer": "yes-up-to"}, "Up to which limit? Fill it in."),
        ("decide", {"answer": "no"}, "Say why, or what you ask: the rep reads it."),
        ("decide", {"answer": "perhaps"}, "answer: "),
        ("decide", {"answer": "yes", "until": "2020-01-01"}, "until: That day is over."),
        ("decide", {"answer": "yes", "person": "anna-bos"}, "person: Unknown field."),
        ("ask", {"case": "  "}, "case: Write something."),
        ("ask", {"case": "x", "needed_by": "soon"}, "needed_by: Not a valid date."),
        ("reply", {"text": "x" * 2001}, "text: Longer than maximum length 2000."),
    ):
        answer = there.post(f"/deals/{deal}/{action}", body)
        assert answer.status_code == 422
        assert answer.get_json()["message"].startswith(told), answer.get_json()
    for body in (b"", b"[]", b"{", b'"x"', b"\xff", b"[" * 5000):
        answer = there.post(f"/deals/{deal}/ask", body)
        assert answer.status_code in {400, 422}
        assert set(answer.get_json()) == {"reason", "message"}


def test_the_settings_page_reads_how_the_connection_is(bench: Play) -> None:
    bench.look(bench.sell())
    there = card(bench, JAN)
    assert there.get("/health").get_json()["status"] == "ok"
    assert there.get("/health").get_json()["viewer"] == "Jan Smit"
    bench.desk.store.accounts.pause(bench.desk.account)
    assert there.get("/health").get_json()["status"] == "paused"
    assert orjson.loads(there.get("/health").data)["parked"] == 0
