"""HubSpot's events: each type has a fixture, is declared, and rings what it says."""

from pathlib import Path

import orjson
import pytest

from connector.adapters.hubspot.events import NotEvents, Triage, hear, parse
from connector.adapters.hubspot.subscriptions import HANDLED, IGNORED
from connector.deals import ObjectType

FIXTURES = Path(__file__).parent / "fixtures"
APP = "77001"
DEAL, LINE, COMPANY, CONTACT, TASK = (
    ("deal", "31001"),
    ("line-item", "35001"),
    ("company", "32001"),
    ("contact", "33001"),
    ("task", "37001"),
)
MERGED = {f"{name}.merge": [(kind, str(int(id_) + more)) for more in (0, 3, 1, 2)] for name, (kind, id_) in {
    "deal": DEAL, "company": COMPANY, "contact": CONTACT, "line_item": LINE}.items()}  # fmt: skip
PLAIN = ("creation", "deletion", "restore", "propertyChange")

RUNG: dict[str, list[tuple[str, str]]] = {
    **{f"deal.{action}": [DEAL] for action in PLAIN},
    **{f"company.{action}": [COMPANY] for action in PLAIN},
    **{f"contact.{action}": [CONTACT] for action in PLAIN},
    **{f"line_item.{action}": [LINE] for action in PLAIN},
    **{f"object.{action}__task": [TASK] for action in PLAIN},
    **MERGED,
    "object.merge__task": [("task", str(37001 + more)) for more in (0, 3, 1, 2)],
    "deal.associationChange": [DEAL, LINE],
    "company.associationChange": [COMPANY, DEAL],
    "contact.associationChange": [CONTACT, DEAL],
    "line_item.associationChange": [LINE, DEAL],
    "object.associationChange__task": [TASK, DEAL],
    "deal.associationChange__primary_company": [DEAL, COMPANY],
    "deal.associationChange__removed": [DEAL, COMPANY],
    "object.propertyChange__deal": [DEAL],
    "object.propertyChange__line_item": [LINE],
    "object.propertyChange__company": [COMPANY],
    "object.propertyChange__contact": [CONTACT],
    "deal.propertyChange__event_type": [DEAL],
    "deal.propertyChange__sensitive": [DEAL],
    "deal.propertyChange__badge_overwritten_by_hand": [DEAL],
    "deal.propertyChange__our_own_move_back": [DEAL],
}
OTHERWISE = {
    "deal.futureThing": Triage.UNKNOWN,
    "object.propertyChange__custom_object": Triage.UNKNOWN,
    "deal.propertyChange__our_own_badge": Triage.ECHO,
    "object.creation__our_own_task": Triage.ECHO,
}
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))


def fixture(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def test_every_declared_type_has_a_fixture_and_every_fixture_a_declared_type():
    fixtures = {name.partition("__")[0] for name in NAMES}
    assert fixtures - {"deal.futureThing"} == set(HANDLED) | set(IGNORED)


def test_the_lists_are_the_vendors_48_types_and_do_not_overlap():
    assert len(HANDLED) + len(IGNORED) == 48
    assert not set(HANDLED) & IGNORED


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_rings_what_it_says(name: str):
    (event,), unknown = parse(fixture(name))
    heard = hear(event, APP)
    expected = Triage.RUNG if name in RUNG else OTHERWISE.get(name, Triage.IGNORED)
    assert unknown == 0
    assert event.portal == "4242001"
    assert heard.triage is expected
    assert [(rung.type, rung.id) for rung in heard.rungs] == RUNG.get(name, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_fixture_is_named_after_its_type(name: str):
    (raw,) = orjson.loads(fixture(name))
    assert (raw.get("subscriptionType") or raw.get("eventType")) == name.partition("__")[0]


def event(**members: object) -> dict[str, object]:
    return {"portalId": 4242001, "subscriptionType": "deal.propertyChange", "objectId": 31001} | members


def heard(**members: object) -> tuple[str, list[tuple[str, str]]]:
    (one,), _ = parse(orjson.dumps([event(**members)]))
    found = hear(one, APP)
    return found.triage.value, [(rung.type.value, rung.id) for rung in found.rungs]


@pytest.mark.parametrize("wrong", [None, 0, -1, 2**63, 1.5, True, "x", "", "1" * 30, "٣", [1], {"id": 1}])
def test_an_event_without_a_usable_object_is_malformed(wrong: object):
    assert heard(objectId=wrong) == ("malformed", [])


@pytest.mark.parametrize(
    "member", ["propertyName", "changeSource", "sourceId", "objectTypeId", "associationType"]
)
@pytest.mark.parametrize("wrong", [None, 7, [], {}])
def test_a_hint_of_the_wrong_kind_loses_no_event(member: str, wrong: object):
    assert heard(**{member: wrong}) == ("rung", [DEAL])


def test_ids_may_come_as_text():
    assert heard(objectId="31001") == ("rung", [DEAL])


def test_a_merge_rings_what_can_be_read_of_it():
    merge = {"subscriptionType": "deal.merge", "primaryObjectId": 5, "mergedObjectIds": [6, None, "x", 6]}
    assert heard(objectId=None, **merge) == ("rung", [("deal", "5"), ("deal", "6")])
    assert heard(objectId=None, subscriptionType="deal.merge", mergedObjectIds="6") == ("malformed", [])


def test_an_association_without_a_type_falls_back_to_its_object():
    assert heard(subscriptionType="company.associationChange", objectId=9) == ("rung", [("company", "9")])
    assert heard(subscriptionType="object.associationChange", objectId=9) == ("malformed", [])


def test_the_writes_of_another_app_are_no_echo():
    assert heard(propertyName="ops_readiness", changeSource="INTEGRATION", sourceId="1") == ("rung", [DEAL])
    assert heard(propertyName="ops_readiness", changeSource="CRM_UI", sourceId=APP) == ("rung", [DEAL])


def test_without_an_app_id_nothing_is_an_echo():
    (one,), _ = parse(fixture("deal.propertyChange__our_own_badge"))
    assert hear(one, None).triage is Triage.RUNG


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b"1", b'"x"', b"[1]", b"[[]]", b"[null]", b"[{}", b"\xff"]
)
def test_a_body_that_is_no_array_of_objects_is_said_to_be_none(body: bytes):
    with pytest.raises(NotEvents):
        parse(body)


def test_every_object_type_that_has_a_bell_has_a_fixture_that_rings_it():
    assert {kind for rung in RUNG.values() for kind, _ in rung} == set(ObjectType)
