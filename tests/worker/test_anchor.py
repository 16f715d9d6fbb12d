"""The head of the ledger is kept outside the database, daily."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connector.mail import Mail, MailRefused, MailUnavailable
from connector.worker.clock import tick
from tests.databases import SqliteFiles
from tests.worker.play import Play, rehearsed

AUDITOR = "auditor@example.com"


@pytest.fixture
def play(tmp_path: Path, sqlite_files: SqliteFiles) -> Iterator[Play]:
    with rehearsed(tmp_path, sqlite_files.new_database(), DEALGATE_ANCHOR_MAIL=AUDITOR) as found:
        yield found


def something_on_record(play: Play) -> None:
    play.ring(play.sell(18))
    assert play.settle()


def anchors(play: Play) -> list[Mail]:
    return [mail for mail in play.letters.sent if mail.to == AUDITOR]


def later(play: Play, **time: int) -> None:
    """Turn the clock and let what is due happen."""
    now = play.desk.now() + timedelta(**time)
    play.desk.now = lambda: now
    tick(play.desk)


def test_once_a_day_the_head_is_mailed_and_proves_the_record(play: Play) -> None:
    something_on_record(play)
    later(play, minutes=1)
    (mail,) = anchors(play)
    head = play.desk.store.ledger.head(play.desk.account)
    assert f"{head.seq}:{head.hash}" in mail.body
    assert play.desk.store.ledger.verify(play.desk.account, [head]).problem == ""
    later(play, hours=1)
    assert len(anchors(play)) == 1
    later(play, hours=24)
    assert len(anchors(play)) == 2


def test_a_mail_server_that_is_away_is_tried_again_soon(play: Play) -> None:
    something_on_record(play)
    play.desk.mailer = Closed(MailUnavailable("The mail server does not answer."))
    later(play, minutes=1)
    assert anchors(play) == []
    play.desk.mailer = play.letters
    later(play, minutes=11)
    assert len(anchors(play)) == 1


def test_an_address_that_takes_no_mail_is_an_alarm(play: Play) -> None:
    something_on_record(play)
    play.desk.mailer = Closed(MailRefused("The mail server answered 550."))
    later(play, minutes=1)
    assert [(one.reason, one.about) for one in play.alarms() if one.about == "anchor"] == [
        ("mail-refused", "anchor")
    ]


class Closed:
    """A post office that takes nothing."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def send(self, mail: Mail) -> None:
        raise self._error

    def check(self) -> None:
        raise self._error
