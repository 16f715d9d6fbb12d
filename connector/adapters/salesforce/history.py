"""What happened to a deal: rows that Salesforce keeps of stage, amount and close date, and, where the org
tracks further fields, of those. Of all others the record tells who saved it last (ADR 97), and of the word to
Operations, by stamps of the package, who wrote it (ADR 140)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from connector.adapters.base import Wanted
from connector.adapters.salesforce.actors import Crew
from connector.adapters.salesforce.client import Client
from connector.adapters.salesforce.fields import ASKED, ASKED_AT, ASKED_BY, OUR_FIELDS, REQUESTED
from connector.adapters.salesforce.ids import parts
from connector.adapters.salesforce.library import OPPORTUNITY, Described, Library
from connector.adapters.salesforce.parsing import Row, latest, plain
from connector.adapters.salesforce.soql import BATCH, children, select
from connector.adapters.salesforce.vocabulary import api_name
from connector.adapters.vocabulary import on_deal
from connector.backtest.reading import NotReadable, typed
from connector.deals import Change, OurField, Unreadable, Value
from connector.policy.model import Field, FieldType

TRACKED = "OpportunityFieldHistory"
HISTORY = "OpportunityHistory"
_STAGES, _CHANGES = "OpportunityHistories", "Histories"
_ROW = ("Id", "StageName", "CloseDate", "CreatedDate", "CreatedById")
_CHANGE = children(("Field", "NewValue", "CreatedDate", "CreatedById"), _CHANGES)
_AMOUNT = "Amount"
_SAVED = "last-save"
_KEPT = {"stage": "StageName", "amount": "Amount", "close-date": "CloseDate"}
_SPOKEN = (OurField.REQUEST, OurField.REQUEST_NOTE)
_REQUEST = OUR_FIELDS[OurField.REQUEST].name
_STAMPED = (_REQUEST, *(stamp.name for stamp in ASKED))


def read_history(
    client: Client, library: Library, crew: Crew, ids: Sequence[str], wanted: Wanted
) -> Mapping[str, tuple[Change, ...]]:
    """Return each deal's changes, newest first: one query for 200 deals."""
    if not ids:
        return {}
    opportunity = library.described(OPPORTUNITY)
    fields = (
        "Id",
        "LastModifiedDate",
        "LastModifiedById",
        *(name for name in _STAMPED if name in opportunity),
        stages(opportunity),
        *((_CHANGE,) if "Field" in library.described(TRACKED) else ()),
    )
    words = _words(wanted)
    return {
        str(row["Id"]): _changes(client, row, words, crew)
        for part in parts(ids, BATCH)
        for row in client.rows(select(fields, OPPORTUNITY, "Id IN {}", part), OPPORTUNITY)
    }


def readers(fields: Iterable[Field]) -> Mapping[str, Callable[[str | None], Value]]:
    """Return how the kept history of amount and close date is read. Of other fields nobody can tell whether
    they were tracked at the time, so of them there is none."""
    return {
        field.name: partial(_entry, field.type)
        for field in on_deal(fields)
        if field.name in _KEPT and api_name(field) == _KEPT[field.name]
    }


def _entry(kind: FieldType, text: str | None) -> Value:
    try:
        return typed(text, kind) if text else None
    except NotReadable as error:
        return Unreadable(f'"{text}" is not {error}')


def stages(opportunity: Described) -> str:
    """Return the part of a query that brings each deal's history rows along, newest first."""
    amount = (_AMOUNT,) if _AMOUNT in opportunity else ()
    return children((*_ROW, *amount), _STAGES, rest="ORDER BY CreatedDate DESC, Id DESC")


def stage_rows(client: Client, row: Row) -> list[Row]:
    """Return the history rows of a deal in which the stage changed, newest first."""
    rows = _rows(client, row)
    earlier = [*rows[1:], None]
    return [one for one, before in zip(rows, earlier, strict=True) if before is None or _differs(one, before)]


def _differs(row: Row, before: Row) -> bool:
    return row.get("StageName") != before.get("StageName")


def _words(wanted: Wanted) -> dict[str, str]:
    """Return the word behind each field name that Salesforce may track."""
    named = {api_name(field): field.name for field in on_deal(wanted.fields) if api_name(field)}
    ours = {OUR_FIELDS[spoken].name: spoken.value for spoken in _SPOKEN}
    known = {**named, "RecordTypeId": "pipeline", "RecordType": "pipeline", "Owner": "owner", **ours}
    return {name.lower(): word for name, word in known.items()}  # a policy may spell them in any case


def _rows(client: Client, row: Row) -> list[Row]:
    return list(client.children(row, _STAGES, HISTORY))


def _changes(client: Client, row: Row, words: Mapping[str, str], crew: Crew) -> tuple[Change, ...]:
    tracked = _tracked(client.children(row, _CHANGES, TRACKED), words, crew)
    found = [*_kept(_rows(client, row), crew), *tracked, *_asked(row, crew), *_last_save(row, crew)]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _kept(rows: Sequence[Row], crew: Crew) -> Iterator[Change]:
    """Yield what changed from each row to the next; the oldest says how the deal was made."""
    for place, one in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else {}
        for word, name in _KEPT.items():
            if one.get(name) != before.get(name):
                yield from _change(word, one.get(name), one, crew)


def _tracked(rows: Iterable[Row], words: Mapping[str, str], crew: Crew) -> Iterator[Change]:
    """Yield changes of tracked fields; ids stand beside names in a second row, which is the one we want."""
    for one in rows:
        word = words.get(str(one.get("Field")).lower())
        if word is not None and word not in _KEPT:
            yield from _change(word, one.get("NewValue"), one, crew)


def _asked(row: Row, crew: Crew) -> Iterator[Change]:
    at, by = latest(row.get(ASKED_AT.name)), row.get(ASKED_BY.name)
    if at is not None and by:
        # the request is emptied once it is heard; who made it stays
        yield Change(OurField.REQUEST, plain(row.get(_REQUEST) or REQUESTED), at, crew.actor(by))


def _last_save(row: Row, crew: Crew) -> Iterator[Change]:
    at = latest(row.get("LastModifiedDate"))
    if at is not None:
        yield Change(_SAVED, None, at, crew.actor(row.get("LastModifiedById")))


def _change(word: str, value: object, row: Row, crew: Crew) -> Iterator[Change]:
    at = latest(row.get("CreatedDate"))
    if at is not None:
        yield Change(word, None if value is None else plain(value), at, crew.actor(row.get("CreatedById")))
