"""What an org hides from the integration user is named, and costs no deal: field by field, object by object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connector.adapters.base import Wanted
from connector.adapters.salesforce.faults import NotShown
from connector.adapters.salesforce.package import write
from connector.adapters.salesforce.people import read_rows
from connector.deals import ObjectType, OurField, Unreadable
from connector.effects import WriteFields
from connector.errors import CrmRefused
from connector.policy.model import Field, FieldType, Home
from tests.adapters.driver import Sold
from tests.adapters.salesforce_driver import FIELDS, SalesforceDriver, deploy, new_sandbox
from tests.adapters.suite import Fate, asked, fates, task_for

US = "dealgate.integration@example.com"
INDUSTRY = Field("industry", "Industry", FieldType.TEXT, Home.COMPANY, salesforce="Industry")
BUYERS = Field("buyers", "Buyers", FieldType.NUMBER, Home.CONTACT, match="*")


def read(driver: SalesforceDriver, deal: str, *more: Field) -> tuple[object, tuple[str, ...]]:
    wanted = replace(driver.wanted, fields=(*FIELDS, *more))
    page = driver.connect().read_deals([deal], wanted)
    (found,) = page.deals
    return found, page.alarms


def test_a_deal_is_read_though_its_account_is_hidden_from_us(bare_org: SalesforceDriver) -> None:
    deal = bare_org.new_deal("Acme", bare_org.stages[0], amount="1")
    bare_org.sandbox.hide(US, "Opportunity", "AccountId")
    found, alarms = read(bare_org, deal, INDUSTRY)
    assert isinstance(found.values["industry"], Unreadable)
    assert "field-vanished industry" in alarms


def test_an_amount_that_is_hidden_is_unknown_and_the_history_is_read_all_the_same(
    bare_org: SalesforceDriver,
) -> None:
    deal = bare_org.new_deal("Acme", bare_org.stages[0], amount="1")
    bare_org.sandbox.hide(US, "Opportunity", "Amount")
    bare_org.sandbox.hide(US, "OpportunityHistory", "Amount")
    found, alarms = read(bare_org, deal)
    assert isinstance(found.values["amount"], Unreadable)
    assert "field-vanished amount" in alarms
    changes = bare_org.connect().read_history([deal], bare_org.wanted)[deal]
    assert "stage" in {change.field for change in changes}


def test_a_list_price_that_is_hidden_is_unknown_and_named(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0], (Sold("Platform Seat"),))
    salesforce.sandbox.hide(US, "OpportunityLineItem", "ListPrice")
    found, alarms = read(salesforce, deal)
    assert [line.list_price for line in found.line_items] == [None]
    assert alarms == ("field-vanished OpportunityLineItem.ListPrice",)


def test_product_lines_that_are_hidden_are_unknown_and_stop_neither_deals_nor_the_sweep(
    salesforce: SalesforceDriver,
) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.sandbox.blind(US, "OpportunityLineItem")
    found, alarms = read(salesforce, deal)
    assert found.line_items is None
    assert alarms == ("field-vanished OpportunityLineItem",)
    now = salesforce.now()
    pages = salesforce.connect().changed_since(now - timedelta(hours=1), now)
    assert {one.type for page in pages for one in page} == {ObjectType.DEAL}


def test_contact_roles_that_are_hidden_are_unknown(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.sandbox.blind(US, "OpportunityContactRole")
    found, alarms = read(salesforce, deal, BUYERS)
    assert isinstance(found.values["buyers"], Unreadable)
    assert alarms == ("field-vanished buyers",)


def test_a_decision_is_heard_though_the_field_of_its_limit_is_gone(salesforce: SalesforceDriver) -> None:
    _, task = asked(salesforce)
    salesforce.decide(salesforce.approver, task, "yes", None, "fine")
    salesforce.sandbox.drop_field("Task", "Dealgate_Decision_Limit__c")
    (seen,) = salesforce.connect().read_tasks([task])
    assert (seen.decision, seen.limit, seen.note) == ("yes", None, "fine")


def test_a_task_is_made_without_the_field_that_is_hidden_from_us(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[1])
    salesforce.sandbox.hide(US, "Task", "ActivityDate")
    (made,) = salesforce.connect().create_tasks([task_for(salesforce, deal)])
    assert made.fate is Fate.DONE
    assert salesforce.sandbox.record(made.ref or "")["Subject"]


def test_where_opportunities_are_hidden_no_deal_is_taken_for_deleted(bare_org: SalesforceDriver) -> None:
    deals = [bare_org.new_deal(f"Deal {place}", bare_org.stages[0]) for place in range(5)]
    bare_org.sandbox.blind(US, "Opportunity")
    crm, before = bare_org.connect(), bare_org.calls()
    with pytest.raises(NotShown) as told:
        crm.read_deals(deals, bare_org.wanted)
    assert isinstance(told.value, CrmRefused)  # which the worker waits for, and blames no record of
    assert bare_org.calls() - before < 8


def test_where_sharing_shows_us_nothing_no_deal_is_taken_for_deleted() -> None:
    """A lost View All looked like the deletion of every deal: each question would have been withdrawn."""
    with new_sandbox() as sandbox:
        driver = SalesforceDriver(sandbox)
        deploy(sandbox)
        with pytest.raises(NotShown, match="no opportunity at all"):
            driver.crm.read_deals(["0065g00000AbCdEAAV"], driver.wanted)


def test_users_are_read_without_what_is_hidden_of_them(bare_org: SalesforceDriver) -> None:
    bare_org.sandbox.hide(US, "User", "ManagerId")
    users = bare_org.connect().users()
    assert bare_org.rep in {user.owner for user in users}
    assert {user.manager for user in users} == {None}


def test_customers_who_sign_in_to_a_portal_are_not_read(bare_org: SalesforceDriver) -> None:
    """An org may have a million of them."""
    fields = {"Username": "c@example.com", "LastName": "C", "Email": "c@example.com", "IsActive": True}
    portal = bare_org.sandbox.org.add("User", {**fields, "UserType": "CspLitePortal"})
    partner = bare_org.sandbox.org.add("User", {**fields, "UserType": "PowerPartner"})
    rows = {row["Id"] for row in read_rows(bare_org.crm._client, bare_org.crm._library)}
    assert portal.id not in rows
    assert partner.id in rows


def test_exchange_rates_that_are_hidden_are_none(bare_org: SalesforceDriver) -> None:
    assert bare_org.crm.deal_fields()
    bare_org.sandbox.blind(US, "CurrencyType")
    assert bare_org.connect().rates() is None


def test_an_older_package_shows_what_it_has_and_refuses_nothing(salesforce: SalesforceDriver) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.sandbox.drop_field("Opportunity", "Ops_Needed_By__c")
    salesforce.sandbox.drop_field("Opportunity", "Ops_Clear_Close_Min__c")
    crm = salesforce.connect()
    assert OurField.READINESS in crm.shows
    assert {OurField.NEEDED_BY, OurField.CLEAR_RANGE}.isdisjoint(crm.shows)
    (alarmed,) = [crm.read_deals([deal], salesforce.wanted).alarms]
    assert alarmed == ("field-vanished Ops_Clear_Close_Min__c", "field-vanished Ops_Needed_By__c")
    assert fates(crm.write_fields([WriteFields(deal, {OurField.REASON: "x"})])) == [Fate.DONE]


def test_a_stage_that_was_retired_is_not_looked_for_again_with_each_deal(
    salesforce: SalesforceDriver,
) -> None:
    """Each minute in which such a deal was read cost a call for each record type."""
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.sandbox.org.get(deal).values["StageName"] = "retired"
    salesforce.crm.pipelines()
    before = salesforce.sandbox.calls["GET query OpportunityStage"]
    for _ in range(4):
        salesforce.sandbox.clock.advance(61)
        salesforce.crm.read_deals([deal], salesforce.wanted)
        salesforce.crm.pipelines()
    assert salesforce.sandbox.calls["GET query OpportunityStage"] == before + 1


def test_the_stages_of_each_record_type_are_read_once_an_hour(salesforce: SalesforceDriver) -> None:
    def offers() -> int:
        return sum(count for route, count in salesforce.sandbox.calls.items() if "picklist-values" in route)

    for _ in range(5):
        salesforce.crm.pipelines()
        salesforce.sandbox.clock.advance(601)
    assert offers() == 2
    salesforce.sandbox.clock.advance(601)
    salesforce.crm.pipelines()
    assert offers() == 4


@pytest.mark.parametrize(
    "hide", [lambda one: one.blind(US, "OpportunityHistory"), lambda one: one.only_reads(US)]
)
def test_the_doctor_names_what_the_integration_user_may_not(
    salesforce: SalesforceDriver, hide: Callable[[object], None]
) -> None:
    salesforce.new_deal("Acme", salesforce.stages[0])
    hide(salesforce.sandbox)
    bad = {one.name: one for one in salesforce.connect().examine(salesforce.wanted) if not one.well}
    (name,) = bad
    assert name in {"read OpportunityHistory", "save opportunities"}
    assert bad[name].hint


def test_sharing_that_lets_us_only_read_refuses_each_badge_with_its_reason(
    salesforce: SalesforceDriver,
) -> None:
    deal = salesforce.new_deal("Acme", salesforce.stages[0])
    salesforce.sandbox.only_reads(US)
    (told,) = salesforce.crm.write_fields([WriteFields(deal, {OurField.REASON: "x"})])
    assert (told.fate, told.reason) == (Fate.REFUSED, "salesforce-insufficient-access-or-readonly")


def test_a_standard_field_that_is_hidden_or_locked_is_named_by_install(salesforce: SalesforceDriver) -> None:
    salesforce.sandbox.hide(US, "Task", "ActivityDate")
    salesforce.sandbox.hide(US, "OpportunityLineItem", "ListPrice")
    wrong = {
        one.name: one.todo
        for one in salesforce.connect().install(salesforce.wanted)
        if one.state == "missing"
    }
    assert set(wrong) == {"Task: ActivityDate", "OpportunityLineItem: ListPrice"}
    assert "Dealgate: Integration" in wrong["Task: ActivityDate"]


def test_the_rendered_package_shows_us_the_fields_that_a_profile_with_minimum_access_hides(
    bare_org: SalesforceDriver, tmp_path: Path
) -> None:
    """In a real org our user saw neither amount nor account, nor any field of the policy."""
    bare_org.sandbox.hide(US, "Opportunity", "AccountId", "Amount", "region__c", "start_date__c")
    wanted = Wanted((*FIELDS, INDUSTRY))
    files = bare_org.connect().package(wanted, "https://ops.example.com/webhooks/salesforce/token")
    bare_org.sandbox.deploy(write(tmp_path, files))
    deal = bare_org.new_deal("Acme", bare_org.stages[0], amount="7", region="EMEA")
    page = bare_org.connect().read_deals([deal], wanted)
    assert page.alarms == ()
    assert page.deals[0].values["region"] == "EMEA"
    again = bare_org.connect().package(wanted, "https://ops.example.com/webhooks/salesforce/token")
    assert again == files  # what was shown by the first is not taken away by the second


def test_a_long_history_is_read_to_its_end() -> None:
    with new_sandbox(page=5) as sandbox:
        driver = SalesforceDriver(sandbox)
        deal = driver.new_deal("Acme", driver.stages[0], amount="1")
        for amount in range(2, 13):
            driver.change(driver.rep, deal, {"amount": str(amount)})
        changes = driver.crm.read_history([deal], driver.wanted)[deal]
        amounts = [change.value for change in changes if change.field == "amount"]
        assert amounts == [str(amount) for amount in range(12, 0, -1)]
