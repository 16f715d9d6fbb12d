"""What is committed below salesforce/ is what the renderer makes, and the renderer takes what an org needs."""

import re
from pathlib import Path

import pytest

from connector.adapters.salesforce.package import render
from connector.errors import ConfigurationError
from connector.policy.model import Field, FieldType
from tests.salesforce_package import source, world

COMMITTED = Path(__file__).parents[2] / "salesforce"
PAGE = Path(__file__).parents[2] / "docs" / "install-salesforce.md"
COUNTED = {
    "fields on Opportunity": "objects/Opportunity/fields/",
    "on Activity": "objects/Activity/fields/",
    "permission sets": "/permissionsets/",
    "validation rules": "/validationRules/",
    "flows": "/flows/",
}


def test_the_committed_source_is_the_rendering():
    found = {
        path.relative_to(COMMITTED).as_posix(): path.read_text(encoding="utf-8")
        for path in COMMITTED.rglob("*")
        if path.is_file()
    }
    assert found == dict(render(()))


def test_the_installation_page_counts_what_comes_into_the_org():
    said = PAGE.read_text(encoding="utf-8").split("What comes into the org:")[1].split(".")[0]
    files = [name for name in render(()) if name.endswith("-meta.xml")]
    for what, folder in COUNTED.items():
        there = sum(folder in name for name in files)
        assert re.search(rf"\b{there} {what}", " ".join(said.split())), (there, what)


def test_endpoint_and_user_of_the_org_stand_in_both_messages():
    package = render((), "https://gate.example.org/webhooks/salesforce/a&b", "bell@example.org")
    for name in ("Opportunity", "Task"):
        workflow = source.tree(package, f"workflows/{name}.workflow-meta.xml")
        assert source.text(workflow, "endpointUrl") == "https://gate.example.org/webhooks/salesforce/a&b"
        assert source.text(workflow, "integrationUser") == "bell@example.org"


def test_a_field_of_which_salesforce_takes_no_word_on_being_required_has_none():
    """Specified all the same it refuses the whole deployment."""
    fields = {path: text for path, text in world.package().items() if path.endswith(".field-meta.xml")}
    silent = [text for text in fields.values() if "<type>LongTextArea" in text or "<type>Checkbox" in text]
    assert len(silent) > 4
    assert not [text for text in silent if "<required>" in text]


def test_what_is_deployed_can_be_removed_again_save_for_the_flows_which_no_deployment_deletes():
    package = world.package()
    removed, deployed = (package[f"manifest/{name}.xml"] for name in ("remove/destructiveChanges", "package"))
    flows = re.compile(
        r"    <types>\n(?:        <members>Dealgate_\w+</members>\n)+        <name>Flow</name>\n    </types>\n"
    )
    assert flows.search(deployed)
    assert removed == flows.sub("", deployed)
    assert "<types>" not in package["manifest/remove/package.xml"]


def test_the_messages_carry_no_value_of_the_record():
    carried = {
        field
        for name in ("Opportunity", "Task")
        for field in source.texts(source.tree(render(()), f"workflows/{name}.workflow-meta.xml"), "fields")
    }
    assert carried == {"Id", "LastModifiedDate", "WhatId"}


def test_the_policys_fields_on_the_opportunity_become_part_of_the_range_and_no_others():
    rule = source.rule(world.package(), "Opportunity", "Ops_Gate")
    for name in ("Number_Of_Users__c", "Start_Date__c", "Delivery_Address__c", "Region__c"):
        assert name in rule
    for name in ("OwnerId", "Industry", "NextStep", "discount", "only_there"):
        assert name not in rule


def test_a_limit_is_kept_on_the_worse_side_only():
    added = {path.split("/")[-1] for path in set(world.package()) - set(render(()))}
    assert added == {
        "Ops_Range_Number_Of_Users_Max__c.field-meta.xml",
        "Ops_Range_Start_Date_Min__c.field-meta.xml",
    }


def test_every_permission_set_reads_the_policys_limits():
    for name in ("Rep", "Ops", "Admin", "Integration"):
        text = world.package()[f"{source.ROOT}/permissionsets/Dealgate_{name}.permissionset-meta.xml"]
        assert "<field>Opportunity.Ops_Range_Number_Of_Users_Max__c</field>" in text


def test_fields_that_not_every_org_has_are_named_only_where_it_has_them():
    plain, full = world.package(), world.package(world.EVERYTHING_ON)
    for name in ("CurrencyIsoCode", "RecordTypeId"):
        assert not any(name in text for text in plain.values())
        assert name in source.condition(full, "Dealgate_Deal_Changed")
    assert "NOT(ISCHANGED(CurrencyIsoCode))" in source.rule(full, "Opportunity", "Ops_Gate")


def test_long_and_odd_names_of_the_policy_stay_within_salesforces_limits():
    names = [
        "very-long-name-of-a-field-that-nobody-would-type",
        "very-long-name-of-a-field-that-nobody-types",
    ]
    fields = [
        Field(name, name, FieldType.NUMBER, salesforce=f"Field_{place}__c")
        for place, name in enumerate([*names, "zahl_der_nutzer", "zahl-der-nutzer", "größe", "30 days"])
    ]
    package = render(fields)
    limits = [path.split("/")[-1].split(".")[0] for path in set(package) - set(render(()))]
    assert len(limits) == len(set(limits)) == 2 * len(fields)
    for name in limits:
        developer = name.removesuffix("__c")
        assert len(developer) <= 40
        assert re.fullmatch(r"[A-Za-z]\w*[A-Za-z0-9]", developer, re.ASCII)
        assert "__" not in developer
    for path, text in package.items():
        labels = (
            source.texts(source.tree(package, path.removeprefix(f"{source.ROOT}/")), "label")
            if (path.endswith(".field-meta.xml"))
            else []
        )
        assert all(len(label) <= 40 for label in labels), (path, text)


def test_a_policy_with_too_many_fields_is_refused_with_the_count():
    fields = [
        Field(f"number-{place}", "number", FieldType.NUMBER, salesforce=f"Number_{place}__c")
        for place in range(12)
    ]
    with pytest.raises(ConfigurationError, match=r"rule of \d{4} characters") as refused:
        render(fields)
    assert refused.value.reason == "rule-too-long"


def test_the_texts_that_people_read_fit():
    for path, text in world.package(world.EVERYTHING_ON).items():
        if path.endswith(".validationRule-meta.xml"):
            rule = source.tree({path: text}, path.removeprefix(f"{source.ROOT}/"))
            assert len(source.text(rule, "errorMessage")) <= 255
            assert len(source.text(rule, "errorConditionFormula")) <= 3900
            assert len(source.text(rule, "description")) <= 255
