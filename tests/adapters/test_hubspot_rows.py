"""What HubSpot's answer to a batch says of each row."""

from typing import Any

import pytest

from connector.adapters.base import Fate
from connector.adapters.hubspot.faults import Answer
from connector.adapters.hubspot.paths import BATCH_CREATE, BATCH_UPDATE, Route
from connector.adapters.hubspot.writes import settle

KEY = "dealgate_key"


def created(*keys: str) -> list[dict[str, Any]]:
    return [{"id": f"id-{key}", "properties": {KEY: key}} for key in keys]


def error(category: str, **context: list[str]) -> dict[str, Any]:
    return {"status": "error", "category": category, "message": "no", "context": context}


def creation(results: list[dict[str, Any]], errors: list[dict[str, Any]]) -> list[tuple[Fate, str | None]]:
    """Return the fates of the creations a and b."""
    rows = [{"properties": {KEY: key}, "objectWriteTraceId": str(place)} for place, key in enumerate("ab")]
    answer = Answer(207 if errors else 201, {"results": results, "errors": errors}, {})
    return [(told.fate, told.ref) for told in settle(answer, BATCH_CREATE, rows, KEY)]


def test_results_are_told_apart_in_any_order() -> None:
    assert creation(created("b", "a"), []) == [(Fate.DONE, "id-a"), (Fate.DONE, "id-b")]


def test_a_row_is_failed_by_its_trace() -> None:
    told = creation(created("a"), [error("VALIDATION_ERROR", objectWriteTraceId=["1"])])
    assert told == [(Fate.DONE, "id-a"), (Fate.REFUSED, None)]


def test_a_row_that_nobody_mentions_is_unsure() -> None:
    assert creation(created("a"), []) == [(Fate.DONE, "id-a"), (Fate.UNSURE, None)]
    told = creation([], [error("VALIDATION_ERROR", objectWriteTraceId=["0"])])
    assert told == [(Fate.REFUSED, None), (Fate.UNSURE, None)]


def test_an_error_without_a_name_is_of_the_rows_without_a_result() -> None:
    told = creation(created("a"), [error("VALIDATION_ERROR")])
    assert told == [(Fate.DONE, "id-a"), (Fate.REFUSED, None)]


def test_results_that_were_rewritten_count_when_all_are_there() -> None:
    rewritten = [{"id": "1", "properties": {}}, {"id": "2", "properties": {}}]
    assert creation(rewritten, []) == [(Fate.DONE, None), (Fate.DONE, None)]


@pytest.mark.parametrize(
    ("category", "route", "fate"),
    [
        ("OBJECT_NOT_FOUND", BATCH_UPDATE, Fate.STALE),
        ("VALIDATION_ERROR", BATCH_UPDATE, Fate.REFUSED),
        ("INTERNAL_ERROR", BATCH_UPDATE, Fate.LATER),
        ("INTERNAL_ERROR", BATCH_CREATE, Fate.UNSURE),
        ("RATE_LIMITS", BATCH_UPDATE, Fate.LATER),
        ("RATE_LIMITS", BATCH_CREATE, Fate.LATER),
        ("LOCKED", BATCH_CREATE, Fate.LATER),
        ("SOMETHING_NEW", BATCH_CREATE, Fate.REFUSED),
    ],
)
def test_the_category_decides(category: str, route: Route, fate: Fate) -> None:
    rows = [{"id": "7", "properties": {}, "objectWriteTraceId": "0"}]
    (told,) = settle(Answer(207, {"errors": [error(category, ids=["7"])]}, {}), route, rows, "hs_object_id")
    assert told.fate is fate
    assert told.reason


def test_an_update_of_a_merged_id_is_done() -> None:
    rows = [{"id": "7", "properties": {}, "objectWriteTraceId": "0"}]
    answer = Answer(200, {"results": [{"id": "8", "properties": {}}]}, {})
    assert [told.fate for told in settle(answer, BATCH_UPDATE, rows, "hs_object_id")] == [Fate.DONE]
