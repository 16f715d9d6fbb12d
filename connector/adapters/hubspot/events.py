"""HubSpot's webhook events as bells: bytes in, values out. Of an event nothing but ids is kept.

Payloads: https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypedDict, cast

import orjson
from marshmallow import EXCLUDE, Schema, fields, missing

from connector.adapters.base import Rung
from connector.adapters.hubspot.subscriptions import (
    HANDLED,
    IGNORED,
    IGNORED_OBJECT_TYPE_IDS,
    OBJECT_TYPE_IDS,
    OBJECT_TYPES,
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


class Event(TypedDict, total=False):
    """The members we use, ids as text. Which of them are there depends on the type."""

    portal: str
    type: str
    type_in_docs: str
    object: str
    object_type: str
    property: str
    change_source: str
    source: str
    primary: str
    merged: list[str]
    new: str
    association: str
    from_id: str
    from_type: str
    to_id: str
    to_type: str


def _id(value: object) -> str | None:
    """Return a positive whole number, sent as such or as text, as text."""
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return str(value) if type(value) is int and 0 < value < _ID_LIMIT else None


class _Id(fields.Field[str]):
    def deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return _id(value) or cast("str", missing)


class _Ids(fields.Field[list[str]]):
    def deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        found = map(_id, value) if type(value) is list else ()
        return [one for one in found if one is not None]


class _Word(fields.Field[str]):
    def deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return value if type(value) is str else cast("str", missing)


class EventSchema(Schema):
    """The members we use. One of the wrong kind counts as absent: the rest of the event may still say
    what to look at, and refusing it would only have it sent ten times more."""

    class Meta:
        unknown = EXCLUDE

    portal = _Id(data_key="portalId")
    type = _Word(data_key="subscriptionType")
    type_in_docs = _Word(data_key="eventType")  # what the docs' table calls it; no capture shows it
    object = _Id(data_key="objectId")
    object_type = _Word(data_key="objectTypeId")
    property = _Word(data_key="propertyName")
    change_source = _Word(data_key="changeSource")
    source = _Word(data_key="sourceId")
    primary = _Id(data_key="primaryObjectId")
    merged = _Ids(data_key="mergedObjectIds")
    new = _Id(data_key="newObjectId")
    association = _Word(data_key="associationType")
    from_id = _Id(data_key="fromObjectId")
    from_type = _Word(data_key="fromObjectTypeId")
    to_id = _Id(data_key="toObjectId")
    to_type = _Word(data_key="toObjectTypeId")


# One instance: making a schema costs more than a body. `partial` skips absent members, most of the sixteen.
_events = EventSchema(many=True, partial=True)


def parse(body: bytes) -> Sequence[Event]:
    """Return the events of one body; NotEvents where it is not a JSON array of objects."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotEvents("The body is not JSON.") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise NotEvents("The body is not an array of objects.")
    return cast("Sequence[Event]", _events.load(found))


def hear(event: Event, app_id: str | None) -> Heard:
    """Say what became of an event and whose bells it rings. `app_id` is our own app's."""
    name = event.get("type") or event.get("type_in_docs")
    if name is None:
        return Heard(Triage.MALFORMED)
    subscription = HANDLED.get(name)
    if subscription is None:
        return Heard(Triage.IGNORED if name in IGNORED else Triage.UNKNOWN)
    if subscription.action is Action.ASSOCIATION_CHANGE:
        return _association(event, subscription.type, app_id)
    kind = subscription.type or OBJECT_TYPE_IDS.get(event.get("object_type", ""))
    if kind is None:
        return Heard(_untyped(event))
    return _rung(event, tuple(Rung(kind, one) for one in _objects(event, subscription.action)), app_id)


def _untyped(event: Event) -> Triage:
    if "object_type" not in event:
        return Triage.MALFORMED
    return Triage.IGNORED if event["object_type"] in IGNORED_OBJECT_TYPE_IDS else Triage.UNKNOWN


def _objects(event: Event, action: Action) -> Iterator[str]:
    """Yield the ids; a merge may leave a new record, and bells of the merged ones lead to the survivor."""
    if action is not Action.MERGE:
        yield from [event["object"]] if "object" in event else []
        return
    named = [event.get("object"), event.get("primary"), event.get("new"), *event.get("merged", [])]
    yield from dict.fromkeys(one for one in named if one is not None)


def _association(event: Event, kind: ObjectType | None, app_id: str | None) -> Heard:
    """Ring both ends that we handle; a real event may have no objectId, or name no type that we know."""
    from_name, _, to_name = event.get("association", "").partition("_TO_")
    ends = (
        (_end(event.get("from_type"), from_name), event.get("from_id")),
        (_end(event.get("to_type"), to_name), event.get("to_id")),
    )
    rungs = tuple(Rung(end, one) for end, one in ends if end is not None and one is not None)
    if not rungs and kind is not None and "object" in event:
        rungs = (Rung(kind, event["object"]),)
    if not rungs and event.get("association"):
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
    if app_id is None or event.get("source") != app_id or event.get("change_source") != "INTEGRATION":
        return False
    ours = event.get("property", "").startswith(_OUR_PROPERTIES)
    return ours or any(rung.type is ObjectType.TASK for rung in rungs)
