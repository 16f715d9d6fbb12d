"""Moving a deal back: looked at again just before, record type and stage in one write."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from connector.adapters.base import Delivery, Fate
from connector.adapters.salesforce.actors import Crew
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.deals import MASTER, pipeline_of
from connector.adapters.salesforce.history import stage_rows, stages
from connector.adapters.salesforce.ids import parts
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.neighbours import Neighbours
from connector.adapters.salesforce.parsing import Row, latest
from connector.adapters.salesforce.soql import BATCH, select
from connector.adapters.salesforce.writes import Record, update
from connector.deals import ActorKind
from connector.effects import MoveBack

_SAME_ENTRY = timedelta(milliseconds=1)
_TYPE = "RecordTypeId"
_Stands = tuple[Row, Row]  # the deal, and the history row of its newest move


def move_back(
    client: Client, library: Library, crew: Crew, neighbours: Neighbours, effects: Sequence[MoveBack]
) -> tuple[Delivery, ...]:
    """Take moves back. Collections have no compare-and-set: between the look and the write a gap remains."""
    if not effects:
        return ()
    rows = _rows(client, library, [effect.deal for effect in effects])
    fates = [_moved_on(effect, rows.get(effect.deal), crew) for effect in effects]
    due = [place for place, fate in enumerate(fates) if fate is None]
    records = [
        Record(_back(effects[place]), effects[place].deal, neighbours.place(effects[place].deal))
        for place in due
    ]
    sent = update(client, OPPORTUNITY, records, repeatable=False)
    by_place = {place: _again(fate) for place, fate in zip(due, sent, strict=True)}
    return tuple(fate or by_place[place] for place, fate in enumerate(fates))


def _rows(client: Client, library: Library, ids: Sequence[str]) -> dict[str, _Stands]:
    opportunity = library.described(OPPORTUNITY)
    typed = (_TYPE,) if _TYPE in opportunity else ()
    fields = ("Id", "StageName", *typed, stages(opportunity))
    return {
        str(row["Id"]): (row, next(iter(stage_rows(client, row)), {}))
        for part in parts(ids, BATCH)
        for row in client.rows(select(fields, OPPORTUNITY, "Id IN {}", part), OPPORTUNITY)
    }


def _again(fate: Delivery) -> Delivery:
    """An unknown outcome needs no look-up by key: the next attempt looks where the deal stands."""
    return replace(fate, fate=Fate.LATER) if fate.fate is Fate.UNSURE else fate


def _moved_on(effect: MoveBack, stands: _Stands | None, crew: Crew) -> Delivery | None:
    """Return the fate of a move that is not to be made, or None where it is."""
    if stands is None:
        return Delivery(Fate.STALE, reason="record-gone", message="The deal is no longer in Salesforce.")
    row, entry = stands
    place = (pipeline_of(row), row.get("StageName"))
    if place == (effect.to_pipeline, effect.to_stage):
        if crew.actor(entry.get("CreatedById")).kind is ActorKind.OURSELVES:
            return Delivery(Fate.DONE, ref=effect.deal, reason="already-there")
        return Delivery(Fate.STALE, reason="moved-on", message="The deal is back already.")
    at = latest(entry.get("CreatedDate"))
    again = at is not None and at - effect.moved_at > _SAME_ENTRY
    if place != (effect.from_pipeline, effect.from_stage) or again:
        return Delivery(Fate.STALE, reason="moved-on", message="The deal was moved since.")
    return None


def _back(effect: MoveBack) -> dict[str, Any]:
    values: dict[str, Any] = {"StageName": effect.to_stage}
    if effect.to_pipeline != effect.from_pipeline:
        values[_TYPE] = None if effect.to_pipeline == MASTER else effect.to_pipeline
    if isinstance(effect.close_date, date):  # an opportunity always has one: it cannot be emptied
        values["CloseDate"] = effect.close_date.isoformat()
    return values
