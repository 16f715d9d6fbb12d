"""A purse spends what it took at once, for a second, and never more."""

from datetime import UTC, datetime, timedelta

from connector.store.store import Store
from connector.wiring import Purse

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def never(bucket: str, _until: datetime, _now: datetime) -> None:
    raise AssertionError(bucket)


def test_calls_are_taken_from_the_budget_a_few_at_a_time_and_kept_for_a_second() -> None:
    taken: list[datetime] = []
    time = Time()

    def take(_bucket: str, now: datetime) -> tuple[int, float]:
        taken.append(now)
        return 3, 0.0

    purse = Purse(take, never, time)
    assert [purse("burst") for _ in range(4)] == [0.0] * 4
    assert len(taken) == 2
    time.now += timedelta(seconds=1)
    assert purse("burst") == 0.0
    assert len(taken) == 3  # two were left, and were lost


def test_an_empty_budget_makes_the_purse_wait_and_grants_nothing() -> None:
    purse = Purse(lambda _bucket, _now: (3, 2.5), never, Time())
    assert [purse("burst"), purse("burst")] == [2.5, 2.5]


def test_several_tokens_are_granted_together_or_not_at_all(store: Store) -> None:
    assert store.budget.take("a", "burst", 7, 1, NOW, 5) == 0.0
    assert store.budget.take("a", "burst", 7, 1, NOW, 5) == 3.0
    assert store.budget.take("a", "burst", 7, 1, NOW, 2) == 0.0
