"""What hangs on each deal besides its lines: contacts by their label, attachments by their name.

Read only where the policy names them: one call for the contacts of 1,000 deals; for the attachments one for
the notes of 1,000 deals, one for 100 notes, one for the names of 100 files that are not known yet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase

from connector.adapters.hubspot.batches import Row, linked_ids, links, read
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.library import Library
from connector.deals import Unreadable, Value
from connector.errors import CrmRefused
from connector.policy.model import Field, Home

ANY = "*"


@dataclass(frozen=True, slots=True)
class Hanging:
    """How many there are of each wanted kind, by deal and word."""

    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()


def read_hanging(client: Client, library: Library, deals: Sequence[str], fields: Iterable[Field]) -> Hanging:
    """Count the contacts and the files of each deal. What we may not read is unknown by our own fault."""
    contacts = [one for one in fields if one.home is Home.CONTACT]
    files = [one for one in fields if one.home is Home.FILE]
    values: dict[str, dict[str, Value]] = {deal: {} for deal in deals}
    alarms: list[str] = []
    for wanted, count in ((contacts, _contacts), (files, _files)):
        if not wanted or not deals:
            continue
        try:
            found = count(client, library, deals, wanted)
        except CrmRefused as fault:
            lost = Unreadable(fault.message, ours=True)
            found = {deal: {one.name: lost for one in wanted} for deal in deals}
            alarms += [f"field-refused {one.name}" for one in wanted]
        for deal in deals:
            values[deal].update(found[deal])
    return Hanging(values, tuple(alarms))


def _contacts(
    client: Client, _: Library, deals: Sequence[str], fields: Sequence[Field]
) -> dict[str, dict[str, Value]]:
    linked = links(client, "deals", "contacts", deals)
    return {
        deal: {one.name: Decimal(_labelled(linked.get(deal, ()), one.match)) for one in fields}
        for deal in deals
    }


def _labelled(rows: Iterable[Row], label: str) -> int:
    """Count the contacts whose association has this label, any contact for *."""
    wanted = label.casefold()
    holding = [row for row in rows if label == ANY or wanted in _labels(row)]
    return len(linked_ids(holding))


def _labels(row: Row) -> set[str]:
    return {str(one.get("label") or "").casefold() for one in row.get("associationTypes", ())}


def _files(
    client: Client, library: Library, deals: Sequence[str], fields: Sequence[Field]
) -> dict[str, dict[str, Value]]:
    notes = {deal: linked_ids(rows) for deal, rows in links(client, "deals", "notes", deals).items()}
    asked = (note for ids in notes.values() for note in ids)
    rows = {str(row["id"]): row for row in read(client, "notes", asked, ("hs_attachment_ids",))}
    attached = {deal: _attached(rows.get(note) for note in notes.get(deal, ())) for deal in deals}
    named = any(one.match != ANY for one in fields)
    names = library.file_names({one for ids in attached.values() for one in ids}) if named else {}
    return {
        deal: {one.name: Decimal(_matching(ids, names, one.match)) for one in fields}
        for deal, ids in attached.items()
    }


def _attached(notes: Iterable[Row | None]) -> list[str]:
    """Return the ids of the files on these notes; HubSpot puts a semicolon between them."""
    texts = (str(note["properties"].get("hs_attachment_ids") or "") for note in notes if note is not None)
    ids = (one.strip() for text in texts for one in text.split(";"))
    return list(dict.fromkeys(one for one in ids if one))


def _matching(ids: Iterable[str], names: Mapping[str, str], pattern: str) -> int:
    if pattern == ANY:
        return len(list(ids))
    return sum(fnmatchcase(names.get(one, "").casefold(), pattern.casefold()) for one in ids)
