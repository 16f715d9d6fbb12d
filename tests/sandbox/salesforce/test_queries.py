"""SOQL over real HTTP: what our adapter asks, and what Salesforce refuses."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from simple_salesforce import Salesforce, format_soql
from simple_salesforce.exceptions import SalesforceGeneralError, SalesforceMalformedRequest

from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import LOADER

from .conftest import MIA

NAMES = ("Alder", "birch", "Cedar", "O'Hara 100%")


@pytest.fixture
def deals(crm: SalesforceSandbox) -> dict[str, str]:
    mia = crm.act_as(MIA)
    return {
        name: mia.create_opportunity(
            {
                "Name": name,
                "StageName": "discovery" if place % 2 else "contract",
                "CloseDate": f"2027-01-{place + 10}",
                "Amount": None if place == 3 else (place + 1) * 1000,
                "region__c": ["EMEA", "APAC", None, "AMER"][place],
                "IsPrivate": place == 0,
            }
        )
        for place, name in enumerate(NAMES)
    }


def found(sf: Salesforce, where: str, order: str = "Name") -> list[str]:
    return [
        row["Name"]
        for row in sf.query(f"SELECT Name FROM Opportunity WHERE {where} ORDER BY {order}")["records"]
    ]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("Name = 'ALDER'", "A"),
        ("Name = 'O\\'Hara 100%'", "O"),
        ("Name != 'Alder'", "bCO"),
        ("Name <> 'Alder'", "bCO"),
        ("Name LIKE 'a%'", "A"),
        ("Name LIKE '_irch'", "b"),
        ("Name IN ('Alder', 'Birch', 'x')", "Ab"),
        ("Name NOT IN ('Alder', 'Birch')", "CO"),
        ("NOT Name LIKE '%r'", "bO"),
        ("Amount > 1000", "bC"),
        ("Amount >= 1000", "AbC"),
        ("Amount < 2000.5", "Ab"),
        ("Amount <= -1", ""),
        ("Amount = null", "O"),
        ("Amount != null", "AbC"),
        ("Amount != 1000", "bCO"),
        ("region__c = null", "C"),
        ("region__c IN ('EMEA', 'AMER')", "AO"),
        ("region__c NOT IN ('EMEA')", "bCO"),
        ("CloseDate = 2027-01-10", "A"),
        ("CloseDate > 2027-01-11", "CO"),
        ("CloseDate > TODAY", "AbCO"),
        ("CreatedDate >= 2020-01-01T00:00:00Z", "AbCO"),
        ("CreatedDate >= 2020-01-01T00:00:00+02:00", "AbCO"),
        ("CreatedDate < 2020-01-01T00:00:00.000Z", ""),
        ("CreatedDate = LAST_N_DAYS:0", ""),
        ("CreatedDate > LAST_N_DAYS:3", "AbCO"),
        ("IsPrivate = true", "A"),
        ("IsPrivate = FALSE", "bCO"),
        ("Owner.Email = 'mia.devries@example.com' AND StageName = 'contract'", "AC"),
        ("Owner.Manager.Name LIKE 'Eva%'", "AbCO"),
        ("RecordType.DeveloperName != 'default'", ""),
        ("Account.Name = null", "AbCO"),
        ("StageName = 'discovery' OR (Name = 'Alder' AND IsPrivate = true)", "AbO"),
        ("(StageName = 'discovery' OR Name = 'Alder') AND Amount != null", "Ab"),
        ("Id IN (SELECT OpportunityId FROM OpportunityHistory WHERE Amount > 2500)", "C"),
        ("Id NOT IN (SELECT OpportunityId FROM OpportunityHistory WHERE Amount > 2500)", "AbO"),
    ],
)
@pytest.mark.usefixtures("deals")
def test_a_condition_finds_what_it_says(sf: Salesforce, where: str, names: str) -> None:
    assert "".join(name[0] for name in found(sf, where)) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("Name", "AbCO"),
        ("Name DESC", "OCbA"),
        ("Amount", "OAbC"),
        ("Amount DESC NULLS LAST", "CbAO"),
        ("StageName, Name DESC", "CAOb"),
        ("Id DESC", "OCbA"),
        ("SystemModstamp, Id LIMIT 2", "Ab"),
        ("Id LIMIT 2 OFFSET 1", "bC"),
    ],
)
@pytest.mark.usefixtures("deals")
def test_rows_come_in_the_order_asked(sf: Salesforce, order: str, names: str) -> None:
    rows = sf.query(f"SELECT Name FROM Opportunity ORDER BY {order}")["records"]
    assert "".join(row["Name"][0] for row in rows) == names


def test_ids_are_found_in_15_and_18_characters(sf: Salesforce, deals: dict[str, str]) -> None:
    wanted = [deals["Alder"][:15], deals["birch"]]
    rows = sf.query(format_soql("SELECT Id FROM Opportunity WHERE Id IN {}", wanted))["records"]
    assert [row["Id"] for row in rows] == [deals["Alder"], deals["birch"]]


def test_a_row_has_its_type_its_parents_and_nulls(crm: SalesforceSandbox, sf: Salesforce, deal: str) -> None:
    fields = "Id, Amount, NextStep, CreatedDate, CloseDate, IsWon, Account.Name, Owner.Email, RecordType.DeveloperName"
    row = sf.query(f"SELECT {fields} FROM Opportunity")["records"][0]
    assert row["attributes"] == {
        "type": "Opportunity",
        "url": f"/services/data/v67.0/sobjects/Opportunity/{deal}",
    }
    assert row["Amount"] == Decimal(48_000)
    assert isinstance(row["Amount"], Decimal)
    assert row["NextStep"] is row["Account"] is None
    assert row["IsWon"] is False
    assert row["CloseDate"] == "2027-03-01"
    assert row["CreatedDate"].endswith(".000+0000")
    assert row["Owner"]["Email"] == "mia.devries@example.com"
    assert row["Owner"]["attributes"]["type"] == "User"
    assert row["RecordType"]["DeveloperName"] == "default"
    stamp = datetime.fromisoformat(row["CreatedDate"])
    assert abs(stamp - datetime.now(UTC)).total_seconds() < 60


def test_children_come_with_their_parent(crm: SalesforceSandbox, sf: Salesforce, deal: str) -> None:
    crm.act_as(MIA).add_line(deal, {"sku": "IM-DAY", "Quantity": 3, "Discount": 10})
    crm.act_as(MIA).create_opportunity({"Name": "Empty", "StageName": "discovery"})
    inner = (
        "(SELECT Quantity, UnitPrice, ListPrice, TotalPrice, Product2.ProductCode FROM OpportunityLineItems"
        " ORDER BY Product2.ProductCode DESC), (SELECT Contact.Email FROM OpportunityContactRoles WHERE"
        " IsPrimary = true LIMIT 1), (SELECT Id FROM Tasks)"
    )
    rows = sf.query(f"SELECT Name, {inner} FROM Opportunity ORDER BY Name")["records"]
    lines = rows[0]["OpportunityLineItems"]
    assert lines["totalSize"] == 2
    assert lines["done"] is True
    assert [line["Product2"]["ProductCode"] for line in lines["records"]] == ["IM-DAY", "DP-CORE"]
    assert lines["records"][0]["TotalPrice"] == Decimal(3240)
    assert rows[0]["OpportunityContactRoles"] is rows[0]["Tasks"] is None
    assert rows[1]["OpportunityLineItems"] is None


def test_counting(sf: Salesforce, deals: dict[str, str]) -> None:
    answer = sf.query("SELECT COUNT() FROM Opportunity WHERE Amount != null")
    assert (answer["totalSize"], answer["records"]) == (len(deals) - 1, [])


def test_the_deleted_are_found_by_query_all_alone(crm: SalesforceSandbox, sf: Salesforce, deal: str) -> None:
    crm.act_as(MIA).delete(deal)
    text = "SELECT Id, IsDeleted FROM Opportunity WHERE IsDeleted = true"
    assert sf.query(text)["totalSize"] == 0
    assert sf.query(text, include_deleted=True)["records"][0]["Id"] == deal
    crm.act_as(MIA).undelete(deal)
    assert sf.query(text, include_deleted=True)["totalSize"] == 0


def test_pages_follow_each_other_and_hold_at_least_200(crm: SalesforceSandbox, sf: Salesforce) -> None:
    crm.import_deals({"Name": f"D{n}", "StageName": "discovery"} for n in range(450))
    crm.counters.reset()
    small = {"Sforce-Query-Options": "batchSize=100"}
    rows = list(sf.query_all_iter("SELECT Id, Name FROM Opportunity ORDER BY Id", headers=small))
    assert [row["Name"] for row in rows] == [f"D{n}" for n in range(450)]
    assert crm.calls == {"GET query Opportunity": 1, "GET query/{locator}": 2}
    assert len(sf.query("SELECT Id FROM Opportunity")["records"]) == 450


def test_children_beyond_a_page_have_pages_of_their_own(
    crm: SalesforceSandbox, sf: Salesforce, deal: str
) -> None:
    for _ in range(205):
        crm.act_as(MIA).create("Task", {"Subject": "x", "WhatId": deal})
    small = {"Sforce-Query-Options": "batchSize=200"}
    tasks = sf.query("SELECT Id, (SELECT Id FROM Tasks) FROM Opportunity", headers=small)["records"][0][
        "Tasks"
    ]
    assert (tasks["totalSize"], tasks["done"], len(tasks["records"])) == (205, False, 200)
    rest = sf.query_more(tasks["nextRecordsUrl"], identifier_is_url=True)
    assert (rest["done"], len(rest["records"])) == (True, 5)


def test_a_locator_that_is_gone_is_refused(sf: Salesforce) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_QUERY_LOCATOR"):
        sf.query_more("01gQy0000000000099-2000")


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            "SELECT Foo__c FROM Opportunity",
            "INVALID_FIELD",
            "No such column 'Foo__c' on entity 'Opportunity'",
        ),
        ("SELECT Id FROM Opportunity WHERE Foo = 1", "INVALID_FIELD", "Column:34"),
        ("SELECT Id FROM Opportunity ORDER BY Foo", "INVALID_FIELD", "No such column"),
        ("SELECT Foo.Name FROM Opportunity", "INVALID_FIELD", "Didn't understand relationship 'Foo'"),
        ("SELECT Owner.Foo FROM Opportunity", "INVALID_FIELD", "on entity 'User'"),
        ("SELECT Id, (SELECT Id FROM Lines) FROM Opportunity", "INVALID_TYPE", "Lines"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "'Nothing' is not supported"),
        ("SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD", "should not be enclosed"),
        ("SELECT Id FROM Opportunity WHERE Name = 5", "INVALID_FIELD", "should be enclosed"),
        ("SELECT Id FROM Opportunity WHERE CloseDate > 2027-01-01T00:00:00Z", "INVALID_FIELD", "type date"),
        ("SELECT Id FROM Opportunity WHERE CreatedDate > 2027-01-01", "INVALID_FIELD", "type datetime"),
        ("SELECT Id FROM Opportunity WHERE IsWon = 'true'", "INVALID_FIELD", "type boolean"),
        ("SELECT Id FROM Opportunity WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID"),
        ("SELECT Id FROM Opportunity WHERE Detail__c LIKE 'a%'", "INVALID_FIELD", "can not be filtered"),
        ("SELECT FROM Opportunity", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id", "MALFORMED_QUERY", "end of query"),
        ("", "MALFORMED_QUERY", ""),
        ("SELECT Id FROM Opportunity WHERE", "MALFORMED_QUERY", "end of query"),
        ("SELECT Id FROM Opportunity WHERE Name = 'a", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Opportunity WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY", "OR"),
        ("SELECT Id FROM Opportunity WHERE Id IN ()", "MALFORMED_QUERY", "')'"),
        ("SELECT Id FROM Opportunity LIMIT x", "MALFORMED_QUERY", "'x'"),
        ("SELECT Id FROM Opportunity; DROP", "MALFORMED_QUERY", "';'"),
    ],
)
def test_a_wrong_query_is_refused(sf: Salesforce, text: str, code: str, words: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.query(text)
    (error,) = refused.value.content
    assert error["errorCode"] == code
    assert words in error["message"]


def test_a_url_that_is_too_long_is_refused(sf: Salesforce) -> None:
    ids = [f"006Qy0000000{n:03d}" for n in range(700)]
    with pytest.raises(SalesforceGeneralError) as refused:
        sf.query(format_soql("SELECT Id FROM Opportunity WHERE Id IN {}", ids))
    assert refused.value.status == 414


def test_fields_of_a_package_are_hidden_from_who_lacks_the_permission_set(
    crm: SalesforceSandbox, sf: Salesforce
) -> None:
    assert sf.query("SELECT Blocked__c FROM Opportunity")["totalSize"] == 0
    crm.org.access.revoke(crm.user("dealgate.integration@example.com"), "Gate_Integration")
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Blocked__c'"):
        sf.query("SELECT Blocked__c FROM Opportunity")


def test_people_queues_and_settings_are_there(crm: SalesforceSandbox, sf: Salesforce) -> None:
    people = sf.query(
        "SELECT Name, Username, Manager.Username, IsActive FROM User WHERE Profile.Name = 'Standard User'"
    )
    mia = next(row for row in people["records"] if row["Name"] == "Mia de Vries")
    assert mia["Manager"]["Username"] == "eva.lang@example.com"
    members = sf.query(
        "SELECT UserOrGroup.Name FROM GroupMember WHERE Group.Type = 'Queue' AND Group.Name = 'Operations' "
        "AND GroupId IN (SELECT QueueId FROM QueueSobject WHERE SobjectType = 'Task')"
    )
    assert [one["UserOrGroup"]["Name"] for one in members["records"]] == ["Anna Bos", "Jan Smit"]
    assert (
        sf.query("SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true")["records"][0]["IsoCode"]
        == "EUR"
    )
    stages = sf.query(
        "SELECT ApiName, MasterLabel FROM OpportunityStage WHERE IsActive = true ORDER BY SortOrder"
    )
    assert [row["ApiName"] for row in stages["records"]][:2] == ["discovery", "proposal"]
    assert stages["records"][0]["MasterLabel"] == "Discovery"


def test_history_tells_who_moved_what_in_which_order(
    crm: SalesforceSandbox, sf: Salesforce, deal: str
) -> None:
    crm.act_as(MIA).move(deal, "proposal")
    crm.imports().update(deal, {"CloseDate": "2027-05-01"})
    crm.imports().update(deal, {"NextStep": "call"})
    rows = sf.query(
        "SELECT StageName, Amount, CloseDate, PrevCloseDate, CreatedById FROM OpportunityHistory "
        f"WHERE OpportunityId = '{deal}' ORDER BY CreatedDate, Id"
    )["records"]
    assert [row["StageName"] for row in rows] == ["discovery", "discovery", "proposal", "proposal"]
    assert [row["Amount"] for row in rows] == [None, 48_000, 48_000, 48_000]
    assert (rows[-1]["PrevCloseDate"], rows[-1]["CloseDate"]) == ("2027-03-01", "2027-05-01")
    assert [row["CreatedById"] for row in rows[2:]] == [crm.user(MIA), crm.user(LOADER)]
