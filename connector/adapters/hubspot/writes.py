"""Writes in batches of 100: one fate for each row, whatever happens on the way."""

from collections import deque
from collections.abc import Sequence

from connector.adapters.base import Delivery, Fate
from connector.adapters.hubspot.batches import BATCH, Row, named
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.faults import Answer, Rejected, Unsure, rejection
from connector.adapters.hubspot.paths import Route
from connector.errors import CrmError, CrmRefused, CrmUnavailable

TRACE = "objectWriteTraceId"
_PASSING = frozenset({"RATE_LIMITS", "RATE_LIMIT", "INTERNAL_ERROR", "SERVER_ERROR", "LOCKED", "CONFLICT"})
_HARMLESS = frozenset({"RATE_LIMITS", "RATE_LIMIT", "LOCKED"})  # refused before anything was made

Part = Sequence[int]


def deliver(
    client: Client, route: Route, kind: str, rows: Sequence[Row], *, known_by: str = "hs_object_id"
) -> tuple[Delivery, ...]:
    """Send all rows and return their fates in order.

    Every row carries a trace id, without which one bad row fails its whole batch. `known_by` is the property
    by which a created record is told from its siblings. A batch that is refused whole is halved until the bad
    row stands alone. After a fault the rest waits: its rows are LATER. Raises CrmRefused and CrmUnavailable
    only while nothing was delivered.
    """
    traced = [{**row, TRACE: str(place)} for place, row in enumerate(rows)]
    places = range(len(rows))
    parts = deque(places[start : start + BATCH] for start in range(0, len(rows), BATCH))
    fates: dict[int, Delivery] = {}
    rest = _later(CrmUnavailable("Not sent yet.", reason="hubspot-not-sent"))
    while parts:
        part = parts.popleft()
        try:
            answer = client.call(route, kind, body={"inputs": [traced[place] for place in part]})
            fates.update(_fates(answer, route, [traced[place] for place in part], part, known_by))
        except Rejected as fault:
            if len(part) > 1 and not fault.blames_all:
                parts.extendleft((part[len(part) // 2 :], part[: len(part) // 2]))
            else:
                fates.update(dict.fromkeys(part, refused(fault)))
        except Unsure as fault:
            fates.update(dict.fromkeys(part, _unsure(fault)))
            break
        except (CrmRefused, CrmUnavailable) as fault:
            if not fates:
                raise
            rest = _later(fault)
            break
    return tuple(fates.get(place, rest) for place in places)


def refused(fault: Rejected) -> Delivery:
    """Return the fate of a row that HubSpot refuses for what is in it."""
    if fault.category == "OBJECT_NOT_FOUND" or fault.status == 404:
        return Delivery(Fate.STALE, reason="record-gone", message="The record is no longer in HubSpot.")
    return Delivery(Fate.REFUSED, reason=fault.reason, message=fault.message)


def _unsure(fault: CrmError) -> Delivery:
    return Delivery(Fate.UNSURE, reason=fault.reason, message=fault.message)


def _later(fault: CrmError) -> Delivery:
    pause = fault.retry_after if isinstance(fault, CrmUnavailable) else 0.0
    return Delivery(Fate.LATER, reason=fault.reason, message=fault.message, retry_after=pause)


def _fates(
    answer: Answer, route: Route, rows: Sequence[Row], part: Part, known_by: str
) -> dict[int, Delivery]:
    errors = [error for error in answer.data.get("errors", ()) if isinstance(error, dict)]
    by_trace = {trace: error for error in errors for trace in named(error, TRACE)}
    by_id = {one: error for error in errors for one in named(error, "ids")}
    made = {_label(result, known_by): str(result.get("id")) for result in answer.data.get("results", ())}
    nameless = len(by_trace) + len(by_id) == 0 and bool(errors)
    fates: dict[int, Delivery] = {}
    for place, row in zip(part, rows, strict=True):
        error = by_trace.get(row[TRACE]) or by_id.get(str(row.get("id")))
        ref = made.get(str(row.get("id") or row["properties"].get(known_by)))
        if error is not None:
            fates[place] = _row_fate(error, route)
        elif nameless and ref is None:
            fates[place] = _row_fate(errors[0], route)
        else:
            fates[place] = Delivery(Fate.DONE, ref=ref or row.get("id"))
    return fates


def _label(result: Row, known_by: str) -> str:
    if known_by == "hs_object_id":
        return str(result.get("id"))
    return str((result.get("properties") or {}).get(known_by))


def _row_fate(error: Row, route: Route) -> Delivery:
    fault = rejection(error, 0)
    if fault.category not in _PASSING:
        return refused(fault)
    sure = route.repeatable or fault.category in _HARMLESS
    return Delivery(Fate.LATER if sure else Fate.UNSURE, reason=fault.reason, message=fault.message)
