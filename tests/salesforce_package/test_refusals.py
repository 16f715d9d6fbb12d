"""What an admin may switch on besides the gate's rule: the strict rule, and the reason in the refusal."""

from datetime import UTC, datetime

import pytest

from sandbox.salesforce.formula import Save, compiled
from tests.salesforce_package import source, truth, world

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PACKAGE = world.package()
STRICT = compiled(source.rule(PACKAGE, "Opportunity", "Ops_Gate_Strict"))
FLOW = source.tree(PACKAGE, "flows/Dealgate_Refuse_With_Reason.flow-meta.xml")


def test_both_come_switched_off():
    strict = source.tree(
        PACKAGE, "objects/Opportunity/validationRules/Ops_Gate_Strict.validationRule-meta.xml"
    )
    assert source.text(strict, "active") == "false"
    assert source.text(FLOW, "status") == "Draft"


def test_the_flow_refuses_in_the_same_situations_as_the_rule():
    condition = compiled(source.condition(PACKAGE, "Dealgate_Refuse_With_Reason"))
    few = [one for one in truth.situations(2) if one.stage != "new"]
    assert {condition.holds(truth.save(one, NOW)) for one in few} == {True, False}
    for one in few:
        assert condition.holds(truth.save(one, NOW)) == truth.refused(one), one


def test_the_flow_refuses_with_the_deals_own_sentence():
    assert source.text(FLOW, "errorMessage") == "{!$Record.Ops_Readiness_Reason__c}"
    assert source.text(FLOW, "fieldSelection") == "StageName"


CHECKED = {"StageName": "Proposal", "Ops_Checked_At__c": NOW, "IsWon": False, "IsClosed": False}


@pytest.mark.parametrize(
    ("before", "after", "granted", "refused"),
    [
        ({}, {"StageName": "Contract"}, {}, False),
        ({"Ops_Checked_At__c": None}, {"StageName": "Contract"}, {}, True),
        ({"Ops_Checked_At__c": None}, {"StageName": "Contract", "Ops_Checked_At__c": NOW}, {}, True),
        ({}, {"StageName": "Contract", "Ops_Silent__c": True}, {}, True),
        ({}, {"Ops_Silent__c": True}, {}, False),
        ({}, {"StageName": "Lost", "IsClosed": True, "Ops_Silent__c": True}, {}, False),
        ({}, {"StageName": "Won", "IsClosed": True, "IsWon": True, "Ops_Silent__c": True}, {}, True),
        ({}, {"StageName": "Contract", "Ops_Silent__c": True}, {"$Setup.Dealgate__c.Off__c": True}, False),
        (
            {},
            {"StageName": "Contract", "Ops_Silent__c": True},
            {"$Permission.Dealgate_Bypass": True},
            False,
        ),
    ],
)
def test_the_strict_rule_lets_no_stage_pass_that_nobody_looked_at(before, after, granted, refused):
    was = {**CHECKED, **before}
    assert STRICT.holds(Save({**was, **after}, was, NOW, granted)) is refused
