"""Whatever is sent, the sandbox answers with a HubSpot body: it never falls over and never goes silent."""

import json
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.wire import Request

ROUTES = (
    ("PATCH", "/crm/v3/objects/deals/{deal}"),
    ("POST", "/crm/v3/objects/deals"),
    ("POST", "/crm/v3/objects/deals/merge"),
    ("POST", "/crm/v3/objects/deals/search"),
    *(
        ("POST", f"/crm/v3/objects/deals/batch/{name}")
        for name in ("read", "create", "update", "upsert", "archive")
    ),
    *(
        ("POST", f"/crm/v4/associations/deals/contacts/batch/{name}")
        for name in ("read", "create", "archive")
    ),
    ("POST", "/crm/v3/properties/deals"),
    ("POST", "/crm/v3/properties/deals/groups"),
    ("PATCH", "/crm/v3/properties/deals/ops"),
    ("POST", "/crm/v3/pipelines/deals"),
    ("POST", "/crm/v3/pipelines/deals/default/stages"),
)
NAMES = (
    "id", "properties", "inputs", "dealname", "dealstage", "amount", "region", "closedate", "from", "to", "types",
    "associationTypeId", "filterGroups", "filters", "propertyName", "operator", "value", "values", "sorts", "limit",
    "after", "name", "label", "type", "fieldType", "groupName", "options", "stages", "metadata", "probability",
    "idProperty", "propertiesWithHistory", "associations", "primaryObjectId", "objectIdToMerge",
)  # fmt: skip
WORDS = (
    "discovery",
    "amount",
    "EQ",
    "IN",
    "BETWEEN",
    "deal",
    "3",
    "ops",
    "enumeration",
    "select",
    "dealinformation",
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=8)
)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def busy() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox(limits=Limits(on=False)) as crm:
        crm.import_deals([{"dealname": "D", "dealstage": "discovery"}])
        yield crm


@settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(route=st.sampled_from(ROUTES), body=BODIES)
def test_any_json_gets_an_answer(busy: HubSpotSandbox, route: tuple[str, str], body: object) -> None:
    method, path = route
    ids = busy.deals() or busy.import_deals([{"dealname": "D", "dealstage": "discovery"}])
    headers = {"authorization": f"Bearer {busy.token}"}
    request = Request(method, path.format(deal=ids[0]), {}, headers, json.dumps(body).encode())
    answer = busy.app.handle(request)
    assert answer.status in {200, 201, 204, 207, 400, 404, 409}
    if answer.status >= 400:
        assert orjson.loads(answer.body)["status"] == "error"
