"""Committing a verdict, and reading the standing back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from connector.errors import LeaseLost
from connector.standing import Answer, AnswerKind, SignoffState, Standing
from connector.store import Note, Store
from connector.verdicts import Readiness
from tests.store.deals import (
    NOW,
    after,
    claim,
    clearance,
    commit,
    fields,
    pending,
    reclaim,
    record,
    signoff,
    standing,
    verdict,
)


def answer(id_: str = "h1", deal: str = "1") -> Answer:
    return Answer(id_, deal, AnswerKind.UP_TO, NOW, limit=Decimal("15.5"), user="9120", task="t1")


def test_a_deal_never_assessed_has_an_empty_standing(store: Store) -> None:
    assert standing(store) == Standing()


def test_what_was_committed_is_what_the_next_assessment_reads(store: Store) -> None:
    signoffs = (signoff(), signoff(SignoffState.APPROVED, role="founder"))
    commit(
        store, replace(record(verdict(signoffs=signoffs, clearances=(clearance(),))), quiet_until=after(9))
    )
    assert standing(store) == Standing(
        signoffs=(signoffs[1], signoffs[0]),
        clearances={"contract": clearance()},
        quiet_until=after(9),
        verdict=1,
        fingerprint="f1",
        stage="contract",
        pipeline="default",
        known=True,
        checked_at=NOW,
    )


def test_a_later_verdict_replaces_what_changed_and_drops_a_lost_clearance(store: Store) -> None:
    held = commit(store, record(verdict(signoffs=(signoff(),), clearances=(clearance(),))))
    decided = signoff(SignoffState.APPROVED)
    before = standing(store)
    store.records.commit(held, [record(verdict(signoffs=(decided,)), before=before)], NOW)
    assert standing(store).signoffs == (decided,)
    assert standing(store).clearances == {}
    assert standing(store).verdict == 2


def test_a_quiet_time_stays_until_a_later_verdict_sets_another(store: Store) -> None:
    held = commit(store, replace(record(), quiet_until=after(9)))
    store.records.commit(held, [record(before=standing(store))], NOW)
    assert standing(store).quiet_until == after(9)


def test_a_worker_that_lost_its_lease_commits_nothing(store: Store) -> None:
    dead = claim(store, "1", "2")
    reclaim(store, after(60))
    with pytest.raises(LeaseLost):
        store.records.commit(dead, [record(verdict(), fields())], after(61))
    assert standing(store) == Standing()
    assert pending(store, now=after(61)) == ()


def test_a_deal_that_was_not_claimed_cannot_be_committed(store: Store) -> None:
    held = claim(store, "1")
    with pytest.raises(LeaseLost):
        store.records.commit(held, [record(verdict("1")), record(verdict("2"))], NOW)
    assert standing(store, "1") == Standing()


def test_an_answer_waits_once_until_a_verdict_counts_it(store: Store) -> None:
    assert store.answers.add("a", [answer(), answer()], NOW) == 1
    assert store.answers.add("a", [answer()], NOW) == 0
    assert store.answers.waiting("a", ["1", "2"]) == {"1": (answer(),)}
    held = reclaim(store)
    assert held.deals == ("1",)
    store.records.commit(held, [replace(record(), answers=(answer(),))], NOW)
    assert store.answers.waiting("a", ["1"]) == {}
    assert store.answers.add("a", [answer()], NOW) == 0


def test_a_failing_commit_leaves_the_answer_to_be_counted(store: Store) -> None:
    store.answers.add("a", [answer()], NOW)
    dead = reclaim(store)
    reclaim(store, after(60))
    with pytest.raises(LeaseLost):
        store.records.commit(dead, [replace(record(), answers=(answer(),))], after(61))
    assert store.answers.waiting("a", ["1"]) == {"1": (answer(),)}


def test_notes_reach_the_ledger_with_the_verdict(store: Store) -> None:
    commit(store, replace(record(), notes=(Note("verdict", "1", {"readiness": Readiness.READY}),)))
    [entry] = store.ledger.entries("a", "1")
    assert (entry.kind, entry.body) == ("verdict", '{"readiness":"ready"}')


def test_text_that_postgresql_cannot_keep_loses_only_that_character(store: Store) -> None:
    commit(store, record(verdict()._replace(sentence="Ac\0me"), fields(reason="Ac\0me")))
    view = store.views.deal("a", "1")
    assert view is not None
    assert view.sentence == "Acme"
    assert pending(store)[0].effect == fields(reason="Ac\0me")


def test_a_view_shows_the_newest_verdict(store: Store) -> None:
    assert store.views.deal("a", "1") is None
    commit(store, record(verdict(readiness=Readiness.NEEDS_INFO, valid_until=after(5))))
    view = store.views.deal("a", "1")
    assert view is not None
    assert (view.readiness, view.stage, view.valid_until) == (Readiness.NEEDS_INFO, "contract", after(5))


def test_readiness_is_counted_and_every_kind_is_named(store: Store) -> None:
    commit(
        store, record(verdict("1")), record(verdict("2")), record(verdict("3", readiness=Readiness.BLOCKED))
    )
    counts = store.views.readiness("a")
    assert counts[Readiness.READY] == 2
    assert counts[Readiness.BLOCKED] == 1
    assert set(counts) == set(Readiness)


def test_open_signoffs_are_listed_soonest_first(store: Store) -> None:
    late = replace(signoff(), due_at=after(500))
    commit(store, record(verdict("1", signoffs=(late,))), record(verdict("2", signoffs=(signoff(),))))
    assert store.views.signoffs("a") == (("2", signoff()), ("1", late))
    assert store.views.signoffs("a", SignoffState.APPROVED) == ()


def test_a_verdict_past_its_time_rings_once(store: Store) -> None:
    held = commit(store, record(verdict("1", valid_until=after(10))), record(verdict("2")))
    store.claims.finish(held, held.bells, NOW)
    assert store.views.ring_due("a", after(9)) == 0
    assert store.views.ring_due("a", after(10)) == 1
    assert store.views.ring_due("a", after(10)) == 0
    assert reclaim(store, after(10)).deals == ("1",)
