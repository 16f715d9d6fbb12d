from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.contract import hubspot_contract
from tests.databases import SqliteFiles
from tests.logs import logged  # noqa: F401
from tests.worker.play import Play, rehearsed

__all__ = ["hubspot_contract"]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> Iterator[Play]:
    """The product driven by hand, shared by the tests of a module: each sells its own deals."""
    with rehearsed(tmp_path_factory.mktemp("play"), sqlite_files.new_database()) as found:
        yield found


@pytest.fixture
def bench(tmp_path: Path, sqlite_files: SqliteFiles) -> Iterator[Play]:
    """The same for one test alone, which turns the clock or changes the account."""
    with rehearsed(tmp_path, sqlite_files.new_database()) as found:
        yield found
