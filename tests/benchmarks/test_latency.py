"""The latency benchmark follows an event from the webhook to the badge."""

from pathlib import Path

import pytest

from benchmarks.latency import CrmCall, Round, measure, own, result


def test_each_event_is_followed_from_the_webhook_to_the_badge(tmp_path: Path) -> None:
    rounds = measure(3, tmp_path)
    assert len(rounds) == 3
    for one in rounds:
        assert one.calls[-1].path.endswith("/deals/batch/update")
        assert 0 < one.parts["until the first CRM call"] < one.parts["webhook to badge"]
    assert set(result(rounds)) == {"p50_ms", "p99_ms"}


@pytest.mark.parametrize(
    ("calls", "left"),
    [
        ([], 10),
        ([(2, 4)], 8),
        ([(2, 4), (6, 7)], 7),
        ([(2, 6), (3, 5)], 6),
        ([(3, 6), (2, 4)], 6),
        ([(2, 4), (2, 4)], 8),
        ([(-3, 1), (9, 12)], 8),
        ([(-3, -1), (12, 13)], 10),
        ([(-1, 11)], 0),
    ],
)
def test_the_sandboxs_own_time_counts_once_where_calls_run_side_by_side(
    calls: list[tuple[float, float]], left: float
) -> None:
    assert own(0, 10, [CrmCall("/deals", *one) for one in calls]) == left


def test_no_part_of_a_round_with_calls_side_by_side_is_less_than_nothing() -> None:
    calls = (CrmCall("/deals", 2, 6), CrmCall("/lines", 3, 7), CrmCall("/deals/batch/update", 9, 12))

    parts = Round(0, 1, calls).parts

    assert list(parts.values()) == [1000, 2000, 0, 2000, 4000]
