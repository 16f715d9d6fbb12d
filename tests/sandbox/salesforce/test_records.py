"""Single records, describes, limits: what the adapter looks at when it starts."""

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from sandbox.salesforce.limits import Limits
from sandbox.salesforce.org import Setup
from sandbox.salesforce.sandbox import SalesforceSandbox

from .conftest import ANNA, MIA, connect


def test_one_record_is_made_read_changed_and_deleted(
    crm: SalesforceSandbox, sf: Salesforce, deal: str
) -> None:
    made = sf.restful(
        "sobjects/Note", method="POST", json={"ParentId": deal, "Title": "Why", "Body": "Because"}
    )
    path = f"sobjects/Note/{made['id']}"
    assert sf.restful(path, params={"fields": "Title"})["Title"] == "Why"
    assert sf.restful(path, method="PATCH", json={"Title": "Now"}) is None
    assert next(iter(crm.notes_of(deal).values()))["Title"] == "Now"
    assert sf.restful(path, method="DELETE") is None
    with pytest.raises(SalesforceResourceNotFound) as gone:
        sf.restful(path)
    assert gone.value.content[0]["errorCode"] == "ENTITY_IS_DELETED"


@pytest.mark.parametrize("path", ["sobjects/Opportunity/006Qy00000000zz", "nothing/here", "sobjects/Task/x"])
def test_what_is_not_there_is_404(sf: Salesforce, path: str) -> None:
    with pytest.raises(SalesforceResourceNotFound) as missing:
        sf.restful(path)
    assert missing.value.content[0]["errorCode"] == "NOT_FOUND"


def test_a_describe_tells_fields_picklists_and_record_types(sf: Salesforce) -> None:
    told = sf.restful("sobjects/Opportunity/describe")
    fields = {one["name"]: one for one in told["fields"]}
    assert [one["value"] for one in fields["StageName"]["picklistValues"]][:2] == ["discovery", "proposal"]
    assert fields["StageName"]["picklistValues"][0]["label"] == "Discovery"
    assert fields["Blocked__c"]["updateable"] is True
    assert (fields["Blocked__c"]["type"], fields["Blocked__c"]["length"]) == ("string", 255)
    assert fields["Flag__c"]["calculated"] is True
    assert fields["Flag__c"]["updateable"] is False
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert fields["AccountId"]["relationshipName"] == "Account"
    types = {one["developerName"]: one for one in told["recordTypeInfos"]}
    assert set(types) == {"default", "renewals", "Master"}
    assert {one["relationshipName"] for one in told["childRelationships"]} >= {
        "OpportunityLineItems",
        "Tasks",
    }


def test_a_describe_shows_only_what_the_user_may_see_and_write(
    crm: SalesforceSandbox, sf: Salesforce
) -> None:
    crm.org.access.revoke(crm.user("dealgate.integration@example.com"), "Gate_Integration")
    crm.assign("Gate_Rep", "dealgate.integration@example.com")
    fields = {one["name"]: one for one in sf.restful("sobjects/Opportunity/describe")["fields"]}
    assert "Clear__c" not in fields
    assert fields["Blocked__c"]["updateable"] is False


def test_the_stages_of_a_record_type(crm: SalesforceSandbox, sf: Salesforce) -> None:
    renewals = crm.seeded.record_types["renewals"]
    values = sf.restful(f"ui-api/object-info/Opportunity/picklist-values/{renewals}/StageName")["values"]
    assert [one["value"] for one in values] == [
        "renewal_open",
        "renewal_offer",
        "renewal_won",
        "renewal_lost",
    ]
    assert [one["attributes"]["won"] for one in values] == [False, False, True, False]
    layouts = sf.restful("sobjects/Opportunity/describe/layouts")
    mapped = {one["developerName"]: one["picklistsForRecordType"] for one in layouts["recordTypeMappings"]}
    assert mapped["renewals"][0]["picklistValues"][0]["value"] == "renewal_open"


def test_every_answer_tells_the_calls_used(sf: Salesforce) -> None:
    daily = sf.limits()["DailyApiRequests"]
    assert daily["Max"] - daily["Remaining"] == 1
    sf.query("SELECT Id FROM Organization")
    assert sf.api_usage["api-usage"] == (2, 120_000)


def test_the_limit_of_a_day_refuses(crm: SalesforceSandbox, sf: Salesforce) -> None:
    crm.set_limits(Limits(daily=100, used=99))
    sf.limits()
    with pytest.raises(SalesforceRefusedRequest) as refused:
        sf.limits()
    assert refused.value.content[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    crm.clock.advance(86_401)
    crm.expire_sessions()
    assert sf.limits()


def test_an_org_of_one_currency_has_no_currency_fields() -> None:
    with SalesforceSandbox(setup=Setup(multi_currency=False)) as crm:
        sf = connect(crm)
        names = {one["name"] for one in sf.restful("sobjects/Opportunity/describe")["fields"]}
        assert "CurrencyIsoCode" not in names
        with pytest.raises(SalesforceMalformedRequest, match="INVALID_TYPE"):
            sf.query("SELECT IsoCode FROM CurrencyType")


def test_tasks_follow_the_statuses_of_the_org() -> None:
    with SalesforceSandbox(setup=Setup(task_statuses=(("Offen", False), ("Erledigt", True)))) as crm:
        task = crm.act_as(MIA).create("Task", {"Subject": "x"})
        assert crm.record(task)["Status"] == "Offen"
        crm.act_as(ANNA).complete_task(task)
        assert crm.record(task)["Status"] == "Erledigt"
        assert crm.record(task)["IsClosed"] is True
        assert "CompletedDateTime" in crm.record(task)
