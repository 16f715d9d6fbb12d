"""The vendor's description holds for what we send, and the check can fail."""

import orjson
import pytest

from connector.adapters.hubspot import paths
from connector.adapters.hubspot.paths import Route
from tests.adapters.contract import DESCRIPTION, UNDESCRIBED, Contract, twin
from tests.adapters.hubspot_driver import HubSpotDriver

pytestmark = pytest.mark.skipif(
    not DESCRIPTION.exists(),
    reason=f"HubSpot's description is not at hand: no {DESCRIPTION.name} beside the repository",
)

ROUTES = [route for route in vars(paths).values() if isinstance(route, Route)]
READ = "/crm/v3/objects/deals/batch/read"
GOOD = '{"inputs": [{"id": "1"}], "properties": [], "propertiesWithHistory": []}'


def broken(method: str, path: str, body: str | None) -> list[str]:
    contract = Contract()
    contract.take(method, path, body, {"Content-Type": "application/json"})
    assert contract.checked
    return contract.broken


def test_a_good_request_passes() -> None:
    assert broken("POST", READ, GOOD) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (READ, '{"inputs": [{"id": 1}], "properties": [], "propertiesWithHistory": []}'),
        (READ, '{"inputs": [{"id": "1"}]}'),
        ("/crm/v3/objects/deals/batch/reed", GOOD),
        ("/crm/v3/objects/deals/batch/update", '{"inputs": [{"id": "1", "properties": {"amount": 5}}]}'),
        ("/crm/associations/2026-09/deals/line_items/batch/read", '{"inputs": [{}]}'),
    ],
)
def test_a_bad_request_is_caught(path: str, body: str) -> None:
    assert broken("POST", path, body)


def test_what_the_adapter_sends_is_what_is_checked(
    hubspot: HubSpotDriver, hubspot_contract: Contract
) -> None:
    deal = hubspot.new_deal("Acme", "discovery")
    hubspot.crm.read_deals([deal], hubspot.wanted)
    assert ("POST", READ) in hubspot_contract.checked
    assert ("POST", "/crm/associations/2026-09/deals/line_items/batch/read") in hubspot_contract.checked
    assert len(hubspot_contract.checked) >= len(hubspot.seen)


def test_dated_paths_are_held_against_their_twin() -> None:
    assert (
        twin("/crm/associations/2026-09/deals/tasks/batch/read")
        == "/crm/v4/associations/deals/tasks/batch/read"
    )
    assert twin("/crm/objects/2026-09/deals/search") == "/crm/v3/objects/deals/search"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.template}")
def test_every_route_of_the_table_is_described_or_listed(route: Route) -> None:
    if (route.method, route.template) in UNDESCRIBED:
        return
    held = orjson.loads(DESCRIPTION.read_bytes())["paths"]
    shapes = {_shape(path) for path, operations in held.items() if route.method.lower() in operations}
    assert _shape(twin(route.template)) in shapes


def _shape(path: str) -> tuple[str, ...]:
    return tuple("{}" if part.startswith("{") else part for part in path.split("/"))
