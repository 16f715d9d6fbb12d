"""Whatever happens in an account: a verdict is the last word on what it was made from, until the time it names."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connector import gates
from connector.capacity.memory import listening
from connector.inputs import Inputs, inputs_of
from connector.store.encode import decode, encode
from connector.verdicts import GateVerdict, Verdict
from connector.worker.remade import DECIDED
from tests.laws.busy import a_busy_life
from tests.laws.deals import Case, around
from tests.laws.lives import on_record
from tests.laws.test_laws import FEW, LONG, MANY, QUICK
from tests.laws.test_lives import each_question_is_one

FAR = timedelta(days=60)


def _same(second: Verdict, first: Verdict) -> None:
    assert second.signoffs == first.signoffs
    assert second.clearances == first.clearances
    assert [_of(one) for one in second.gates] == [_of(one) for one in first.gates]
    assert second.blocked_stages == first.blocked_stages
    assert (second.readiness, second.gate) == (first.readiness, first.gate)


def _of(gate: GateVerdict) -> tuple[object, ...]:
    return gate.gate, gate.readiness, gate.clear, gate.owed


def comes_to_rest(case: Case, first: Verdict) -> None:
    """Judged on its own record it is the same verdict, word for word."""
    second = on_record(case, first).judge()

    _same(second, first)
    assert second.sentence == first.sentence
    assert second.fingerprint == first.fingerprint
    assert second.wants_history == first.wants_history


def waits_for_its_time(case: Case, first: Verdict) -> None:
    """Up to the second before the next moment that it names, time alone changes nothing."""
    if case.context.board is not None:
        return
    ends = case.now + FAR if first.valid_until is None else first.valid_until
    later = ends - timedelta(seconds=1)

    _same(replace(on_record(case, first), now=later).judge(), first)


def is_made_again(case: Case, first: Verdict) -> None:
    """What is kept of its inputs makes it again, on another day and in another process."""
    if case.context.leaving or "NaN" in repr(case.deal):
        return  # the one is no look at a deal, the other is equal to nothing
    heard = around(case, board=listening(case.context.board))
    heard.judge()
    kept = decode(Inputs, encode(inputs_of(case.deal, heard.context, case.now)))

    second = gates.again(kept, case.policy, case.context.directory, way_out=False)

    for name in set(DECIDED) - {"levers"}:
        assert getattr(second, name) == getattr(first, name), name


LAWS = (comes_to_rest, waits_for_its_time, is_made_again, each_question_is_one)


def all_hold(rules: int, seed: int) -> None:
    for moment, (case, verdict) in enumerate(a_busy_life(rules, seed)):
        for law in LAWS:
            try:
                law(case, verdict)
            except AssertionError as fault:
                fault.add_note(f"{law.__name__}, moment {moment} of a_busy_life({rules}, {seed})")
                raise


def test_the_laws_hold_through_a_busy_life() -> None:
    given(some.integers(0, FEW - 1), some.integers(0, 2**40))(settings(QUICK, max_examples=20)(all_hold))()


@pytest.mark.slow
def test_the_laws_hold_through_a_busy_life_at_length() -> None:
    given(some.integers(0, MANY - 1), some.integers(0, 2**40))(LONG(all_hold))()
