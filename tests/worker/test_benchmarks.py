"""The benchmarks of reliability in their smallest form."""

import pytest

from benchmarks import chaos, faults


@pytest.mark.timeout(120)
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_two_kills_lose_nothing_and_ask_nobody_twice(engine: str) -> None:
    clean, killed = chaos.measure(chaos.Plan(deals=20, kills=2, engine=engine))
    assert (killed.lost, killed.doubled) == (0, 0)
    assert chaos.wrong_badges(clean, killed) == 0
    assert chaos.wrongly_asked(clean, killed) == 0
    assert any(clean.asked.values())
    assert any(clean.told.values())


def test_with_three_of_ten_calls_failing_all_is_delivered() -> None:
    ideal, faulty = faults.measure(rounds=6)
    assert (ideal.undelivered, faulty.undelivered) == (0, 0)
    assert (ideal.look_ups, ideal.doubled) == (0, 0)
    assert faulty.calls > 0.7 * ideal.calls
