"""What is past its time goes, a few rows at a time; what somebody still needs stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Table, func, select

from connector.deals import ObjectType
from connector.standing import Answer, AnswerKind, SignoffState
from connector.store import Store
from connector.store.claims import Claim
from connector.store.tables import alarms, answers, bells, done, outbox
from tests.store.deals import NOW, after, claim, commit, fields, mail, pending, record, signoff, task, verdict

MANY = 1000
YEAR = timedelta(days=365)


def count(store: Store, table: Table) -> int:
    with store.database.read() as transaction:
        return transaction.scalar(select(func.count()).select_from(table)) or 0


def settled(store: Store, deal: str, *signoffs: SignoffState) -> Claim:
    """A deal that was looked at, asked about, told and answered; its CRM refuses the badge."""
    asked = tuple(signoff(state, cycle) for cycle, state in enumerate(signoffs, 1))
    answer = Answer(f"answer {deal}", deal, AnswerKind.YES, NOW)
    store.answers.add("a", [answer], NOW)
    made = record(verdict(deal, signoffs=asked), task(deal, f"k{deal}"), mail(deal, f"m{deal}"), fields(deal))
    held = claim(store, deal)
    store.records.commit(held, [replace(made, answers=(answer,))], NOW)
    [refused] = [one for one in pending(store, deal) if not one.slot]
    store.outbox.delivered(held, [(one, "ref") for one in pending(store, deal) if one.slot], NOW)
    store.outbox.refuse(held, [(refused, "crm-validation", "No.")], NOW)
    store.claims.finish(held, held.bells, NOW)
    return held


def kept(store: Store) -> dict[str, int]:
    return {table.name: count(store, table) for table in (done, answers, outbox)}


def test_what_a_deal_left_behind_goes_when_nobody_looked_at_it_for_long(store: Store) -> None:
    settled(store, "1", SignoffState.APPROVED)
    assert kept(store) == {"done": 2, "answers": 1, "outbox": 1}
    store.tidying.tidy("a", NOW, MANY)
    assert kept(store) == {"done": 2, "answers": 1, "outbox": 1}
    assert store.tidying.tidy("a", NOW + YEAR, MANY) == 4
    assert kept(store) == {"done": 0, "answers": 0, "outbox": 0}
    left = store.standings.of("a", ["1"])["1"]
    assert left.known
    assert [one.state for one in left.signoffs] == [SignoffState.APPROVED]
    assert store.tidying.tidy("a", NOW + YEAR, MANY) == 0


def test_a_deal_that_is_asked_about_keeps_what_it_takes_to_ask_once(store: Store) -> None:
    settled(store, "1", SignoffState.APPROVED, SignoffState.REQUESTED)
    before = kept(store)
    store.tidying.tidy("a", NOW + YEAR, MANY)
    assert kept(store) == before


def test_a_deal_that_was_looked_at_lately_keeps_all_of_it(store: Store) -> None:
    settled(store, "1", SignoffState.APPROVED)
    before = kept(store)
    store.tidying.tidy("a", NOW, MANY)
    assert kept(store) == before


def test_answered_bells_go_and_those_in_hand_due_or_set_aside_stay(store: Store) -> None:
    commit(store, record(verdict("in hand")))
    answered = claim(store, "answered")
    store.claims.finish(answered, answered.bells, NOW)
    parked = claim(store, "parked")
    store.claims.park(parked, parked.bells, "assessment-failed", "odd", NOW)
    later = claim(store, "later")
    store.claims.retry(later, later.bells, after(60), "crm-unavailable")
    store.bells.ring([("a", ObjectType.CONTACT, "due")], NOW)
    assert store.tidying.tidy("a", NOW, MANY) == 1
    with store.database.read() as transaction:
        assert set(transaction.scalars(select(bells.c.id))) == {"in hand", "parked", "later", "due"}
    again = claim(store, "answered")
    assert [one.id for one in again.bells] == ["answered"]


def test_alarms_that_are_long_over_go(store: Store) -> None:
    store.alarms.ring("a", "parked", "", NOW - YEAR)
    store.alarms.ring("a", "crm-unavailable", "", NOW)
    assert store.tidying.tidy("a", NOW - timedelta(days=30), MANY) == 1
    assert count(store, alarms) == 1


@pytest.mark.parametrize("limit", [1, 2])
def test_it_goes_by_a_few_rows_of_one_account_at_a_time(store: Store, limit: int) -> None:
    for deal in ("1", "2", "3"):
        settled(store, deal)
    store.alarms.ring("b", "parked", "", NOW)
    steps = 0
    while removed := store.tidying.tidy("a", NOW + YEAR, limit):
        assert removed <= 5 * limit
        steps += 1
    assert steps > 1
    assert kept(store) == {"done": 0, "answers": 0, "outbox": 0}
    assert count(store, alarms) == 1
