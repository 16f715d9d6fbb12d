"""The vendor's description takes part, and would catch a record that it does not allow."""

import pytest

from connector.deals import OurField
from connector.effects import AddNote, WriteFields
from tests.adapters.salesforce_contract import DESCRIPTION, Contract, problems
from tests.adapters.salesforce_driver import SalesforceDriver
from tests.adapters.suite import asked, sent_back

pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason=f"{DESCRIPTION} is not at hand")


def test_every_kind_of_record_that_we_send_is_checked(
    salesforce: SalesforceDriver, salesforce_contract: Contract
) -> None:
    deal, _ = asked(salesforce)
    salesforce.move(salesforce.rep, deal, salesforce.stages[2])
    salesforce.crm.move_back([sent_back(salesforce, deal)])
    salesforce.crm.add_notes([AddNote(deal, "note:1", "Back in Proposal")])
    salesforce.crm.write_fields([WriteFields(deal, {OurField.REASON: "x", OurField.CLEAR_RANGE: "{}"})])
    salesforce.crm.heartbeat(salesforce.now())
    assert salesforce_contract.checked == {"Task": 1, "Opportunity": 2, "Note": 1, "Dealgate__c": 1}


@pytest.mark.parametrize(
    ("method", "kind", "record"),
    [
        ("PATCH", "Opportunity", {"id": "006", "Stage": "Won"}),
        ("PATCH", "Opportunity", {"id": "006", "Amount": "48000"}),
        ("PATCH", "Opportunity", {"id": "006", "Ops_Clear__c": "true"}),
        ("PATCH", "Opportunity", {"id": "006", "Ops_Badge__c": "x"}),
        ("PATCH", "Opportunity", {"id": "006", "Ops_Readiness_Reason__c": "x" * 256}),
        ("PATCH", "Opportunity", {"Amount": 1}),
        ("POST", "Task", {"id": "00T", "Subject": "x"}),
        ("POST", "Task", {"Subject": 1}),
        ("POST", "Task", {"Dealgate_Decided_By__c": "x" * 19}),
    ],
)
def test_what_it_does_not_allow_is_a_problem(method: str, kind: str, record: dict[str, object]) -> None:
    assert problems(method, kind, record)
