"""Out of office by the link of a mail: looking changes nothing, a post sets it, and nobody gains a right by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from connector.directory import Absence
from connector.links import LIFETIME, Link, token
from connector.store.policies import Draft
from tests.webhooks.test_answer_links import NEXT, SECRET, asked, browser, page, play
from tests.worker.play import ANNA, JAN, Play
from webhooks import create_app

__all__ = ["browser", "play"]


def days(play: Play, first: int = 0, last: int = 5) -> dict[str, str]:
    today = play.desk.now().date()
    return {name: f"{today + timedelta(days=n)}" for name, n in (("since", first), ("until", last))}


def away(play: Play) -> list[str]:
    return [one.person for one in play.desk.store.absences.all(play.desk.account)]


def test_looking_sets_nothing_however_often_a_mail_scanner_looks(play: Play, browser: FlaskClient) -> None:
    _, path = asked(play)
    for where in (path, f"{path}/away"):
        assert "Out of office" in page(browser.get(where))
        assert browser.head(where).status_code == 200
    assert away(play) == []


def test_whoever_says_so_is_away_and_the_next_is_asked_at_once(play: Play, browser: FlaskClient) -> None:
    deal, path = asked(play)
    answer = page(browser.post(f"{path}/away", data=days(play)))
    assert "You are away from" in answer
    assert "I am back" in answer
    assert play.settle()
    assert play.tasks(deal, ANNA[1:]) == {}
    assert len(play.tasks(deal, JAN[1:])) == 1
    (entry,) = [one for one in play.desk.store.ledger.entries(play.desk.account) if one.kind == "absence"]
    beside = play.desk.store.ledger.personal(play.desk.account, entry.seq)
    assert (beside["away"], beside["person"]) == ("anna-bos", "anna-bos")


def test_whoever_is_back_is_asked_again(play: Play, browser: FlaskClient) -> None:
    _, path = asked(play)
    browser.post(f"{path}/away", data=days(play))
    assert play.settle()
    assert "Welcome back" in page(browser.post(f"{path}/away", data={"back": "yes"}))
    assert away(play) == []
    deal, _ = asked(play, 17)
    assert len(play.tasks(deal, ANNA[1:])) == 1


def test_the_answer_to_a_question_that_is_settled_leaves_the_page_for_going_away(
    play: Play, browser: FlaskClient
) -> None:
    _, path = asked(play)
    browser.post(path, data={"answer": "yes"})
    assert play.settle()
    assert "Nothing is waiting for you here" in page(browser.get(path))
    browser.post(f"{path}/away", data=days(play, 1, 3))
    assert away(play) == ["anna-bos"]


def test_days_that_an_admin_set_are_shown_and_stay_with_whoever_stands_in(
    play: Play, browser: FlaskClient
) -> None:
    _, path = asked(play)
    desk, today = play.desk, play.desk.now().date()
    named = Absence("anna-bos", today, today + timedelta(days=9), "eva-lang")
    desk.store.absences.set(desk.account, named, "ruth-klein", desk.now())
    assert "You are away from" in page(browser.get(path))
    browser.post(f"{path}/away", data=days(play))
    assert desk.store.absences.all(desk.account) == (named,)


def test_whoever_may_decide_it_all_already_can_be_named_to_do_so_first(
    play: Play, browser: FlaskClient
) -> None:
    deal, path = asked(play)
    assert ">Ruth Klein</option>" in page(browser.get(path))
    wrong = browser.post(f"{path}/away", data={**days(play), "to": "lena-fischer"})
    assert (wrong.status_code, away(play)) == (400, [])
    assert "Nobody of that name" in page(wrong)

    assert "Ruth Klein decides first." in page(
        browser.post(f"{path}/away", data={**days(play), "to": "ruth-klein"})
    )
    assert play.settle()
    assert (len(play.tasks(deal, "130")), play.tasks(deal, JAN[1:])) == (1, {})


def test_whoever_goes_away_by_one_accounts_link_is_away_in_all_that_know_the_mailbox(play: Play) -> None:
    _, path = asked(play)
    store, now, settings = play.desk.store, play.desk.now(), play.app.settings
    live, roll = store.policies.live(play.desk.account), store.users.of(play.desk.account)
    assert live is not None
    assert roll is not None
    accounts = [replace(settings.hubspot[0], name=name) for name in ("south", "west")]
    for one, renamed in zip(accounts, ("anna", "somebody-else"), strict=True):
        mail = "" if renamed == "anna" else "x"
        text = live.text.replace("anna-bos:", f"{renamed}:").replace("[anna-bos,", f"[{renamed},")
        text = text.replace("anna.bos@example.com", f"{mail}Anna.Bos@example.com")
        store.policies.publish(one.name, Draft(one.name, text, frozenset(), "admin"), now)
        store.users.keep(one.name, roll.users, now)
    both = replace(settings, hubspot=(*settings.hubspot, *accounts))
    browser = create_app(both, store, play.app.metrics, play.app.clock).test_client()

    browser.post(f"{path}/away", data={**days(play), "to": "jan-smit"})
    found = {name: store.absences.all(name) for name in (play.desk.account, "south", "west")}
    assert [(one.person, one.to) for one in found["south"]] == [("anna", "jan-smit")]
    assert [[one.person for one in each] for each in found.values()] == [["anna-bos"], ["anna"], []]

    browser.post(f"{path}/away", data={"back": "yes"})
    assert store.absences.all("south") == ()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Fill in both days"),
        ({"since": "soon", "until": "later"}, "Fill in both days"),
        ({"since": "2026-12-24", "until": "2026-12-21"}, "The last day is before the first"),
        ({"since": "2026-12-24", "until": "2062-12-31"}, "longer than a year"),
        ({"since": "2020-12-24", "until": "2020-12-31"}, "over already"),
    ],
)
def test_days_that_make_no_sense_are_asked_for_again(
    play: Play, browser: FlaskClient, form: dict[str, str], said: str
) -> None:
    _, path = asked(play)
    answer = browser.post(f"{path}/away", data=form)
    assert answer.status_code == 400
    assert said in page(answer)
    assert away(play) == []


def test_a_link_that_nobody_signed_or_of_somebody_who_left_the_policy_sets_nothing(
    play: Play, browser: FlaskClient
) -> None:
    asked(play)
    until = play.desk.now() + LIFETIME
    forged = token(Link(play.desk.account, "1", "anna-bos", 1, until), [NEXT])
    gone = token(Link(play.desk.account, "1", "nobody-any-more", 1, until), [SECRET])
    for text in (forged, gone):
        answer = browser.post(f"/answer/{text}/away", data=days(play))
        assert (answer.status_code, "not valid any more" in page(answer)) == (404, True)
    assert away(play) == []
