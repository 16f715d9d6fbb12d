"""Whatever happens to a deal, what was settled stays settled: a look that finds nothing new does nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from connector.verdicts import Verdict
from tests.laws.deals import Case
from tests.laws.lives import a_life, on_record
from tests.laws.test_laws import FEW, LONG, MANY, QUICK

Law = Callable[[Case, Verdict], None]


def comes_to_rest(case: Case, first: Verdict) -> None:
    """Judged on its own record, nothing is asked, cleared or taken back again."""
    second = on_record(case, first).judge()

    assert second.signoffs == first.signoffs
    assert second.clearances == first.clearances


def waits_for_its_time(case: Case, first: Verdict) -> None:
    """Before the next moment that the verdict names, time alone asks, clears and closes nothing."""
    later = case.now + timedelta(minutes=1)
    if first.valid_until is not None and first.valid_until <= later:
        return

    second = replace(on_record(case, first), now=later).judge()

    assert second.signoffs == first.signoffs
    assert second.clearances == first.clearances
    assert [one.readiness for one in second.gates] == [one.readiness for one in first.gates]


def each_question_is_one(case: Case, first: Verdict) -> None:
    """A gate, a role and a cycle name one question, and one chain is asked once."""
    names = [(one.gate, one.role, one.cycle) for one in first.signoffs]
    waiting = [(one.gate, case.policy.roles[one.role].chain) for one in first.signoffs if one.waits]

    assert len(set(names)) == len(names)
    assert len(set(waiting)) == len(waiting)


LAWS: dict[str, Law] = {
    law.__name__.replace("_", "-"): law for law in (comes_to_rest, waits_for_its_time, each_question_is_one)
}


def _lives(law: Law) -> Callable[[int, int], None]:
    def holds(rules: int, seed: int) -> None:
        for moment, (case, verdict) in enumerate(a_life(rules, seed)):
            try:
                law(case, verdict)
            except AssertionError as fault:
                fault.add_note(f"moment {moment} of a_life({rules}, {seed})")
                raise

    return holds


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_law_holds_through_a_life(law: Law) -> None:
    given(some.integers(0, FEW - 1), some.integers(0, 2**40))(QUICK(_lives(law)))()


def test_a_gate_that_rests_on_a_condition_is_ready_at_once_when_that_yes_is_asked_for_anew() -> None:
    _lives(waits_for_its_time)(105, 56672)


def test_a_gate_is_not_ready_by_the_yes_of_another_gate_that_is_asked_for_anew() -> None:
    _lives(waits_for_its_time)(386, 1055238)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_law_holds_through_a_life_at_length(law: Law) -> None:
    given(some.integers(0, MANY - 1), some.integers(0, 2**40))(LONG(_lives(law)))()
