"""A shop for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shop import Shop, opened


@pytest.fixture
def shop(tmp_path: Path, sqlite_url: str) -> Iterator[Shop]:
    with opened(tmp_path, sqlite_url) as found:
        yield found
