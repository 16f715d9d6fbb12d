"""Once a day, whoever wants it is mailed all that waits for him, and nobody anything where nothing waits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.mail import Mail, MailUnavailable
from connector.worker.clock import tick
from sandbox.brightline import EMPTY
from sandbox.company import Team
from tests.databases import SqliteFiles
from tests.worker.play import ANNA, COMPANY, JAN, LENA, Play, now, rehearsed

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def play(tmp_path: Path, sqlite_files: SqliteFiles) -> Iterator[Play]:
    text = COMPANY.read_text(encoding="utf-8")
    wants = "email: anna.bos@example.com, digest: daily,"
    rules = tmp_path / "rules.yaml"
    rules.write_text(text.replace("email: anna.bos@example.com,", wants), encoding="utf-8")
    url = sqlite_files.new_database()
    with rehearsed(tmp_path, url, rules=rules, DEALGATE_LINK_SECRET="s" * 32) as found:
        yield found


def working_day(after: int = 1) -> datetime:
    """Return nine o'clock in Amsterdam on a working day to come."""
    day = now().astimezone(ZONE).date() + timedelta(days=1)
    for _ in range(after):
        while day.weekday() > 4:
            day += timedelta(days=1)
        found, day = day, day + timedelta(days=1)
    return datetime.combine(found, time(9), ZONE).astimezone(UTC)


def at(play: Play, moment: datetime) -> list[Mail]:
    """Turn the clock, let what is due happen, and return the digests of that moment."""
    before = len(play.letters.sent)
    play.desk.now = lambda: moment
    tick(play.desk)
    return [mail for mail in play.letters.sent[before:] if mail.key.startswith("digest:")]


def test_at_the_opening_hour_all_that_waits_is_mailed_once_soonest_first_with_links(play: Play) -> None:
    early, late = play.sell(12, dealname="Early"), play.sell(15, dealname="Late")
    for deal, hours in ((early, 0), (late, 1)):
        moment = now() + timedelta(hours=hours)
        play.desk.now = lambda moment=moment: moment
        play.look(deal)
    opens = working_day()
    assert at(play, opens - timedelta(minutes=1)) == []
    (mail,) = at(play, opens + timedelta(minutes=1))
    assert (mail.to, mail.subject) == ("anna.bos@example.com", "2 decisions wait for you")
    assert mail.body.index("Early, 12 % discount (rep's limit 10 %).") < mail.body.index("Late, 15 %")
    assert "your 10 %" not in mail.body  # the limit is the rep's, and Anna reads it
    assert len(re.findall(r"/answer/\S+", mail.body)) == 2
    assert at(play, opens + timedelta(minutes=5)) == []
    assert at(play, opens + timedelta(hours=3)) == []


def test_the_digest_has_what_a_queue_is_asked_for_each_who_is_in_it(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    text = COMPANY.read_text(encoding="utf-8").replace(
        "holders: [anna-bos, jan-smit]", "holders: [{queue: Desk}]"
    )
    rules = tmp_path / "rules.yaml"
    rules.write_text(text.replace("@example.com,", "@example.com, digest: daily,"), encoding="utf-8")
    company = replace(
        EMPTY, teams=(Team("Desk", (ANNA[1:], JAN[1:], LENA[1:]), queue="900"),)
    )  # Lena owns it
    with rehearsed(tmp_path, sqlite_files.new_database(), rules=rules, company=company) as play:
        deal = play.sell(12)
        play.look(deal)
        found = at(play, working_day() + timedelta(minutes=1))
        assert sorted(mail.to for mail in found) == ["anna.bos@example.com", "jan.smit@example.com"]


def test_nothing_is_mailed_where_nothing_waits_and_to_nobody_who_has_not_asked(play: Play) -> None:
    assert at(play, working_day()) == []
    play.desk.now = now
    deal = play.sell(25)
    play.look(deal)
    assert [one.asked for one in play.signoffs(deal)] == [("ruth-klein",)]
    assert at(play, working_day(2)) == []


def test_the_next_day_tells_what_still_waits_and_what_was_answered_is_left_out(play: Play) -> None:
    first, second = play.sell(12, dealname="First"), play.sell(15, dealname="Second")
    play.look(first, second)
    assert len(at(play, working_day())) == 1
    play.by(ANNA).decide(play.question(first), "yes")
    play.ring_task(play.question(first))
    assert play.settle()
    (mail,) = at(play, working_day(2))
    assert mail.subject == "1 decision waits for you"
    assert "Second" in mail.body
    assert "First" not in mail.body


def test_a_mail_server_that_is_away_gets_it_later_and_once(play: Play) -> None:
    play.look(play.sell(12))
    opens, send = working_day(), play.letters.send
    play.letters.send = _away  # type: ignore[method-assign]
    assert at(play, opens) == []
    play.letters.send = send  # type: ignore[method-assign]
    assert len(at(play, opens + timedelta(minutes=2))) == 1
    assert at(play, opens + timedelta(minutes=4)) == []


def test_a_paused_account_mails_no_digest(play: Play) -> None:
    play.look(play.sell(12))
    play.desk.store.accounts.pause(play.desk.account)
    assert at(play, working_day()) == []


def _away(mail: Mail) -> None:
    raise MailUnavailable("The mail server is away.")
