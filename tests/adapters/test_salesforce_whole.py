"""The whole product on a Salesforce in small: messages in, verdicts out, and the rule that holds each save."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connector.app import utc_now
from connector.commands.demo import policy
from connector.demo.sides import SalesforceSide
from connector.demo.stage import Silent, Stage, on_stage
from connector.desk import Desk
from connector.worker.clock import SWEEP
from connector.worker.sweep import sweep
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.limits import Limits
from sandbox.salesforce.sandbox import SalesforceSandbox

MIA, ANNA = "9101", "9120"


@dataclass
class Whole:
    """Both sides."""

    crm: SalesforceSandbox
    stage: Stage

    @property
    def desk(self) -> Desk:
        return self.stage.desk()

    def settle(self) -> None:
        assert self.stage.settle()

    def deal(self, discount: int, stage: str = "proposal", **values: str) -> str:
        given = {"Name": "Acme", "StageName": stage, "OwnerId": self.crm.user(MIA), **values}
        line = {"sku": "DP-CORE", "Quantity": 2, "UnitPrice": 24_000, "Discount": discount}
        filled = {"delivery_address__c": "Kade 1", "number_of_users__c": "12", "start_date__c": "2027-03-02"}
        deal = self.crm.act_as(MIA).create_opportunity({**filled, **given}, [line])
        self.settle()
        return deal

    def shown(self, deal: str, name: str) -> object:
        return self.crm.deal(deal).get(name)


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    poll = {"DEALGATE_POLL_SECONDS": "0.05"}
    with (
        SalesforceSandbox(limits=Limits(on=False)) as crm,
        on_stage([SalesforceSide(crm)], policy("company"), tmp_path, mailer=Silent(), extra=poll) as stage,
    ):
        yield Whole(crm, stage)


def test_a_discount_waits_for_operations_and_her_yes_opens_the_stage(whole: Whole) -> None:
    deal = whole.deal(18)
    assert whole.shown(deal, "Ops_Readiness__c") == "needs-sign-off"
    assert whole.shown(deal, "Ops_Blocked_Stages__c") == ";contract;closedwon;"
    assert not whole.shown(deal, "Ops_Clear__c")
    with pytest.raises(SalesforceError, match="FIELD_CUSTOM_VALIDATION_EXCEPTION"):
        whole.crm.act_as(MIA).move(deal, "contract")
    (task,) = whole.crm.tasks_of(deal)
    whole.crm.act_as(ANNA).decide(task, "yes", None, "fine")
    whole.settle()
    assert whole.shown(deal, "Ops_Readiness__c") == "ready"
    assert whole.shown(deal, "Ops_Clear__c") is True
    assert whole.crm.record(task)["IsClosed"] is True
    whole.crm.act_as(MIA).move(deal, "contract")
    whole.settle()
    assert whole.shown(deal, "StageName") == "contract"
    assert "Anna Bos" in str(whole.shown(deal, "Ops_Detail__c"))


def test_a_decision_of_somebody_who_may_not_sign_counts_for_nothing(whole: Whole) -> None:
    deal = whole.deal(18)
    (task,) = whole.crm.tasks_of(deal)
    whole.crm.act_as("9110").decide(task, "yes", None, "")
    whole.settle()
    assert whole.shown(deal, "Ops_Readiness__c") == "needs-sign-off"
    assert "Dealgate_Decision__c" not in whole.crm.record(task)
    whole.crm.clock.advance(2)  # stamps know whole seconds
    whole.crm.act_as(ANNA).decide(task, "yes", None, "")
    whole.settle()
    assert whole.shown(deal, "Ops_Readiness__c") == "ready"


def test_a_deal_in_a_stage_that_is_new_is_assessed_at_once(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was left alone until its next change or the next sweep, though the stage had been read by then."""
    deal = whole.deal(18)
    monkeypatch.setattr(
        "connector.adapters.kept._NO_SOONER", timedelta()
    )  # a minute, and no test waits for it
    with whole.crm.org.lock:
        stages = {one.text("ApiName"): one for one in whole.crm.org.records.all("OpportunityStage")}
        before = stages["proposal"].values
        whole.crm.org.add(
            "OpportunityStage",
            {
                **before,
                "ApiName": "review",
                "MasterLabel": "Review",
                "SortOrder": before["SortOrder"] + Decimal("0.5"),
            },
        )
        for name, offered in whole.crm.org.processes.items():
            if "proposal" in offered:
                whole.crm.org.processes[name] = (*offered, "review")
    whole.crm.act_as(MIA).update(deal, {"StageName": "review", "number_of_users__c": ""})
    whole.settle()
    assert whole.shown(deal, "Ops_Readiness__c") == "needs-info"


def test_an_early_gate_that_is_fine_lets_in_while_a_later_one_holds(whole: Whole) -> None:
    deal = whole.deal(5, start_date__c="")
    assert whole.shown(deal, "Ops_Readiness__c") == "ready"
    assert whole.shown(deal, "Ops_Blocked_Stages__c") == ";closedwon;"
    with pytest.raises(SalesforceError, match="FIELD_CUSTOM_VALIDATION_EXCEPTION"):
        whole.crm.act_as(MIA).move(deal, "closedwon")
    whole.crm.act_as(MIA).move(deal, "contract")


def test_a_swept_org_hears_nothing_new_and_is_alive(whole: Whole) -> None:
    deal = whole.deal(5)
    whole.crm.counters.reset()
    lease = whole.desk.store.jobs.due(whole.desk.account, SWEEP, 60, utc_now())
    if lease is not None:
        sweep(whole.desk, lease)
    whole.settle()
    writes = [route for route in whole.crm.calls if route.startswith("PATCH") and "Opportunity" in route]
    assert writes == []
    whole.desk.crm.heartbeat(utc_now())
    rows = whole.desk.crm._client.rows("SELECT Heartbeat__c FROM Dealgate__c", "Dealgate__c")  # type: ignore[attr-defined]
    assert len(rows) == 1
    assert whole.shown(deal, "Ops_Readiness__c") == "ready"


def test_a_deal_that_was_sent_back_finds_the_stage_shut(whole: Whole) -> None:
    """Its list of closed stages spoke of the stage it had stood in, until the next sweep."""
    deal = whole.deal(5)
    whole.crm.act_as(MIA).move(deal, "contract")
    whole.settle()
    (line,) = whole.crm.lines_of(deal)
    whole.crm.act_as(MIA).update_line(line, {"Discount": 18})
    whole.settle()
    assert whole.shown(deal, "StageName") == "proposal"
    assert whole.shown(deal, "Ops_Blocked_Stages__c") == ";contract;closedwon;"
    with pytest.raises(SalesforceError, match="FIELD_CUSTOM_VALIDATION_EXCEPTION"):
        whole.crm.act_as(MIA).move(deal, "contract")
