"""A policy that an earlier version published and this one cannot read: nothing is lost, and it is said what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.app import App
from connector.commands.common import running
from connector.deals import ObjectType
from connector.settings import read_settings
from connector.worker.drain import drain
from tests.cli.shop import COMPANY, Shop


def spoil(app: App) -> None:
    """Let the live policy say what this version does not know."""
    with app.store.database.engine.begin() as connection:
        connection.execute(text("update policies set text = text || :more"), {"more": "\nold-word: 1\n"})


def corrected(folder: Path) -> str:
    path = folder / "corrected.yaml"
    path.write_text(COMPANY.read_text().replace("policy: Sandbox company", "policy: Corrected"))
    return str(path)


def test_deals_keep_their_last_answer_until_a_policy_is_published_that_can_be_read(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worker ended at its start, over and over, and no command could publish another policy."""
    deal = shop.asked(18)
    with App.build(read_settings(shop.environ, shop.folder)) as app:
        app.start()
        spoil(app)
        desk = app.desk()
        desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal)], desk.now())
        assert drain(desk) == 1
        waiting = desk.store.bells.backlog(desk.account, desk.now() + timedelta(hours=1))
        assert (waiting.due, waiting.leased, waiting.parked) == (1, 0, 0)
        rang = desk.store.alarms.recent(desk.account, desk.now(), timedelta(hours=1))
        assert "policy-unreadable" in {one.reason for one in rang}
    with running(read_settings(shop.environ, shop.folder)) as app:
        assert app.accounts
    told = capsys.readouterr().err
    assert "old-word: unknown key" in told
    assert "this version of Dealgate cannot read it" in told
    shop.run("doctor").told("cannot read it", "Deals keep their last answers. Correct your policy file")
    assert f"{deal}  contract" in shop.run("signoff", "list").out
    shop.run("assess", "--deal", deal).refused("cannot read it", "`dealgate policy check`")
    ran = shop.run("policy", "publish", corrected(shop.folder), "--author", "Ada", "--yes")
    assert (ran.code, "What changes is not shown." in ran.err) == (0, True), ran
    assert shop.run("sweep").code == 0
    assert shop.run("assess", "--deal", deal).code == 1
    assert f"{deal}  contract  anna-bos" in shop.run("signoff", "list").out
