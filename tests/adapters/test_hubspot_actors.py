"""Who did it, by HubSpot's source: a table."""

import pytest

from connector.adapters.hubspot.actors import actor, newest
from connector.deals import Actor, ActorKind

P, A, Q, OURS, U = (
    ActorKind.PERSON,
    ActorKind.AUTOMATION,
    ActorKind.IMPORT,
    ActorKind.OURSELVES,
    ActorKind.UNKNOWN,
)


@pytest.mark.parametrize(
    ("source", "source_id", "by", "expected"),
    [
        ("CRM_UI", "userId:9101", None, Actor(P, "9101")),
        ("CRM_UI", "userId:9101", 9102, Actor(P, "9101")),
        ("CRM_UI", None, 9101, Actor(P, "9101")),
        ("CRM_UI", None, None, Actor(P, None)),
        ("CRM_UI", "userId:", None, Actor(P, None)),
        ("crm_ui", "userId:9101", None, Actor(P, "9101")),
        ("CRM_UI_BULK_ACTION", "userId:9101", None, Actor(P, "9101")),
        ("MOBILE_IOS", "userId:9101", None, Actor(P, "9101")),
        ("MOBILE_ANDROID", "userId:9101", None, Actor(P, "9101")),
        ("BATCH_UPDATE", "userId:9101", None, Actor(P, "9101")),
        ("BATCH_UPDATE", "job-7", None, Actor(A)),
        ("CLONE_OBJECTS", "userId:9101", None, Actor(P, "9101")),
        ("INTEGRATION", "77001", None, Actor(OURS)),
        ("INTEGRATION", "88001", None, Actor(A)),
        ("INTEGRATION", "77001", 9101, Actor(OURS)),
        ("INTEGRATION", "userId:9120", 9120, Actor(A)),
        ("API", "77001", None, Actor(A)),
        ("AUTOMATION_PLATFORM", "enrollmentId:1", 9101, Actor(A)),
        ("WORKFLOW", None, None, Actor(A)),
        ("CALCULATED", None, None, Actor(A)),
        ("BREEZE_AGENT", "userId:9101", None, Actor(A)),
        ("IMPORT", "1001", 9101, Actor(Q)),
        ("INTEGRATIONS_SYNC", "x", None, Actor(Q)),
        ("SALESFORCE_SYNC", "x", None, Actor(Q)),
        ("MERGE_OBJECTS", "userId:9101", 9101, Actor(Q)),
        ("RESTORE_OBJECTS", "userId:9101", None, Actor(Q)),
        ("PROPERTY_RESTORE", "userId:9101", None, Actor(Q)),
        ("PIPELINE_SETTINGS", "userId:9101", None, Actor(Q)),
        ("SOMETHING_NEW", "userId:9101", 9101, Actor(U)),
        (None, None, None, Actor(U)),
    ],
)
def test_the_source_says_who_did_it(
    source: str | None, source_id: str | None, by: int | None, expected: Actor
) -> None:
    entry = {"sourceType": source, "sourceId": source_id, "updatedByUserId": by}
    assert actor(entry, "77001") == expected


def test_without_an_app_id_nothing_is_ours() -> None:
    assert actor({"sourceType": "INTEGRATION", "sourceId": ""}, "").kind is A


def test_times_are_compared_as_times() -> None:
    whole, half = {"timestamp": "2026-01-01T00:00:00Z"}, {"timestamp": "2026-01-01T00:00:00.500Z"}
    assert newest((whole, half)) is half
    assert newest(({"timestamp": "rubbish"},)) is None
