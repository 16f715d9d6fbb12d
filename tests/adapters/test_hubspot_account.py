"""Installing, leaving and sweeping an account as HubSpot has it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from connector.deals import ObjectType
from sandbox.hubspot import search
from sandbox.hubspot.kinds import DEAL, TASK
from sandbox.hubspot.properties import Option, Property, Type
from tests.adapters.hubspot_driver import HubSpotDriver, new_sandbox


def states(driver: HubSpotDriver) -> dict[str, str]:
    return {step.name: step.state for step in driver.crm.install(driver.wanted)}


def test_options_of_an_admin_stay_and_missing_ones_are_added(hubspot: HubSpotDriver) -> None:
    schema = hubspot.sandbox.account.schema
    group, name = "dealgate", "ops_decision"
    options = (
        Option("maybe", "Maybe", 0, description="ours"),
        Option("yes", "Sure", 1),
        Option("old", "Old", 2, hidden=True),
    )
    schema.archive(DEAL, name)
    schema.create(DEAL, Property(name, "Verdict", Type.ENUMERATION, "select", group, options))
    assert states(hubspot)["deals: ops_decision"] == "changed"
    kept = {option.value: option for option in schema.get(DEAL, name).options}
    ours = ["yes-up-to", "no", "question", "wait-for-customer", "go-on"]
    assert list(kept) == ["maybe", "yes", "old", *ours]
    assert (kept["maybe"].description, kept["yes"].label, kept["old"].hidden) == ("ours", "Sure", True)
    assert states(hubspot)["deals: ops_decision"] == "found"


def test_a_property_of_another_type_is_left_and_named(hubspot: HubSpotDriver) -> None:
    schema = hubspot.sandbox.account.schema
    schema.archive(DEAL, "ops_due")
    schema.create(DEAL, Property("ops_due", "Due", Type.STRING, "text", "dealgate"))
    (step,) = [one for one in hubspot.crm.install(hubspot.wanted) if one.state == "differs"]
    assert step.name == "deals: ops_due"
    assert "string" in step.todo
    bad = [symptom for symptom in hubspot.crm.examine(hubspot.wanted) if not symptom.well]
    assert [(one.name, "ops_due" in one.message) for one in bad] == [("our properties of deals", True)]


def test_an_archived_property_of_ours_comes_back(hubspot: HubSpotDriver) -> None:
    hubspot.sandbox.account.schema.archive(TASK, "dealgate_key")
    assert states(hubspot)["tasks: dealgate_key"] == "made"
    assert hubspot.sandbox.account.schema.find(TASK, "dealgate_key")


def test_an_account_without_task_properties_is_told_where_to_decide() -> None:
    with new_sandbox(task_properties=False) as sandbox:
        driver = HubSpotDriver(sandbox)
        (step,) = [one for one in driver.crm.install(driver.wanted) if one.state == "refused"]
        assert "on the deal" in step.todo
        assert states(driver)["deals: ops_decision"] == "found"


def test_leaving_an_account_that_was_never_installed_is_no_error(bare: HubSpotDriver) -> None:
    assert {step.state for step in bare.crm.uninstall()} == {"done", "left"}


@pytest.fixture
def small_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the sandbox end a search at 400 results, where HubSpot ends at 10,000."""
    monkeypatch.setattr(search, "MAX_RESULTS", 400)
    return iter(())


def sweep_finds_all(driver: HubSpotDriver, count: int) -> None:
    since = driver.now()
    values = {"pipeline": "default", "dealstage": "discovery"}
    made = driver.sandbox.import_deals({"dealname": f"Deal {place}", **values} for place in range(count))
    driver.settle()
    rung = [one for page in driver.crm.changed_since(since, driver.now()) for one in page]
    found = [one.id for one in rung if one.type is ObjectType.DEAL]
    assert sorted(found) == sorted(made)
    assert sorted(one for page in driver.crm.open_deals() for one in page) == sorted(made)


@pytest.mark.usefixtures("small_index")
def test_a_sweep_goes_on_past_the_search_limit(hubspot: HubSpotDriver) -> None:
    sweep_finds_all(hubspot, 1_050)


@pytest.mark.slow
def test_a_sweep_goes_on_past_ten_thousand(hubspot: HubSpotDriver) -> None:
    sweep_finds_all(hubspot, 10_150)


def test_the_room_is_light_until_it_is_used() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import connector.adapters.hubspot, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.split())
    assert not loaded & {"hubspot", "requests", "urllib3", "tenacity"}
