"""Record types as pipelines: each shows some of the org's stages, in the org's order."""

from collections.abc import Iterable
from typing import Any

from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.deals import MASTER
from connector.adapters.salesforce.faults import Rejected
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import select
from connector.deals import Pipeline, Stage, StageKind

STAGE = "OpportunityStage"
_FIELDS = ("ApiName", "MasterLabel", "IsClosed", "IsWon", "SortOrder")
_OPTIONS = Route("GET", "ui-api picklist-values")


def read_pipelines(client: Client, library: Library) -> tuple[Pipeline, ...]:
    """Return one pipeline for each record type, and "Master" for deals that have none."""
    query = select(_FIELDS, STAGE, "IsActive = {}", True, rest="ORDER BY SortOrder")  # noqa: FBT003
    stages = tuple(_stage(row) for row in client.rows(query, STAGE))
    types = [one for one in library.described(OPPORTUNITY).record_types if _in_use(one)]
    own = tuple(_pipeline(client, one, stages) for one in types)
    return (*own, Pipeline(MASTER, "Master", stages))


def _in_use(info: Row) -> bool:
    return bool(info.get("active", True)) and not info.get("master") and info.get("recordTypeId") != MASTER


def _pipeline(client: Client, info: Row, stages: Iterable[Stage]) -> Pipeline:
    record_type = str(info["recordTypeId"])
    offered = _offered(client, record_type)
    shown = tuple(stage for stage in stages if offered is None or stage.id in offered)
    return Pipeline(record_type, str(info.get("name") or ""), shown)


def _offered(client: Client, record_type: str) -> frozenset[str] | None:
    """Return the stages of the record type's sales process; None where the org does not tell."""
    path = f"ui-api/object-info/{OPPORTUNITY}/picklist-values/{record_type}/StageName"
    try:
        told: Any = client.rest(_OPTIONS, path) or {}
    except Rejected:
        return None
    return frozenset(str(one["value"]) for one in told.get("values") or ()) or None


def _stage(row: Row) -> Stage:
    name = str(row["ApiName"])
    return Stage(name, str(row.get("MasterLabel") or name), _kind(row))


def _kind(row: Row) -> StageKind:
    if not row.get("IsClosed"):
        return StageKind.OPEN
    return StageKind.WON if row.get("IsWon") else StageKind.LOST
