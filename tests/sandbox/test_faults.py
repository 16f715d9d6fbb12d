"""Faults hit the route they are switched on for, at the rate that was asked, before or after the write."""

import time

import pytest
import urllib3

from sandbox.faults import Fault, FaultKind, FaultPlan
from sandbox.hubspot.sandbox import HubSpotSandbox

from .conftest import MIA, Raw

DEALS = "/crm/v3/objects/deals"
UPDATE = "POST objects/deals/batch/update"


def region(deal: str, value: str = "EMEA") -> dict:
    return {"inputs": [{"id": deal, "properties": {"region": value}}]}


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        (FaultKind.RATE_LIMIT, 429, {"policyName": "TEN_SECONDLY_ROLLING"}),
        (FaultKind.DAILY_LIMIT, 429, {"policyName": "DAILY"}),
        (FaultKind.LOCKED, 423, {"status": "error"}),
        (FaultKind.ERROR, 500, {"status": "error"}),
        (FaultKind.BAD_GATEWAY, 502, {"status": "error"}),
        (FaultKind.UNAVAILABLE, 503, {"status": "error"}),
        (FaultKind.EXPIRED_TOKEN, 401, {"category": "EXPIRED_AUTHENTICATION"}),
    ],
)
def test_an_answered_fault_has_the_vendors_body_and_writes_nothing(
    crm: HubSpotSandbox, raw: Raw, deal: str, kind: FaultKind, status: int, body: dict
) -> None:
    crm.faults.set([Fault(kind, UPDATE)])
    answer = raw("POST", f"{DEALS}/batch/update", region(deal))
    assert answer.status == status
    assert answer.body.items() >= body.items()
    assert "region" not in crm.deal(deal)


def test_an_html_page_comes_instead_of_json(crm: HubSpotSandbox, raw: Raw) -> None:
    crm.faults.set([Fault(FaultKind.HTML)])
    sent = {"Authorization": f"Bearer {crm.token}"}
    answer = raw.pool.request("GET", crm.url + DEALS, headers=sent, timeout=5)
    assert answer.status == 502
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.data.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT, FaultKind.RESET])
def test_silence_before_the_commit_writes_nothing_and_after_it_everything(
    crm: HubSpotSandbox, raw: Raw, deal: str, kind: FaultKind, *, after: bool
) -> None:
    crm.faults.set([Fault(kind, UPDATE, after=after, times=1)])
    sent = {"Authorization": f"Bearer {crm.token}", "Content-Type": "application/json"}
    body = f'{{"inputs":[{{"id":"{deal}","properties":{{"region":"EMEA"}}}}]}}'
    expected = (
        urllib3.exceptions.ReadTimeoutError if kind is FaultKind.TIMEOUT else urllib3.exceptions.ProtocolError
    )
    with pytest.raises(expected):
        raw.pool.request("POST", f"{crm.url}{DEALS}/batch/update", body=body, headers=sent, timeout=1)
    assert ("region" in crm.deal(deal)) is after
    assert raw("POST", f"{DEALS}/batch/update", region(deal)).status == 200


def test_a_held_connection_is_let_go_when_the_sandbox_ends() -> None:
    with HubSpotSandbox(faults=FaultPlan([Fault(FaultKind.TIMEOUT)])) as crm:
        raw = Raw(crm)
        with pytest.raises(urllib3.exceptions.ReadTimeoutError):
            raw.pool.request("GET", crm.url + DEALS, timeout=1, headers={"Connection": "keep-alive"})
        raw.pool.clear()
        began = time.perf_counter()
    assert time.perf_counter() - began < 30  # it would be held for a minute


def test_an_error_after_the_commit_has_written(crm: HubSpotSandbox, raw: Raw, deal: str) -> None:
    crm.faults.set([Fault(FaultKind.UNAVAILABLE, UPDATE, after=True)])
    assert raw("POST", f"{DEALS}/batch/update", region(deal)).status == 503
    assert crm.deal(deal)["region"] == "EMEA"


def test_a_partial_failure_hits_some_rows_and_never_says_they_are_gone(crm: HubSpotSandbox, raw: Raw) -> None:
    ids = crm.import_deals([{"dealname": "D", "dealstage": "discovery"} for _ in range(100)])
    crm.faults.set([Fault(FaultKind.PARTIAL, "POST objects/deals/batch/*")])
    rows = [{"id": one, "properties": {"region": "EMEA"}} for one in ids]
    written = raw("POST", f"{DEALS}/batch/update", {"inputs": rows})
    assert written.status == 207
    failed = {error["context"]["ids"][0] for error in written.body["errors"]}
    assert 10 < len(failed) < 55
    assert {one for one in ids if "region" not in crm.deal(one)} == failed
    read = raw("POST", f"{DEALS}/batch/read", {"inputs": [{"id": one} for one in ids], "properties": []})
    assert {error["category"] for error in read.body["errors"]} == {"INTERNAL_ERROR"}


def test_the_rate_is_kept_and_the_seed_repeats_it() -> None:
    def drawn(seed: int) -> list[bool]:
        plan = FaultPlan([Fault(FaultKind.ERROR, "POST *", rate=0.3)], seed=seed)
        return [plan.draw("POST objects/deals") is not None for _ in range(1000)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 250 < sum(drawn(1)) < 350


def test_other_routes_and_the_control_paths_are_left_alone(crm: HubSpotSandbox, raw: Raw, deal: str) -> None:
    crm.faults.set([Fault(FaultKind.ERROR, "* objects/deals*")])
    assert raw("GET", DEALS).status == 500
    assert raw("GET", "/crm/v3/owners/").status == 200
    assert raw("GET", f"/_sandbox/deals/{deal}").status == 200


def test_a_fault_may_end_after_some_hits(crm: HubSpotSandbox, raw: Raw) -> None:
    crm.faults.set([Fault(FaultKind.ERROR, times=2)])
    assert [raw("GET", DEALS).status for _ in range(3)] == [500, 500, 200]


def test_calls_errors_and_own_time_are_counted_by_route_without_ids(
    crm: HubSpotSandbox, raw: Raw, deal: str
) -> None:
    raw("GET", f"{DEALS}/{deal}")
    raw("GET", f"/crm/objects/2026-09/0-3/{deal}")
    answer = raw("GET", f"{DEALS}/404")
    assert float(answer.headers["X-Sandbox-Time-Ms"]) > 0
    count = crm.counters.by_route()["GET objects/deals/{id}"]
    assert (count.calls, count.errors) == (3, 1)
    assert crm.counters.total().own_ms >= count.own_ms > 0
    assert crm.calls == {"GET objects/deals/{id}": 3}


def test_a_batch_of_a_hundred_takes_well_under_ten_milliseconds_of_the_sandbox(
    crm: HubSpotSandbox, raw: Raw
) -> None:
    ids = [crm.act_as(MIA).create_deal({"dealname": "D", "dealstage": "discovery"}) for _ in range(100)]
    best = {"read": 1e9, "update": 1e9}
    for number in range(10):
        rows = [{"id": one, "properties": {"number_of_users": str(number)}} for one in ids]
        update = raw("POST", f"{DEALS}/batch/update", {"inputs": rows})
        read = raw("POST", f"{DEALS}/batch/read", {"inputs": [{"id": one} for one in ids], "properties": []})
        for name, answer in (("update", update), ("read", read)):
            best[name] = min(best[name], float(answer.headers["X-Sandbox-Time-Ms"]))
    assert best["read"] < 5
    assert best["update"] < 10
