"""Outbound messages: SOAP with the latest values, batched, late, twice, lost, and retried until acknowledged."""

import time
from collections.abc import Callable

import pytest

from sandbox.clock import Clock
from sandbox.salesforce.ids import whole
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import INTEGRATION

from .conftest import ANNA, MIA, Receiver, ack


@pytest.fixture
def heard(crm: SalesforceSandbox, receiver: Receiver) -> Receiver:
    crm.subscribe(MessageTarget(receiver.url, in_flight=1))
    return receiver


def quiet(crm: SalesforceSandbox) -> None:
    assert crm.wait_webhooks_idle(5)


def test_a_new_deal_is_told_in_the_vendors_form(crm: SalesforceSandbox, heard: Receiver) -> None:
    deal = crm.act_as(MIA).create_opportunity({"Name": "A & <B>", "StageName": "discovery", "Amount": 5})
    quiet(crm)
    (request,) = heard.requests
    assert request.headers["content-type"] == "text/xml; charset=utf-8"
    assert request.headers["soapaction"] == '""'
    assert [child.tag.partition("}")[2] for child in request.message] == [
        "OrganizationId",
        "ActionId",
        "SessionId",
        "EnterpriseUrl",
        "PartnerUrl",
        "Notification",
    ]
    said = {child.tag.partition("}")[2]: child.text for child in request.message}
    assert said["OrganizationId"] == crm.organization
    assert said["ActionId"].startswith("04k")
    assert said["SessionId"] is None
    (told,) = request.notifications
    assert told.id.startswith("04l")
    assert told.type == "sf:Opportunity"
    assert whole(told.id) == told.id
    assert (
        told.fields.items()
        >= {"Id": deal, "StageName": "discovery", "Amount": "5.0", "IsWon": "false"}.items()
    )
    assert told.fields["LastModifiedDate"].endswith(".000Z")
    assert told.nil == {"NextStep"}


@pytest.mark.parametrize(
    ("who", "values", "rings"),
    [
        (MIA, {"StageName": "proposal"}, True),
        (MIA, {"CloseDate": "2027-04-01"}, True),
        (MIA, {"NextStep": "call"}, False),
        (MIA, {"StageName": "discovery"}, False),
        (INTEGRATION, {"StageName": "proposal"}, False),
        (INTEGRATION, {"Blocked__c": ";contract;"}, False),
    ],
)
def test_only_what_the_flow_names_rings(
    crm: SalesforceSandbox, deal: str, receiver: Receiver, who: str, values: dict, *, rings: bool
) -> None:
    crm.subscribe(MessageTarget(receiver.url))
    crm.act_as(who).update(deal, values)
    quiet(crm)
    assert [told.fields["Id"] for told in receiver.told] == ([deal] if rings else [])


def test_a_decision_on_a_task_rings_and_a_deletion_never(
    crm: SalesforceSandbox, deal: str, heard: Receiver
) -> None:
    task = crm.act_as(INTEGRATION).create("Task", {"Subject": "x", "WhatId": deal, "Key__c": "k"})
    crm.act_as(ANNA).update(task, {"Decision__c": "yes"})
    quiet(crm)
    crm.act_as(MIA).delete(deal)
    quiet(crm)
    (told,) = heard.told
    assert (told.type, told.fields) == ("sf:Task", {"Id": task, "WhatId": deal})


def test_a_line_rings_through_the_amount(crm: SalesforceSandbox, deal: str, heard: Receiver) -> None:
    crm.act_as(MIA).add_line(deal, {"sku": "IM-DAY"})
    quiet(crm)
    assert [told.fields["Amount"] for told in heard.told] == ["49200.0"]


def test_nothing_rings_without_a_package(receiver: Receiver) -> None:
    with SalesforceSandbox(webhooks=MessageTarget(receiver.url)) as crm:
        crm.act_as(MIA).create_opportunity({"Name": "A", "StageName": "discovery"})
        quiet(crm)
    assert receiver.requests == []


def test_what_waits_is_sent_together_and_says_the_latest(
    crm: SalesforceSandbox, deal: str, heard: Receiver
) -> None:
    heard.gate.clear()
    mia = crm.act_as(MIA)
    mia.move(deal, "proposal")
    while not heard.requests:
        time.sleep(0.005)
    mia.update(deal, {"CloseDate": "2027-04-01"})
    mia.move(deal, "contract")
    crm.import_deals({"Name": f"D{n}", "StageName": "discovery"} for n in range(120))
    heard.gate.set()
    quiet(crm)
    first, *rest = [request.notifications for request in heard.requests]
    assert len(first) == 1
    assert [len(one) for one in rest] == [100, 22]
    later = [told.fields["StageName"] for one in rest for told in one if told.fields["Id"] == deal]
    assert later == ["contract", "contract"]
    assert len({told.id for told in heard.told}) == 123


@pytest.mark.parametrize(
    "answer",
    [(200, ack("false")), (500, ack()), (503, ""), (200, "OK"), (200, "<html/>"), (302, ack()), (200, "")],
)
def test_without_an_ack_that_says_true_it_comes_again(
    crm: SalesforceSandbox, deal: str, heard: Receiver, answer: tuple[int, str]
) -> None:
    heard.answers = [answer, answer]
    crm.act_as(MIA).move(deal, "proposal")
    quiet(crm)
    assert len(heard.requests) == 3
    assert len({told.id for told in heard.told}) == 1
    assert (crm.webhooks.delivered.events, crm.webhooks.delivered.failures) == (1, 2)


def test_the_gaps_grow(deal_making: Callable[[float], SalesforceSandbox], receiver: Receiver) -> None:
    crm = deal_making(150)
    receiver.answers = [(503, "")] * 3
    began = time.perf_counter()
    crm.act_as(MIA).create_opportunity({"Name": "A", "StageName": "discovery"})
    quiet(crm)
    assert 0.65 < time.perf_counter() - began < 30  # 15, 30 and 60 seconds, 150 times as fast


def test_after_a_day_it_is_given_up(
    deal_making: Callable[[float], SalesforceSandbox], receiver: Receiver
) -> None:
    crm = deal_making(1e6)
    receiver.answers = [(503, "")] * 100
    crm.act_as(MIA).create_opportunity({"Name": "A", "StageName": "discovery"})
    quiet(crm)
    assert crm.webhooks.delivered.given_up == 1
    assert 12 < len(receiver.requests) < 25


@pytest.fixture
def deal_making(receiver: Receiver, request: pytest.FixtureRequest) -> Callable[[float], SalesforceSandbox]:
    def start(speed: float) -> SalesforceSandbox:
        crm = SalesforceSandbox(clock=Clock(speed))
        request.addfinalizer(crm.close)
        crm.deploy(request.path.parent / "package")
        crm.subscribe(MessageTarget(receiver.url))
        return crm

    return start


def test_some_come_twice_some_late_some_never(crm: SalesforceSandbox, receiver: Receiver) -> None:
    crm.subscribe(MessageTarget(receiver.url, duplicates=0.2, disorder=0.3, loss=0.1, seed=7))
    made = crm.import_deals({"Name": f"D{n}", "StageName": "discovery"} for n in range(200))
    quiet(crm)
    sent, told = crm.webhooks.delivered, receiver.told
    assert 0 < sent.lost < 60
    assert len({one.fields["Id"] for one in told}) == 200 - sent.lost
    assert len(told) == 200 - sent.lost + sent.duplicated
    assert [one.fields["Id"] for one in told] != [
        one for one in made if one in {t.fields["Id"] for t in told}
    ]
    assert len({one.id for one in told}) == 200 - sent.lost  # a copy has the id of its original


def test_a_message_can_be_delayed(crm: SalesforceSandbox, deal: str, receiver: Receiver) -> None:
    crm.subscribe(MessageTarget(receiver.url, delay_s=200))
    began = time.perf_counter()
    crm.act_as(MIA).move(deal, "proposal")
    crm.act_as(MIA).move(deal, "contract")
    quiet(crm)
    assert time.perf_counter() - began > 0.19
    assert [told.fields["StageName"] for told in receiver.told] == ["contract", "contract"]


def test_a_receiver_that_is_not_there_is_tried_again(
    crm: SalesforceSandbox, deal: str, receiver: Receiver
) -> None:
    crm.subscribe(MessageTarget("http://127.0.0.1:9/nobody"))
    crm.act_as(MIA).move(deal, "proposal")
    assert not crm.wait_webhooks_idle(0.1)
    crm.subscribe(MessageTarget(receiver.url))
    crm.act_as(MIA).move(deal, "contract")
    quiet(crm)
    assert len(receiver.told) == 1
