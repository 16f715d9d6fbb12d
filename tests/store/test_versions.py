"""Planned policies, and what verdicts were made from, on both databases."""

from dataclasses import replace
from decimal import Decimal

from connector.deals import Deal, Pipeline, Unreadable
from connector.inputs import Inputs
from connector.standing import Standing
from connector.store import Store
from connector.store.chain import Note
from connector.store.policies import Draft
from tests.store.deals import NOW, after, clearance, commit, record, signoff


def draft(version: str) -> Draft:
    return Draft(version, f"text of {version}", frozenset({"contract"}), "Ada", "why")


def test_planned_policies_wait_in_the_order_of_their_times(store: Store) -> None:
    store.policies.plan("a", draft("v2"), after(60), NOW, Note("policy", None, {"action": "planned"}))
    store.policies.plan("a", draft("v1"), after(30), NOW)
    store.policies.plan("b", draft("v3"), after(10), NOW)
    first, second = store.policies.planned("a")
    assert [(one.version, one.at, one.author, one.note) for one in (first, second)] == [
        ("v1", after(30), "Ada", "why"),
        ("v2", after(60), "Ada", "why"),
    ]
    assert store.policies.drop_plan("a", first, after(31))
    assert not store.policies.drop_plan("a", first, after(32))
    assert store.policies.planned("a") == (second,)
    assert [one.kind for one in store.ledger.since("a", "policy", NOW)] == ["policy"]
    assert not list(store.ledger.since("a", "policy", after(1)))


def test_what_a_verdict_was_made_from_comes_back_as_it_was(store: Store) -> None:
    deal = Deal("1", "Acme \0", "default", "contract", "9", "EUR", NOW,
                {"amount": Decimal("48.50"), "day": NOW.date(), "odd": Unreadable("gone", ours=True)})  # fmt: skip
    standing = Standing(
        (signoff(),), {"contract": clearance()}, {"key": "ref"}, None, (NOW,), 3, "f", known=True
    )
    inputs = Inputs(deal, Pipeline("default", "Sales", ()), standing, NOW, (), {"contract": NOW}, after(5))
    account = commit(store, replace(record(), inputs=inputs)).account
    assert list(store.views.inputs(account)) == [inputs]
    assert store.views.under(account, "v1") == ("1",)
    assert store.views.under(account, "v2") == ()
    commit(store, record(before=Standing(verdict=1)), now=after(60))
    assert not list(store.views.inputs(account))
