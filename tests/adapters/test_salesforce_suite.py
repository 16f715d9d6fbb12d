"""The Salesforce adapter keeps the promises that every adapter makes."""

import pytest

from connector.adapters.salesforce import Salesforce
from connector.adapters.salesforce.login import ClientCredentials
from tests.adapters.driver import Driver
from tests.adapters.salesforce_driver import SalesforceDriver
from tests.adapters.suite import CrmSuite, speaks_the_protocol


class TestSalesforce(CrmSuite):
    @pytest.fixture
    def driver(self, salesforce: SalesforceDriver) -> Driver:
        return salesforce


def test_the_adapter_speaks_the_protocol() -> None:
    grant = ClientCredentials("id", "secret")
    crm = speaks_the_protocol(
        Salesforce(account="acme", url="https://acme.my.salesforce.com", org_id="00D", grant=grant)
    )
    assert crm.batch == 1_000
