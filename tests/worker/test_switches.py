"""The switches for a bad day: pause, resume, uninstall."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from connector.cli import dealgate
from tests.worker.play import ANNA, LENA, Play, environment, rehearsed


@pytest.fixture
def home(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """An account whose commands can be given."""
    with rehearsed(tmp_path, sqlite_url) as play:
        for name, value in environment(play.crm, sqlite_url).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield play


def give(*words: str) -> str:
    result = CliRunner().invoke(dealgate, words)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_pause_opens_every_stage_and_asks_nobody_until_it_is_resumed(home: Play) -> None:
    waiting, new = home.sell(18), home.sell(18)
    home.look(waiting)
    assert home.crm.deal(waiting)["ops_blocked_stages"]
    give("pause")
    assert not home.crm.deal(waiting).get("ops_blocked_stages")
    home.by(LENA).move(waiting, "contract")
    home.look(waiting, new)
    assert home.place(waiting) == "contract"
    assert not home.tasks(new)
    give("resume")
    assert home.badge(waiting) == "needs-sign-off"
    assert home.place(waiting) == "contract"  # moved while nobody looked: badges, and no trouble
    home.by(LENA).update(new, {"amount": "19001"})
    home.look(new)
    assert len(home.tasks(new)) == 1


def test_a_question_asked_before_a_pause_can_still_be_answered_after_it(home: Play) -> None:
    deal = home.sell(18)
    home.look(deal)
    task = home.question(deal)
    give("pause")
    home.by(ANNA).decide(task, "yes")
    home.ring_task(task)
    assert home.settle()
    give("resume")
    home.look(deal)
    assert home.badge(deal) == "ready"


def test_uninstall_leaves_the_crm_free(home: Play) -> None:
    deals = [home.sell(discount) for discount in (0, 18, 25, 35)]
    home.look(*deals)
    give("uninstall", "hubspot", "--yes")
    home.look(*deals)
    assert Counter(home.crm.deal(deal).get("ops_blocked_stages", "") for deal in deals) == {"": 4}
    assert not any(home.tasks(deal) for deal in deals)
