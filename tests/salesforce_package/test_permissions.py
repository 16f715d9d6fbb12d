"""Who may see and write what."""

from dataclasses import replace

import pytest

from connector.adapters.salesforce.fields import ACTIVITY_FIELDS, OPPORTUNITY_FIELDS, Audience
from connector.adapters.salesforce.package import Org, render
from connector.policy.model import Field, FieldType, Worse
from tests.salesforce_package import source

OURS = {f"Opportunity.{one.name}" for one in OPPORTUNITY_FIELDS} | {
    f"Task.{one.name}" for one in ACTIVITY_FIELDS
}
ASKING = {f"Opportunity.Ops_{name}__c" for name in ("Request", "Request_Note", "Needed_By", "Asked_At")}
DECIDING = {f"Task.Dealgate_Decision{name}__c" for name in ("", "_Limit", "_Note", "_Until")}
CONFIDENTIAL = {"Task.Dealgate_For_Operations__c"}
STANDARD = {"Opportunity.AccountId", "Opportunity.Amount"}
STAMPS = {"Task.Dealgate_Decided_By__c", "Task.Dealgate_Decided_At__c", "Opportunity.Ops_Asked_By__c"}
FORMULAS = {f"Opportunity.Ops_{name}__c" for name in ("Badge", "Waiting_For_Me", "Heard_At", "Silent")}
WRITES = {
    Audience.REP: ASKING,
    Audience.OPS: ASKING | DECIDING,
    Audience.ADMIN: set(),
    Audience.INTEGRATION: OURS - STAMPS - FORMULAS,
}


def _set(audience, org=None, fields=()):
    return source.tree(render(fields, org=org), f"permissionsets/{audience.value}.permissionset-meta.xml")


def _fields(audience, org=None, fields=()):
    return {
        source.text(one, "field"): (source.text(one, "readable"), source.text(one, "editable"))
        for one in source.children(_set(audience, org, fields), "fieldPermissions")
    }


@pytest.mark.parametrize("audience", Audience)
def test_everybody_reads_what_is_for_them_and_writes_only_their_own(audience):
    found = _fields(audience)
    own = OURS - CONFIDENTIAL if audience is Audience.REP else OURS
    assert set(found) == own | (STANDARD if audience is Audience.INTEGRATION else set())
    assert {read for read, _ in found.values()} == {"true"}
    assert {name for name, (_, edit) in found.items() if edit == "true"} == WRITES[audience]


def test_our_own_user_alone_is_shown_the_customers_fields_that_the_policy_reads():
    org = Org(read=("Opportunity.Region__c", "Account.Tier__c"))
    shown = _fields(Audience.INTEGRATION, org)
    assert (shown["Opportunity.Region__c"], shown["Account.Tier__c"]) == (("true", "false"),) * 2
    for audience in set(Audience) - {Audience.INTEGRATION}:
        assert _fields(audience, org) == _fields(audience)


def test_the_limit_of_a_field_that_reps_may_not_see_is_not_for_them_either():
    costs = Field("costs", "costs", FieldType.MONEY, salesforce="Costs__c", worse=Worse.HIGHER)
    limit = "Opportunity.Ops_Range_Costs_Max__c"
    for hidden, shown in ((False, set(Audience)), (True, set(Audience) - {Audience.REP})):
        fields = (replace(costs, hidden=hidden),)
        assert {one for one in Audience if limit in _fields(one, fields=fields)} == shown


@pytest.mark.parametrize("audience", Audience)
def test_only_our_own_user_passes_the_gate(audience):
    held = [source.text(one, "name") for one in source.children(_set(audience), "customPermissions")]
    assert held == (["Dealgate_Bypass"] if audience is Audience.INTEGRATION else [])


def test_our_own_user_may_neither_delete_nor_modify_all():
    objects = source.children(_set(Audience.INTEGRATION), "objectPermissions")
    assert objects
    for one in objects:
        assert source.text(one, "allowDelete") == source.text(one, "modifyAllRecords") == "false"
        name = source.text(one, "object")
        assert (source.text(one, "allowEdit") == "true") is (name == "Opportunity")
        # products and price books belong to nobody: Setup offers no View All of them
        assert (source.text(one, "viewAllRecords") == "true") is (name not in {"Product2", "Pricebook2"})
    given = {
        source.text(one, "name") for one in source.children(_set(Audience.INTEGRATION), "userPermissions")
    }
    assert given.isdisjoint(
        {"ModifyAllData", "ViewAllData", "CustomizeApplication", "AuthorApex", "ManageUsers"}
    )
