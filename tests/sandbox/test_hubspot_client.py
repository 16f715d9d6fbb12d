"""The vendor's own client, unchanged, reads and writes the HubSpot in small."""

import hubspot
import pytest
from hubspot.crm.deals import ApiException, BatchResponseSimplePublicObjectWithErrors

from sandbox.hubspot.sandbox import HubSpotSandbox

from .conftest import MIA

WAIT = {"_request_timeout": 5}


def test_reads_values_as_strings_and_nulls(api: hubspot.HubSpot, deal: str) -> None:
    found = api.crm.deals.basic_api.get_by_id(deal, properties=["dealname", "amount", "region"], **WAIT)
    assert found.properties["dealname"] == "Acme"
    assert found.properties["amount"] == "48000"
    assert found.properties["region"] is None
    assert found.properties["hs_object_id"] == deal


def test_reads_history_and_associations_with_one_deal(
    api: hubspot.HubSpot, crm: HubSpotSandbox, deal: str
) -> None:
    crm.act_as(MIA).move(deal, "proposal")
    found = api.crm.deals.basic_api.get_by_id(
        deal, properties_with_history=["dealstage"], associations=["line_items", "companies"], **WAIT
    )
    newest, oldest = found.properties_with_history["dealstage"]
    assert (newest.value, oldest.value) == ("proposal", "discovery")
    assert (newest.source_type, newest.source_id, newest.updated_by_user_id) == (
        "CRM_UI",
        "userId:9101",
        9101,
    )
    assert [line.type for line in found.associations["line items"].results] == ["deal_to_line_item"]
    assert "companies" not in found.associations


def test_batch_update_writes_many_and_is_marked_as_the_apps(
    api: hubspot.HubSpot, crm: HubSpotSandbox, deal: str
) -> None:
    done = api.crm.deals.batch_api.update(
        {"inputs": [{"id": deal, "properties": {"region": "EMEA", "number_of_users": 12}}]}, **WAIT
    )
    assert done.results[0].properties["number_of_users"] == "12"
    found = api.crm.deals.basic_api.get_by_id(deal, properties_with_history=["region"], **WAIT)
    entry = found.properties_with_history["region"][0]
    assert (entry.source_type, entry.source_id) == ("INTEGRATION", crm.account.setup.app_id)


def test_a_missing_deal_in_a_batch_is_a_207_with_its_id(api: hubspot.HubSpot, deal: str) -> None:
    done = api.crm.deals.batch_api.read({"inputs": [{"id": deal}, {"id": "404"}], "properties": []}, **WAIT)
    assert isinstance(done, BatchResponseSimplePublicObjectWithErrors)
    assert [one.id for one in done.results] == [deal]
    assert done.num_errors == 1
    assert done.errors[0].category == "OBJECT_NOT_FOUND"
    assert done.errors[0].context == {"ids": ["404"]}


def test_a_task_is_created_with_its_deal_and_found_through_it(
    api: hubspot.HubSpot, crm: HubSpotSandbox, deal: str
) -> None:
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 216}
    made = api.crm.objects.tasks.batch_api.create(
        {
            "inputs": [
                {
                    "properties": {"hs_timestamp": "1795000000000", "hs_task_subject": "Decide"},
                    "associations": [{"to": {"id": deal}, "types": [spec]}],
                }
            ]
        },
        **WAIT,
    )
    task = made.results[0].id
    assert crm.tasks_of(deal)[task]["hs_task_status"] == "NOT_STARTED"
    found = api.crm.associations.v4.batch_api.get_page("deals", "tasks", {"inputs": [{"id": deal}]}, **WAIT)
    assert [one.to_object_id for one in found.results[0].to] == [task]


def test_a_record_with_nothing_on_it_is_an_error_row_of_the_association_read(
    api: hubspot.HubSpot, deal: str
) -> None:
    found = api.crm.associations.v4.batch_api.get_page("deals", "notes", {"inputs": [{"id": deal}]}, **WAIT)
    assert found.results == []
    assert found.errors[0].sub_category == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_owners_and_pipelines_are_those_of_the_company(api: hubspot.HubSpot) -> None:
    owners = api.crm.owners.owners_api.get_page(limit=500, **WAIT).results
    assert {one.id: (one.user_id, one.email) for one in owners}["101"] == (9101, "mia.devries@example.com")
    pipelines = api.crm.pipelines.pipelines_api.get_all("deals", **WAIT).results
    stages = {stage.id: stage.metadata for stage in pipelines[0].stages}
    assert stages["closedwon"] == {"isClosed": "true", "probability": "1.0"}
    assert stages["closedlost"] == {"isClosed": "true", "probability": "0.0"}


def test_a_custom_property_is_made_once_and_its_options_are_replaced(api: hubspot.HubSpot, deal: str) -> None:
    core, groups = api.crm.properties.core_api, api.crm.properties.groups_api
    groups.create("deals", {"name": "dealgate", "label": "Dealgate"}, **WAIT)
    wanted = {
        "name": "ops_readiness",
        "label": "Deal readiness",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "dealgate",
        "options": [{"label": "Ready", "value": "ready", "displayOrder": 0, "hidden": False}],
    }
    core.create("deals", wanted, **WAIT)
    with pytest.raises(hubspot.crm.properties.ApiException) as twice:
        core.create("deals", wanted, **WAIT)
    assert twice.value.status == 409
    assert b"PROPERTY_WITH_NAME_EXISTS" in twice.value.body.encode()
    other = [{"label": "Blocked", "value": "blocked", "displayOrder": 0, "hidden": False}]
    core.update("deals", "ops_readiness", {"options": other}, **WAIT)
    found = core.get_by_name("deals", "ops_readiness", **WAIT)
    assert [option.value for option in found.options] == ["blocked"]
    with pytest.raises(ApiException):
        api.crm.deals.basic_api.update(deal, {"properties": {"ops_readiness": "ready"}}, **WAIT)


def test_search_pages_by_filter_and_order(api: hubspot.HubSpot, crm: HubSpotSandbox) -> None:
    for number in range(5):
        values = {"dealname": f"D{number}", "dealstage": "discovery", "amount": str(number * 100)}
        crm.act_as(MIA).create_deal(values)
    asked = {
        "filterGroups": [{"filters": [{"propertyName": "amount", "operator": "GTE", "value": "200"}]}],
        "sorts": [{"propertyName": "amount", "direction": "DESCENDING"}],
        "properties": ["amount"],
        "limit": 2,
        "after": "0",
    }
    first = api.crm.deals.search_api.do_search(asked, **WAIT)
    assert (first.total, [one.properties["amount"] for one in first.results]) == (3, ["400", "300"])
    second = api.crm.deals.search_api.do_search({**asked, "after": first.paging.next.after}, **WAIT)
    assert [one.properties["amount"] for one in second.results] == ["200"]
    assert second.paging is None


def test_all_deals_are_listed_page_by_page(api: hubspot.HubSpot, crm: HubSpotSandbox) -> None:
    made = [crm.act_as(MIA).create_deal({"dealname": "D", "dealstage": "discovery"}) for _ in range(120)]
    assert [one.id for one in api.crm.deals.get_all(_request_timeout=5)] == made


def test_an_id_that_was_merged_away_leads_to_the_survivor(
    api: hubspot.HubSpot, crm: HubSpotSandbox, deal: str
) -> None:
    other = crm.act_as(MIA).create_deal({"dealname": "Twin", "dealstage": "discovery", "region": "APAC"})
    survivor = crm.act_as(MIA).merge(deal, other)
    for old in (deal, other):
        assert api.crm.deals.basic_api.get_by_id(old, **WAIT).id == survivor
    assert crm.deal(survivor)["region"] == "APAC"
    assert crm.deal(survivor)["dealname"] == "Acme"
    assert len(crm.lines_of(survivor)) == 1


def test_a_deleted_deal_is_gone_until_it_is_restored(
    api: hubspot.HubSpot, crm: HubSpotSandbox, deal: str
) -> None:
    crm.act_as(MIA).delete(deal)
    with pytest.raises(ApiException) as gone:
        api.crm.deals.basic_api.get_by_id(deal, **WAIT)
    assert gone.value.status == 404
    crm.act_as(MIA).restore(deal)
    assert api.crm.deals.basic_api.get_by_id(deal, **WAIT).id == deal


def test_an_unique_property_upserts_and_tells_what_is_new(api: hubspot.HubSpot) -> None:
    api.crm.properties.core_api.create(
        "tasks",
        {
            "name": "dealgate_key",
            "label": "Key",
            "type": "string",
            "fieldType": "text",
            "groupName": "taskinformation",
            "hasUniqueValue": True,
        },
        **WAIT,
    )
    row = {"id": "k1", "idProperty": "dealgate_key", "properties": {"hs_timestamp": "1795000000000"}}
    upsert = api.crm.objects.tasks.batch_api.upsert
    first, second = (upsert({"inputs": [row]}, **WAIT).results[0] for _ in range(2))
    assert (first.new, second.new) == (True, False)
    assert first.id == second.id
