"""The database as a service: waking up, going away, coming back, wrong addresses."""

from collections.abc import Callable
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest

from connector.deals import ObjectType
from connector.errors import ConfigurationError, StoreUnavailable
from connector.store import Store
from tests.databases import Cluster
from tests.store.deals import NOW


def ring(store: Store) -> None:
    store.bells.ring([("a", ObjectType.DEAL, "1")], NOW)


def test_a_ring_wakes_who_listens(store: Store) -> None:
    with store.listen() as listener:
        listener.wait(0)
        started = monotonic()
        timer = Timer(0.1, ring, [store])
        timer.start()
        assert listener.wait(20)
        timer.join()
        assert monotonic() - started < 10


def test_a_ring_before_the_wait_is_not_missed(store: Store) -> None:
    with store.listen() as listener:
        listener.wait(0)
        ring(store)
        assert listener.wait(5)
        assert not listener.wait(0.01)


def test_a_ring_that_was_undone_wakes_nobody(store: Store) -> None:
    def ring_and_fail() -> None:
        with store.database.write() as transaction:
            store.bells.ring([("a", ObjectType.DEAL, "1")], NOW, within=transaction)
            raise ZeroDivisionError

    with store.listen() as listener:
        listener.wait(0)
        with pytest.raises(ZeroDivisionError):
            ring_and_fail()
        assert not listener.wait(0.05)


def test_a_ring_of_another_machine_wakes_who_listens(postgresql_url: str) -> None:
    here, there = Store.open(postgresql_url), Store.open(postgresql_url)
    with here.listen() as listener:
        listener.wait(0)
        ring(there)
        assert listener.wait(5)
    here.close()
    there.close()


@pytest.fixture
def mortal() -> Cluster:
    cluster = Cluster()
    cluster.start()
    return cluster


def test_a_stopped_postgresql_is_unavailable_and_is_found_again(mortal: Cluster) -> None:
    store = Store.open(mortal.new_database())
    ring(store)
    with store.listen() as listener:
        listener.wait(0)
        mortal.stop()
        for use in (store.ping, lambda: ring(store), lambda: listener.wait(1), lambda: store.bells.work(NOW)):
            with pytest.raises(StoreUnavailable):
                use()
        mortal.start()
        store.ping()
        ring(store)
        assert listener.wait(1)
    store.close()
    mortal.remove()


def test_a_sqlite_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/nowhere/dealgate.db")
    with pytest.raises(StoreUnavailable) as caught:
        store.ping()
    assert caught.value.reason == "store-unavailable"
    store.close()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_no_usable_database_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Store.open(url)
    assert caught.value.where == "DATABASE_URL"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_postgresql_is_known(scheme: str) -> None:
    store = Store.open(f"{scheme}://user:secret@127.0.0.1:1/name")
    assert store.database.postgresql
    with pytest.raises(StoreUnavailable) as caught:
        store.ping()
    assert "secret" not in str(caught.value)
    store.close()


def test_sqlite_keeps_what_it_acknowledged_through_a_power_cut(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    with store.database.read() as transaction:
        answers = [
            transaction.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert answers == ["wal", 2]
    store.close()


def test_two_processes_on_one_sqlite_file_wait_for_each_other(open_store: Callable[[], Store]) -> None:
    first, second = open_store(), open_store()
    with first.database.write() as transaction:
        first.bells.ring([("a", ObjectType.DEAL, "1")], NOW, within=transaction)
        timer = Timer(0, ring, [second])
        timer.start()
    timer.join()
    assert first.bells.backlog("a", NOW).due == 1
