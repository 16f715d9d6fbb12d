"""The HubSpot adapter keeps the promises that every adapter makes."""

import pytest

from connector.adapters.hubspot import HubSpot
from tests.adapters.driver import Driver
from tests.adapters.hubspot_driver import HubSpotDriver
from tests.adapters.suite import CrmSuite, speaks_the_protocol


class TestHubSpot(CrmSuite):
    @pytest.fixture
    def driver(self, hubspot: HubSpotDriver) -> Driver:
        return hubspot


def test_the_adapter_speaks_the_protocol() -> None:
    crm = speaks_the_protocol(HubSpot(account="acme", access_token="t"))
    assert crm.batch == 1_000
