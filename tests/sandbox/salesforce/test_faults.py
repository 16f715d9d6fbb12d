"""Faults hit the route they are switched on for, with Salesforce's bodies, before or after the write."""

import time

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import (
    SalesforceError,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)

from sandbox.faults import Fault, FaultKind
from sandbox.salesforce.sandbox import SalesforceSandbox

from .conftest import MIA, Loopback, Write, code_of, connect

UPDATE = "PATCH composite/sobjects Opportunity"


@pytest.mark.parametrize(
    ("kind", "error", "code"),
    [
        (FaultKind.RATE_LIMIT, SalesforceRefusedRequest, "REQUEST_LIMIT_EXCEEDED"),
        (FaultKind.DAILY_LIMIT, SalesforceRefusedRequest, "REQUEST_LIMIT_EXCEEDED"),
        (FaultKind.LOCKED, SalesforceMalformedRequest, "UNABLE_TO_LOCK_ROW"),
        (FaultKind.ERROR, SalesforceGeneralError, "UNKNOWN_EXCEPTION"),
        (FaultKind.BAD_GATEWAY, SalesforceGeneralError, "SERVER_UNAVAILABLE"),
        (FaultKind.UNAVAILABLE, SalesforceGeneralError, "SERVER_UNAVAILABLE"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_an_answered_fault_has_the_vendors_body(
    crm: SalesforceSandbox,
    write: Write,
    deal: str,
    kind: FaultKind,
    error: type[SalesforceError],
    code: str,
    *,
    after: bool,
) -> None:
    crm.faults.set([Fault(kind, UPDATE, after=after)])
    with pytest.raises(error) as refused:
        write("PATCH", "Opportunity", [{"id": deal, "NextStep": "x"}])
    assert refused.value.content[0]["errorCode"] == code
    assert ("NextStep" in crm.deal(deal)) is after
    assert crm.counters.by_route()[UPDATE].errors == 1


def test_a_session_that_ends_under_way_is_renewed_by_the_client(
    crm: SalesforceSandbox, write: Write, deal: str
) -> None:
    crm.faults.set([Fault(FaultKind.EXPIRED_TOKEN, UPDATE, times=1)])
    assert write("PATCH", "Opportunity", [{"id": deal, "NextStep": "x"}])[0]["success"]
    assert crm.calls["POST services/oauth2/token"] == 2


def test_an_html_page_comes_instead_of_json(crm: SalesforceSandbox, sf: Salesforce) -> None:
    crm.faults.set([Fault(FaultKind.HTML, "GET limits")])
    with pytest.raises(SalesforceGeneralError) as refused:
        sf.limits()
    assert refused.value.status == 503
    assert refused.value.content.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("kind", "error"),
    [(FaultKind.TIMEOUT, requests.ReadTimeout), (FaultKind.RESET, requests.ConnectionError)],
)
def test_silence_before_the_commit_writes_nothing_and_after_it_everything(
    crm: SalesforceSandbox, deal: str, kind: FaultKind, error: type[Exception], *, after: bool
) -> None:
    sf = connect(crm, session=Loopback(crm.url, timeout=1))
    crm.faults.set([Fault(kind, UPDATE, after=after, times=1)])
    body = {"records": [{"attributes": {"type": "Opportunity"}, "id": deal, "NextStep": "x"}]}
    with pytest.raises(error):
        sf.restful("composite/sobjects", method="PATCH", json=body)
    assert ("NextStep" in crm.deal(deal)) is after
    assert sf.restful("composite/sobjects", method="PATCH", json=body)[0]["success"]


def test_a_part_of_the_records_fails_with_a_lock(crm: SalesforceSandbox, write: Write) -> None:
    ids = crm.import_deals({"Name": f"D{n}", "StageName": "discovery"} for n in range(100))
    crm.faults.set([Fault(FaultKind.PARTIAL, UPDATE)])
    results = write("PATCH", "Opportunity", [{"id": one, "NextStep": "x"} for one in ids])
    refused = [one for one, result in zip(ids, results, strict=True) if not result["success"]]
    assert {code_of(one) for one in results if not one["success"]} == {"UNABLE_TO_LOCK_ROW"}
    assert 10 < len(refused) < 60
    assert [one for one in ids if "NextStep" not in crm.deal(one)] == refused


def test_a_field_that_vanished_is_missed_by_query_and_write(
    crm: SalesforceSandbox, sf: Salesforce, write: Write, deal: str
) -> None:
    crm.drop_field("Opportunity", "region__c")
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        sf.query("SELECT region__c FROM Opportunity")
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        write("PATCH", "Opportunity", [{"id": deal, "region__c": "EMEA"}])
    names = {one["name"] for one in sf.restful("sobjects/Opportunity/describe")["fields"]}
    assert "region__c" not in names


def test_routes_are_counted_without_ids_by_what_they_touch(
    crm: SalesforceSandbox, sf: Salesforce, write: Write, deal: str
) -> None:
    crm.counters.reset()
    sf.query("SELECT Id, (SELECT Id FROM Tasks) FROM Opportunity WHERE Id IN (SELECT WhatId FROM Task)")
    sf.restful(f"sobjects/Opportunity/{deal}")
    sf.restful("sobjects/Task/describe")
    write("POST", "Task", [{"Subject": "x"}])
    assert dict(crm.calls) == {
        "GET query Opportunity": 1,
        "GET sobjects/Opportunity/{id}": 1,
        "GET sobjects/Task/describe": 1,
        "POST composite/sobjects Task": 1,
    }


def test_every_answer_tells_the_sandboxs_own_time(crm: SalesforceSandbox) -> None:
    answer = requests.get(f"{crm.url}/services/data", timeout=5)
    assert 0 < float(answer.headers["X-Sandbox-Time-Ms"]) < 1000


def test_a_held_connection_is_let_go_when_the_sandbox_ends() -> None:
    with SalesforceSandbox() as crm:
        sf = connect(crm, session=Loopback(crm.url, timeout=1))
        crm.faults.set([Fault(FaultKind.TIMEOUT)])
        with pytest.raises(requests.ReadTimeout):
            sf.limits()
        crm.act_as(MIA).create_opportunity({"Name": "A", "StageName": "discovery"})
        began = time.perf_counter()
    assert time.perf_counter() - began < 30  # it would be held for a minute
