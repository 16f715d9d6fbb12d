"""Sandboxes of both CRMs with our fields installed, and every request checked against the vendor's description."""

from collections.abc import Iterator

import pytest

from tests.adapters import salesforce_driver
from tests.adapters.contract import hubspot_contract
from tests.adapters.hubspot_driver import HubSpotDriver, new_sandbox
from tests.adapters.salesforce_contract import salesforce_contract
from tests.adapters.salesforce_driver import SalesforceDriver
from tests.hubspot_deals import furnish

__all__ = ["hubspot_contract", "salesforce_contract"]


@pytest.fixture
def bare() -> Iterator[HubSpotDriver]:
    """A driver of an account that nobody installed anything in."""
    with new_sandbox() as sandbox:
        yield HubSpotDriver(sandbox)


@pytest.fixture
def hubspot(bare: HubSpotDriver) -> HubSpotDriver:
    furnish(bare.sandbox)
    return bare


@pytest.fixture
def bare_org() -> Iterator[SalesforceDriver]:
    """A driver of an org that nobody deployed our package to."""
    with salesforce_driver.new_sandbox() as sandbox:
        yield SalesforceDriver(sandbox)


@pytest.fixture
def salesforce(bare_org: SalesforceDriver) -> SalesforceDriver:
    salesforce_driver.deploy(bare_org.sandbox)
    bare_org.sandbox.counters.reset()
    return bare_org
