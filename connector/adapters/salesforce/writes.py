"""Writes in batches of 200: one fate for each record, whatever happens on the way.

sObject Collections without allOrNone answer 200 whatever became of the records:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.adapters.base import Delivery, Fate
from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.fates import delay, record_fate, refused
from connector.adapters.salesforce.faults import Rejected, Unsure
from connector.errors import CrmRefused, CrmUnavailable

BATCH = 200
PATH = "composite/sobjects"
_NOT_SENT = delay(CrmUnavailable("Not sent yet.", reason="salesforce-not-sent"))
_SILENT: Sequence[Mapping[str, Any]] = (
    {"statusCode": "UNKNOWN_EXCEPTION", "message": "Salesforce said nothing of it."},
)


@dataclass(frozen=True, slots=True)
class Record:
    """One record to write. `id` is None for a new one; `sort` orders the writing."""

    values: Mapping[str, Any]
    id: str | None = None
    sort: tuple[str, ...] = ()


def update(
    client: Client, kind: str, records: Sequence[Record], *, repeatable: bool = True
) -> tuple[Delivery, ...]:
    """Write absolute values into records that are there; `repeatable` as for any call (client.Route)."""
    return _deliver(client, Route("PATCH", f"{PATH} {kind}", repeatable), kind, records)


def create(client: Client, kind: str, records: Sequence[Record]) -> tuple[Delivery, ...]:
    """Make new records; never sent twice."""
    return _deliver(client, Route("POST", f"{PATH} {kind}", repeatable=False), kind, records)


def _deliver(client: Client, route: Route, kind: str, records: Sequence[Record]) -> tuple[Delivery, ...]:
    """Send all records and return their fates in order.

    A batch that is refused whole is halved until the bad record stands alone. After a fault the rest waits.
    Raises CrmRefused and CrmUnavailable only while nothing was delivered.
    """
    order = sorted(range(len(records)), key=lambda place: records[place].sort)
    batches = deque(order[start : start + BATCH] for start in range(0, len(order), BATCH))
    fates: dict[int, Delivery] = {}
    rest = _NOT_SENT
    while batches:
        batch = batches.popleft()
        try:
            fates.update(zip(batch, _send(client, route, kind, [records[one] for one in batch]), strict=True))
        except Rejected as fault:
            if len(batch) > 1 and not fault.blames_all:
                batches.extendleft((batch[len(batch) // 2 :], batch[: len(batch) // 2]))
            else:
                fates.update(dict.fromkeys(batch, refused(fault)))
        except Unsure as fault:
            fates.update(
                dict.fromkeys(batch, Delivery(Fate.UNSURE, reason=fault.reason, message=fault.message))
            )
            break
        except (CrmRefused, CrmUnavailable) as fault:
            if not fates:
                raise
            rest = delay(fault)
            break
    return tuple(fates.get(place, rest) for place in range(len(records)))


def _send(client: Client, route: Route, kind: str, records: Sequence[Record]) -> Iterator[Delivery]:
    body = {"allOrNone": False, "records": [_body(kind, record) for record in records]}
    told = client.rest(route, PATH, body)
    answers = told if isinstance(told, list) else []
    for place, record in enumerate(records):
        answer = answers[place] if place < len(answers) else {}
        if answer.get("success") is True:
            yield Delivery(Fate.DONE, ref=answer.get("id") or record.id)
        else:
            yield record_fate(answer.get("errors") or _SILENT, repeatable=route.repeatable)


def _body(kind: str, record: Record) -> dict[str, Any]:
    named = {} if record.id is None else {"id": record.id}
    return {"attributes": {"type": kind}, **named, **record.values}
