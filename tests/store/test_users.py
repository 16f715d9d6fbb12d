"""The CRM's users on record, and a deal that was never seen, on both databases."""

from datetime import UTC, datetime

from connector.deals import ObjectType
from connector.directory import CrmUser
from connector.store import Store

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ANNA = CrmUser("120", "9120", "anna.bos@example.com", "Anna Bos", teams=("Operations",))
LENA = CrmUser("103", "9103", "lena@example.com", "Lena", active=False)


def test_who_was_read_last_is_on_record_for_its_account_alone(store: Store) -> None:
    assert store.users.of("north") is None
    store.users.keep("north", (ANNA, LENA), NOW)
    store.users.keep("north", (ANNA,), NOW)
    found = store.users.of("north")
    assert found is not None
    assert (found.users, found.at) == ((ANNA,), NOW)
    assert store.users.of("south") is None


def test_nothing_is_kept_of_a_deal_that_was_only_rung(store: Store) -> None:
    store.bells.ring([("north", ObjectType.DEAL, "1")], NOW)
    assert store.views.kept("north", "1") is None
