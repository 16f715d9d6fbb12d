"""What was missed, doubled, disordered or overwritten is put right; what is right is left alone."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from connector.effects import Effect
from connector.worker.backfill import back_fill
from connector.worker.look import look
from sandbox.hubspot.account import Link
from sandbox.hubspot.events import app
from sandbox.hubspot.kinds import DEAL, TASK
from sandbox.hubspot.records import Record
from tests.databases import SqliteFiles
from tests.worker.play import ANNA, LENA, TOM, Play, rehearsed, staged


@pytest.fixture
def loose(tmp_path: Path, sqlite_url: str) -> Iterator[Play]:
    """A stage of its own for each test: the webhooks are tampered with."""
    with staged(tmp_path, sqlite_url, DEALGATE_WEB_THREADS="8") as found:
        yield found


def unfinished(play: Play, deals: Sequence[str]) -> list[Effect]:
    """Return what the CRM should show of these deals and does not."""
    return [effect for record in look(play.desk, deals).records for effect in record.effects]


def keys(play: Play, deals: Iterable[str]) -> Counter[str]:
    return Counter(task["dealgate_key"] for deal in deals for task in play.tasks(deal, done=True).values())


def indexed(play: Play) -> None:
    """Wait until the CRM's search shows what was written last."""
    time.sleep(play.crm.clock.real(1.1))


def test_our_own_writes_cause_no_further_work(loose: Play) -> None:
    deals = [loose.sell(discount) for discount in (0, 15, 18, 25, 35) for _ in range(6)]
    assert loose.settle()
    indexed(loose)
    before = loose.crm.calls
    assert not unfinished(loose, deals)
    time.sleep(0.3)
    backlog = loose.desk.store.bells.backlog(loose.desk.account, loose.desk.now())
    assert (backlog.due, backlog.later, backlog.leased) == (0, 0, 0)
    reads = {"POST objects/deals/batch/read", "POST associations/deals/line_items/batch/read"}
    grown = {route for route, count in loose.crm.calls.items() if count > before.get(route, 0)}
    assert grown <= reads | {"POST objects/line_items/batch/read", "POST objects/deals/batch/read"}


def test_a_second_look_writes_nothing(bench: Play) -> None:
    deals = [bench.sell(discount) for discount in (0, 15, 18, 25, 35) for _ in range(4)]
    bench.look(*deals)
    before = bench.writes()
    bench.look(*deals)
    bench.sweep()
    assert bench.writes() == before


def test_a_badge_that_somebody_overwrote_is_repaired_by_the_sweep(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    bench.by(TOM).update(
        deal, {"ops_readiness": "ready", "ops_readiness_reason": "All fine", "ops_blocked_stages": ""}
    )
    bench.sweep()
    assert bench.badge(deal) == "needs-sign-off"
    assert "Anna Bos" in bench.reason(deal)
    assert bench.crm.deal(deal)["ops_blocked_stages"] == ";contract;closedwon;"


def test_the_sweep_finds_a_decision_whose_webhook_was_lost(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    bench.by(ANNA).decide(bench.question(deal), "yes")
    bench.sweep()
    assert bench.badge(deal) == "ready"


def test_a_deal_that_went_through_while_we_were_down_owes_the_gate_and_is_asked_about(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    (task,) = bench.tasks(deal, "120")
    bench.by(LENA).move(deal, "contract")
    bench.later(hours=1)
    bench.sweep()
    assert bench.place(deal) == "contract"  # too late to take it back: by now people work with it
    assert bench.badge(deal) == "needs-sign-off"
    assert bench.reason(deal).startswith("Contract:")
    assert "closedwon" in bench.crm.deal(deal)["ops_blocked_stages"]
    assert task in bench.tasks(deal, "120")


def test_the_sweep_finds_a_deal_whose_deletion_was_not_told(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    task = bench.question(deal)
    bench.by(LENA).delete(deal)
    bench.sweep()
    assert status(bench, task) == "COMPLETED"


def test_deals_merged_into_a_new_one_leave_no_question_and_the_new_one_is_assessed(bench: Play) -> None:
    deals = bench.sell(18, dealname="Kept"), bench.sell(17, dealname="Other")
    bench.look(*deals)
    asked = [bench.question(deal) for deal in deals]
    survivor = bench.by(LENA).merge(*deals)
    assert survivor not in deals
    bench.look(deals[1])  # its bell leads to the survivor
    bench.look(deals[0])
    assert [status(bench, task) for task in asked] == ["COMPLETED", "COMPLETED"]
    assert bench.badge(survivor) == "needs-sign-off"
    assert len(bench.tasks(survivor)) == 1


def test_a_merge_that_was_not_told_leaves_no_question_after_the_sweep(bench: Play) -> None:
    deals = bench.sell(18, dealname="Kept"), bench.sell(17, dealname="Other")
    bench.look(*deals)
    asked = [bench.question(deal) for deal in deals]
    bench.by(LENA).merge(*deals)
    bench.sweep()
    assert [status(bench, task) for task in asked] == ["COMPLETED", "COMPLETED"]


def test_a_deal_that_is_restored_is_asked_about_again(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    bench.by(LENA).delete(deal)
    bench.look(deal)
    bench.by(LENA).restore(deal)
    bench.by(LENA).update(deal, {"amount": "19001"})
    bench.look(deal)
    assert bench.badge(deal) == "needs-sign-off"
    assert len(bench.tasks(deal, "120")) == 1


def test_of_two_tasks_with_one_key_the_sweep_closes_the_younger(bench: Play) -> None:
    deal = bench.sell(18)
    bench.look(deal)
    older = bench.question(deal)
    values = bench.crm.tasks_of(deal)[older]
    younger = twin(bench, deal, values)
    bench.sweep()
    assert status(bench, older) != "COMPLETED"
    assert status(bench, younger) == "COMPLETED"
    assert bench.question(deal) == older


def test_500_imported_deals_disturb_nobody(loose: Play) -> None:
    rows = [
        {"dealname": f"Imported {number}", "pipeline": "default", "dealstage": "contract", "amount": "20000",
         "hubspot_owner_id": "104", "deal_currency_code": "EUR"}
        for number in range(500)
    ]  # fmt: skip
    deals = loose.crm.import_deals(rows)
    assert loose.settle()
    assert Counter(loose.badge(deal) for deal in deals) == {"needs-info": 500}
    assert not keys(loose, deals)
    assert {loose.place(deal) for deal in deals} == {"contract"}
    assert not loose.letters.sent


def test_what_was_there_before_is_back_filled_and_nobody_is_asked(
    tmp_path: Path, sqlite_files: SqliteFiles
) -> None:
    with rehearsed(tmp_path, sqlite_files.new_database()) as play:
        deals = [play.sell(18) for _ in range(5)]
        back_fill(play.desk, deals)
        assert Counter(play.badge(deal) for deal in deals) == {"needs-sign-off": 5}
        assert not keys(play, deals)
        assert not play.letters.sent
        play.by(LENA).update(deals[0], {"amount": "19001"})
        play.look(*deals)
        assert [len(play.tasks(deal)) for deal in deals] == [1, 0, 0, 0, 0]


def status(play: Play, task: str) -> str | None:
    return task_record(play, task).values.get("hs_task_status")


def task_record(play: Play, task: str) -> Record:
    return play.crm.account.records.get(TASK, task)


def twin(play: Play, deal: str, values: dict[str, str]) -> str:
    """Create a second task with the same key, as a create whose answer was lost does."""
    writable = ("hs_timestamp", "hs_task_subject", "hs_task_status", "hubspot_owner_id", "dealgate_key")
    made = {name: values[name] for name in writable}
    source = app(play.crm.account.setup.app_id)
    return play.crm.account.create(TASK, made, source, (Link(DEAL, deal),)).id
