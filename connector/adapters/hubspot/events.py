"""HubSpot's webhook events as bells: bytes in, values out. Of an event nothing but ids is kept.

Payloads: https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
from marshmallow import Schema, fields

from connector.adapters.base import Rung
from connector.adapters.hubspot.subscriptions import (
    HANDLED,
    IGNORED,
    IGNORED_OBJECT_TYPE_IDS,
    OBJECT_TYPE_IDS,
    OBJECT_TYPES,
    UNUSED_MEMBERS,
    Action,
)
from connector.deals import ObjectType
from connector.errors import DealgateError

_OUR_PROPERTIES = ("ops_", "dealgate_")  # of the deal, of the task (design 7)
_ID_LIMIT = 2**63


@dataclass(slots=True, eq=False)
class NotEvents(DealgateError):
    """The body is not a JSON array of objects."""

    reason: str = "not-events"


class Triage(StrEnum):
    """What became of one event."""

    RUNG = "rung"
    ECHO = "echo"  # our own write coming back
    IGNORED = "ignored"
    UNKNOWN = "unknown-type"
    MALFORMED = "malformed"  # a member without which nobody can say what it is about is not there


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one event and whose bells it rings."""

    triage: Triage
    rungs: tuple[Rung, ...] = ()


class Event(NamedTuple):
    """The members we use, ids as text. Which of them are there depends on the type."""

    portal: str | None = None
    type: str | None = None
    type_in_docs: str | None = None
    object: str | None = None
    object_type: str | None = None
    property: str | None = None
    change_source: str | None = None
    source: str | None = None
    primary: str | None = None
    merged: Sequence[str] | None = None
    new: str | None = None
    association: str | None = None
    from_id: str | None = None
    from_type: str | None = None
    to_id: str | None = None
    to_type: str | None = None


def _id(value: object) -> str | None:
    """Return a positive whole number, sent as such or as text, as text."""
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return str(value) if type(value) is int and 0 < value < _ID_LIMIT else None


def _ids(value: object) -> list[str]:
    return [id_ for id_ in map(_id, value) if id_] if type(value) is list else []


def _word(value: object) -> str | None:
    return value if type(value) is str else None


_IDS = {
    "portalId": "portal",
    "objectId": "object",
    "primaryObjectId": "primary",
    "newObjectId": "new",
    "fromObjectId": "from_id",
    "toObjectId": "to_id",
}
_ID_LISTS = {"mergedObjectIds": "merged"}
_WORDS = {
    "subscriptionType": "type",
    "eventType": "type_in_docs",  # what the docs' table calls it; no capture shows it
    "objectTypeId": "object_type",
    "propertyName": "property",
    "changeSource": "change_source",
    "sourceId": "source",
    "associationType": "association",
    "fromObjectTypeId": "from_type",
    "toObjectTypeId": "to_type",
}
_KINDS = {"ids": _IDS, "id_lists": _ID_LISTS, "words": _WORDS}
_USED = frozenset(member for members in _KINDS.values() for member in members)

Columns = Mapping[str, list[Any]]  # by member of Event, a value for each event


class _Columns(fields.Field[Columns]):
    """The columns of one kind of member. A value of another kind counts as absent: the rest of the event may
    still say what to look at, and refusing it would only have it sent ten times more."""

    def __init__(self, read: Callable[[object], object]) -> None:
        super().__init__()
        self._read_value = read

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Columns:
        return {name: list(map(self._read_value, column)) for name, column in value.items()}


class EventsSchema(Schema):
    """The members we use, a column for each, by kind: marshmallow's cost is by the field loaded, so a hundred
    events cost little more than one (docs/adr/0061)."""

    ids = _Columns(_id)
    id_lists = _Columns(_ids)
    words = _Columns(_word)


_events = EventsSchema()  # one instance: making a schema costs more than a body


class Body(NamedTuple):
    """What one body held: its events, and how many members of them nobody has told us of."""

    events: list[Event]
    unknown_members: int


def parse(body: bytes) -> Body:
    """Read one body; NotEvents where it is not a JSON array of objects."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotEvents("The body is not JSON.") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotEvents("The body is not an array of objects.")
    members = set().union(*found)
    read = _events.load(
        {
            kind: {names[member]: [one.get(member) for one in found] for member in names.keys() & members}
            for kind, names in _KINDS.items()
        }
    )
    columns: Columns = {**read["ids"], **read["id_lists"], **read["words"]}
    absent = [None] * len(found)
    rows = zip(*[columns.get(name, absent) for name in Event._fields], strict=True)
    return Body([Event._make(row) for row in rows], len(members - _USED - UNUSED_MEMBERS))


def hear(event: Event, app_id: str | None) -> Heard:
    """Say what became of an event and whose bells it rings. `app_id` is our own app's."""
    name = event.type or event.type_in_docs
    if name is None:
        return Heard(Triage.MALFORMED)
    subscription = HANDLED.get(name)
    if subscription is None:
        return Heard(Triage.IGNORED if name in IGNORED else Triage.UNKNOWN)
    if subscription.action is Action.ASSOCIATION_CHANGE:
        return _association(event, subscription.type, app_id)
    kind = subscription.type or OBJECT_TYPE_IDS.get(event.object_type or "")
    if kind is None:
        return Heard(_untyped(event))
    return _rung(event, tuple(Rung(kind, one) for one in _objects(event, subscription.action)), app_id)


def _untyped(event: Event) -> Triage:
    if event.object_type is None:
        return Triage.MALFORMED
    return Triage.IGNORED if event.object_type in IGNORED_OBJECT_TYPE_IDS else Triage.UNKNOWN


def _objects(event: Event, action: Action) -> Iterable[str]:
    """Return the ids; a merge may leave a new record, and bells of the merged ones lead to the survivor."""
    if action is not Action.MERGE:
        return () if event.object is None else (event.object,)
    named = (event.object, event.primary, event.new, *(event.merged or ()))
    return dict.fromkeys(one for one in named if one is not None)


def _association(event: Event, kind: ObjectType | None, app_id: str | None) -> Heard:
    """Ring both ends that we handle; a real event may have no objectId, or name no type that we know."""
    from_name, _, to_name = (event.association or "").partition("_TO_")
    ends = (
        (_end(event.from_type, from_name), event.from_id),
        (_end(event.to_type, to_name), event.to_id),
    )
    rungs = tuple(Rung(end, one) for end, one in ends if end is not None and one is not None)
    if not rungs and kind is not None and event.object is not None:
        rungs = (Rung(kind, event.object),)
    if not rungs and event.association:
        return Heard(Triage.IGNORED)  # between two objects that no check reads
    return _rung(event, rungs, app_id)


def _end(type_id: str | None, name: str) -> ObjectType | None:
    """Return the type of one end, by id or by the name in e.g. DEAL_TO_PRIMARY_COMPANY."""
    plain = name.lower().removeprefix("primary_").removesuffix("_unlabeled")
    return OBJECT_TYPE_IDS.get(type_id or "") or OBJECT_TYPES.get(plain)


def _rung(event: Event, rungs: tuple[Rung, ...], app_id: str | None) -> Heard:
    if not rungs:
        return Heard(Triage.MALFORMED)
    if _is_echo(event, rungs, app_id):
        return Heard(Triage.ECHO)
    return Heard(Triage.RUNG, rungs)


def _is_echo(event: Event, rungs: tuple[Rung, ...], app_id: str | None) -> bool:
    """Tell our own write of a field or task of ours. Our move back is none: the deal is to be looked at."""
    if app_id is None or event.source != app_id or event.change_source != "INTEGRATION":
        return False
    ours = (event.property or "").startswith(_OUR_PROPERTIES)
    return ours or any(rung.type is ObjectType.TASK for rung in rungs)
