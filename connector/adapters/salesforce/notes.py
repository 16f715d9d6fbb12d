"""Notes on deals. A short mark at the end tells ours apart, so that a note is not put twice."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from connector.adapters.base import Delivery
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.ids import parts
from connector.adapters.salesforce.soql import BATCH, select
from connector.adapters.salesforce.writes import Record, create
from connector.effects import AddNote

NOTE = "Note"
_TITLE = 80
_LONGEST = 30_000  # Salesforce takes 32,000 characters
_MARK = re.compile(r"\(Dealgate ([0-9a-f]{12})\)")


def add_notes(client: Client, effects: Sequence[AddNote]) -> tuple[Delivery, ...]:
    """Put notes on their deals; never sent twice. A note is plain text: nothing in it is markup."""
    return create(client, NOTE, [Record(_new(effect), sort=(effect.deal,)) for effect in effects])


def notes_of(client: Client, effects: Sequence[AddNote]) -> Mapping[str, str]:
    """Return the ids of those notes that are there already, by key: for an unknown outcome."""
    marks: dict[str, str] = {}
    for part in parts((effect.deal for effect in effects), BATCH):
        for row in client.rows(select(("Id", "Body"), NOTE, "ParentId IN {}", part), NOTE):
            for mark in _MARK.findall(row.get("Body") or ""):
                marks.setdefault(mark, str(row["Id"]))
    return {effect.key: marks[_mark(effect.key)] for effect in effects if _mark(effect.key) in marks}


def _new(effect: AddNote) -> dict[str, Any]:
    first, _, _ = effect.body.partition("\n")
    body = f"{effect.body[:_LONGEST]}\n(Dealgate {_mark(effect.key)})"
    return {"ParentId": effect.deal, "Title": first[:_TITLE] or "Dealgate", "Body": body}


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]
