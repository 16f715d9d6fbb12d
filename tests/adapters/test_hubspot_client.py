"""The one way to HubSpot: budget, retries, time-outs, refusals, and nothing in the logs."""

import logging
import socket
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from connector.adapters.base import Fate, Rung
from connector.adapters.budget import Limit, LocalBudget
from connector.adapters.hubspot.budget import Limits
from connector.deals import ObjectType, OurField
from connector.effects import WriteFields
from connector.errors import CrmRefused, CrmUnavailable
from sandbox.hubspot.account import ALL_SCOPES
from sandbox.hubspot.ratelimit import Limits as SandboxLimits
from tests.adapters.hubspot_driver import HubSpotDriver, new_sandbox
from tests.adapters.suite import fates, task_for


def reason(error: pytest.ExceptionInfo[CrmUnavailable] | pytest.ExceptionInfo[CrmRefused]) -> str:
    return error.value.reason


@pytest.mark.parametrize("kind", ["500", "502", "503", "reset", "html", "423"])
def test_a_read_outlives_failures(hubspot: HubSpotDriver, kind: str) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.fail(kind, writes="reads", times=3)
    assert [one.id for one in hubspot.crm.read_deals([deal], hubspot.wanted).deals] == [deal]
    assert len(hubspot.slept) == 3


def test_reads_of_dated_paths_outlive_failures_too(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    for kind in ("500", "reset", "timeout", "html", "429"):
        hubspot.fail(kind, writes="POST associations/*", times=1)
        assert len(hubspot.crm.read_deals([deal], hubspot.wanted).deals) == 1


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("500", "hubspot-down"),
        ("html", "hubspot-not-json"),
        ("reset", "hubspot-no-answer"),
        ("423", "hubspot-locked"),
        ("429", "hubspot-rate-limit"),
    ],
)
def test_a_read_that_keeps_failing_says_why(hubspot: HubSpotDriver, kind: str, told: str) -> None:
    hubspot.fail(kind, writes="reads")
    hubspot.sandbox.counters.reset()
    with pytest.raises(CrmUnavailable) as error:
        hubspot.crm.read_history(["1"], hubspot.wanted)
    assert reason(error) == told
    assert hubspot.calls() == 5


def test_a_call_without_answer_ends_at_its_time_limit(hubspot: HubSpotDriver) -> None:
    crm = hubspot.connect(timeout=(1.0, 0.2))
    hubspot.fail("timeout", writes="*")
    for read in (crm.pipelines, lambda: crm.deals_behind([Rung(ObjectType.LINE_ITEM, "1")])):
        with pytest.raises(CrmUnavailable) as error:
            read()
        assert reason(error) == "hubspot-no-answer"


def test_a_host_that_is_not_there_cannot_be_reached(hubspot: HubSpotDriver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        crm = hubspot.connect(api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(CrmUnavailable) as error:
            crm.pipelines()
        assert reason(error) == "hubspot-unreachable"
        with pytest.raises(CrmUnavailable) as error:
            crm.create_tasks([task_for(hubspot, "1")])
        assert reason(error) == "hubspot-unreachable"


def test_the_burst_limit_is_waited_for_as_long_as_hubspot_counts(hubspot: HubSpotDriver) -> None:
    hubspot.sandbox.set_limits(SandboxLimits(burst=1, interval_s=2.0))
    hubspot.crm.deals_behind([Rung(ObjectType.LINE_ITEM, "1")])
    with pytest.raises(CrmUnavailable) as error:
        hubspot.crm.deals_behind([Rung(ObjectType.LINE_ITEM, "1")])
    assert reason(error) == "hubspot-rate-limit"
    assert error.value.retry_after == 2.0
    assert all(2.0 <= pause < 8.0 for pause in hubspot.slept)


def test_pauses_differ_from_each_other(hubspot: HubSpotDriver) -> None:
    hubspot.fail("429", writes="*", times=4)
    hubspot.crm.pipelines()
    assert len(set(hubspot.slept)) == 4


def test_a_used_up_day_is_not_tried_again(hubspot: HubSpotDriver) -> None:
    hubspot.fail("429-daily", writes="*")
    hubspot.sandbox.counters.reset()
    with pytest.raises(CrmUnavailable) as error:
        hubspot.crm.read_history(["1"], hubspot.wanted)
    assert reason(error) == "hubspot-daily-limit"
    assert 0 < error.value.retry_after <= 3600
    assert hubspot.calls() == 1
    assert hubspot.slept == []


def test_an_expired_token_is_refused_for_good(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.fail("expired-token", writes="*")
    for call in (
        lambda: hubspot.crm.read_deals([deal], hubspot.wanted),
        lambda: hubspot.crm.write_fields([WriteFields(deal, {OurField.REASON: "x"})]),
        lambda: hubspot.crm.create_tasks([task_for(hubspot, deal)]),
        lambda: hubspot.crm.deals_behind([Rung(ObjectType.LINE_ITEM, "1")]),
    ):
        hubspot.sandbox.counters.reset()
        with pytest.raises(CrmRefused) as error:
            call()
        assert reason(error) == "hubspot-token-refused"
        assert "HUBSPOT_ACCESS_TOKEN" in error.value.hint
        assert hubspot.calls() == 1


def test_what_was_delivered_before_the_token_went_is_not_lost(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(150)]
    calls: list[str] = []

    def spend(bucket: str) -> float:
        calls.append(bucket)
        if len(calls) == 2:
            hubspot.fail("expired-token", writes="*")
        return 0.0

    crm = hubspot.connect(budget=spend)
    told = crm.create_tasks([task_for(hubspot, deal) for deal in deals])
    assert fates(told) == [Fate.DONE] * 100 + [Fate.LATER] * 50
    assert told[-1].reason == "hubspot-token-refused"


def test_what_was_delivered_before_hubspot_went_away_is_not_lost(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(150)]
    calls: list[str] = []

    def spend(bucket: str) -> float:
        calls.append(bucket)
        if len(calls) == 2:
            hubspot.fail("429", writes="*")
        return 0.0

    told = hubspot.connect(budget=spend).create_tasks([task_for(hubspot, deal) for deal in deals])
    assert fates(told) == [Fate.DONE] * 100 + [Fate.LATER] * 50
    assert told[-1].retry_after > 0


def test_after_an_unknown_outcome_the_rest_waits(hubspot: HubSpotDriver) -> None:
    deals = [hubspot.new_deal(f"Deal {place}", "discovery") for place in range(150)]
    hubspot.fail("reset", writes="tasks", after=True, times=1)
    told = hubspot.crm.create_tasks([task_for(hubspot, deal) for deal in deals])
    assert fates(told) == [Fate.UNSURE] * 100 + [Fate.LATER] * 50
    assert sum(len(hubspot.tasks(deal)) for deal in deals) == 100


def test_a_missing_scope_is_named() -> None:
    with new_sandbox(scopes=ALL_SCOPES - {"crm.objects.line_items.read"}) as sandbox:
        driver = HubSpotDriver(sandbox)
        driver.crm.install(driver.wanted)
        bad = [symptom for symptom in driver.crm.examine(driver.wanted) if not symptom.well]
        assert bad
        assert all("line_items" in symptom.message for symptom in bad)


def test_the_doctor_tells_of_clock_and_usage(hubspot: HubSpotDriver) -> None:
    hubspot.sandbox.set_limits(SandboxLimits(daily=1_000))
    told = {symptom.name: symptom for symptom in hubspot.crm.examine(hubspot.wanted)}
    assert told["clock"].well
    assert told["calls today"].well
    assert "of 1,000" in told["calls today"].message
    late = hubspot.connect(now=lambda: hubspot.now() + timedelta(minutes=10))
    clock = next(symptom for symptom in late.examine(hubspot.wanted) if symptom.name == "clock")
    assert not clock.well
    assert clock.hint


def test_a_bad_token_is_the_one_symptom(hubspot: HubSpotDriver) -> None:
    (symptom,) = hubspot.connect(access_token="wrong").examine(hubspot.wanted)
    assert (symptom.name, symptom.well) == ("token", False)
    assert symptom.hint


def test_every_call_takes_from_its_bucket_and_waits_its_turn(hubspot: HubSpotDriver) -> None:
    asked: list[str] = []

    def stingy(bucket: str) -> float:
        asked.append(bucket)
        return 0.3 if len(asked) % 2 else 0.0

    crm = hubspot.connect(budget=stingy)
    crm.pipelines()
    assert asked == ["burst", "burst"]
    assert hubspot.slept == [0.3]
    list(crm.open_deals())
    assert set(asked[2:]) == {"search"}


def test_calls_are_observed_by_route_without_ids(hubspot: HubSpotDriver) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.fail("500", writes="reads", times=1)
    hubspot.crm.read_deals([deal], hubspot.wanted)
    seen = [(call.method, call.route, call.status) for call in hubspot.seen]
    assert seen[:3] == [
        ("GET", "/crm/v3/properties/{type}", 200),
        ("POST", "/crm/v3/objects/{type}/batch/read", 500),
        ("POST", "/crm/v3/objects/{type}/batch/read", 200),
    ]
    assert seen[3] == ("POST", "/crm/associations/2026-09/{from}/{to}/batch/read", 207)
    assert all(call.seconds > 0 for call in hubspot.seen)


def test_a_call_without_answer_is_observed_as_such(hubspot: HubSpotDriver) -> None:
    hubspot.fail("reset", writes="*", times=1)
    hubspot.crm.pipelines()
    assert [call.status for call in hubspot.seen] == [0, 200]


def test_the_limit_is_learned_from_the_headers(hubspot: HubSpotDriver) -> None:
    crm = hubspot.connect()
    assert crm.limits["burst"] == Limit(88, 10.0)
    hubspot.sandbox.set_limits(SandboxLimits(burst=250))
    crm.pipelines()
    assert crm.limits["burst"] == Limit(200, 10.0)
    assert crm.limits["search"] == Limit(4, 1.0)
    assert crm.calls_a_minute == 1_200


def test_the_local_budget_grants_no_more_than_the_limit() -> None:
    limits = Limits(burst=10, share=0.5)
    budget = LocalBudget(limits)
    assert [budget("burst") for _ in range(5)] == [0.0] * 5
    assert 9.0 < budget("burst") <= 10.0
    assert budget("search") == 0.0


def test_connections_are_kept(hubspot: HubSpotDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    connect = urllib3.connection.HTTPConnection.connect

    def counted(self: Any) -> None:
        opened.append(self)
        connect(self)

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "connect", counted)
    crm = hubspot.connect(kept_for=timedelta(0))
    for _ in range(5):
        crm.read_history(["1"], hubspot.wanted)
        crm.deals_behind([Rung(ObjectType.LINE_ITEM, "1")])
    assert len(opened) == 2  # one of the vendor's client, one of ours


def test_no_body_and_no_token_reaches_a_log(hubspot: HubSpotDriver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    deal = hubspot.new_deal("Verysecret Ltd", "discovery")
    hubspot.crm.read_deals([deal], hubspot.wanted)
    hubspot.crm.write_fields([WriteFields(deal, {OurField.READINESS: "Verysecret"})])
    hubspot.fail("expired-token", writes="*")
    with pytest.raises(CrmRefused):
        hubspot.crm.read_deals([deal], hubspot.wanted)
    assert hubspot.sandbox.token not in caplog.text
    assert "Verysecret" not in caplog.text
