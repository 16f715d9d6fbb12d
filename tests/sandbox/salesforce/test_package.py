"""A deployed package binds every save: its rule, its bypass, its switch, its stamps; wrong ones are refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from simple_salesforce import Salesforce

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.package import DeployError
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import ADMIN, INTEGRATION

from .conftest import ANNA, MIA, PACKAGE, Write, code_of, connect

SOURCE = Path("force-app/main/default")
BLOCKED = {"Blocked__c": ";contract;closedwon;"}


def moves(crm: SalesforceSandbox, deal: str, values: dict, who: str = MIA) -> bool:
    try:
        crm.act_as(who).update(deal, values)
    except SalesforceError as refused:
        if (refused.code, refused.fields) != ("FIELD_CUSTOM_VALIDATION_EXCEPTION", ("StageName",)):
            raise
        return False
    return True


@pytest.fixture
def gated(crm: SalesforceSandbox) -> str:
    deal = crm.act_as(MIA).create_opportunity({"Name": "Acme", "StageName": "discovery", "Amount": 100})
    crm.act_as(INTEGRATION).update(deal, BLOCKED)
    return deal


@pytest.mark.parametrize(
    ("before", "save", "passes"),
    [
        ({}, {"StageName": "contract"}, False),
        ({}, {"StageName": "proposal"}, True),
        ({}, {"StageName": "discovery", "NextStep": "x"}, True),
        ({"Blocked__c": None}, {"StageName": "contract"}, True),
        ({"Clear__c": True, "Clear_Max__c": 100}, {"StageName": "contract"}, True),
        ({"Clear__c": True, "Clear_Max__c": 99}, {"StageName": "contract"}, False),
        ({"Clear__c": True, "Clear_Max__c": 90}, {"StageName": "contract", "Amount": 90}, True),
        ({"Clear__c": True, "Clear_Max__c": 100}, {"StageName": "contract", "Amount": 101}, False),
    ],
)
def test_the_rule_looks_at_what_stood_before_the_save(
    crm: SalesforceSandbox, gated: str, before: dict, save: dict, *, passes: bool
) -> None:
    if before:
        crm.act_as(INTEGRATION).update(gated, before)
    assert moves(crm, gated, save) is passes


def test_a_list_cleared_in_the_same_save_does_not_open(crm: SalesforceSandbox, gated: str) -> None:
    crm.assign("Gate_Integration", ADMIN)
    assert moves(crm, gated, {"StageName": "contract", "Blocked__c": None}, ADMIN)  # holds the bypass
    crm.act_as(ADMIN).update(gated, {"StageName": "discovery", **BLOCKED})
    without = crm.org.access.sets["Gate_Integration"]
    crm.org.access.replace(
        {"Gate_Integration": type(without)(without.name, "", without.readable, without.editable)}
    )
    assert not moves(crm, gated, {"StageName": "contract", "Blocked__c": None}, ADMIN)


def test_the_switch_opens_for_all_and_is_one_for_the_org(
    crm: SalesforceSandbox, sf: Salesforce, gated: str
) -> None:
    made = sf.restful(
        "sobjects/Gate__c", method="POST", json={"SetupOwnerId": crm.organization, "Off__c": False}
    )
    assert not moves(crm, gated, {"StageName": "contract"})
    sf.restful(f"sobjects/Gate__c/{made['id']}", method="PATCH", json={"Off__c": True})
    assert moves(crm, gated, {"StageName": "contract"})
    with pytest.raises(SalesforceError, match="DUPLICATE_VALUE"):
        crm.act_as(ADMIN).create("Gate__c", {"Off__c": True})


def test_a_users_own_setting_comes_before_the_orgs(crm: SalesforceSandbox, gated: str) -> None:
    crm.act_as(ADMIN).create("Gate__c", {"Off__c": False})
    crm.act_as(ADMIN).create("Gate__c", {"SetupOwnerId": crm.user(MIA), "Off__c": True})
    assert not moves(crm, gated, {"StageName": "contract"}, ANNA)
    assert moves(crm, gated, {"StageName": "contract"}, MIA)


def test_the_api_meets_the_rule_too(crm: SalesforceSandbox, gated: str, write: Write, sf: Salesforce) -> None:
    assert write("PATCH", "Opportunity", [{"id": gated, "StageName": "contract"}])[0]["success"]  # the bypass
    other = connect(crm)
    crm.act_as(INTEGRATION).update(gated, {"StageName": "discovery"})
    crm.org.access.revoke(crm.user(INTEGRATION), "Gate_Integration")
    record = {"attributes": {"type": "Opportunity"}, "id": gated, "StageName": "contract"}
    (result,) = other.restful("composite/sobjects", method="PATCH", json={"records": [record]})
    assert code_of(result) == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert result["errors"][0]["message"] == "Not cleared for this stage."
    assert result["errors"][0]["fields"] == ["StageName"]


def test_who_decides_is_stamped_and_nobody_else_writes_the_stamp(crm: SalesforceSandbox, deal: str) -> None:
    task = crm.act_as(INTEGRATION).create("Task", {"Subject": "x", "WhatId": deal})
    crm.act_as(ANNA).update(task, {"Decision__c": "yes"})
    assert crm.record(task)["Decided_By__c"] == crm.user(ANNA)
    assert crm.record(task)["Decided_At__c"] == crm.record(task)["SystemModstamp"]
    with pytest.raises(SalesforceError, match="INVALID_FIELD_FOR_INSERT_UPDATE"):
        crm.act_as(ANNA).update(task, {"Decided_By__c": crm.user(MIA)})
    with pytest.raises(SalesforceError, match="FIELD_CUSTOM_VALIDATION_EXCEPTION"):
        crm.act_as(INTEGRATION).update(task, {"Decided_By__c": crm.user(MIA)})
    crm.act_as(INTEGRATION).update(task, {"Decision__c": "no", "Decided_By__c": crm.user(MIA)})
    assert crm.record(task)["Decided_By__c"] == crm.user(INTEGRATION)


def test_fields_of_the_package_need_the_permission_set(crm: SalesforceSandbox, deal: str) -> None:
    with pytest.raises(SalesforceError, match="INVALID_FIELD_FOR_INSERT_UPDATE"):
        crm.act_as(MIA).update(deal, BLOCKED)
    with pytest.raises(SalesforceError, match="No such column 'Clear__c'"):
        crm.act_as(MIA).update(deal, {"Clear__c": True})


def test_a_formula_field_follows_its_record(crm: SalesforceSandbox, gated: str, deal: str) -> None:
    assert crm.deal(deal)["Flag__c"] == "free"
    assert crm.deal(gated)["Flag__c"] == "blocked"
    crm.act_as(INTEGRATION).update(gated, {"Blocked__c": None})
    assert crm.deal(gated)["Flag__c"] == "free"


def test_the_customers_own_rule_refuses_by_its_message(
    crm: SalesforceSandbox, write: Write, deal: str
) -> None:
    crm.add_rule("Opportunity", "ISBLANK(NextStep)", "Say what comes next.", field="NextStep")
    (result,) = write("PATCH", "Opportunity", [{"id": deal, "Blocked__c": ";x;"}])
    assert code_of(result) == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert result["errors"][0]["message"] == "Say what comes next."
    assert write("PATCH", "Opportunity", [{"id": deal, "Blocked__c": ";x;", "NextStep": "call"}])[0][
        "success"
    ]


def test_deploying_again_replaces_and_keeps_what_is_the_customers(crm: SalesforceSandbox, gated: str) -> None:
    crm.add_rule("Opportunity", "ISBLANK(Name)", "Never.")
    crm.deploy(PACKAGE)
    assert sorted(rule.name for rule in crm.org.rules) == ["Customer_3", "Gate", "Stamps"]
    assert crm.deal(gated)["Blocked__c"] == BLOCKED["Blocked__c"]
    assert not moves(crm, gated, {"StageName": "contract"})


def test_without_assignment_nobody_sees_the_fields() -> None:
    with SalesforceSandbox() as crm:
        crm.deploy(PACKAGE, assign=False)
        names = {one["name"] for one in connect(crm).restful("sobjects/Opportunity/describe")["fields"]}
        assert "Blocked__c" not in names
        assert "StageName" in names
        assert connect(crm).query("SELECT Id FROM PermissionSetAssignment")["totalSize"] == 0
        crm.assign("Gate_Rep", INTEGRATION)
        held = connect(crm).query("SELECT PermissionSet.Name, Assignee.Username FROM PermissionSetAssignment")
        assert held["records"][0]["PermissionSet"]["Name"] == "Gate_Rep"


def replace(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("objects/Opportunity/validationRules/Gate.validationRule", replace("AND(", "AND(("), "formula"),
        (
            "objects/Opportunity/validationRules/Gate.validationRule",
            replace("Clear_Max__c", "Gone__c"),
            "Gone__c",
        ),
        (
            "objects/Opportunity/validationRules/Gate.validationRule",
            replace("CONTAINS", "VLOOKUP"),
            "VLOOKUP",
        ),
        (
            "objects/Opportunity/validationRules/Gate.validationRule",
            replace("Gate__c.Off__c", "Gone__c.Off__c"),
            "Gone",
        ),
        ("objects/Opportunity/fields/Blocked__c.field", replace("<type>Text", "<type>Hologram"), "Hologram"),
        ("objects/Opportunity/fields/Blocked__c.field", replace("</CustomField>", ""), "no XML"),
        (
            "objects/Opportunity/fields/Blocked__c.field",
            replace("CustomField", "Flow"),
            "is no <CustomField>",
        ),
        ("objects/Opportunity/fields/Blocked__c.field", replace("255", "many"), "no number"),
        ("permissionsets/Gate_Rep.permissionset", replace("Flag__c", "Gone__c"), "Opportunity.Gone__c"),
        ("permissionsets/Gate_Rep.permissionset", replace("Blocked__c", "StageName"), "required field"),
        (
            "permissionsets/Gate_Rep.permissionset",
            replace("<editable>false", "<editable>true"),
            "formula cannot",
        ),
        (
            "permissionsets/Gate_Integration.permissionset",
            replace("<name>Bypass", "<name>Gone"),
            "permission Gone",
        ),
        (
            "flows/Deal_Created.flow",
            replace("Opportunity.Bell", "Opportunity.Gong"),
            "message Opportunity.Gong",
        ),
        ("flows/Deal_Created.flow", replace("<targetReference>Do", "<targetReference>Go"), "element Go"),
        ("flows/Deal_Created.flow", replace("RecordAfterSave", "Scheduled"), "no trigger"),
        ("flows/Task_Stamp.flow", replace("$Record.Decided_By__c", "$Record.Gone__c"), "no field Gone__c"),
        ("flows/Task_Stamp.flow", replace("$User.Id", "$Weather.Today"), "$Weather"),
        ("workflows/Opportunity.workflow", replace("<fields>IsWon", "<fields>Gone__c"), "no field Gone__c"),
    ],
)
def test_a_package_that_an_org_would_not_take_is_refused(
    tmp_path: Path, file: str, change: Callable[[str], str], words: str
) -> None:
    shutil.copytree(PACKAGE, tmp_path / "p")
    broken = tmp_path / "p" / SOURCE / f"{file}-meta.xml"
    broken.write_text(change(broken.read_text()))
    with SalesforceSandbox() as crm, pytest.raises(DeployError, match=r".") as refused:
        crm.deploy(tmp_path / "p")
    assert words in str(refused.value)
    assert broken.name in str(refused.value)


def test_a_folder_without_source_is_told_so(tmp_path: Path, crm: SalesforceSandbox) -> None:
    with pytest.raises(FileNotFoundError, match="no sfdx source"):
        crm.deploy(tmp_path)


def test_a_formula_that_spells_a_field_with_other_capitals_reads_it_all_the_same(
    crm: SalesforceSandbox, gated: str
) -> None:
    crm.add_rule("Opportunity", 'ISCHANGED(nextstep) && PRIORVALUE(NEXTSTEP) = "call"', "Not after a call.")
    crm.act_as(MIA).update(gated, {"NextStep": "call"})
    with pytest.raises(SalesforceError, match="Not after a call"):
        crm.act_as(MIA).update(gated, {"NextStep": "write"})
