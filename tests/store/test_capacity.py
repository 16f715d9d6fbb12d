"""The plan and the estimates, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Leave, Snapshot, Supply
from connector.store import Store
from connector.store.tables import commitments, supply
from tests.store.deals import DEALS, NOW, after, commit, record, standing, verdict

PLAN = Snapshot(
    date(2026, 2, 27),
    (
        Supply("data-engineer", "Sam", date(2026, 1, 1), None, 1920, frozenset({0, 1, 2, 3})),
        Supply("trainer", "", date(2026, 1, 1), date(2026, 6, 30), 2400),
    ),
    (Leave("Sam", date(2026, 3, 16), date(2026, 3, 20)), Leave("", date(2026, 4, 6), date(2026, 4, 6))),
    (Commitment("data-engineer", date(2026, 3, 9), date(2026, 3, 20), 960, "4711", "Acme"),),
)
WORK = Demand.of([Effort("data-engineer", 2400, 1, 3)])
ESTIMATE = Estimate("1", "Acme", Claim.HELD, date(2026, 3, 16), WORK, 800, date(2026, 4, 1), fits=True)


def kept(store: Store, estimate: Estimate | None, deal: str = "1", *, otherwise: bool = True) -> None:
    made = verdict(deal)._replace(estimate=estimate)
    held = commit(store, replace(record(made, before=standing(store, deal)), takes_otherwise=otherwise))
    store.claims.finish(held, held.bells, NOW)


def test_there_is_no_plan_before_the_first_import(store: Store) -> None:
    assert store.capacity.plan("a") is None
    assert store.capacity.newest("a") == 0


def test_the_plan_is_read_as_it_was_imported(store: Store) -> None:
    store.capacity.replace("a", PLAN, NOW)
    assert store.capacity.plan("a") == replace(PLAN, imported_at=NOW, number=1)
    assert store.capacity.plan("b") is None


def test_an_import_replaces_the_plan_and_leaves_only_the_one_before(store: Store) -> None:
    less = replace(PLAN, commitments=(), leave=())
    for plan in (PLAN, PLAN, less):
        store.capacity.replace("a", plan, NOW)
    store.capacity.replace("b", PLAN, NOW)
    assert store.capacity.plan("a") == replace(less, imported_at=NOW, number=3)
    with store.database.read() as transaction:
        numbers = select(supply.c.number).where(supply.c.account == "a").distinct().order_by(supply.c.number)
        assert list(transaction.scalars(numbers)) == [2, 3]
        count = select(func.count()).select_from(commitments).where(commitments.c.account == "a")
        assert transaction.scalar(count) == 1


def test_an_import_that_breaks_leaves_the_plan_as_it_was(store: Store) -> None:
    store.capacity.replace("a", PLAN, NOW)
    broken = replace(PLAN, commitments=(replace(PLAN.commitments[0], minutes=None),))  # type: ignore[arg-type]
    with pytest.raises(IntegrityError, match="minutes"):
        store.capacity.replace("a", broken, NOW)
    assert store.capacity.plan("a") == replace(PLAN, imported_at=NOW, number=1)


def test_what_a_deal_takes_is_kept_with_its_verdict(store: Store) -> None:
    kept(store, ESTIMATE)
    kept(store, replace(ESTIMATE, deal="2"), "2")
    assert store.capacity.estimates("a") == (ESTIMATE, replace(ESTIMATE, deal="2"))
    won = replace(ESTIMATE, claim=Claim.WON, held_until=None)
    kept(store, won)
    assert store.capacity.estimates("a")[0] == won


def test_a_verdict_that_changes_nothing_of_it_leaves_it_as_it_is(store: Store) -> None:
    kept(store, ESTIMATE)
    kept(store, None, otherwise=False)
    assert store.capacity.estimates("a") == (ESTIMATE,)


def test_a_deal_that_is_lost_or_gone_takes_nothing(store: Store) -> None:
    kept(store, ESTIMATE)
    kept(store, None)
    assert store.capacity.estimates("a") == ()


def test_deals_are_rung_without_disturbing_anybody(store: Store) -> None:
    kept(store, ESTIMATE)
    store.capacity.ring_quietly("a", ["1"], after(60))
    assert standing(store).quiet_until == after(60)
    held = store.claims.take("a", DEALS, 10, 60, after(100))
    assert held is not None
    assert held.deals == ("1",)
