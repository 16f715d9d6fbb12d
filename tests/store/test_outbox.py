"""The outbox: newest wins, nothing is sent twice, nothing waits without a bell."""

import pytest

from connector.effects import CloseTask
from connector.errors import LeaseLost
from connector.store import EffectKind, Store
from tests.store.deals import (
    NOW,
    after,
    claim,
    commit,
    fields,
    mail,
    move_back,
    pending,
    reclaim,
    record,
    standing,
    task,
    verdict,
)


def test_the_newest_effect_of_a_kind_replaces_an_undelivered_older_one(store: Store) -> None:
    held = commit(store, record(verdict(), fields(reason="old")))
    store.records.commit(held, [record(verdict(), fields(reason="new"), before=standing(store))], NOW)
    [entry] = pending(store)
    assert (entry.effect, entry.verdict, entry.current) == (fields(reason="new"), 2, True)


def test_what_the_newest_verdict_no_longer_wants_is_dropped(store: Store) -> None:
    held = commit(store, record(verdict(), fields(), task(), move_back()))
    store.records.commit(held, [record(before=standing(store))], NOW)
    assert pending(store) == ()


def test_what_only_tells_somebody_outlives_a_newer_verdict(store: Store) -> None:
    told = (mail(), task(key="told", decision=False), CloseTask("1", "k0", "t0"))
    held = commit(store, record(verdict(), *told))
    store.records.commit(held, [record(before=standing(store))], NOW)
    assert {entry.effect for entry in pending(store)} == set(told)
    assert {entry.current for entry in pending(store)} == {False}


def test_effects_of_other_deals_stay(store: Store) -> None:
    held = commit(store, record(verdict("1"), fields("1")), record(verdict("2"), fields("2")))
    store.records.commit(held, [record(verdict("1"), before=standing(store))], NOW)
    assert [entry.deal for entry in pending(store, "2")] == ["2"]


def test_a_delivered_effect_is_gone_and_a_keyed_one_is_remembered(store: Store) -> None:
    held = commit(store, record(verdict(), fields(), task(), CloseTask("1", "k0", "t0")))
    refs = {EffectKind.TASK: "t1", EffectKind.CLOSE_TASK: "t0", EffectKind.FIELDS: None}
    store.outbox.delivered(held, [(entry, refs[entry.kind]) for entry in pending(store)], NOW)
    assert pending(store) == ()
    assert standing(store).done == {"k1": "t1", "close:k0": "t0"}


def test_a_move_back_is_remembered_with_its_time(store: Store) -> None:
    held = commit(store, record(verdict(), move_back()))
    store.outbox.delivered(held, [(entry, None) for entry in pending(store)], after(3))
    assert standing(store).moves == (after(3),)


def test_a_create_that_was_marked_as_sending_is_known_as_unsure_by_the_next_worker(store: Store) -> None:
    held = commit(store, record(verdict(), task()))
    store.outbox.sending(held, pending(store), after(1))
    reclaim(store, after(60))
    [entry] = pending(store, now=after(60))
    assert entry.sending_at == after(1)


def test_an_unsure_create_stays_known_when_the_next_verdict_wants_it_again_or_not(store: Store) -> None:
    held = commit(store, record(verdict(), task()))
    store.outbox.sending(held, pending(store), after(1))
    store.records.commit(held, [record(verdict(), task(), before=standing(store))], after(2))
    assert [(entry.sending_at, entry.current) for entry in pending(store, now=after(2))] == [(after(1), True)]
    store.records.commit(held, [record(before=standing(store))], after(3))
    assert [(entry.sending_at, entry.current) for entry in pending(store, now=after(3))] == [
        (after(1), False)
    ]


def test_a_postponed_effect_is_delivered_later_without_any_ring(store: Store) -> None:
    held = commit(store, record(verdict(), fields()))
    store.outbox.postpone(held, pending(store), after(30), "rate-limited", NOW)
    store.claims.finish(held, held.bells, NOW)
    assert store.bells.backlog("a", after(29)).due == 0
    assert reclaim(store, after(30)).deals == ("1",)
    assert [entry.attempts for entry in pending(store, now=after(30))] == [1]


def test_a_ring_before_a_postponed_effect_is_due_does_not_strand_it(store: Store) -> None:
    held = commit(store, record(verdict(), mail()))
    store.outbox.postpone(held, pending(store), after(30), "rate-limited", NOW)
    store.claims.finish(held, held.bells, NOW)
    early = claim(store, "1", now=after(10))
    assert pending(store, now=after(10)) == ()
    store.claims.finish(early, early.bells, after(10))
    assert reclaim(store, after(30)).deals == ("1",)


def test_failures_still_count_when_a_new_verdict_wants_the_same(store: Store) -> None:
    held = commit(store, record(verdict(), fields()))
    store.outbox.postpone(held, pending(store), after(30), "rate-limited", NOW)
    store.records.commit(held, [record(verdict(), fields(), before=standing(store))], after(1))
    assert pending(store, now=after(29)) == ()
    assert [entry.attempts for entry in pending(store, now=after(30))] == [1]


def test_a_new_value_does_not_wait_for_the_old_ones_next_try(store: Store) -> None:
    held = commit(store, record(verdict(), fields()))
    store.outbox.postpone(held, pending(store), after(30), "rate-limited", NOW)
    store.records.commit(held, [record(verdict(), fields(reason="new"), before=standing(store))], after(1))
    assert [entry.effect for entry in pending(store, now=after(1))] == [fields(reason="new")]


def test_postponing_says_it_did_not_arrive_and_unsure_that_it_may_have(store: Store) -> None:
    held = commit(store, record(verdict(), task(key="a"), task(key="b")))
    store.outbox.sending(held, pending(store), NOW)
    first, second = pending(store)
    store.outbox.postpone(held, [first], after(1), "rate-limited", NOW)
    store.outbox.unsure(held, [second], after(1), "timeout", NOW)
    assert [entry.sending_at for entry in pending(store, now=after(1))] == [None, NOW]


def test_a_refused_effect_is_shown_and_not_tried_again_before_a_new_verdict(store: Store) -> None:
    held = commit(store, record(verdict(), fields()))
    store.outbox.refuse(held, [(entry, "validation", "Reason is locked.") for entry in pending(store)], NOW)
    store.claims.finish(held, held.bells, NOW)
    assert pending(store, now=after(9999)) == ()
    assert store.bells.backlog("a", after(9999)).due == 0
    [refused] = store.outbox.refused("a")
    assert (refused.deal, refused.reason, refused.message) == ("1", "validation", "Reason is locked.")
    commit(store, record(verdict(), fields(), before=standing(store)), now=after(1))
    assert [entry.attempts for entry in pending(store, now=after(1))] == [0]
    assert store.outbox.refused("a") == ()


def test_a_dropped_effect_is_gone_and_not_remembered(store: Store) -> None:
    held = commit(store, record(verdict(), move_back()))
    store.outbox.drop(held, pending(store))
    assert pending(store) == ()
    assert standing(store).done == {}


def test_a_worker_that_lost_its_lease_records_no_delivery(store: Store) -> None:
    dead = commit(store, record(verdict(), task()))
    entries = pending(store)
    reclaim(store, after(60))
    with pytest.raises(LeaseLost):
        store.outbox.sending(dead, entries, after(61))
    with pytest.raises(LeaseLost):
        store.outbox.delivered(dead, [(entry, "t1") for entry in entries], after(61))
    with pytest.raises(LeaseLost):
        store.outbox.postpone(dead, entries, after(99), "x", after(61))
    with pytest.raises(LeaseLost):
        store.outbox.refuse(dead, [(entry, "x", "") for entry in entries], after(61))
    assert len(pending(store, now=after(61))) == 1
