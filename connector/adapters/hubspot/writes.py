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
_SILENT = {"category": "INTERNAL_ERROR", "message": "HubSpot said nothing of this row."}


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
        batch = [traced[place] for place in part]
        try:
            answer = client.call(route, kind, body={"inputs": batch})
            told = settle(answer, route, batch, known_by)
            fates.update(zip(part, told, strict=True))
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
    if fault.category == "OBJECT_NOT_FOUND":
        return Delivery(Fate.STALE, reason="record-gone", message="The record is no longer in HubSpot.")
    return Delivery(Fate.REFUSED, reason=fault.reason, message=fault.message)


def _unsure(fault: CrmError) -> Delivery:
    return Delivery(Fate.UNSURE, reason=fault.reason, message=fault.message)


def _later(fault: CrmError) -> Delivery:
    pause = fault.retry_after if isinstance(fault, CrmUnavailable) else 0.0
    return Delivery(Fate.LATER, reason=fault.reason, message=fault.message, retry_after=pause)


def settle(answer: Answer, route: Route, rows: Sequence[Row], known_by: str) -> list[Delivery]:
    """Return the fate of each row of a batch that HubSpot took, by what a 200, 201 or 207 says of it."""
    errors = [error for error in answer.data.get("errors", ()) if isinstance(error, dict)]
    by_name = {name: error for error in errors for name in (*named(error, TRACE), *named(error, "ids"))}
    nameless = next((error for error in errors if not named(error, TRACE) and not named(error, "ids")), None)
    results = answer.data.get("results", ())
    made = {_label(result, known_by): str(result.get("id")) for result in results}
    failed = [by_name.get(row[TRACE]) or by_name.get(str(row.get("id"))) for row in rows]
    all_told = len(results) + sum(error is not None for error in failed) >= len(rows)
    fates = []
    for row, error in zip(rows, failed, strict=True):
        ref = made.get(str(row.get("id") or row["properties"].get(known_by)))
        lost = ref is None and not all_told
        wrong = error or ((nameless or _SILENT) if lost else None)
        fates.append(_row_fate(wrong, route) if wrong else Delivery(Fate.DONE, ref=ref or row.get("id")))
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
