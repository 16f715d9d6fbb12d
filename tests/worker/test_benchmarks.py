"""The benchmarks of reliability in their smallest form."""

import pytest

from benchmarks import chaos, faults


@pytest.mark.timeout(120)
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_two_kills_lose_nothing_and_ask_nobody_twice(engine: str) -> None:
    clean, killed = chaos.measure(chaos.Plan(deals=20, kills=2, engine=engine))
    assert set(killed) == {"hubspot", "salesforce"}
    for crm, one in killed.items():
        assert (one.lost, one.doubled) == (0, 0), crm
        assert chaos.wrong_badges(clean[crm], one) == 0, crm
        assert chaos.wrongly_asked(clean[crm], one) == 0, crm
        assert any(clean[crm].asked.values()), crm
    assert any(clean["hubspot"].told.values())


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_with_three_of_ten_calls_failing_all_is_delivered(crm: str) -> None:
    ideal, faulty = faults.measure(crm, rounds=6)
    assert (ideal.undelivered, faulty.undelivered) == (0, 0)
    assert (ideal.look_ups, ideal.doubled) == (0, 0)
    assert faulty.calls > 0.7 * ideal.calls
