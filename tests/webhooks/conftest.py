from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webhooks.world import World, world


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[World]:
    made = world(tmp_path)
    yield made
    made.database.close()
