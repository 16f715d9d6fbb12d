"""The whole product on a Salesforce in small: messages in, verdicts out, and the rule that holds each save."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connector.adapters.salesforce.package import Org, render
from connector.app import App, utc_now
from connector.commands.demo import policy
from connector.demo.stage import Silent, free_port
from connector.desk import Desk
from connector.picture import read_draft, wanted
from connector.settings import read_settings
from connector.worker.clock import SWEEP
from connector.worker.run import Worker
from connector.worker.sweep import sweep
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.limits import Limits
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.adapters.salesforce_driver import source
from webhooks import create_app
from webhooks.serve import embedded_server

TOKEN = "t" * 43
MIA, ANNA = "9101", "9120"


@dataclass
class Whole:
    """Both sides. `settle` returns when every message is delivered and every bell answered."""

    crm: SalesforceSandbox
    app: App
    desk: Desk

    def settle(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            self.crm.wait_webhooks_idle(5)
            waiting = self.desk.store.bells.backlog(self.desk.account, utc_now())
            if not waiting.due and not waiting.leased and self.crm.wait_webhooks_idle(0.01):
                return
            time.sleep(0.02)
        raise TimeoutError

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
    with SalesforceSandbox(limits=Limits(on=False)) as crm:
        port = free_port()
        settings = read_settings(
            {
                "DATABASE_URL": f"sqlite:///{tmp_path / 'dealgate.db'}",
                "DEALGATE_POLICY": str(policy("company")),
                "DEALGATE_BIND": f"127.0.0.1:{port}",
                "DEALGATE_LOG_LEVEL": "error",
                "DEALGATE_POLL_SECONDS": "0.05",
                "SALESFORCE_INSTANCE_URL": crm.url,
                "SALESFORCE_ORG_ID": crm.organization[:15],
                "SALESFORCE_CLIENT_ID": crm.connected_app.client_id,
                "SALESFORCE_CLIENT_SECRET": crm.connected_app.client_secret,
                "SALESFORCE_WEBHOOK_TOKEN": TOKEN,
            },
            tmp_path,
        )
        with App.build(settings) as app:
            app.mailer = Silent()  # type: ignore[assignment]
            app.start()
            desk = app.desk("salesforce")
            with TemporaryDirectory() as folder:
                fields = wanted(read_draft(settings.policy).policy).fields
                crm.deploy(
                    source(render(fields, org=Org(multi_currency=True, record_types=True)), Path(folder))
                )
            server = embedded_server(create_app(settings, app.store, app.metrics, app.clock), settings)
            web = threading.Thread(target=server.run, daemon=True)
            web.start()
            crm.subscribe(MessageTarget(f"http://127.0.0.1:{port}/webhooks/salesforce/{TOKEN}"))
            worker = Worker(app)
            worker.start()
            try:
                yield Whole(crm, app, desk)
            finally:
                worker.stop()
                assert crm.webhooks is not None
                crm.webhooks.close()
                server.close()
                web.join(5)


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
