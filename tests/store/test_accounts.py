"""Accounts, brakes, policies, budget, jobs: what a deployment shares."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from connector.errors import LeaseLost
from connector.store import Braked, Draft, Store
from connector.store.jobs import Ended
from tests.store.deals import NOW, after


def draft(version: str, *gates: str) -> Draft:
    return Draft(version, f"text of {version}", frozenset(gates), "anna")


def test_an_account_is_paused_and_resumed(store: Store) -> None:
    store.accounts.enrol("a", NOW)
    store.accounts.pause("a")
    assert store.accounts.get("a").paused
    assert not store.accounts.get("b").paused
    store.accounts.resume("a")
    assert not store.accounts.get("a").paused


def test_enrolling_again_keeps_the_first_time(store: Store) -> None:
    store.accounts.enrol("a", NOW)
    store.accounts.enrol("a", after(5))
    assert store.accounts.get("a").since == NOW


def test_a_brake_grants_up_to_its_cap_and_trips(store: Store) -> None:
    assert store.accounts.spend("a", Braked.TASKS, 8, 10, NOW) == 8
    assert not store.accounts.get("a").tripped(NOW)
    assert store.accounts.spend("a", Braked.TASKS, 8, 10, NOW) == 2
    account = store.accounts.get("a")
    assert account.tripped(after(3599))
    assert not account.tripped(after(3600))
    assert account.tripped_reason == "tasks-over-10-an-hour"


def test_brakes_count_apart_and_start_anew_each_hour(store: Store) -> None:
    assert store.accounts.spend("a", Braked.TASKS, 10, 10, NOW) == 10
    assert store.accounts.spend("a", Braked.MAILS, 10, 10, NOW) == 10
    assert store.accounts.spend("a", Braked.TASKS, 10, 10, after(3600)) == 10


def test_resuming_resets_a_tripped_brake(store: Store) -> None:
    store.accounts.spend("a", Braked.MOVES, 2, 1, NOW)
    store.accounts.resume("a")
    assert not store.accounts.get("a").tripped(NOW)
    assert store.accounts.spend("a", Braked.MOVES, 1, 1, NOW) == 1


def test_the_newest_publication_is_live_and_publishing_it_again_is_nothing(store: Store) -> None:
    assert store.policies.live("a") is None
    assert store.policies.publish("a", draft("v1", "contract"), NOW)
    assert store.policies.publish("a", draft("v2", "contract"), after(1))
    assert not store.policies.publish("a", draft("v2", "contract"), after(2))
    live = store.policies.live("a")
    assert live is not None
    assert (live.version, live.text, live.at) == ("v2", "text of v2", after(1))
    assert [one.version for one in store.policies.history("a")] == ["v2", "v1"]


def test_a_rollback_publishes_an_old_version_again(store: Store) -> None:
    for number, version in enumerate(("v1", "v2", "v1")):
        store.policies.publish("a", draft(version), after(number))
    live = store.policies.live("a")
    assert live is not None
    assert (live.version, live.at) == ("v1", after(2))


def test_a_gate_counts_since_it_was_switched_on(store: Store) -> None:
    store.policies.publish("a", draft("v1", "contract"), NOW)
    store.policies.publish("a", draft("v2", "contract", "closed"), after(1))
    assert store.policies.gates_live_since("a") == {"contract": NOW, "closed": after(1)}
    store.policies.publish("a", draft("v3", "closed"), after(2))
    store.policies.publish("a", draft("v4", "contract", "closed"), after(3))
    assert store.policies.gates_live_since("a") == {"contract": after(3), "closed": after(1)}


def test_a_gate_never_counts_before_the_account_was_enrolled(store: Store) -> None:
    store.policies.publish("a", draft("v1", "contract"), NOW)
    store.accounts.enrol("a", after(9))
    assert store.policies.gates_live_since("a") == {"contract": after(9)}


def test_a_budget_grants_its_burst_and_then_its_rate(store: Store) -> None:
    waits = [store.budget.take("a", "search", 2, 4, NOW) for _ in range(3)]
    assert waits == [0, 0, 0.25]
    assert store.budget.take("a", "search", 2, 4, after(0.25)) == 0
    assert store.budget.take("a", "search", 2, 4, after(0.25)) > 0
    assert store.budget.take("b", "search", 2, 4, NOW) == 0


def test_a_blocked_budget_grants_nothing_before_its_time(store: Store) -> None:
    store.budget.take("a", "search", 10, 10, NOW)
    store.budget.block_until("a", "search", after(7), NOW)
    assert store.budget.take("a", "search", 10, 10, after(2)) == 5
    assert store.budget.take("a", "search", 10, 10, after(7)) == 0


def test_a_clock_that_goes_back_gives_no_tokens(store: Store) -> None:
    store.budget.take("a", "search", 1, 1, after(10))
    assert store.budget.take("a", "search", 1, 1, NOW) > 0
    assert store.budget.take("a", "search", 1, 1, after(10.5)) == 0.5


def test_three_workers_never_exceed_the_budget(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(3)]
    for store in stores:
        store.ping()  # connecting is not what is measured
    start = time.monotonic()

    def spend(store: Store) -> int:
        granted = 0
        while time.monotonic() < start + 1:
            wait = store.budget.take("a", "calls", 5, 40, datetime.now(UTC))
            granted += wait == 0
            time.sleep(min(wait, 0.05))
        return granted

    with ThreadPoolExecutor(3) as pool:
        granted = sum(pool.map(spend, stores))
    assert 5 < granted <= 5 + 40 * (time.monotonic() - start) + 1


def test_a_job_runs_in_one_place_and_again_when_it_is_due(store: Store) -> None:
    lease = store.jobs.due("a", "sweep", 60, NOW)
    assert lease is not None
    assert store.jobs.due("a", "sweep", 60, after(1)) is None
    store.jobs.finish(lease, {"until": "x"}, after(100), after(2))
    assert store.jobs.ended("a", "sweep") == Ended(after(2))
    assert store.jobs.due("a", "sweep", 60, after(99)) is None
    again = store.jobs.due("a", "sweep", 60, after(100))
    assert again is not None
    assert again.cursor == {"until": "x"}


def test_a_failed_job_is_not_taken_for_a_good_one_and_keeps_its_progress(store: Store) -> None:
    good = store.jobs.due("a", "sweep", 60, NOW)
    assert good is not None
    store.jobs.finish(good, {"until": "x"}, after(100), after(2))
    bad = store.jobs.due("a", "sweep", 60, after(100))
    assert bad is not None
    store.jobs.fail(bad, "crm-unavailable", "HubSpot is away.", after(160), after(101))
    assert store.jobs.ended("a", "sweep") == Ended(
        after(2), after(101), "crm-unavailable", "HubSpot is away."
    )
    assert store.jobs.due("a", "sweep", 60, after(159)) is None
    again = store.jobs.due("a", "sweep", 60, after(160))
    assert again is not None
    assert again.cursor == {"until": "x"}


def test_a_dead_holders_job_is_taken_over_with_its_progress(store: Store) -> None:
    dead = store.jobs.due("a", "sweep", 60, NOW)
    assert dead is not None
    store.jobs.keep(dead, {"page": 3}, 60, after(10))
    assert store.jobs.due("a", "sweep", 60, after(69)) is None
    live = store.jobs.due("a", "sweep", 60, after(70))
    assert live is not None
    assert live.cursor == {"page": 3}
    with pytest.raises(LeaseLost):
        store.jobs.finish(dead, {}, after(99), after(71))


def test_a_job_can_be_seized_before_it_is_due_but_not_from_its_holder(store: Store) -> None:
    first = store.jobs.seize("a", "sweep", 60, NOW)
    assert first is not None
    assert store.jobs.seize("a", "sweep", 60, NOW) is None
    store.jobs.finish(first, {}, after(1000), NOW)
    assert store.jobs.due("a", "sweep", 60, after(1)) is None
    assert store.jobs.seize("a", "sweep", 60, after(1)) is not None
