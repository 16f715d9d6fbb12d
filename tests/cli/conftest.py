"""A shop for each test; every request is held against the vendors' descriptions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.contract import hubspot_contract
from tests.adapters.salesforce_contract import salesforce_contract
from tests.cli.shop import Shop, opened

__all__ = ["hubspot_contract", "salesforce_contract"]


@pytest.fixture
def shop(tmp_path: Path, sqlite_url: str) -> Iterator[Shop]:
    with opened(tmp_path, sqlite_url) as found:
        yield found
