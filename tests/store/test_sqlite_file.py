"""The file of an embedded database, removed or replaced under a process that has it open."""

import shutil
from pathlib import Path

import pytest

from connector.deals import ObjectType
from connector.errors import StoreUnavailable
from connector.store import Store
from tests.store.deals import NOW

BELL = [("a", ObjectType.DEAL, "1")]


@pytest.fixture
def path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def test_nothing_is_accepted_into_a_file_that_was_removed_and_all_goes_on_when_it_is_back(
    sqlite_url: str, path: Path
) -> None:
    store = Store.open(sqlite_url)
    store.bells.ring(BELL, NOW)
    path.rename(away := path.with_name("away.db"))
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="removed while it was in use"):
            store.bells.ring(BELL, NOW)
        with pytest.raises(StoreUnavailable):
            store.ping()
    assert not path.exists()  # and none is made in its place
    away.rename(path)
    store.bells.ring(BELL, NOW)
    assert store.bells.backlog("a", NOW).due == 1
    store.close()


def test_a_backup_that_is_put_in_its_place_is_the_one_that_is_read(sqlite_url: str, path: Path) -> None:
    store = Store.open(sqlite_url)
    shutil.copyfile(path, copy := path.with_name("copy.db"))
    store.bells.ring(BELL, NOW)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink()
    copy.rename(path)
    assert store.bells.backlog("a", NOW).due == 0
    store.close()
