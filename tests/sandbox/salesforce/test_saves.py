"""What a save brings with it: stages, amounts, history, tasks, and who did it."""

from datetime import date
from decimal import Decimal

import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import ADMIN

from .conftest import ANNA, MIA


def refused(code: str) -> object:
    return pytest.raises(SalesforceError, match=code)


def test_a_stage_brings_its_probability_and_forecast(crm: SalesforceSandbox, deal: str) -> None:
    crm.act_as(MIA).move(deal, "contract")
    shown = crm.deal(deal)
    assert (shown["Probability"], shown["ForecastCategoryName"]) == (80, "Pipeline")
    assert shown["ExpectedRevenue"] == Decimal(38_400)
    crm.act_as(MIA).move(deal, "closedwon")
    assert crm.deal(deal)["IsClosed"] is crm.deal(deal)["IsWon"] is True


def test_a_probability_given_with_the_stage_stays(crm: SalesforceSandbox, deal: str) -> None:
    crm.act_as(MIA).update(deal, {"StageName": "contract", "Probability": 55})
    assert crm.deal(deal)["Probability"] == 55


def test_lines_make_the_amount_and_an_amount_of_ones_own_is_ignored(
    crm: SalesforceSandbox, deal: str
) -> None:
    mia = crm.act_as(MIA)
    assert crm.deal(deal)["Amount"] == 48_000
    line = mia.add_line(deal, {"sku": "IM-DAY", "Quantity": 5, "UnitPrice": 1000, "Discount": 10})
    assert crm.deal(deal)["Amount"] == 52_500
    assert crm.record(line)["ListPrice"] == 1200
    assert crm.record(line)["Name"] == "Acme Implementation Day"
    mia.update(deal, {"Amount": 1, "NextStep": "x"})
    assert (crm.deal(deal)["Amount"], crm.deal(deal)["NextStep"]) == (52_500, "x")
    mia.update_line(line, {"Quantity": 1})
    assert crm.deal(deal)["Amount"] == 48_900
    for one in crm.lines_of(deal):
        mia.remove_line(one)
    assert crm.deal(deal)["HasOpportunityLineItem"] is False
    mia.update(deal, {"Amount": 7})
    assert crm.deal(deal)["Amount"] == 7


def test_what_a_deal_needs(crm: SalesforceSandbox) -> None:
    for lacking in ({"StageName": "discovery"}, {"Name": "A", "StageName": "discovery", "CloseDate": None}):
        with refused("REQUIRED_FIELD_MISSING"):
            crm.act_as(MIA).create_opportunity(lacking)
    with refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"):
        crm.act_as(MIA).create_opportunity({"Name": "A", "StageName": "Discovery"})
    assert crm.deals() == []


def test_every_change_that_counts_leaves_a_row_of_history(crm: SalesforceSandbox, deal: str) -> None:
    before = len(crm.history_of(deal))
    crm.act_as(MIA).update(deal, {"NextStep": "x"})
    assert len(crm.history_of(deal)) == before
    crm.act_as(ANNA).update(deal, {"StageName": "proposal", "CloseDate": "2027-04-01"})
    *_, last = crm.history_of(deal).values()
    assert len(crm.history_of(deal)) == before + 1
    assert (last["StageName"], last["CloseDate"], last["PrevCloseDate"]) == (
        "proposal",
        date(2027, 4, 1),
        date(2027, 3, 1),
    )
    assert last["CreatedById"] == crm.user(ANNA)


def test_a_save_without_a_change_is_a_save_all_the_same(crm: SalesforceSandbox, deal: str) -> None:
    crm.clock.advance(60)
    before = crm.deal(deal)["SystemModstamp"]
    crm.act_as(ANNA).update(deal, {"Name": "Acme"})
    assert crm.deal(deal)["SystemModstamp"] > before
    assert crm.deal(deal)["LastModifiedById"] == crm.user(ANNA)


def test_moving_to_another_pipeline_takes_its_record_type(crm: SalesforceSandbox, deal: str) -> None:
    crm.act_as(MIA).move(deal, "renewal_offer", "renewals")
    assert crm.deal(deal)["RecordTypeId"] == crm.seeded.record_types["renewals"]


def test_deleting_a_deal_takes_its_lines_and_tasks_along_and_back(crm: SalesforceSandbox, deal: str) -> None:
    task = crm.act_as(MIA).create("Task", {"Subject": "x", "WhatId": deal})
    crm.act_as(MIA).delete(deal)
    assert crm.deals() == []
    for one in (deal, task):
        with refused("ENTITY_IS_DELETED"):
            crm.record(one)
    crm.act_as(MIA).undelete(deal)
    assert (crm.deals(), set(crm.tasks_of(deal)), len(crm.lines_of(deal))) == ([deal], {task}, 1)


def test_a_task_belongs_to_a_user_or_to_a_queue_that_takes_tasks(crm: SalesforceSandbox, deal: str) -> None:
    other = crm.org.add("Group", {"Name": "Cases", "Type": "Queue"}).id
    crm.org.add("QueueSobject", {"QueueId": other, "SobjectType": "Case"})
    with refused("INVALID_OPERATION"):
        crm.act_as(MIA).create("Task", {"Subject": "x", "OwnerId": other})
    task = crm.act_as(MIA).create("Task", {"Subject": "x", "WhatId": deal, "OwnerId": crm.seeded.queue})
    assert crm.record(task)["OwnerId"] == crm.seeded.queue
    crm.act_as(MIA).update(task, {"OwnerId": crm.user(ANNA)})
    crm.act_as(MIA).complete_task(task)
    assert crm.record(task)["IsClosed"] is True


def test_each_act_is_somebodys(crm: SalesforceSandbox, deal: str) -> None:
    ways = {
        "imports": crm.imports(),
        "workflow": crm.workflow(),
        "app": crm.other_app(),
        "admin": crm.act_as(ADMIN),
    }
    for way, who in ways.items():
        who.update(deal, {"NextStep": way})
        assert crm.deal(deal)["LastModifiedById"] == who.user
    assert len({who.user for who in ways.values()}) == 4
    crm.workflow_update(deal, {"NextStep": "w"})
    assert crm.deal(deal)["NextStep"] == "w"
