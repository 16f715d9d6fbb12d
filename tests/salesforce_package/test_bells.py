"""When the flows ring: people's fields, never what the connector writes, never its own user."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.adapters.salesforce.fields import CLEAR_RANGE, DETAIL, OUR_FIELDS
from connector.adapters.salesforce.package import render
from connector.deals import OurField
from connector.errors import ConfigurationError
from connector.policy.model import Field, FieldType, Weight
from sandbox.salesforce.formula import Save, Value, compiled
from tests.salesforce_package import source, world

PACKAGE = world.package(world.EVERYTHING_ON)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHANGED, CREATED, DECIDED = (
    compiled(source.condition(PACKAGE, f"Dealgate_{name}"))
    for name in ("Deal_Changed", "Deal_Created", "Task_Decided")
)
DEAL: dict[str, Value] = {"StageName": "Proposal", "Amount": Decimal(5), "CloseDate": date(2026, 6, 1)}
TASK: dict[str, Value] = {"Dealgate_Key__c": "acme:1", "Status": "Open"}
OURSELVES = {"$Permission.Dealgate_Bypass": True}
PEOPLES = {
    "StageName": "Contract",
    "Amount": Decimal(6),
    "CloseDate": date(2026, 7, 1),
    "OwnerId": "005000000000002AAA",
    "AccountId": "001000000000002AAA",
    "CurrencyIsoCode": "USD",
    "RecordTypeId": "012000000000002AAA",
    "Number_Of_Users__c": Decimal(7),
    "Start_Date__c": date(2026, 8, 1),
    "Delivery_Address__c": "Dam 1",
    "Region__c": "APAC",
    "Ops_Request__c": "yes",
}
THEIRS = {OurField.REQUEST, OurField.REQUEST_NOTE, OurField.NEEDED_BY}
CONNECTORS = sorted(
    {field.name for key, field in OUR_FIELDS.items() if key not in THEIRS}
    | {field.name for field in CLEAR_RANGE}
    | {DETAIL.name, "Ops_Range_Number_Of_Users_Max__c", "LastModifiedDate"}
)


@pytest.mark.parametrize("name", PEOPLES)
def test_a_field_that_people_write_rings_unless_we_wrote_it(name):
    after = {**DEAL, name: PEOPLES[name]}
    assert CHANGED.holds(Save(after, DEAL, NOW))
    assert not CHANGED.holds(Save(after, DEAL, NOW, OURSELVES))


@pytest.mark.parametrize("name", CONNECTORS)
def test_what_the_connector_writes_never_rings(name):
    assert not CHANGED.holds(Save({**DEAL, name: "x"}, DEAL, NOW))
    assert f"$Record.{name}" not in CHANGED.names


def test_a_field_that_a_gate_asks_for_rings_though_later_changes_do_not_count():
    ignored = Field("next-step", "next step", FieldType.TEXT, salesforce="NextStep", weight=Weight.IGNORE)
    unasked = Field("source", "source", FieldType.TEXT, salesforce="LeadSource", weight=Weight.IGNORE)
    package = render((ignored, unasked), rung={"next-step"})
    changed = compiled(source.condition(package, "Dealgate_Deal_Changed"))
    assert changed.holds(Save({**DEAL, "NextStep": "Call"}, DEAL, NOW))
    assert not changed.holds(Save({**DEAL, "LeadSource": "Web"}, DEAL, NOW))
    assert "NextStep" not in compiled(source.rule(package, "Opportunity", "Ops_Gate")).names


def test_more_fields_than_a_condition_can_hold_are_refused_with_the_count():
    fields = [
        Field(f"f{at}", f"f{at}", FieldType.TEXT, salesforce=f"Field_Number_{at}__c", weight=Weight.IGNORE)
        for at in range(120)
    ]
    with pytest.raises(ConfigurationError, match=r"flow condition of [0-9]+ characters") as refused:
        render(fields, rung={field.name for field in fields})
    assert refused.value.reason == "condition-too-long"


def test_a_new_deal_rings_unless_we_made_it():
    assert CREATED.holds(Save(DEAL, None, NOW))
    assert not CREATED.holds(Save(DEAL, None, NOW, OURSELVES))


@pytest.mark.parametrize(
    "name", ["Dealgate_Decision__c", "Dealgate_Decision_Limit__c", "Dealgate_Decision_Note__c"]
)
def test_a_decision_rings_on_our_tasks_only(name):
    assert DECIDED.holds(Save({**TASK, name: "yes"}, TASK, NOW))
    assert not DECIDED.holds(Save({**TASK, name: "yes"}, TASK, NOW, OURSELVES))
    other = {**TASK, "Dealgate_Key__c": None}
    assert not DECIDED.holds(Save({**other, name: "yes"}, other, NOW))


@pytest.mark.parametrize(("name", "value"), [("Status", "Completed"), ("OwnerId", "005000000000002AAA")])
def test_a_task_that_people_close_or_pass_on_rings(name, value):
    assert DECIDED.holds(Save({**TASK, name: value}, TASK, NOW))
    assert not DECIDED.holds(Save({**TASK, name: value}, TASK, NOW, OURSELVES))


def test_other_changes_of_a_task_do_not_ring():
    assert not DECIDED.holds(Save({**TASK, "Subject": "Call them"}, TASK, NOW))


@pytest.mark.parametrize(
    ("flow", "on", "trigger"),
    [
        ("Dealgate_Deal_Created", "Create", "RecordAfterSave"),
        ("Dealgate_Deal_Changed", "Update", "RecordAfterSave"),
        ("Dealgate_Task_Decided", "Update", "RecordAfterSave"),
        ("Dealgate_Task_Stamp", "Update", "RecordBeforeSave"),
    ],
)
def test_a_flow_starts_where_its_formula_means_something(flow, on, trigger):
    start = source.tree(PACKAGE, f"flows/{flow}.flow-meta.xml")
    assert source.text(start, "recordTriggerType") == on
    assert source.text(start, "triggerType") == trigger
