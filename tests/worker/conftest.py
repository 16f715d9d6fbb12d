"""A stage for each module, a rehearsal for each test; every request is held against the vendors' descriptions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.contract import hubspot_contract
from tests.adapters.salesforce_contract import salesforce_contract
from tests.databases import SqliteFiles
from tests.worker.play import Play, rehearsed, staged

__all__ = ["hubspot_contract", "salesforce_contract"]


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory, sqlite_files: SqliteFiles) -> Iterator[Play]:
    """The whole product on a sandbox, shared by the tests of a module: each sells its own deals."""
    with staged(tmp_path_factory.mktemp("stage"), sqlite_files.new_database()) as found:
        yield found


@pytest.fixture
def bench(tmp_path: Path, sqlite_url: str) -> Iterator[Play]:
    """The product driven by hand, alone with its CRM."""
    with rehearsed(tmp_path, sqlite_url) as found:
        yield found
