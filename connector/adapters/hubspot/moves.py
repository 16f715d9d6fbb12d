"""Moving a deal back: looked at again just before, pipeline and stage in one write."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from connector.adapters.base import Delivery, Fate
from connector.adapters.hubspot.actors import actor, newest
from connector.adapters.hubspot.batches import Row, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.parsing import day, moment
from connector.adapters.hubspot.paths import MOVE
from connector.adapters.hubspot.writes import deliver
from connector.deals import ActorKind
from connector.effects import MoveBack

_PLACE = ("pipeline", "dealstage")
_SAME_ENTRY = timedelta(milliseconds=1)


def move_back(client: Client, app_id: str, effects: Sequence[MoveBack]) -> tuple[Delivery, ...]:
    """Take moves back. HubSpot has no compare-and-set: between the look and the write a small gap remains."""
    found = read(client, "deals", [effect.deal for effect in effects], _PLACE, _PLACE)
    rows = {str(row["id"]): row for row in found}
    fates = [_moved_on(effect, rows.get(effect.deal), app_id) for effect in effects]
    due = [place for place, fate in enumerate(fates) if fate is None]
    sent = deliver(client, MOVE, "deals", [_back(effects[place]) for place in due])
    by_place = {place: _again(fate) for place, fate in zip(due, sent, strict=True)}
    return tuple(fate or by_place[place] for place, fate in enumerate(fates))


def _again(fate: Delivery) -> Delivery:
    """An unknown outcome needs no look-up by key: the next attempt looks where the deal stands."""
    return replace(fate, fate=Fate.LATER) if fate.fate is Fate.UNSURE else fate


def _moved_on(effect: MoveBack, row: Row | None, app_id: str) -> Delivery | None:
    """Return the fate of a move that is not to be made, or None where it is."""
    if row is None:
        return Delivery(Fate.STALE, reason="record-gone", message="The deal is no longer in HubSpot.")
    properties, entry = row["properties"], _newest_stage(row)
    place = (properties.get("pipeline"), properties.get("dealstage"))
    if place == (effect.to_pipeline, effect.to_stage):
        if entry and actor(entry, app_id).kind is ActorKind.OURSELVES:
            return Delivery(Fate.DONE, ref=effect.deal, reason="already-there")
        return Delivery(Fate.STALE, reason="moved-on", message="The deal is back already.")
    at = moment(entry.get("timestamp")) if entry else None
    again = at is not None and at - effect.moved_at > _SAME_ENTRY
    if place != (effect.from_pipeline, effect.from_stage) or again:
        return Delivery(Fate.STALE, reason="moved-on", message="The deal was moved since.")
    return None


def _newest_stage(row: Row) -> Mapping[str, Any] | None:
    return newest((row.get("propertiesWithHistory") or {}).get("dealstage") or ())


def _back(effect: MoveBack) -> dict[str, Any]:
    properties = {"pipeline": effect.to_pipeline, "dealstage": effect.to_stage}
    if effect.close_date is not None:
        closed = effect.close_date
        properties["closedate"] = day(closed) if isinstance(closed, date) else closed
    return {"id": effect.deal, "properties": properties}
