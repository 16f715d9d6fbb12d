"""Deal pipelines and their stages, in the CRM's order."""

from collections.abc import Iterable, Mapping
from typing import Any

from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.parsing import number
from connector.adapters.hubspot.paths import LIST_PIPELINES
from connector.deals import Pipeline, Stage, StageKind


def read_pipelines(client: Client) -> tuple[Pipeline, ...]:
    """Return the pipelines that are in use."""
    rows = client.call(LIST_PIPELINES, "deals").data.get("results", ())
    return tuple(
        Pipeline(
            str(row["id"]), row.get("label") or "", tuple(_stage(stage) for stage in _ordered(row["stages"]))
        )
        for row in _ordered(rows)
    )


def _ordered(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(
        (row for row in rows if not row.get("archived")), key=lambda row: row.get("displayOrder") or 0
    )


def _stage(row: Mapping[str, Any]) -> Stage:
    return Stage(str(row["id"]), row.get("label") or "", _kind(row.get("metadata") or {}))


def _kind(metadata: Mapping[str, Any]) -> StageKind:
    """Won is closed with probability 1, lost closed with 0. Closed with neither counts as won: gates hold."""
    if str(metadata.get("isClosed")).casefold() != "true":
        return StageKind.OPEN
    return StageKind.LOST if number(str(metadata.get("probability"))) == 0 else StageKind.WON
