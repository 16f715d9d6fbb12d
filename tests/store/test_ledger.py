"""The ledger: nobody changes it unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from connector.store import Note, Store, Verified
from tests.store.deals import NOW, after

TAMPERINGS = {
    "changed": ("UPDATE ledger SET body = '{}' WHERE seq = 3", 3),
    "dated back": ("UPDATE ledger SET at = at - 1 WHERE seq = 3", 3),
    "given to another deal": ("UPDATE ledger SET deal = '99' WHERE seq = 3", 3),
    "removed": ("DELETE FROM ledger WHERE seq = 3", 3),
    "cut off": ("DELETE FROM ledger WHERE seq = 5", 5),
    "emptied": ("DELETE FROM ledger", 1),
    "swapped": ("UPDATE ledger SET seq = CASE seq WHEN 3 THEN 104 ELSE 103 END WHERE seq IN (3, 4)", 3),
    "added": (
        "INSERT INTO ledger SELECT account, 6, at, kind, deal, body, prev, hash FROM ledger WHERE seq = 5",
        6,
    ),
}


def fill(store: Store, entries: int = 5) -> None:
    for number in range(entries):
        note = Note("decision", str(number), {"limit": Decimal(15), "number": number}, {"by": "Anna Bos"})
        store.ledger.append("a", [note], after(number))


def without_triggers(store: Store, statement: str) -> None:
    with store.database.write() as transaction:
        if store.database.postgresql:
            transaction.execute(text("ALTER TABLE ledger DISABLE TRIGGER ALL"))
        else:
            transaction.execute(text("DROP TRIGGER ledger_refuses_UPDATE"))
            transaction.execute(text("DROP TRIGGER ledger_refuses_DELETE"))
        transaction.execute(text(statement))


def test_an_untouched_chain_is_whole_and_its_entries_follow_each_other(store: Store) -> None:
    fill(store)
    entries = store.ledger.entries("a")
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.prev for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert store.ledger.verify("a") == Verified(5)
    assert store.ledger.verify("b") == Verified(0)


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_at_the_first_bad_entry(store: Store, tampering: str) -> None:
    fill(store)
    statement, first_bad = TAMPERINGS[tampering]
    without_triggers(store, statement)
    verified = store.ledger.verify("a")
    assert (verified.first_bad, verified.entries) == (first_bad, first_bad - 1)
    assert verified.problem


@pytest.mark.parametrize("statement", ["UPDATE ledger SET body = '{}'", "DELETE FROM ledger"])
def test_the_database_refuses_to_change_or_remove_entries(store: Store, statement: str) -> None:
    fill(store, 1)
    with pytest.raises(DBAPIError, match="append-only"), store.database.write() as transaction:
        transaction.execute(text(statement))
    assert store.ledger.verify("a") == Verified(1)


def test_personal_values_stand_beside_the_chain_and_can_be_erased(store: Store) -> None:
    fill(store, 2)
    assert "Anna" not in "".join(entry.body for entry in store.ledger.entries("a"))
    assert store.ledger.personal("a", 1) == {"by": "Anna Bos"}
    store.ledger.append("a", [Note("decision", "9", {}, {"by": "Jan Smit"})], after(9))
    assert store.ledger.mentions("a", ["anna BOS"]) == 2
    assert store.ledger.erase_deal("a", "0") == 1
    assert store.ledger.personal("a", 1) == {}
    assert store.ledger.erase("a", ["Anna Bos", "anna@example.com"]) == 1
    assert store.ledger.personal("a", 3) == {"by": "Jan Smit"}
    assert store.ledger.verify("a") == Verified(3, erased=2)


@pytest.mark.parametrize("word", ["", "%", "_", "'; DELETE FROM ledger_personal; --"])
def test_erasing_takes_words_as_they_are_written(store: Store, word: str) -> None:
    fill(store, 1)
    assert store.ledger.erase("a", [word] if word else []) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_personal SET value = 'Jan Smit' WHERE seq = 2",
        "UPDATE ledger_personal SET salt = 'other' WHERE seq = 2",
        "UPDATE ledger_personal SET name = 'instead' WHERE seq = 2",
    ],
)
def test_a_text_beside_the_chain_that_was_changed_is_found(store: Store, statement: str) -> None:
    fill(store)
    with store.database.write() as transaction:
        transaction.execute(text(statement))
    assert store.ledger.verify("a").first_bad == 2


def test_a_rewritten_chain_is_whole_again_and_only_an_anchor_kept_outside_tells(store: Store) -> None:
    fill(store)
    anchor = store.ledger.head("a")
    assert store.ledger.verify("a", [anchor]) == Verified(5)
    rewrite = "DELETE FROM ledger WHERE seq > 3"
    without_triggers(store, rewrite)
    third = store.ledger.entries("a")[2]
    with store.database.write() as transaction:
        transaction.execute(text("DELETE FROM ledger_personal WHERE seq > 3"))
        transaction.execute(text(f"UPDATE ledger_heads SET seq = 3, hash = '{third.hash}'"))
    assert store.ledger.verify("a") == Verified(3)
    assert store.ledger.verify("a", [anchor]).first_bad == 4
    fill(store, 2)
    assert store.ledger.verify("a") == Verified(5)
    assert store.ledger.verify("a", [anchor]).first_bad == 5


def test_the_same_person_leaves_different_hashes(store: Store) -> None:
    fill(store, 2)
    first, second = (entry.body.partition('"personal"')[2] for entry in store.ledger.entries("a"))
    assert first != second


def test_entries_are_found_by_deal_and_in_pages(store: Store) -> None:
    fill(store)
    assert [entry.seq for entry in store.ledger.entries("a", deal="2")] == [3]
    assert [entry.seq for entry in store.ledger.entries("a", after=2, limit=2)] == [3, 4]


def test_writers_of_many_machines_keep_one_chain(open_store: Callable[[], Store]) -> None:
    stores = [open_store() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(fill, stores))
    assert stores[0].ledger.verify("a") == Verified(15)


def test_each_account_has_its_own_chain(store: Store) -> None:
    store.ledger.append("a", [Note("verdict")], NOW)
    store.ledger.append("b", [Note("verdict")], NOW)
    assert [entry.seq for entry in store.ledger.entries("b")] == [1]
