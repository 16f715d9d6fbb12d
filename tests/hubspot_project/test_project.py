"""What is committed below hubspot/ is what the renderer makes, and the renderer takes what a policy needs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from connector.adapters.files import write
from connector.adapters.hubspot.fields import OUR_PROPERTIES, TASK_KEY, TASK_PROPERTIES
from connector.adapters.hubspot.project import render, sources
from connector.adapters.hubspot.subscriptions import HANDLED
from connector.deals import OurField
from connector.errors import ConfigurationError
from connector.policy.load import load
from connector.policy.model import Field, FieldType, Home, Policy, Weight
from sandbox.hubspot.subscriptions import TASK_INPUTS

ROOT = Path(__file__).parents[2]
URL = "https://gate.example.org"
WRITTEN = {OurField.REQUEST, OurField.REQUEST_NOTE, OurField.DECISION, OurField.DECISION_NOTE}


@pytest.fixture(scope="module")
def minimal() -> Policy:
    path = ROOT / "examples" / "minimal.yaml"
    return load(path.read_text(encoding="utf-8"), str(path))


def project(policy: Policy) -> dict[str, str]:
    return dict(render(policy, sources(), URL))


def subscriptions(policy: Policy) -> list[tuple[str, str]]:
    told = json.loads(project(policy)["src/app/webhooks/webhooks-hsmeta.json"])["config"]["subscriptions"]
    assert all(one["active"] for kind in told.values() for one in kind)
    return [(one["subscriptionType"], one.get("propertyName", "")) for kind in told.values() for one in kind]


def scopes(policy: Policy) -> set[str]:
    return set(json.loads(project(policy)["src/app/app-hsmeta.json"])["config"]["auth"]["requiredScopes"])


def with_field(policy: Policy, field: Field) -> Policy:
    return replace(policy, fields={**policy.fields, field.name: field})


def test_the_committed_source_is_the_rendering_of_the_smallest_policy(minimal: Policy):
    committed = ROOT / "hubspot"
    found = {
        path.relative_to(committed).as_posix(): path.read_text(encoding="utf-8")
        for path in committed.rglob("*")
        if path.is_file()
    }
    assert found == dict(render(minimal, sources()))


def test_every_subscription_is_one_that_the_edge_acts_on(minimal: Policy):
    assert {kind for kind, _ in subscriptions(minimal)} <= set(HANDLED)


def test_what_we_write_ourselves_is_never_heard_of(minimal: Policy):
    heard = {prop for _, prop in subscriptions(minimal)}
    ours = {prop.name for field, prop in OUR_PROPERTIES.items() if field not in WRITTEN}
    assert not heard & {*ours, TASK_KEY}
    assert {OUR_PROPERTIES[field].name for field in WRITTEN} <= heard


def test_the_sandbox_tells_of_tasks_what_the_project_asks_for(minimal: Policy):
    told = json.loads(project(minimal)["src/app/webhooks/webhooks-hsmeta.json"])["config"]["subscriptions"]
    asked = [one["propertyName"] for one in told["crmObjects"] if one["objectType"] == "task"]
    assert asked == list(TASK_INPUTS)


def test_nothing_is_subscribed_twice(minimal: Policy):
    told = subscriptions(with_field(minimal, Field("value", "value", FieldType.MONEY, hubspot="amount")))
    assert len(told) == len(set(told))


def test_a_word_of_the_policy_rings_unless_nothing_depends_on_it(minimal: Policy):
    field = Field("seats", "seats", FieldType.NUMBER, hubspot="seats__c")
    assert ("deal.propertyChange", "seats__c") in subscriptions(with_field(minimal, field))
    ignored = replace(field, weight=Weight.IGNORE)
    assert ("deal.propertyChange", "seats__c") not in subscriptions(with_field(minimal, ignored))


def test_a_word_that_a_gate_asks_for_rings_though_its_changes_are_ignored(minimal: Policy):
    (name,) = {rule.field for rule in minimal.checklists["intake"].checks[0].fields} - {"amount"}
    ignored = replace(minimal.fields[name], weight=Weight.IGNORE)
    assert ("deal.propertyChange", ignored.hubspot) in subscriptions(with_field(minimal, ignored))


def test_scopes_grow_with_the_policy_and_not_before(minimal: Policy):
    assert "crm.objects.companies.read" not in scopes(minimal)
    on_company = Field("sector", "sector", FieldType.TEXT, Home.COMPANY, hubspot="industry")
    assert "crm.objects.companies.read" in scopes(with_field(minimal, on_company))
    assert ("company.propertyChange", "industry") in subscriptions(with_field(minimal, on_company))
    no_lines = replace(minimal, gates=(), fields=minimal.fields)
    assert not {one for one in scopes(no_lines) if "line_items" in one or "products" in one}
    assert not [kind for kind, _ in subscriptions(no_lines) if kind.startswith("line_item")]


def test_address_stands_where_hubspot_calls_and_where_the_card_asks(minimal: Policy):
    files = project(minimal)
    assert f'"targetUrl": "{URL}/webhooks/hubspot"' in files["src/app/webhooks/webhooks-hsmeta.json"]
    assert json.loads(files["src/app/app-hsmeta.json"])["config"]["permittedUrls"]["fetch"] == [URL]
    for folder in ("cards", "settings"):
        assert f'ADDRESS = "{URL}"' in files[f"src/app/{folder}/address.ts"]


def test_the_template_for_several_accounts_differs_in_its_sign_in_only(minimal: Policy):
    one, many = (
        json.loads(project(minimal)[path])["config"]
        for path in ("src/app/app-hsmeta.json", "oauth/app-hsmeta.json")
    )
    assert (one["auth"].pop("type"), many["auth"].pop("type")) == ("static", "oauth")
    (redirect,) = many["auth"].pop("redirectUrls")
    assert not redirect.startswith(URL)  # Dealgate has no such route: the address is to be filled in
    assert one == many


def test_an_address_that_hubspot_cannot_call_is_refused(minimal: Policy):
    with pytest.raises(ConfigurationError, match="https addresses only") as refused:
        render(minimal, {}, "http://127.0.0.1:8080")
    assert refused.value.where == "DEALGATE_PUBLIC_URL"


def test_a_folder_that_cannot_be_written_is_told_and_not_a_traceback(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be written") as refused:
        write(tmp_path / "file" / "folder", {"hsproject.json": "{}"})
    assert str(tmp_path) in (refused.value.where or "")


def test_the_installation_page_counts_what_comes_into_the_account():
    page = (Path(__file__).parents[2] / "docs/install-hubspot.md").read_text(encoding="utf-8")
    assert f"{len(OUR_PROPERTIES)} properties on deals and {len(TASK_PROPERTIES)} on tasks" in page
