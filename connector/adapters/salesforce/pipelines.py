"""Record types as pipelines: each shows some of the org's stages, in the org's order."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from connector.adapters.kept import Kept, KeptEach
from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.deals import MASTER
from connector.adapters.salesforce.faults import Rejected
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.soql import select
from connector.deals import Deal, Pipeline, Stage, StageKind
from connector.errors import CrmRefused

STAGE = "OpportunityStage"
_FIELDS = ("ApiName", "MasterLabel", "IsClosed", "IsWon", "SortOrder")
_OPTIONS = Route("GET", "ui-api picklist-values")
_LONGER = 6
_Place = tuple[str, str]  # pipeline and stage


class Pipelines:
    """One pipeline for each record type, and "Master" for deals that have none. Which stages a record type
    offers costs a call each, so that is kept for longer than the rest, unless a deal shows that it is old."""

    def __init__(
        self, client: Client, library: Library, now: Callable[[], datetime], kept_for: timedelta
    ) -> None:
        self._client = client
        self._library = library
        self._all = Kept(self._read, now, kept_for)
        self._offers = KeptEach(partial(_offered, client), now, kept_for * _LONGER)
        self._retired: set[_Place] = set()

    def get(self) -> tuple[Pipeline, ...]:
        """Return the pipelines as they were read last."""
        return self._all.get()

    def learn(self, deals: Iterable[Deal]) -> None:
        """Read them again where a deal stands in a stage that we do not know: Salesforce tells nobody of new
        ones. A stage that is not there then either, one that an admin retired, asks for it no more."""
        known = {(one.id, stage.id) for one in self._all.held() or () for stage in one.stages}
        strange = {(deal.pipeline, deal.stage) for deal in deals} - known - self._retired if known else set()
        if strange and self._all.outdated():
            self._retired |= strange
            self._offers.forget()

    def _read(self) -> tuple[Pipeline, ...]:
        query = select(_FIELDS, STAGE, "IsActive = {}", True, rest="ORDER BY SortOrder")  # noqa: FBT003
        stages = tuple(_stage(row) for row in self._client.rows(query, STAGE))
        types = [one for one in self._library.described(OPPORTUNITY).record_types if _is_own(one)]
        own = tuple(self._pipeline(one, stages) for one in types)
        return (*own, Pipeline(MASTER, "Master", stages))

    def _pipeline(self, info: Row, stages: Iterable[Stage]) -> Pipeline:
        record_type = str(info["recordTypeId"])
        offered = self._offers.get(record_type)
        shown = tuple(stage for stage in stages if offered is None or stage.id in offered)
        return Pipeline(record_type, str(info.get("name") or ""), shown)


def _is_own(info: Row) -> bool:
    """Leave out "Master" alone: deals stay in a record type that is deactivated, and behind its gates."""
    return not info.get("master") and info.get("recordTypeId") != MASTER


def _offered(client: Client, record_type: str) -> frozenset[str] | None:
    """Return the stages of the record type's sales process; None where the org does not tell."""
    path = f"ui-api/object-info/{OPPORTUNITY}/picklist-values/{record_type}/StageName"
    try:
        told: Any = client.rest(_OPTIONS, path) or {}
    except (Rejected, CrmRefused):
        return None
    return frozenset(str(one["value"]) for one in told.get("values") or ()) or None


def _stage(row: Row) -> Stage:
    name = str(row["ApiName"])
    return Stage(name, str(row.get("MasterLabel") or name), _kind(row))


def _kind(row: Row) -> StageKind:
    if not row.get("IsClosed"):
        return StageKind.OPEN
    return StageKind.WON if row.get("IsWon") else StageKind.LOST
