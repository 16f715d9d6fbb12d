"""Who decided and when: stamped by Salesforce in the save of the decision, and by nobody else."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.adapters.salesforce.package import render
from sandbox.salesforce.formula import Save, Value, compiled
from tests.salesforce_package import source

PACKAGE = render(())
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
ANNA, TOM = "005000000000001AAA", "005000000000002AAA"
RULE = compiled(source.rule(PACKAGE, "Task", "Dealgate_Stamps"))
STAMPS_WHEN = compiled(source.condition(PACKAGE, "Dealgate_Task_Stamp"))
BY, AT, DECISION, LIMIT = (
    f"Dealgate_{name}__c" for name in ("Decided_By", "Decided_At", "Decision", "Decision_Limit")
)
OPEN: dict[str, Value] = {
    "Subject": "Decide",
    "Dealgate_Key__c": "acme:1",
    DECISION: None,
    LIMIT: None,
    BY: None,
    AT: None,
}
DECIDED: dict[str, Value] = {**OPEN, DECISION: "yes-up-to", LIMIT: Decimal(15), BY: ANNA, AT: EARLIER}


def saved(
    edits: dict[str, Value], before: dict[str, Value] | None, user: str, *, flow: bool = True
) -> dict[str, Value] | None:
    """Save as Salesforce does: the flow before the save, then the rule. None where it is refused."""
    base = OPEN if before is None else before
    after = {**base, **edits}
    who = {"$User.Id": user}
    if flow and before is not None and STAMPS_WHEN.holds(Save(after, before, NOW, who)):
        after |= {BY: user, AT: NOW}
    return None if RULE.holds(Save(after, before, NOW, who)) else after


def test_a_decision_is_stamped_with_the_user_and_the_time():
    after = saved({DECISION: "yes"}, OPEN, ANNA)
    assert after is not None
    assert (after[BY], after[AT]) == (ANNA, NOW)


def test_a_forged_stamp_in_the_save_of_a_decision_is_overwritten():
    after = saved({DECISION: "yes", BY: ANNA, AT: EARLIER}, OPEN, TOM)
    assert after is not None
    assert (after[BY], after[AT]) == (TOM, NOW)


@pytest.mark.parametrize("edits", [{LIMIT: Decimal(30)}, {DECISION: "no"}, {DECISION: None}])
def test_who_changes_a_decision_or_its_limit_is_who_decided(edits):
    after = saved(edits, DECIDED, TOM)
    assert after is not None
    assert after[BY] == TOM


def test_a_reason_written_later_does_not_change_who_decided():
    after = saved({"Dealgate_Decision_Note__c": "because", "Subject": "Done"}, DECIDED, TOM)
    assert after is not None
    assert (after[BY], after[AT]) == (ANNA, EARLIER)


@pytest.mark.parametrize("edits", [{BY: TOM}, {AT: NOW}, {BY: None}, {BY: None, AT: None}])
@pytest.mark.parametrize("user", [ANNA, TOM])
def test_a_stamp_alone_is_refused_whoever_writes_it(edits, user):
    assert saved(edits, DECIDED, user) is None


@pytest.mark.parametrize(
    "edits", [{DECISION: "yes"}, {BY: ANNA}, {AT: NOW}, {DECISION: "yes", BY: ANNA, AT: NOW}]
)
def test_a_new_task_carries_neither_decision_nor_stamp(edits):
    assert saved(edits, None, ANNA) is None


def test_a_new_task_without_them_and_any_other_save_pass():
    assert saved({}, None, TOM) is not None
    assert saved({"Subject": "Call"}, OPEN, TOM) is not None
    assert saved({"Subject": "Call"}, DECIDED, TOM) is not None


def test_without_the_flow_nobody_decides_under_the_stamp_of_another():
    assert saved({LIMIT: Decimal(30)}, DECIDED, TOM, flow=False) is None
    assert saved({DECISION: "yes", BY: ANNA, AT: NOW}, OPEN, TOM, flow=False) is None
    unstamped = saved({DECISION: "yes"}, OPEN, TOM, flow=False)
    assert unstamped is not None
    assert unstamped[BY] is None


ASKED = compiled(source.rule(PACKAGE, "Opportunity", "Ops_Asked"))
ASKED_WHEN = compiled(source.condition(PACKAGE, "Dealgate_Deal_Stamp"))
ASKED_BY, ASKED_AT, REQUEST = (f"Ops_{name}__c" for name in ("Asked_By", "Asked_At", "Request"))
SILENT: dict[str, Value] = {"StageName": "proposal", REQUEST: None, ASKED_BY: None, ASKED_AT: None}
SPOKEN: dict[str, Value] = {**SILENT, REQUEST: "yes", ASKED_BY: ANNA, ASKED_AT: EARLIER}


def spoken(
    edits: dict[str, Value], before: dict[str, Value] | None, *, flow: bool = True
) -> dict[str, Value] | None:
    """Save a deal as Tom."""
    after, who = {**(before or SILENT), **edits}, {"$User.Id": TOM}
    if flow and before is not None and ASKED_WHEN.holds(Save(after, before, NOW, who)):
        after |= {ASKED_BY: TOM, ASKED_AT: NOW}
    return None if ASKED.holds(Save(after, before, NOW, who)) else after


@pytest.mark.parametrize(
    "edits", [{REQUEST: "withdraw"}, {ASKED_AT: EARLIER + timedelta(1)}, {REQUEST: "no"}]
)
def test_a_word_to_operations_is_stamped_with_who_says_it_and_when(edits):
    after = spoken({**edits, ASKED_BY: ANNA}, SPOKEN)
    assert after is not None
    assert (after[ASKED_BY], after[ASKED_AT]) == (TOM, NOW)


def test_nobody_writes_into_another_mouth_what_was_asked():
    assert spoken({ASKED_BY: TOM}, SPOKEN) is None
    assert spoken({ASKED_BY: None}, SPOKEN) is None
    assert spoken({REQUEST: "withdraw"}, SPOKEN, flow=False) is None
    assert spoken({REQUEST: "yes", ASKED_BY: ANNA}, SILENT, flow=False) is None


def test_other_saves_and_copies_of_a_deal_pass_and_keep_the_stamp():
    for edits in ({"StageName": "contract"}, {REQUEST: None}):
        after = spoken(edits, SPOKEN)
        assert after is not None
        assert (after[ASKED_BY], after[ASKED_AT]) == (ANNA, EARLIER)
    assert spoken(SPOKEN, None) is not None


def test_the_user_id_counts_in_either_length():
    after = {**DECIDED, DECISION: "no"}
    assert not RULE.holds(Save(after, DECIDED, NOW, {"$User.Id": ANNA[:15]}))
