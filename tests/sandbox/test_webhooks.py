"""Webhooks arrive signed, batched and retried as HubSpot's do."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hubspot.utils.signature import Signature

from sandbox.clock import Clock
from sandbox.hubspot.account import Setup
from sandbox.hubspot.events import Action
from sandbox.hubspot.kinds import DEAL, LINE_ITEM, NOTE
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.subscriptions import Subscription
from sandbox.hubspot.webhooks import WebhookTarget

from .conftest import MIA, Raw, Receiver

SECRET = "client-secret"
PUBLIC = "https://dealgate.example.com/webhooks/hubspot"

Subscribe = Callable[..., HubSpotSandbox]


@pytest.fixture
def subscribe(crm: HubSpotSandbox, receiver: Receiver) -> Subscribe:
    def start(**switches: object) -> HubSpotSandbox:
        crm.subscribe(WebhookTarget(receiver.url, SECRET, **switches))  # type: ignore[arg-type]
        return crm

    return start


def test_the_vendors_own_check_accepts_every_request_and_no_other_url(
    subscribe: Subscribe, receiver: Receiver, deal: str
) -> None:
    crm = subscribe(public_url=PUBLIC)
    crm.act_as(MIA).move(deal, "proposal")
    assert crm.wait_webhooks_idle()
    assert receiver.requests
    for request in receiver.requests:
        stamp, signature = (request.headers[f"x-hubspot-{n}"] for n in ("request-timestamp", "signature-v3"))
        check = {"http_method": "POST", "signature_version": "v3", "timestamp": stamp}
        body = request.body.decode()
        assert Signature.is_valid(signature, SECRET, body, http_uri=PUBLIC, **check)
        assert not Signature.is_valid(signature, SECRET, body, http_uri=receiver.url, **check)
        v1 = request.headers["x-hubspot-signature"]
        assert Signature.is_valid(v1, SECRET, body, signature_version="v1")
        assert request.headers["x-hubspot-signature-version"] == "v1"


def test_a_move_by_a_person_names_them_and_the_new_value_only(
    subscribe: Subscribe, receiver: Receiver, deal: str
) -> None:
    crm = subscribe()
    crm.act_as(MIA).move(deal, "proposal")
    assert crm.wait_webhooks_idle()
    (event,) = receiver.events
    assert (
        event.items()
        >= {
            "portalId": crm.account.setup.portal_id,
            "appId": 77001,
            "subscriptionType": "deal.propertyChange",
            "attemptNumber": 0,
            "objectId": int(deal),
            "propertyName": "dealstage",
            "propertyValue": "proposal",
            "changeSource": "CRM_UI",
            "sourceId": "userId:9101",
        }.items()
    )
    assert isinstance(event["occurredAt"], int)


def test_closing_at_the_screen_sets_the_close_date_and_an_app_does_not(
    subscribe: Subscribe, receiver: Receiver, deal: str
) -> None:
    crm = subscribe()
    crm.other_app("88001").move(deal, "closedwon")
    assert "closedate" not in crm.deal(deal)
    crm.act_as(MIA).move(deal, "proposal")
    crm.act_as(MIA).move(deal, "closedwon")
    assert crm.wait_webhooks_idle()
    assert "closedate" in crm.deal(deal)
    assert [e["propertyName"] for e in receiver.events if e["propertyName"] == "closedate"] == ["closedate"]


@pytest.mark.parametrize(
    ("act", "source", "source_id"),
    [
        (lambda crm: crm.workflow(), "AUTOMATION_PLATFORM", "enrollmentId:"),
        (lambda crm: crm.imports(), "IMPORT", ""),
        (lambda crm: crm.other_app("88001"), "INTEGRATION", "88001"),
        (lambda crm: crm.act_as(MIA, mobile=True), "MOBILE_IOS", "userId:9101"),
    ],
)
def test_each_source_says_what_it_is(
    subscribe: Subscribe, receiver: Receiver, deal: str, act: Callable, source: str, source_id: str
) -> None:
    crm = subscribe()
    act(crm).update(deal, {"amount": "1"})
    assert crm.wait_webhooks_idle()
    (event,) = receiver.events
    assert event["changeSource"] == source
    assert event["sourceId"].startswith(source_id)


def test_what_the_app_itself_writes_is_marked_with_its_id(
    subscribe: Subscribe, receiver: Receiver, crm: HubSpotSandbox, raw: Raw, deal: str
) -> None:
    subscribe()
    raw("PATCH", f"/crm/v3/objects/deals/{deal}", {"properties": {"amount": "5", "description": "unheard"}})
    assert crm.wait_webhooks_idle()
    (event,) = receiver.events
    assert (event["changeSource"], event["sourceId"]) == ("INTEGRATION", str(event["appId"]))


def test_life_of_a_deal_and_its_lines_is_told(subscribe: Subscribe, receiver: Receiver, deal: str) -> None:
    crm = subscribe()
    mia = crm.act_as(MIA)
    other = mia.create_deal({"dealname": "B", "dealstage": "discovery"})
    line = mia.add_line(other, {"name": "Custom", "price": "10", "quantity": "1"})
    mia.update_line(line, {"price": "9"})
    mia.remove_line(line)
    survivor = mia.merge(deal, other)
    mia.delete(survivor)
    mia.restore(survivor)
    assert crm.wait_webhooks_idle()
    told = Counter(event["subscriptionType"] for event in receiver.events)
    assert told == {
        "deal.creation": 1,
        "line_item.creation": 1,
        "deal.associationChange": 2,
        "line_item.propertyChange": 1,
        "line_item.deletion": 1,
        "deal.merge": 1,
        "deal.deletion": 1,
        "deal.restore": 1,
    }
    by_type = {event["subscriptionType"]: event for event in receiver.events}
    assert by_type["deal.creation"]["changeFlag"] == "CREATED"
    assert (
        by_type["deal.merge"].items()
        >= {
            "primaryObjectId": int(deal),
            "mergedObjectIds": [int(other)],
            "newObjectId": int(survivor),
        }.items()
    )
    joined = [e for e in receiver.events if e["subscriptionType"] == "deal.associationChange"]
    assert {(e["associationType"], e["associationRemoved"]) for e in joined} == {
        ("DEAL_TO_LINE_ITEM", False),
        ("DEAL_TO_LINE_ITEM", True),
    }
    assert all("objectId" not in event for event in joined)


def test_a_primary_association_makes_a_second_event(subscribe: Subscribe, receiver: Receiver) -> None:
    crm = subscribe(subscriptions=(Subscription(DEAL, Action.ASSOCIATION),))
    values = {"properties": {"name": "Acme"}}
    raw = Raw(crm)
    company = raw("POST", "/crm/v3/objects/companies", values).body["id"]
    crm.act_as(MIA).create_deal({"dealname": "A", "dealstage": "discovery"}, company=company)
    assert crm.wait_webhooks_idle()
    assert sorted(event["isPrimaryAssociation"] for event in receiver.events) == [False, True]
    raw.pool.clear()


def test_tasks_come_in_the_generic_form(subscribe: Subscribe, receiver: Receiver, raw: Raw) -> None:
    crm = subscribe()
    task = raw("POST", "/crm/v3/objects/tasks", {"properties": {"hs_timestamp": "1795000000000"}}).body["id"]
    crm.act_as(MIA).complete_task(task)
    assert crm.wait_webhooks_idle()
    (event,) = receiver.events
    assert (event["subscriptionType"], event["objectTypeId"]) == ("object.propertyChange", "0-27")
    assert event["isSensitive"] is False


def test_notes_and_tasks_have_no_classic_subscription(subscribe: Subscribe) -> None:
    with pytest.raises(ValueError, match="only as object"):
        subscribe(subscriptions=(Subscription(NOTE, Action.CREATION),))


def test_a_burst_arrives_in_arrays_of_at_most_a_hundred(subscribe: Subscribe, receiver: Receiver) -> None:
    receiver.gate.clear()
    crm = subscribe(in_flight=2)
    made = crm.import_deals([{"dealname": f"D{n}", "dealstage": "discovery"} for n in range(500)])
    receiver.gate.set()
    assert crm.wait_webhooks_idle()
    sizes = [len(request.events) for request in receiver.requests]
    assert sum(sizes) == 500
    assert max(sizes) == 100
    assert {event["objectId"] for event in receiver.events} == {int(deal) for deal in made}


def test_at_most_ten_requests_are_under_way(subscribe: Subscribe, receiver: Receiver, deal: str) -> None:
    receiver.gate.clear()
    crm = subscribe()
    acts = crm.act_as(MIA)
    amounts = itertools.count()
    while receiver.most_inside < 10:  # each goes at once, while there is a request for it
        acts.update(deal, {"amount": str(next(amounts))})
        time.sleep(0.002)
    for _ in range(20):
        acts.update(deal, {"amount": str(next(amounts))})
        time.sleep(0.002)
    receiver.gate.set()
    assert crm.wait_webhooks_idle()
    assert receiver.most_inside == 10
    assert len(receiver.events) == next(amounts)


@pytest.mark.parametrize("status", [400, 401, 500, 503])
def test_a_refused_request_comes_again_with_a_higher_attempt(
    subscribe: Subscribe, receiver: Receiver, deal: str, status: int
) -> None:
    receiver.answers = [status, status]
    crm = subscribe()
    crm.act_as(MIA).move(deal, "proposal")
    assert crm.wait_webhooks_idle()
    assert [event["attemptNumber"] for event in receiver.events] == [0, 1, 2]
    assert len({event["eventId"] for event in receiver.events}) == 1
    assert crm.webhooks is not None
    assert (crm.webhooks.delivered.events, crm.webhooks.delivered.failures) == (1, 2)


def test_after_ten_retries_an_event_is_given_up(receiver: Receiver) -> None:
    receiver.answers = [500] * 20
    with running(receiver, Clock(1_000_000)) as crm:
        crm.import_deals([{"dealname": "D", "dealstage": "discovery"}])
        assert crm.wait_webhooks_idle()
        assert crm.webhooks is not None
        assert crm.webhooks.delivered.given_up == 1
    assert [event["attemptNumber"] for event in receiver.events] == list(range(11))


def test_nobody_listening_is_a_failure_that_is_retried(receiver: Receiver) -> None:
    with running(receiver, Clock(1_000_000), url="http://127.0.0.1:9/nobody") as crm:
        crm.import_deals([{"dealname": "D", "dealstage": "discovery"}])
        assert crm.wait_webhooks_idle()
        assert crm.webhooks is not None
        assert crm.webhooks.delivered.given_up == 1


def test_loss_duplicates_and_disorder_are_drawn_from_the_seed(receiver: Receiver) -> None:
    def run() -> tuple[int, int, int, list[str]]:
        receiver.requests.clear()
        switches = {"loss": 0.1, "duplicates": 0.2, "disorder": 0.3, "seed": 7, "in_flight": 1}
        with running(receiver, Clock(1000), **switches) as crm:
            deal = crm.import_deals([{"dealname": "D", "dealstage": "discovery"}])[0]
            for amount in range(200):
                crm.act_as(MIA).update(deal, {"amount": str(amount)})
            assert crm.wait_webhooks_idle()
            assert crm.webhooks is not None
            done = crm.webhooks.delivered
        values = [event.get("propertyValue", "") for event in receiver.events]
        return done.lost, done.duplicated, done.delayed, values

    lost, duplicated, delayed, values = run()
    assert 8 < lost < 35
    assert 25 < duplicated < 60
    assert 40 < delayed < 90
    assert len(values) == 201 - lost + duplicated
    numbers = [int(value) for value in values if value]
    assert numbers != sorted(numbers)
    assert run()[:3] == (lost, duplicated, delayed)


def test_a_lone_event_goes_at_once(subscribe: Subscribe, receiver: Receiver, deal: str) -> None:
    crm = subscribe()
    waits = []
    for amount in range(20):
        began = time.perf_counter()
        crm.act_as(MIA).update(deal, {"amount": str(amount)})
        while len(receiver.requests) <= amount:
            time.sleep(0.0005)
        waits.append(time.perf_counter() - began)
    assert min(waits) < 0.05  # the fastest: other work on the machine is not what is measured


def test_what_was_there_before_the_app_makes_no_webhook(receiver: Receiver) -> None:
    from sandbox.generator import generate

    company = generate(20, now_ms=1_795_000_000_000)
    target = WebhookTarget(receiver.url, SECRET)
    with HubSpotSandbox(company, webhooks=target, limits=Limits(on=False)) as crm:
        assert crm.wait_webhooks_idle()
        assert len(crm.deals()) == 20
    assert receiver.requests == []


def test_only_subscribed_properties_are_told(subscribe: Subscribe, receiver: Receiver, deal: str) -> None:
    crm = subscribe(subscriptions=(Subscription(LINE_ITEM, Action.PROPERTY, "price"),))
    line = next(iter(crm.lines_of(deal)))
    crm.act_as(MIA).update_line(line, {"price": "1", "quantity": "3"})
    crm.act_as(MIA).move(deal, "proposal")
    assert crm.wait_webhooks_idle()
    assert [event["propertyName"] for event in receiver.events] == ["price"]


@contextmanager
def running(receiver: Receiver, clock: Clock, url: str = "", **switches: object) -> Iterator[HubSpotSandbox]:
    target = WebhookTarget(url or receiver.url, SECRET, **switches)  # type: ignore[arg-type]
    with HubSpotSandbox(setup=Setup(), webhooks=target, clock=clock, limits=Limits(on=False)) as crm:
        yield crm
