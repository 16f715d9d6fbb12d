"""Who may call the card's API, and what each may see: nobody without a signature, nobody for somebody else."""

import io
from dataclasses import replace
from datetime import timedelta

from flask.testing import FlaskClient

from connector.standing import AnswerKind
from connector.store.policies import Draft
from tests.cards.caller import PREFIX, Card, Signing, card, signing
from tests.worker.play import ANNA, LENA, RUTH, Play, now
from webhooks import create_app

ACTIONS = {
    "what-if": {"values": {"discount": 5}},
    "ask": {"case": "Please."},
    "reply": {"text": "Yes."},
    "withdraw": {},
    "decide": {"answer": "yes"},
}


def asked(play: Play) -> str:
    deal = play.sell(18)
    play.look(deal)
    return deal


def every_answer(there: Card, deal: str) -> list[tuple[int, dict[str, object]]]:
    """Call everything, and return each status and body."""
    answers = [there.get("/health"), there.get(f"/deals/{deal}")]
    answers += [there.post(f"/deals/{deal}/{action}", body) for action, body in ACTIONS.items()]
    return [(one.status_code, one.get_json()) for one in answers]


def test_without_a_valid_signature_nothing_is_answered(bench: Play) -> None:
    deal, there = asked(bench), card(bench, ANNA)
    wrong = Card(there.client, Signing(there.signing.public_url, "wrong", there.signing.portal), ANNA)
    for status, body in every_answer(wrong, deal):
        assert (status, body["reason"]) == (401, "signature-invalid")
    for path in ("/health", f"/deals/{deal}"):
        assert there.client.get(PREFIX + path).status_code == 401
    assert bench.desk.store.answers.waiting(bench.desk.account, [deal]) == {}


def test_a_call_is_good_for_five_minutes_and_no_longer(play: Play) -> None:
    deal, there = asked(play), card(play, LENA)
    for seconds, status in ((299, 200), (301, 401), (-299, 200), (-301, 401)):
        then = now() - timedelta(seconds=seconds)
        old = Card(there.client, there.signing, LENA, lambda then=then: then)
        assert old.get(f"/deals/{deal}").status_code == status


def test_a_user_who_writes_another_userid_into_the_url_is_nobody(play: Play) -> None:
    """HubSpot appends the true one and signs all of it; the card's code runs in the user's browser."""
    deal, made = asked(play), signing(play)
    client = card(play, LENA).client
    for extra in (f"userId={ANNA}&", f"user%49d={ANNA}&", "portalId=1&", "userEmail=x&", "appId=1&"):
        path, _, query = made.target(f"/deals/{deal}", LENA).partition("?")
        target = f"{path}?{extra}{query}"
        answer = client.get(target, headers=made.headers("GET", target, b""))
        assert (answer.status_code, answer.get_json()["reason"]) == (403, "caller-unclear")


def test_a_portal_or_an_app_that_is_not_the_secrets_own_is_refused(play: Play) -> None:
    deal, made = asked(play), signing(play)
    for portal, app, reason in (("1", "77001", "portal-unknown"), (made.portal, "1", "app-unknown")):
        there = Card(card(play, LENA).client, Signing(made.public_url, made.secret, portal, app), LENA)
        answer = there.get(f"/deals/{deal}")
        assert (answer.status_code, answer.get_json()["reason"]) == (403, reason)


def test_a_user_whom_nobody_knows_reads_and_may_do_nothing(play: Play) -> None:
    deal = asked(play)
    there = card(play, "4711")
    seen = there.deal(deal)["viewer"]
    assert seen == {
        "name": "", "may_ask": False, "may_reply": False, "may_withdraw": False, "may_decide": [],
    }  # fmt: skip
    answers = dict(zip(ACTIONS, every_answer(there, deal)[2:], strict=True))
    assert answers["what-if"][0] == 200
    assert {one[1]["reason"] for name, one in answers.items() if name != "what-if"} == {
        "not-yours",
        "no-person",
    }
    assert play.desk.store.answers.waiting(play.desk.account, [deal]) == {}


def test_the_person_is_never_taken_from_the_body(play: Play) -> None:
    deal, there = asked(play), card(play, LENA)
    for body in ({"answer": "yes", "user": ANNA}, {"answer": "yes", "userId": ANNA}):
        assert there.post(f"/deals/{deal}/decide", body).status_code == 422
    there.do(deal, "decide", answer="yes")
    (kept,) = play.desk.store.answers.waiting(play.desk.account, [deal])[deal]
    assert (kept.user, kept.person, kept.kind) == (LENA, None, AnswerKind.YES)
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"


def test_ids_that_are_none_and_methods_that_are_not_for_it_get_json_too(play: Play) -> None:
    there = card(play, LENA)
    for path in ("/deals/abc", "/deals/1'or'1", "/deals/" + "9" * 21, "/deals/٣", "/nothing"):
        answer = there.get(path)
        assert answer.status_code == 404
        assert set(answer.get_json()) == {"reason", "message"}
    answer = there.client.put(f"{PREFIX}/deals/1")
    assert (answer.status_code, answer.get_json()["reason"]) == (405, "method-not-allowed")
    assert "Access-Control-Allow-Origin" not in there.client.options(f"{PREFIX}/deals/1").headers


def test_a_body_above_the_cap_is_refused(play: Play) -> None:
    deal = asked(play)
    answer = card(play, LENA).post(f"/deals/{deal}/ask", {"case": "x" * 70_000})
    assert (answer.status_code, answer.get_json()["reason"]) == (413, "request-entity-too-large")


def test_answers_carry_strict_headers_and_are_counted_by_source(bench: Play) -> None:
    deal, there = asked(bench), card(bench, LENA)
    headers = there.get(f"/deals/{deal}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    there.client.get(f"{PREFIX}/deals/{deal}")
    value = bench.app.metrics.registry.get_sample_value
    assert value("dealgate_requests_total", {"source": "cards", "status": "200"}) == 1
    assert value("dealgate_requests_total", {"source": "cards", "status": "401"}) == 1
    assert value("dealgate_webhook_seconds_count", {"source": "cards"}) == 2


def test_words_of_people_and_names_reach_no_log(play: Play, logged: io.StringIO) -> None:
    deal = asked(play)
    card(play, LENA).do(deal, "ask", case="A secret of Globex.")
    card(play, ANNA).do(deal, "decide", answer="no", note="Not for Globex.")
    card(play, RUTH).post(f"/deals/{deal}/decide", {"answer": "no", "note": 7, "Globex": 1})
    assert play.settle()
    assert "Globex" not in logged.getvalue()
    assert "Lena" not in logged.getvalue()


def with_south(play: Play, **changes: object) -> FlaskClient:
    """Serve a second account beside the play's own: `south`, which knows the same people and no deal."""
    store, settings = play.app.store, play.app.settings
    (first,) = settings.hubspot
    second = replace(first, name="south", portal_id="4242002", **changes)
    live, roll = store.policies.live(first.name), store.users.of(first.name)
    store.policies.publish("south", Draft(live.version, live.text, frozenset(), "test"), now())
    store.users.keep("south", roll.users, now())
    both = replace(settings, hubspot=(first, second))
    return create_app(both, store, play.app.metrics, play.app.clock).test_client()


def test_one_account_never_reads_or_moves_anothers_deal(play: Play) -> None:
    deal, north, store = asked(play), card(play, LENA), play.app.store
    client, made, own = with_south(play, client_secrets=("south",)), signing(play), play.desk.account
    south = Card(client, Signing(made.public_url, "south", "4242002"), LENA)
    assert [status for status, _ in every_answer(south, deal)] == [200, *[404] * 6]
    for secret, portal in (("south", made.portal), (made.secret, "4242002")):
        mixed = Card(client, Signing(made.public_url, secret, portal), LENA)
        assert {status for status, _ in every_answer(mixed, deal)} == {403}
    assert store.answers.waiting("south", [deal]) == store.answers.waiting(own, [deal]) == {}
    assert north.deal(deal)["badge"]


def test_two_accounts_of_one_app_are_told_apart_by_the_portal_that_hubspot_signs(play: Play) -> None:
    """Installed twice, an app has one secret: then the portal in the signed query alone says whose deal it is."""
    deal, made, own = asked(play), signing(play), play.desk.account
    client = with_south(play)
    south = Card(client, Signing(made.public_url, made.secret, "4242002"), LENA)
    assert [status for status, _ in every_answer(south, deal)] == [200, *[404] * 6]
    assert play.app.store.answers.waiting(own, [deal]) == {}
    signed = south.signing.target(f"/deals/{deal}", LENA)
    moved = signed.replace("4242002", made.portal)
    answer = client.get(moved, headers=south.signing.headers("GET", signed, b""))
    assert (answer.status_code, answer.get_json()["reason"]) == (401, "signature-invalid")
