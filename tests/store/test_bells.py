"""Bells: ringing, claiming, giving back, taking over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from connector.deals import ObjectType
from connector.errors import LeaseLost
from connector.store import Claim, Store
from tests.store.deals import NOW, after

DEALS = frozenset({ObjectType.DEAL})


def ring(store: Store, *ids: str, account: str = "a", now: datetime = NOW) -> int:
    return store.bells.ring([(account, ObjectType.DEAL, id_) for id_ in ids], now)


def take(store: Store, now: datetime = NOW, limit: int = 100, account: str = "a") -> Claim:
    claim = store.claims.take(account, DEALS, limit, 60, now)
    assert claim is not None
    return claim


def nothing_to_take(store: Store, now: datetime = NOW) -> bool:
    return store.claims.take("a", DEALS, 100, 60, now) is None


def test_ringing_twice_is_ringing_once(store: Store) -> None:
    assert ring(store, "1", "1", "2") == 2
    ring(store, "1")
    claim = take(store)
    assert sorted(claim.deals) == ["1", "2"]
    store.claims.finish(claim, claim.bells, NOW)
    assert nothing_to_take(store)


def test_a_ring_during_the_work_is_not_lost(store: Store) -> None:
    ring(store, "1")
    claim = take(store)
    ring(store, "1", now=after(1))
    assert nothing_to_take(store, after(2))
    store.claims.finish(claim, claim.bells, after(3))
    assert take(store, after(4)).deals == ("1",)


def test_a_claimed_bell_is_held_by_one_worker(store: Store) -> None:
    ring(store, "1")
    take(store)
    assert nothing_to_take(store, after(59))


def test_many_workers_never_hold_the_same_bell(open_store: Callable[[], Store]) -> None:
    ids = [str(number) for number in range(200)]
    ring(open_store(), *ids)

    def work(store: Store) -> list[str]:
        mine: list[str] = []
        while claim := store.claims.take("a", DEALS, 7, 60, NOW):
            mine += claim.deals
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [id_ for mine in pool.map(work, [open_store() for _ in range(4)]) for id_ in mine]
    assert sorted(taken) == sorted(ids)


def test_threads_of_one_process_never_hold_the_same_bell(store: Store) -> None:
    ids = [str(number) for number in range(100)]
    ring(store, *ids)
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: store.claims.take("a", DEALS, 10, 60, NOW), range(20)))
    assert sorted(id_ for claim in claims if claim for id_ in claim.deals) == sorted(ids)


def test_the_bells_of_a_dead_worker_are_taken_over_when_its_lease_ends(store: Store) -> None:
    ring(store, "1")
    store.accounts.enrol("a", NOW)
    dead = take(store)
    assert store.bells.work(after(59)) == ()
    assert store.bells.work(after(60)) == ("a",)
    assert take(store, after(60)).deals == ("1",)
    with pytest.raises(LeaseLost):
        store.claims.finish(dead, dead.bells, after(61))


def test_every_write_of_a_worker_that_lost_its_lease_is_refused(store: Store) -> None:
    ring(store, "1")
    dead = take(store)
    live = take(store, after(60))
    with pytest.raises(LeaseLost):
        store.claims.extend(dead, 60, after(61))
    with pytest.raises(LeaseLost):
        store.claims.retry(dead, dead.bells, after(61), "x")
    with pytest.raises(LeaseLost):
        store.claims.park(dead, dead.bells, "x", "", after(61))
    store.claims.finish(live, live.bells, after(61))
    assert nothing_to_take(store, after(62))


def test_a_lost_lease_keeps_nothing_of_the_whole_batch(store: Store) -> None:
    ring(store, "1", "2")
    claim = take(store)
    first = [bell for bell in claim.bells if bell.id == "1"]
    store.claims.finish(claim, first, NOW)
    with pytest.raises(LeaseLost):
        store.claims.finish(claim, claim.bells, NOW)
    assert store.bells.backlog("a", NOW).leased == 1


def test_an_extended_lease_is_not_taken_over(store: Store) -> None:
    ring(store, "1")
    claim = store.claims.extend(take(store), 60, after(50))
    assert claim.until == after(110)
    assert nothing_to_take(store, after(109))
    assert take(store, after(110)).deals == ("1",)


def test_a_retried_bell_comes_back_when_it_is_due_and_counts(store: Store) -> None:
    ring(store, "1")
    claim = take(store)
    store.claims.retry(claim, claim.bells, after(30), "crm-unavailable")
    assert nothing_to_take(store, after(29))
    assert [bell.attempts for bell in take(store, after(30)).bells] == [1]


def test_a_finished_bell_forgets_its_failures(store: Store) -> None:
    ring(store, "1")
    claim = take(store)
    store.claims.retry(claim, claim.bells, NOW, "crm-unavailable")
    again = take(store)
    store.claims.finish(again, again.bells, NOW)
    ring(store, "1")
    assert [bell.attempts for bell in take(store).bells] == [0]


def test_a_parked_bell_waits_until_it_is_rung_again(store: Store) -> None:
    ring(store, "1")
    claim = take(store)
    store.claims.park(claim, claim.bells, "permission", "The token may not read deals.", NOW)
    assert nothing_to_take(store, after(9999))
    [parked] = store.bells.parked("a")
    assert (parked.id, parked.reason, parked.at) == ("1", "permission", NOW)
    ring(store, "1", now=after(5))
    assert store.bells.parked("a") == ()
    assert [bell.attempts for bell in take(store, after(5)).bells] == [0]


def test_a_bell_that_was_rung_during_the_work_is_not_parked(store: Store) -> None:
    ring(store, "1")
    claim = take(store)
    ring(store, "1", now=after(1))
    store.claims.park(claim, claim.bells, "permission", "", after(2))
    assert take(store, after(2)).deals == ("1",)


def test_ringing_for_later_never_delays_what_is_due_earlier(store: Store) -> None:
    bell = [("a", ObjectType.DEAL, "1")]
    store.bells.ring(bell, NOW, due_at=after(20))
    store.bells.ring(bell, NOW, due_at=after(10))
    store.bells.ring(bell, NOW, due_at=after(30))
    assert nothing_to_take(store, after(9))
    claim = take(store, after(10))
    store.claims.finish(claim, claim.bells, after(10))
    store.bells.ring(bell, after(10), due_at=after(40))
    assert nothing_to_take(store, after(39))


def test_finishing_a_child_rings_its_deals_in_the_same_transaction(store: Store) -> None:
    store.bells.ring([("a", ObjectType.LINE_ITEM, "9")], NOW)
    claim = store.claims.take("a", frozenset({ObjectType.LINE_ITEM}), 10, 60, NOW)
    assert claim is not None
    stolen = replace(claim, token="stolen")
    deal = [("a", ObjectType.DEAL, "1")]
    with pytest.raises(LeaseLost):
        store.claims.finish(stolen, claim.bells, NOW, ring=deal)
    assert nothing_to_take(store)
    store.claims.finish(claim, claim.bells, NOW, ring=deal)
    assert take(store).deals == ("1",)


def test_ringing_inside_an_outer_transaction_is_undone_with_it(store: Store) -> None:
    def ring_and_fail() -> None:
        with store.database.write() as transaction:
            store.bells.ring([("a", ObjectType.DEAL, "1")], NOW, within=transaction)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ring_and_fail()
    assert nothing_to_take(store)


def test_one_account_never_sees_the_bells_of_another(store: Store) -> None:
    ring(store, "1", account="b")
    assert nothing_to_take(store)


def test_accounts_are_served_in_turn(store: Store) -> None:
    for account in ("a", "b", "c"):
        store.accounts.enrol(account, NOW)
        ring(store, *map(str, range(10)), account=account)
    served = []
    for second in range(6):
        account = store.bells.work(after(second))[0]
        take(store, after(second), limit=2, account=account)
        served.append(account)
    assert served == ["a", "b", "c", "a", "b", "c"]


def test_the_longest_due_is_taken_first(store: Store) -> None:
    ring(store, "young", now=after(5))
    ring(store, "old")
    assert take(store, after(9), limit=1).deals == ("old",)


def test_the_backlog_is_counted_by_what_it_waits_for(store: Store) -> None:
    ring(store, "1")
    parked = take(store)
    store.claims.park(parked, parked.bells, "x", "", NOW)
    ring(store, "2")
    take(store)
    ring(store, "3", now=after(1))
    store.bells.ring([("a", ObjectType.DEAL, "4")], NOW, due_at=after(100))
    backlog = store.bells.backlog("a", after(2))
    assert (backlog.due, backlog.later, backlog.leased, backlog.parked) == (1, 1, 1, 1)
    assert backlog.oldest == after(1)
