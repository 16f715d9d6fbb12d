"""Who changed a property: HubSpot's source of a history entry as one of our kinds of actor.

Sources: the PropertySource enumeration of HubSpot's API (about 110 values); a user's own write names them in
`sourceId` as `userId:123`, an app's write names the app.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from connector.adapters.hubspot.parsing import moment
from connector.deals import Actor, ActorKind

_PEOPLE = frozenset(
    {"CRM_UI", "CRM_UI_BULK_ACTION", "MOBILE_IOS", "MOBILE_ANDROID", "SALES", "DEALS"}
    | {"BATCH_UPDATE", "CLONE_OBJECTS"}
)
_BY_HAND_OR_NOT = frozenset({"BATCH_UPDATE", "CLONE_OBJECTS"})
_QUIET = frozenset(
    {
        "IMPORT",
        "MERGE_OBJECTS",
        "MERGE_CONTACTS",
        "MERGE_COMPANIES",
        "RESTORE_OBJECTS",
        "PROPERTY_RESTORE",
        "PIPELINE_SETTINGS",
        "MIGRATION",
        "BACKFILL",
    }
)
_APPS = frozenset({"INTEGRATION", "INTEGRATIONS_PLATFORM", "API"})
_AUTOMATION = frozenset(
    {"AUTOMATION_PLATFORM", "WORKFLOW", "WORKFLOWS", "APPROVALS", "QUOTES", "ENGAGEMENTS", "FORECASTING"}
    | {"CALCULATED", "DATA_ENRICHMENT", "BREEZE_AGENT", "CUSTOMER_AGENT"}
)
_USER = "userId:"


def actor(entry: Mapping[str, Any], app_id: str) -> Actor:
    """Return the actor of one history entry. A user is named only for what they did with their own hands."""
    source, source_id = str(entry.get("sourceType") or "").upper(), str(entry.get("sourceId") or "")
    if source in _PEOPLE:
        user = _user(entry, source_id)
        by_hand = user is not None or source not in _BY_HAND_OR_NOT
        return Actor(ActorKind.PERSON, user) if by_hand else Actor(ActorKind.AUTOMATION)
    if source == "INTEGRATION" and app_id and source_id == app_id:
        return Actor(ActorKind.OURSELVES)
    if source in _QUIET or source.endswith("_SYNC"):
        return Actor(ActorKind.IMPORT)
    if source in _APPS or source in _AUTOMATION:
        return Actor(ActorKind.AUTOMATION)
    return Actor(ActorKind.UNKNOWN)


def newest(entries: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the latest of some history entries; of two at the same time the first."""
    dated = [(at, entry) for entry in entries if (at := moment(entry.get("timestamp"))) is not None]
    return max(dated, key=lambda pair: pair[0])[1] if dated else None


def _user(entry: Mapping[str, Any], source_id: str) -> str | None:
    if source_id.startswith(_USER):
        return source_id.removeprefix(_USER).strip() or None
    known = entry.get("updatedByUserId")
    return str(known) if known else None
