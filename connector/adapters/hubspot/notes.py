"""Notes on deals. A short mark at the end tells ours apart, so that a note is not put twice."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.adapters.base import Delivery
from connector.adapters.hubspot.batches import linked_ids, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.html import paragraphs
from connector.adapters.hubspot.parsing import instant
from connector.adapters.hubspot.paths import BATCH_CREATE
from connector.adapters.hubspot.tasks import associated
from connector.adapters.hubspot.writes import deliver
from connector.effects import AddNote

KIND = "notes"
_TO_DEAL = 214
_BODY = "hs_note_body"
_LONGEST = 60_000  # HubSpot takes 65,536 characters
_MARK = re.compile(r"\(Dealgate ([0-9a-f]{12})\)")


def add_notes(client: Client, effects: Sequence[AddNote]) -> tuple[Delivery, ...]:
    """Put notes on their deals, 100 a call; never sent twice."""
    now = client.now()
    return deliver(client, BATCH_CREATE, KIND, [_new(effect, now) for effect in effects], known_by=_BODY)


def notes_of(client: Client, effects: Sequence[AddNote]) -> Mapping[str, str]:
    """Return the ids of those notes that are there already, by key: for an unknown outcome."""
    by_deal = links(client, "deals", KIND, [effect.deal for effect in effects])
    ids = [one for rows in by_deal.values() for one in linked_ids(rows)]
    marks: dict[str, str] = {}
    for row in read(client, KIND, ids, [_BODY]):
        for mark in _MARK.findall(row["properties"].get(_BODY) or ""):
            marks.setdefault(mark, str(row["id"]))
    return {effect.key: marks[_mark(effect.key)] for effect in effects if _mark(effect.key) in marks}


def _new(effect: AddNote, now: datetime) -> dict[str, Any]:
    body = f"{paragraphs(effect.body[:_LONGEST])}<br>(Dealgate {_mark(effect.key)})"
    return {
        "properties": {"hs_timestamp": instant(now), _BODY: body},
        "associations": associated(effect.deal, _TO_DEAL),
    }


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
