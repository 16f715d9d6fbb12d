"""Where HubSpot is strict the sandbox is strict, with the same bodies."""

import orjson
import pytest

from sandbox.hubspot.account import Setup
from sandbox.hubspot.kinds import DEAL, TASK
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox

from .conftest import MIA, Raw

DEALS = "/crm/v3/objects/deals"


UNIQUE = {
    "name": "dealgate_key",
    "label": "Key",
    "type": "string",
    "fieldType": "text",
    "groupName": "taskinformation",
    "hasUniqueValue": True,
}


def problems(body: dict) -> list[tuple[str, str]]:
    listed = orjson.loads(body["message"].removeprefix("Property values were not valid: "))
    return [(one["name"], one["error"]) for one in listed]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nonsense": "1"}, "PROPERTY_DOESNT_EXIST"),
        ({"region": "Europe"}, "INVALID_OPTION"),
        ({"amount": "many"}, "INVALID_NUMBER"),
        ({"amount": " 12"}, "INVALID_NUMBER"),
        ({"start_date": "1795000000001"}, "INVALID_DATE"),
        ({"start_date": "soon"}, "INVALID_DATE"),
        ({"hs_is_closed": "true"}, "READ_ONLY_VALUE"),
        ({"dealstage": "renewal_open"}, "INVALID_OPTION"),
        ({"pipeline": "renewals"}, "INVALID_OPTION"),
        ({"hubspot_owner_id": "999"}, "INVALID_OWNER_ID"),
    ],
)
def test_a_value_hubspot_does_not_take_is_refused_with_its_code(
    raw: Raw, crm: HubSpotSandbox, deal: str, values: dict[str, str], code: str
) -> None:
    before = crm.deal(deal)
    answer = raw("PATCH", f"{DEALS}/{deal}", {"properties": values})
    assert answer.status == 400
    assert answer.body["category"] == "VALIDATION_ERROR"
    assert problems(answer.body)[0][1] == code
    assert crm.deal(deal) == before


def test_all_problems_of_a_write_are_told_at_once(raw: Raw, deal: str) -> None:
    answer = raw("PATCH", f"{DEALS}/{deal}", {"properties": {"nonsense": "1", "region": "x"}})
    assert problems(answer.body) == [("nonsense", "PROPERTY_DOESNT_EXIST"), ("region", "INVALID_OPTION")]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"properties": {}}, "No properties found"),
        ({"properties": {"amount": None}}, "Cannot deserialize"),
        ({"properties": {"amount": [1]}}, "Cannot deserialize"),
        ({"properties": "x"}, "Invalid input JSON"),
        ([], "Invalid input JSON"),
    ],
)
def test_a_body_hubspot_cannot_read_is_a_400(raw: Raw, deal: str, body: object, words: str) -> None:
    answer = raw("PATCH", f"{DEALS}/{deal}", body)
    assert (answer.status, words in answer.body["message"]) == (400, True)


def test_text_that_is_no_json_is_a_400(raw: Raw, crm: HubSpotSandbox, deal: str) -> None:
    sent = {"Authorization": f"Bearer {crm.token}"}
    answer = raw.pool.request("PATCH", f"{crm.url}{DEALS}/{deal}", body=b"{", headers=sent, timeout=5)
    assert answer.status == 400


def test_a_hundred_and_one_inputs_are_refused(raw: Raw, deal: str) -> None:
    answer = raw("POST", f"{DEALS}/batch/read", {"inputs": [{"id": deal}] * 101, "properties": []})
    assert answer.status == 400
    assert "100" in answer.body["message"]


def test_history_of_more_than_fifty_is_refused_in_hubspots_words(raw: Raw, deal: str) -> None:
    body = {"inputs": [{"id": deal}] * 51, "properties": [], "propertiesWithHistory": ["dealstage"]}
    answer = raw("POST", f"{DEALS}/batch/read", body)
    assert answer.status == 400
    assert answer.body["message"] == (
        "The maximum number of inputs supported in a batch request for property histories is 50. "
        "Please reduce the number of items and try again"
    )


def test_one_deal_twice_in_an_update_is_refused(raw: Raw, deal: str) -> None:
    row = {"id": deal, "properties": {"region": "EMEA"}}
    answer = raw("POST", f"{DEALS}/batch/update", {"inputs": [row, row]})
    assert (answer.status, answer.body["context"]) == (400, {"ids": [deal]})


def test_without_trace_ids_one_bad_value_fails_the_batch_and_nothing_is_written(
    raw: Raw, crm: HubSpotSandbox, deal: str
) -> None:
    other = crm.act_as(MIA).create_deal({"dealname": "B", "dealstage": "discovery"})
    rows = [{"id": other, "properties": {"region": "EMEA"}}, {"id": deal, "properties": {"region": "x"}}]
    assert raw("POST", f"{DEALS}/batch/update", {"inputs": rows}).status == 400
    assert "region" not in crm.deal(other)


def test_with_trace_ids_a_bad_value_fails_its_row_only(raw: Raw, crm: HubSpotSandbox, deal: str) -> None:
    other = crm.act_as(MIA).create_deal({"dealname": "B", "dealstage": "discovery"})
    rows = [
        {"id": other, "properties": {"region": "EMEA"}, "objectWriteTraceId": "a"},
        {"id": deal, "properties": {"region": "x"}, "objectWriteTraceId": "b"},
    ]
    answer = raw("POST", f"{DEALS}/batch/update", {"inputs": rows})
    assert (answer.status, answer.body["numErrors"]) == (207, 1)
    assert answer.body["errors"][0]["context"] == {"ids": [deal], "objectWriteTraceId": ["b"]}
    assert crm.deal(other)["region"] == "EMEA"


def test_two_rows_of_a_batch_cannot_take_one_unique_value(raw: Raw, crm: HubSpotSandbox) -> None:
    raw("POST", "/crm/v3/properties/tasks", UNIQUE)
    row = {"properties": {"hs_timestamp": "1795000000000", "dealgate_key": "k"}}
    answer = raw("POST", "/crm/v3/objects/tasks/batch/create", {"inputs": [row, row]})
    assert (answer.status, len(answer.body["results"]), answer.body["numErrors"]) == (207, 1, 1)
    later = raw("POST", "/crm/v3/objects/tasks", row)
    assert problems(later.body) == [("dealgate_key", "CONFLICTING_UNIQUE_VALUE")]
    assert len(list(crm.account.records.all(TASK))) == 1


def test_a_deleted_deal_fails_its_row_only(raw: Raw, crm: HubSpotSandbox, deal: str) -> None:
    crm.act_as(MIA).delete(deal)
    other = crm.act_as(MIA).create_deal({"dealname": "B", "dealstage": "discovery"})
    rows = [{"id": one, "properties": {"region": "EMEA"}} for one in (deal, other)]
    answer = raw("POST", f"{DEALS}/batch/update", {"inputs": rows})
    assert (answer.status, answer.body["errors"][0]["category"]) == (207, "OBJECT_NOT_FOUND")
    assert crm.deal(other)["region"] == "EMEA"


def test_what_an_object_needs_has_to_be_there_at_creation(raw: Raw) -> None:
    answer = raw("POST", "/crm/v3/objects/tasks", {"properties": {"hs_task_subject": "x"}})
    assert (answer.status, answer.body["context"]) == (400, {"properties": ["hs_timestamp"]})


def test_a_value_that_did_not_change_leaves_no_history_and_no_newer_time(
    raw: Raw, crm: HubSpotSandbox, deal: str
) -> None:
    before = crm.deal(deal)
    assert raw("PATCH", f"{DEALS}/{deal}", {"properties": {"amount": "48000"}}).status == 200
    assert crm.deal(deal) == before
    assert len(crm.account.records.get(DEAL, deal).versions("amount")) == 1


def test_history_is_cut_after_twenty_entries(raw: Raw, crm: HubSpotSandbox, deal: str) -> None:
    for number in range(25):
        crm.act_as(MIA).update(deal, {"amount": str(number)})
    found = raw("GET", f"{DEALS}/{deal}?propertiesWithHistory=amount").body["propertiesWithHistory"]["amount"]
    assert [entry["value"] for entry in found[:2]] == ["24", "23"]
    assert len(found) == 20


def test_an_unknown_token_is_a_401(raw: Raw) -> None:
    answer = raw("GET", DEALS, Authorization="Bearer other")
    assert (answer.status, answer.body["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_scope_that_was_not_granted_is_a_403_that_names_it() -> None:
    with HubSpotSandbox(setup=Setup(scopes=frozenset({"crm.objects.deals.read"}))) as crm:
        raw = Raw(crm)
        assert raw("GET", DEALS).status == 200
        answer = raw("POST", DEALS, {"properties": {"dealname": "x", "dealstage": "discovery"}})
        assert (answer.status, answer.body["category"]) == (403, "MISSING_SCOPES")
        assert "crm.objects.deals.write" in answer.body["message"]
        raw.pool.clear()


def test_only_2026_09_paths_enforce_conditional_properties() -> None:
    setup = Setup(required_at_stage={"contract": ("delivery_address",)})
    with HubSpotSandbox(setup=setup) as crm:
        raw = Raw(crm)
        ids = [crm.import_deals([{"dealname": "x", "dealstage": "discovery"}])[0] for _ in range(3)]
        move = {"properties": {"dealstage": "contract"}}
        assert raw("PATCH", f"{DEALS}/{ids[0]}", move).status == 200
        assert raw("PATCH", f"/crm/objects/2026-03/deals/{ids[1]}", move).status == 200
        refused = raw("PATCH", f"/crm/objects/2026-09/0-3/{ids[2]}", move)
        assert refused.body["errors"][0]["code"] == "MISSING_CONDITIONAL_REQUIRED_PROPERTY"
        assert refused.body["errors"][0]["context"] == {"propertyName": ["delivery_address"]}
        badge = {"properties": {"description": "anything else"}}
        assert raw("PATCH", f"/crm/objects/2026-09/0-3/{ids[2]}", badge).status == 200
        raw.pool.clear()


@pytest.mark.parametrize(
    ("old", "dated"),
    [
        ("/crm/v3/objects/deals/{deal}", "/crm/objects/2026-09/0-3/{deal}"),
        (
            "/crm/v4/objects/deals/{deal}/associations/line_items",
            "/crm/objects/2026-09/deals/{deal}/associations/0-8",
        ),
        ("/crm/v4/associations/deals/companies/labels", "/crm/associations/2026-09/0-3/0-2/labels"),
        ("/crm/v3/properties/deals/amount", "/crm/properties/2026-09/0-3/amount"),
        ("/crm/v3/pipelines/deals", "/crm/pipelines/2026-09/deals"),
        ("/crm/v3/owners/", "/crm/owners/2026-09"),
        ("/account-info/v3/details", "/account-info/2026-09/details"),
    ],
)
def test_dated_paths_answer_as_their_older_twins(raw: Raw, deal: str, old: str, dated: str) -> None:
    first, second = (raw("GET", path.format(deal=deal)) for path in (old, dated))
    assert first.status == 200
    assert second.body == first.body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/crm/v3/objects/deals?after=x", None),
        ("GET", "/crm/v3/objects/deals?limit=101", None),
        ("GET", "/crm/v3/objects/dragons", None),
        ("POST", "/crm/v3/objects/deals/search", {"limit": "many"}),
        ("POST", "/crm/v3/objects/deals/search", {"filterGroups": [{"filters": [{"propertyName": "nope"}]}]}),
        ("POST", "/crm/v4/associations/deals/products/batch/read", {"inputs": [{"id": "1"}]}),
        ("POST", "/crm/v4/associations/deals/tasks/batch/create", {"inputs": [{"from": {"id": "1"}}]}),
        ("POST", "/crm/v3/properties/deals", {"name": "Bad Name", "label": "x"}),
        ("PATCH", "/crm/v3/properties/deals/amount", {"label": "x"}),
        ("GET", "/crm/v3/nowhere", None),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_body(raw: Raw, method: str, path: str, body: object) -> None:
    answer = raw(method, path, body)
    assert answer.status in {400, 404}
    assert answer.body["status"] == "error"


def test_a_stage_in_use_stays_on_2026_09_paths(raw: Raw, deal: str) -> None:
    answer = raw("DELETE", "/crm/pipelines/2026-09/deals/default/stages/discovery")
    assert answer.body["subCategory"] == "PipelineError.STAGE_ID_IN_USE"
    assert raw("DELETE", "/crm/pipelines/2026-09/deals/default/stages/proposal").status == 204


def test_an_account_may_refuse_custom_task_properties() -> None:
    with HubSpotSandbox(setup=Setup(task_properties=False)) as crm:
        raw = Raw(crm)
        wanted = {
            "name": "dealgate_decision",
            "label": "Decision",
            "type": "string",
            "fieldType": "text",
            "groupName": "taskinformation",
        }
        assert raw("POST", "/crm/v3/properties/tasks", wanted).status == 400
        raw.pool.clear()


class TestSearch:
    def ask(self, raw: Raw, **body: object) -> tuple[int, dict]:
        answer = raw("POST", f"{DEALS}/search", body)
        return answer.status, answer.body

    def test_pages_over_two_hundred_are_refused(self, raw: Raw) -> None:
        assert self.ask(raw, limit=201)[0] == 400

    def test_nothing_is_found_past_ten_thousand(self, raw: Raw) -> None:
        assert self.ask(raw, limit=100, after="9900")[0] == 200
        assert self.ask(raw, limit=100, after="9901")[0] == 400

    def test_a_long_body_is_refused(self, raw: Raw) -> None:
        assert self.ask(raw, query="x" * 3000)[0] == 400

    def test_more_than_five_groups_or_six_filters_are_refused(self, raw: Raw) -> None:
        one = {"propertyName": "amount", "operator": "HAS_PROPERTY"}
        assert self.ask(raw, filterGroups=[{"filters": [one]}] * 6)[0] == 400
        assert self.ask(raw, filterGroups=[{"filters": [one] * 7}])[0] == 400

    def test_the_index_lags_behind_the_record(self) -> None:
        with HubSpotSandbox(setup=Setup(index_lag_s=60.0)) as crm:
            raw = Raw(crm)
            crm.act_as(MIA).create_deal({"dealname": "x", "dealstage": "discovery"})
            assert self.ask(raw)[1]["total"] == 0
            crm.clock.advance(61)
            crm.act_as(MIA).move(crm.deals()[0], "proposal")
            told = self.ask(raw, properties=["dealstage"])[1]["results"][0]
            assert told["properties"]["dealstage"] == "discovery"
            crm.clock.advance(61)
            told = self.ask(raw, properties=["dealstage"])[1]["results"][0]
            assert told["properties"]["dealstage"] == "proposal"
            raw.pool.clear()


class TestRateLimits:
    def test_headers_count_down_and_the_burst_is_refused_by_policy(self) -> None:
        with HubSpotSandbox(limits=Limits(burst=3)) as crm:
            raw = Raw(crm)
            left = [raw("GET", DEALS).headers["X-HubSpot-RateLimit-Remaining"] for _ in range(3)]
            assert left == ["2", "1", "0"]
            refused = raw("GET", DEALS)
            assert refused.status == 429
            assert refused.body["policyName"] == "TEN_SECONDLY_ROLLING"
            assert refused.body["errorType"] == "RATE_LIMIT"
            assert refused.headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
            assert "Retry-After" not in refused.headers
            raw.pool.clear()

    def test_the_window_rolls_on(self) -> None:
        with HubSpotSandbox(limits=Limits(burst=1, interval_s=0.2)) as crm:
            raw = Raw(crm)
            statuses = [raw("GET", DEALS).status for _ in range(2)]
            assert statuses == [200, 429]
            while raw("GET", DEALS).status == 429:
                pass
            raw.pool.clear()

    def test_the_daily_limit_has_its_own_policy(self) -> None:
        with HubSpotSandbox(limits=Limits(daily=1)) as crm:
            raw = Raw(crm)
            assert raw("GET", DEALS).headers["X-HubSpot-RateLimit-Daily-Remaining"] == "0"
            assert raw("GET", DEALS).body["policyName"] == "DAILY"
            raw.pool.clear()

    def test_search_has_its_own_limit_and_no_headers(self) -> None:
        with HubSpotSandbox(limits=Limits(burst=2, search_per_s=3)) as crm:
            raw = Raw(crm)
            answers = [raw("POST", f"{DEALS}/search", {}) for _ in range(4)]
            assert [answer.status for answer in answers] == [200, 200, 200, 429]
            assert answers[-1].body["policyName"] == "SECONDLY"
            assert not any(name.startswith("X-HubSpot-RateLimit") for a in answers for name in a.headers)
            assert raw("GET", DEALS).status == 200
            raw.pool.clear()
