"""The latency benchmark follows an event from the webhook to the badge."""

from pathlib import Path

from benchmarks.latency import measure, result


def test_each_event_is_followed_from_the_webhook_to_the_badge(tmp_path: Path) -> None:
    rounds = measure(3, tmp_path)
    assert len(rounds) == 3
    for one in rounds:
        assert one.calls[-1].path.endswith("/deals/batch/update")
        assert 0 < one.parts["until the first CRM call"] < one.parts["webhook to badge"]
    assert set(result(rounds)) == {"p50_ms", "p99_ms"}
