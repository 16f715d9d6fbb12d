"""Answering from a mail: the link shows, only a post answers, once; whoever may not decide still may not."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.links import LIFETIME, Link, read, token
from sandbox.brightline import EMPTY
from sandbox.company import Team
from tests.databases import SqliteFiles
from tests.worker.play import ANNA, COMPANY, JAN, Play, rehearsed
from webhooks import create_app

_NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECRET = "s" * 32
NEXT = "n" * 32


@pytest.fixture
def play(tmp_path: Path, sqlite_files: SqliteFiles) -> Iterator[Play]:
    with rehearsed(tmp_path, sqlite_files.new_database(), DEALGATE_LINK_SECRET=SECRET) as found:
        yield found


@pytest.fixture
def browser(play: Play) -> FlaskClient:
    app = play.app
    return create_app(app.settings, app.store, app.metrics, app.clock).test_client()


def asked(play: Play, discount: int = 18) -> tuple[str, str]:
    """Return a deal that somebody is asked about, and the path of the link in the mail."""
    deal = play.sell(discount)
    play.ring(deal)
    assert play.settle()
    mails = [mail for mail in play.letters.sent if "/answer/" in mail.body]
    (found,) = re.findall(r"/answer/\S+", mails[-1].body)
    return deal, found


def page(answer: TestResponse) -> str:
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True)


def test_looking_never_decides_however_often_a_mail_scanner_looks(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    for _ in range(3):
        assert "18 % discount (rep&#39;s limit 10 %)" in page(browser.get(path))
        assert browser.head(path).status_code == 200
        assert browser.options(path).status_code == 200
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"


def test_the_page_says_in_whose_name_it_answers(play: Play, browser: FlaskClient) -> None:
    _, path = asked(play)
    assert "You answer as Anna Bos. This link is for nobody else." in page(browser.get(path))


def test_the_mail_leads_to_the_page_to_the_deal_and_to_the_task(play: Play) -> None:
    deal, path = asked(play)
    body = play.letters.sent[-1].body
    assert (
        f"The deal: https://app-eu1.hubspot.com/contacts/{play.app.settings.hubspot[0].portal_id}/record/0-3/{deal}"
        in body
    )
    assert "on your task in the CRM" in body
    assert "this task" not in body
    assert path in body


def test_whoever_is_in_the_queue_that_is_asked_answers_by_the_link_in_his_own_mail(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    text = COMPANY.read_text(encoding="utf-8").replace(
        "holders: [anna-bos, jan-smit]", "holders: [{queue: Desk}]"
    )
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        text.replace("jan.smit@example.com,", "jan.smit@example.com, digest: daily,"), encoding="utf-8"
    )
    team = Team("Desk", (ANNA[1:], JAN[1:], "130"), queue="900")
    company = replace(EMPTY, teams=(team,))
    url = sqlite_files.new_database()
    with rehearsed(tmp_path, url, rules=rules, company=company, DEALGATE_LINK_SECRET=SECRET) as play:
        deal = play.sell(18)
        play.ring(deal)
        assert play.settle()
        assert [mail.to for mail in play.letters.sent] == ["anna.bos@example.com", "ruth.klein@example.com"]
        (path,) = re.findall(r"/answer/\S+", play.letters.sent[0].body)
        web = create_app(play.app.settings, play.app.store, play.app.metrics, play.app.clock).test_client()
        assert "18 % discount (rep&#39;s limit 10 %)" in page(web.get(path))
        assert "is noted" in page(web.post(path, data={"answer": "yes"}))
        assert play.settle()
        assert play.badge(deal) == "ready"
        assert [one.decided_by for one in play.signoffs(deal)] == ["anna-bos"]
        (other,) = re.findall(r"/answer/\S+", play.letters.sent[1].body)
        assert "Nothing is waiting for you here" in page(web.get(other))


def test_a_yes_from_the_mail_clears_the_deal_and_closes_the_task(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    answer = browser.post(path, data={"answer": "yes", "note": "A reference."})
    assert "your answer is noted" in page(answer)
    assert play.settle()
    assert play.badge(deal) == "ready"
    assert play.tasks(deal, ANNA[1:]) == {}
    (entry,) = [
        one for one in play.desk.store.ledger.entries(play.desk.account, deal) if one.kind == "decision"
    ]
    assert '"mail:' in entry.body


def test_a_limit_from_the_mail_is_a_counter_offer(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    browser.post(path, data={"answer": "yes-up-to", "limit": " 15 % "})
    assert play.settle()
    assert "At 15 % Anna Bos says yes" in play.reason(deal)


def test_the_customer_is_waited_for_by_the_link_and_the_same_link_still_decides(
    play: Play, browser: FlaskClient
) -> None:
    deal, path = asked(play)
    assert "Acme" in page(browser.get(path))
    browser.post(path, data={"answer": "wait-for-customer"})
    assert play.settle()
    assert "once the customer has answered" in play.reason(deal)
    browser.post(path, data={"answer": "yes"})
    assert play.settle()
    assert play.badge(deal) == "ready"


def test_a_link_answers_once(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    browser.post(path, data={"answer": "no", "note": "Never."})
    again = browser.post(path, data={"answer": "yes"})
    assert "answered this already" in page(again)
    assert play.settle()
    assert play.badge(deal) == "blocked"
    assert "Nothing is waiting for you here" in page(browser.get(path))
    browser.post(path, data={"answer": "yes"})
    assert play.settle()
    assert play.badge(deal) == "blocked"


def test_a_link_to_a_question_that_was_put_anew_answers_nothing(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    play.discount(deal, 19)
    play.ring(deal)
    assert play.settle()
    assert "Nothing is waiting for you here" in page(browser.post(path, data={"answer": "yes"}))
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose one"),
        ({"answer": "maybe"}, "Choose one"),
        ({"answer": "withdraw"}, "Choose one"),
        ({"answer": "yes-up-to"}, "Up to which limit"),
        ({"answer": "yes-up-to", "limit": "<b>much</b>"}, "&#39;&lt;b&gt;much&lt;/b&gt;&#39; is no limit"),
        ({"answer": "no"}, "Say why"),
        ({"answer": "question", "note": "  "}, "Say why"),
        ({"answer": "yes", "note": "x" * 2001}, "Longer than maximum length"),
    ],
)
def test_a_form_that_says_too_little_is_shown_again(
    play: Play, browser: FlaskClient, form: dict[str, str], said: str
) -> None:
    deal, path = asked(play)
    answer = browser.post(path, data=form)
    assert answer.status_code == 400
    assert said in page(answer)
    assert play.settle()
    assert play.badge(deal) == "needs-sign-off"


def test_links_that_nobody_signed_or_whose_time_is_over_are_told(play: Play, browser: FlaskClient) -> None:
    _, path = asked(play)
    forged = token(Link(play.desk.account, "1", "anna-bos", 1, play.desk.now() + LIFETIME), [NEXT])
    for wrong in (f"{path[:-2]}xx", "/answer/x", f"/answer/{forged}", "/answer/%00%ff"):
        for answer in (browser.get(wrong), browser.post(wrong, data={"answer": "yes"})):
            assert answer.status_code == 404
            assert "not valid any more" in page(answer)


def test_a_secret_in_rotation_is_good_until_it_is_taken_out() -> None:
    play_until = Link("a", "1", "anna", 1, _NOON + LIFETIME)
    old = token(play_until, [SECRET])
    assert read(old, [SECRET, NEXT], _NOON) == play_until
    assert read(token(play_until, [SECRET, NEXT]), [NEXT], _NOON) == play_until
    assert read(old, [NEXT], _NOON) is None
    assert read(old, [SECRET], _NOON + LIFETIME + timedelta(seconds=1)) is None
    assert read(old, [], _NOON) is None


def test_the_page_runs_no_script_and_cannot_be_framed(play: Play, browser: FlaskClient) -> None:
    _, path = asked(play)
    answer = browser.get(path)
    policies = answer.headers.getlist("Content-Security-Policy")
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert "frame-ancestors 'none'" in policies[0]
    assert "<script" not in page(answer)
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_without_a_secret_mails_carry_no_link_and_the_page_knows_nobody(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    with rehearsed(tmp_path, sqlite_files.new_database()) as play:
        play.ring(play.sell(18))
        assert play.settle()
        assert play.letters.sent
        assert not [mail for mail in play.letters.sent if "/answer/" in mail.body]
        app = play.app
        client = create_app(app.settings, app.store, app.metrics, app.clock).test_client()
        assert client.get("/answer/x").status_code == 404
