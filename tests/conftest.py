"""Fixtures for every room: real databases, a new one for each test."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from connector.store import Store
from tests.databases import Cluster, SqliteFiles

settings.register_profile("dealgate", deadline=None)  # a busy machine is no failure
settings.load_profile("dealgate")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module that share a server or a stage in one process (`--dist loadgroup`)."""
    for item in items:
        if isinstance(item, pytest.Function) and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def _shares(item: pytest.Function) -> bool:
    known = item._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope == "module" for found in known for fixture in found)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    server = Cluster()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> str:
    return sqlite_files.new_database()


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    return cluster.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A new migrated database; the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def open_store(database_url: str) -> Iterator[Callable[[], Store]]:
    """Open the same database as often as there are workers."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(Store.open(database_url))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()
