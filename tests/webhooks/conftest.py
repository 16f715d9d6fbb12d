from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.contract import hubspot_contract
from tests.logs import logged  # noqa: F401
from tests.webhooks.world import World, world

__all__ = ["hubspot_contract"]


@pytest.fixture
def edge(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    made = world(tmp_path, sqlite_url)
    yield made
    made.store.close()
