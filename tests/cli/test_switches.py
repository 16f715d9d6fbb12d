"""`pause`, `resume`, `install`, `uninstall`, `sweep`."""

from datetime import UTC, datetime, timedelta

import pytest

from connector.store import Store
from connector.worker.clock import SWEEP
from sandbox.faults import Fault, FaultKind
from tests.cli.shop import LENA, Shop


def blocked(shop: Shop) -> list[str]:
    return [deal for deal in shop.crm.deals() if shop.shows(deal, "ops_blocked_stages")]


def free(shop: Shop) -> bool:
    return not blocked(shop) and not any(shop.open_tasks(deal) for deal in shop.crm.deals())


def test_a_pause_opens_every_stage_and_leaves_open_questions_open(shop: Shop) -> None:
    deal = shop.asked()
    assert blocked(shop) == [deal]
    ran = shop.run("pause")
    assert ran.code == 0
    assert ran.out.startswith("Paused. 1 deal looked at again")
    assert not blocked(shop)
    assert len(shop.open_tasks(deal)) == 1
    assert "paused" in shop.run("doctor").out


def test_a_paused_account_lets_everything_pass_until_it_is_resumed(shop: Shop) -> None:
    assert shop.run("pause", "--json").json == {"paused": True, "looked": 0, "left": 0}
    deal = shop.sell(18)
    shop.by(LENA).move(deal, "contract")
    assert shop.run("sweep").code == 0
    assert shop.crm.deal(deal)["dealstage"] == "contract"
    assert free(shop)
    assert shop.run("resume", "--json").json == {"paused": False, "looked": 1, "left": 0}
    assert shop.crm.deal(deal)["dealstage"] == "contract"
    assert not shop.crm.tasks_of(deal)
    assert shop.shows(deal) == "needs-sign-off"


def test_a_pause_that_could_not_reach_every_deal_says_so(shop: Shop) -> None:
    deal = shop.asked()
    shop.crm.faults.set([Fault(FaultKind.UNAVAILABLE, route="*objects/deals/batch/read")])
    ran = shop.run("pause")
    shop.crm.faults.clear()
    ran.told("1 could not be brought in line yet")
    assert ran.code == 1
    assert blocked(shop) == [deal]
    assert shop.run("pause").code == 0
    assert not blocked(shop)


def test_installing_twice_finds_what_is_there_and_says_what_is_left(shop: Shop) -> None:
    ran = shop.run("install", "hubspot")
    assert ran.code == 0
    assert "found  deals: ops_readiness" in ran.out
    assert "Left for you:" in ran.out
    steps = shop.run("install", "hubspot", "--json").json["steps"]
    assert {frozenset(step) for step in steps} == {frozenset({"name", "state", "todo"})}
    assert {step["state"] for step in steps} == {"found", "for-you"}


def test_after_an_uninstall_the_crm_is_free_and_stays_so(shop: Shop) -> None:
    asked, lost_track = shop.asked(), shop.asked()
    assert len(blocked(shop)) == 2
    ran = shop.run("uninstall", "hubspot", "--yes")
    assert ran.code == 0
    assert "Left for you:" in ran.out
    assert free(shop)
    shop.by(LENA).move(asked, "contract")
    shop.by(LENA).update(lost_track, {"amount": "1"})
    assert shop.run("sweep").code == 0
    assert free(shop)
    assert shop.crm.deal(asked)["dealstage"] == "contract"
    again = shop.run("uninstall", "hubspot", "--yes", "--json")
    assert (again.code, set(again.json)) == (0, {"steps"})


def decisions(shop: Shop, deal: str) -> list[tuple[str, str]]:
    """Return cycle and status of the deal's decision tasks."""
    tasks = [one for one in shop.crm.tasks_of(deal).values() if one["hs_task_subject"].startswith("Decide")]
    return sorted((one["dealgate_key"].rpartition(":")[2], one["hs_task_status"]) for one in tasks)


def test_after_an_uninstall_and_a_new_install_the_old_question_is_asked_anew(shop: Shop) -> None:
    deal = shop.asked()
    assert shop.run("uninstall", "hubspot", "--yes").code == 0
    assert shop.run("signoff", "list", "--json").json["signoffs"] == []
    shop.run("install", "hubspot").told("account paused: Run `dealgate resume`")
    assert shop.run("resume").code == 0
    assert blocked(shop) == [deal]
    assert decisions(shop, deal) == [("1", "COMPLETED")]  # nobody is asked before a person touches the deal
    shop.by(LENA).update(deal, {"number_of_users": "11"})
    assert shop.run("sweep").code == 0
    assert decisions(shop, deal) == [("1", "COMPLETED"), ("2", "NOT_STARTED")]
    assert shop.run("signoff", "approve", deal, "--as", "anna-bos").code == 0
    assert shop.shows(deal) == "ready"


def test_a_question_that_the_uninstall_could_not_take_back_is_asked_anew_all_the_same(shop: Shop) -> None:
    deal = shop.asked()
    shop.crm.faults.set([Fault(FaultKind.UNAVAILABLE, route="*objects/deals/batch/read")])
    assert shop.run("uninstall", "hubspot", "--yes").code == 1
    shop.crm.faults.clear()
    assert len(shop.run("signoff", "list", "--json").json["signoffs"]) == 1
    assert shop.run("install", "hubspot").code == 0
    assert shop.run("signoff", "list", "--json").json["signoffs"] == []
    assert shop.run("resume").code == 0
    shop.by(LENA).update(deal, {"number_of_users": "11"})
    assert shop.run("sweep").code == 0
    assert decisions(shop, deal) == [("1", "COMPLETED"), ("2", "NOT_STARTED")]


def test_an_uninstall_needs_neither_policy_nor_database(shop: Shop) -> None:
    shop.asked()
    shop.crm.act_as(LENA)
    ran = shop.run(
        "uninstall",
        "hubspot",
        "--yes",
        DATABASE_URL=f"sqlite:///{shop.folder}/new.db",
        DEALGATE_POLICY="gone",
    )
    assert ran.code == 0
    assert free(shop)


def test_an_uninstall_asks_first(shop: Shop) -> None:
    deal = shop.asked()
    assert shop.run("uninstall", "hubspot", given="n\n").code == 1
    shop.run("uninstall", "hubspot").refused("Nobody answered", "--yes")
    shop.run("uninstall", "hubspot", "--json", given="y\n").refused("With --json nothing is asked", "--yes")
    assert blocked(shop) == [deal]
    ran = shop.run("uninstall", "hubspot", "--json", "--yes")
    assert (ran.code, set(ran.json)) == (0, {"steps"})


def test_a_sweep_finds_what_no_webhook_told(shop: Shop) -> None:
    deal = shop.sell(18)
    ran = shop.run("sweep", "--json")
    assert (ran.code, set(ran.json)) == (0, {"rung", "twins", "left"})
    assert ran.json["rung"] >= 1
    assert shop.shows(deal) == "needs-sign-off"
    assert shop.run("sweep").code == 0
    assert shop.run("sweep", "--hours", "1.5").code == 0


def test_a_short_look_back_hides_nothing_from_the_next_sweep(shop: Shop, sqlite_url: str) -> None:
    store, now = Store.open(sqlite_url), datetime.now(UTC)
    since = now - timedelta(hours=30)
    lease = store.jobs.seize("hubspot", SWEEP, 60, now)
    assert lease
    store.jobs.finish(lease, {"until": since.isoformat()}, now, now)
    assert shop.run("sweep", "--hours", "2").code == 0
    kept = store.jobs.seize("hubspot", SWEEP, 60, now)
    assert kept
    assert kept.cursor == {"until": since.isoformat()}
    store.jobs.finish(kept, kept.cursor, now, now)
    assert shop.run("sweep").code == 0
    moved = store.jobs.seize("hubspot", SWEEP, 60, now)
    assert moved
    assert moved.cursor["until"] > since.isoformat()
    store.close()


def test_one_sweep_at_a_time_and_a_failed_one_is_no_obstacle(shop: Shop, sqlite_url: str) -> None:
    store, now = Store.open(sqlite_url), datetime.now(UTC)
    lease = store.jobs.seize("hubspot", SWEEP, 60, now)
    assert lease
    ran = shop.run("sweep")
    ran.told("running already")
    assert ran.code == 1
    store.jobs.finish(lease, {}, now, now)
    assert shop.run("sweep", HUBSPOT_API_URL="http://127.0.0.1:1").code == 1
    assert shop.run("sweep").code == 0
    store.close()


@pytest.mark.parametrize("command", [["pause"], ["resume"], ["sweep"], ["uninstall", "hubspot", "--yes"]])
def test_switches_work_without_a_single_deal(command: list[str], shop: Shop) -> None:
    assert shop.run(*command).code == 0
