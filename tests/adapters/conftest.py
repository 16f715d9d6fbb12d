"""A HubSpot sandbox with our fields installed, and every request checked against the vendor's description."""

from collections.abc import Iterator

import pytest

from tests.adapters.contract import hubspot_contract
from tests.adapters.hubspot_driver import HubSpotDriver, new_sandbox

__all__ = ["hubspot_contract"]


@pytest.fixture
def bare() -> Iterator[HubSpotDriver]:
    """A driver of an account that nobody installed anything in."""
    with new_sandbox() as sandbox:
        yield HubSpotDriver(sandbox)


@pytest.fixture
def hubspot(bare: HubSpotDriver) -> HubSpotDriver:
    bare.crm.install(bare.wanted)
    bare.sandbox.counters.reset()
    bare.seen.clear()
    return bare
