"""sObject Collections: up to 200 records a call, each with a result of its own."""

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

from sandbox.salesforce.sandbox import SalesforceSandbox

from .conftest import ANNA, MIA, Write, code_of

PATH = "composite/sobjects"


def test_updates_tell_of_each_record_in_order(crm: SalesforceSandbox, write: Write, deal: str) -> None:
    rows = [
        {"id": deal, "NextStep": "call"},
        {"id": "006Qy00000000zz", "NextStep": "call"},
        {"id": "nonsense", "NextStep": "call"},
        {"Id": deal[:15], "Blocked__c": ";contract;"},
        {"id": deal, "StageName": "nowhere"},
    ]
    first, unknown, wrong, second, stage = write("PATCH", "Opportunity", rows)
    assert first == second == {"id": deal, "success": True, "errors": []}
    assert code_of(unknown) == "INVALID_CROSS_REFERENCE_KEY"
    assert code_of(wrong) == "MALFORMED_ID"
    assert code_of(stage) == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert stage["errors"][0]["fields"] == ["StageName"]
    assert (crm.deal(deal)["NextStep"], crm.deal(deal)["Blocked__c"]) == ("call", ";contract;")


def test_creates_make_records_and_refuse_the_wrong_ones(
    crm: SalesforceSandbox, write: Write, deal: str
) -> None:
    rows = [
        {"Subject": "Decide", "WhatId": deal, "OwnerId": crm.user(ANNA), "ActivityDate": "2027-01-05"},
        {"Subject": "Decide", "WhatId": deal, "OwnerId": crm.seeded.queue, "Key__c": "k-1"},
        {"Subject": "x" * 256, "WhatId": deal},
        {"Subject": "x", "WhatId": crm.user(ANNA)},
        {"Subject": "x", "Status": "Done"},
        {"Subject": "x", "Decision__c": "perhaps"},
    ]
    results = write("POST", "Task", rows)
    assert [one["success"] for one in results] == [True, True, False, False, False, False]
    assert [code_of(one) for one in results[2:]] == [
        "STRING_TOO_LONG",
        "INVALID_CROSS_REFERENCE_KEY",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    ]
    assert set(crm.tasks_of(deal)) == {results[0]["id"], results[1]["id"]}
    assert crm.record(results[1]["id"])["Status"] == "Not Started"


def test_all_or_none_writes_nothing_when_one_is_wrong(
    crm: SalesforceSandbox, write: Write, deal: str
) -> None:
    rows = [{"id": deal, "NextStep": "call"}, {"id": deal, "StageName": "nowhere"}]
    results = write("PATCH", "Opportunity", rows, whole=True)
    assert [code_of(one) for one in results] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    ]
    assert "NextStep" not in crm.deal(deal)
    assert write("PATCH", "Opportunity", rows[:1], whole=True)[0]["success"]


def test_deletes_by_id_whatever_they_are(crm: SalesforceSandbox, sf: Salesforce, deal: str) -> None:
    task = crm.act_as(MIA).create("Task", {"Subject": "x"})
    path = f"{PATH}?ids={task},{deal},{task},{crm.user(ANNA)}&allOrNone=false"
    results = sf.restful(path, method="DELETE")
    assert [one["success"] for one in results] == [True, True, False, False]
    assert code_of(results[2]) == "ENTITY_IS_DELETED"
    assert code_of(results[3]) == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    assert crm.deals() == []


def test_a_deleted_record_is_told_apart(crm: SalesforceSandbox, write: Write, deal: str) -> None:
    crm.act_as(MIA).delete(deal)
    (result,) = write("PATCH", "Opportunity", [{"id": deal, "NextStep": "x"}])
    assert code_of(result) == "ENTITY_IS_DELETED"


def test_reads_by_id_give_null_for_what_is_not_there(sf: Salesforce, deal: str) -> None:
    asked = {"ids": f"{deal[:15]},006Qy00000000zz", "fields": "Name,Amount,CloseDate"}
    row, nothing = sf.restful(f"{PATH}/Opportunity", params=asked)
    assert nothing is None
    assert (row["Id"], row["Name"], row["CloseDate"]) == (deal, "Acme", "2027-03-01")
    body = {"ids": [deal], "fields": ["Name"]}
    assert sf.restful(f"{PATH}/Opportunity", method="POST", json=body)[0]["Name"] == "Acme"


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_more_than_200_are_refused_whole(crm: SalesforceSandbox, write: Write, method: str) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="cannot exceed 200"):
        write(method, "Task", [{"Subject": "x"}] * 201)
    assert len(write("POST", "Task", [{"Subject": "x"}] * 200)) == 200


def test_more_than_ten_chunks_of_kinds_are_refused(sf: Salesforce, deal: str) -> None:
    kinds = [{"type": "Task"}, {"type": "Note"}] * 6
    records = [{"attributes": kind, "Subject" if kind["type"] == "Task" else "Title": "x"} for kind in kinds]
    with pytest.raises(SalesforceMalformedRequest, match="chunks"):
        sf.restful(PATH, method="POST", json={"records": records})


def test_an_unknown_field_refuses_the_whole_call(crm: SalesforceSandbox, write: Write, deal: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        write("PATCH", "Opportunity", [{"id": deal, "NextStep": "x"}, {"id": deal, "Nothing__c": "x"}])
    (error,) = refused.value.content
    assert error["errorCode"] == "INVALID_FIELD"
    assert error["message"] == "No such column 'Nothing__c' on sobject of type Opportunity"
    assert "NextStep" not in crm.deal(deal)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "JSON_PARSER_ERROR"),
        (b"[]", "JSON_PARSER_ERROR"),
        (b"{}", "JSON_PARSER_ERROR"),
        (b'{"records": 3}', "JSON_PARSER_ERROR"),
        (b'{"records": [3]}', "INVALID_TYPE"),
        (b'{"records": [{"attributes": {"type": "Nothing"}}]}', "INVALID_TYPE"),
    ],
)
def test_a_body_that_is_no_collection_is_refused(sf: Salesforce, body: bytes, code: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refused:
        sf.restful(PATH, method="PATCH", data=body)
    assert refused.value.content[0]["errorCode"] == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("NextStep", 5),
        ("NextStep", ["x"]),
        ("Amount", "much"),
        ("Amount", True),
        ("CloseDate", "01.02.2027"),
        ("Clear__c", "true"),
        ("Clear__c", 1),
    ],
)
def test_a_value_of_another_type_refuses_the_whole_call(
    crm: SalesforceSandbox, write: Write, deal: str, field: str, value: object
) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="JSON_PARSER_ERROR"):
        write("PATCH", "Opportunity", [{"id": deal, "Description": "x"}, {"id": deal, field: value}])
    assert "Description" not in crm.deal(deal)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("Clear_Max__c", 1e30, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("CloseDate", None, "REQUIRED_FIELD_MISSING"),
        ("OwnerId", "x", "MALFORMED_ID"),
        ("region__c", "MOON", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Blocked__c", "x" * 256, "STRING_TOO_LONG"),
        ("IsWon", True, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("CreatedDate", "2027-01-01T00:00:00Z", "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("Flag__c", "x", "INVALID_FIELD_FOR_INSERT_UPDATE"),
    ],
)
def test_a_wrong_value_refuses_its_record(
    crm: SalesforceSandbox, write: Write, deal: str, field: str, value: object, code: str
) -> None:
    before = crm.deal(deal)
    refused, well = write("PATCH", "Opportunity", [{"id": deal, field: value}, {"id": deal, "NextStep": "x"}])
    assert code_of(refused) == code
    assert well["success"]
    assert crm.deal(deal)[field] == before[field] if field in before else field not in crm.deal(deal)


def test_values_are_kept_as_the_platform_keeps_them(
    crm: SalesforceSandbox, sf: Salesforce, write: Write, deal: str
) -> None:
    moment = "2027-01-02T03:04:05.678+0100"
    given = {"NextStep": "", "Clear_Max__c": "12.345", "number_of_users__c": 7, "start_date__c": "2027-02-03"}
    assert write("PATCH", "Opportunity", [{"id": deal, **given}])[0]["success"]
    (task,) = write("POST", "Task", [{"Subject": "x", "ReminderDateTime": moment}])
    row = sf.restful(f"sobjects/Opportunity/{deal}")
    assert row["NextStep"] is None
    assert (str(row["Clear_Max__c"]), row["number_of_users__c"], row["start_date__c"]) == (
        "12.35",
        7,
        "2027-02-03",
    )
    assert sf.restful(f"sobjects/Task/{task['id']}")["ReminderDateTime"] == "2027-01-02T02:04:05.000+0000"


def test_a_locked_record_is_refused_alone(crm: SalesforceSandbox, write: Write, deal: str) -> None:
    other = crm.act_as(MIA).create_opportunity({"Name": "Other", "StageName": "discovery"})
    crm.lock_record(deal)
    rows = [{"id": deal, "NextStep": "x"}, {"id": other, "NextStep": "x"}]
    locked, well = write("PATCH", "Opportunity", rows)
    assert code_of(locked) == "ENTITY_IS_LOCKED"
    assert well["success"]
    crm.lock_record(deal, locked=False)
    assert write("PATCH", "Opportunity", rows)[0]["success"]


def test_two_hundred_records_take_little_time(crm: SalesforceSandbox, write: Write) -> None:
    ids = crm.import_deals({"Name": f"D{n}", "StageName": "discovery"} for n in range(200))
    for turn in range(3):
        assert all(
            one["success"]
            for one in write("PATCH", "Opportunity", [{"id": i, "NextStep": f"{turn}"} for i in ids])
        )
    count = crm.counters.by_route()["PATCH composite/sobjects Opportunity"]
    assert count.calls == 3
    assert count.own_ms / 3 < 200  # some 5 ms on a machine that has nothing else to do
