"""Fixtures for every room: real databases, a new one for each test."""

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import Phase, settings
from hypothesis.internal.conjecture import providers
from xdist.scheduler import LoadScopeScheduling

from connector.store import Store
from tests.databases import Cluster, SqliteFiles, memory

# A busy machine is no failure, and a change is judged by what it changed: the same cases are drawn each time.
settings.register_profile("dealgate", deadline=None, derandomize=True)
settings.register_profile("hunt", deadline=None, database=None)  # `make hunt` draws anew each time
settings.register_profile("explicit", deadline=None, database=None, phases=(Phase.explicit,))  # draws nothing
settings.load_profile("dealgate")

TOGETHER = (
    *("tests/cards/", "tests/story/test_panel", "tests/story/test_tasks", "tests/webhooks/test_serving"),
    *(f"tests/worker/test_{name}" for name in ("anchor", "clock", "decisions", "digest", "repairs")),
    *("tests/cli/test_doctor", "tests/cli/test_wrong_settings", "tests/sandbox/salesforce/test_pages"),
)


def pytest_configure(config: pytest.Config) -> None:
    """Let what the tests start hear Ctrl-C, also where a shell runs them in the background, deaf to it; keep what
    is logged out of what commands print; let draws depend on nothing but the test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A product on stage in this process logs while a command beside it has its output taken: not into that.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if config.getoption("--hypothesis-profile") != "hunt":
        # Hypothesis also draws constants that it reads in the source of every module that is loaded: one word
        # changed anywhere, or another order of the tests, and all would draw other cases.
        providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_finish() -> None:
    """What is imported and collected stays to the end: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return Scheduling(config, log)


class Scheduling(LoadScopeScheduling):
    """Any process takes any test, but those of a module that share a server or a stage stay together."""

    def _split_scope(self, nodeid: str) -> str:
        module, _, _ = nodeid.partition("::")
        return module if module.startswith(TOGETHER) else nodeid


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[SqliteFiles]:
    with TemporaryDirectory(prefix="dealgate-sqlite-", dir=memory()) as folder:
        yield SqliteFiles(Path(folder))


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
