"""Days are counted to the start: a day that passes is no change of the deal, another start is one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connector.policy.cells import compile_cell
from connector.policy.model import (
    Derived,
    Field,
    FieldType,
    Home,
    Offering,
    Policy,
    Row,
    Ruling,
    Weight,
    Worse,
)
from connector.signoffs.waivers import as_it_is, bounds
from connector.standing import SignoffState
from connector.verdicts import Readiness
from tests.core.world import FIELDS, Life, answer, deal, gate, matrix, moved, policy

DAYS = Field(
    "days-to-start", "time to the start", FieldType.NUMBER, Home.DERIVED,
    worse=Worse.LOWER, weight=Weight.IGNORE, derived=Derived.DAYS_TO_START, unit="days",
)  # fmt: skip


def soon(days: Field = DAYS, *, stops: bool = False) -> Policy:
    """Operations signs, or may stop it, where the start is less than 150 days ahead."""
    near, far = (compile_cell(cell, days, "EUR") for cell in ("< 150", ">= 150"))
    signs = Row("soon", (near,), Ruling.SIGN_OFF, ("operations",))
    stop = Row("soon", (near,), Ruling.SALES, veto=("operations",), veto_within=40)
    return policy(
        gate(matrices=("soon",), checklist=None),
        fields={**FIELDS, days.name: days},
        matrices={"soon": matrix("soon", stop if stops else signs, Row("far", (far,), Ruling.SALES))},
        offering=Offering(start="start_date"),
    )


def asked(rules: Policy | None = None) -> Life:
    acme = Life(deal("proposal"), rules or soon(), history=moved("discovery", "proposal"))
    acme.step()
    assert [one.state for one in acme.standing.signoffs] == [SignoffState.REQUESTED]
    return acme


def next_day(life: Life) -> None:
    life.now += timedelta(days=1)
    life.step()


def test_a_question_is_not_put_anew_because_a_day_has_passed() -> None:
    acme = asked()
    before = acme.standing.signoffs
    next_day(acme)
    assert acme.standing.signoffs == before


def test_a_yes_covers_the_deal_on_the_next_day_too_and_no_earlier_start() -> None:
    acme = asked()
    acme.step(answer("yes", at=acme.now))
    next_day(acme)
    assert acme.verdict is not None
    assert acme.verdict.readiness is Readiness.READY
    acme.fill(start_date=date(2027, 3, 3))
    acme.step()
    assert acme.verdict.readiness is Readiness.READY
    acme.fill(start_date=date(2027, 3, 1))
    acme.step()
    assert acme.verdict.readiness is Readiness.NEEDS_SIGN_OFF


def test_a_no_holds_on_the_next_day_and_not_against_a_later_start() -> None:
    acme = asked()
    acme.step(answer("no", at=acme.now, note="too soon"))
    next_day(acme)
    assert acme.verdict is not None
    assert acme.verdict.readiness is Readiness.BLOCKED
    acme.fill(start_date=date(2027, 3, 20))
    acme.step()
    assert acme.verdict.readiness is Readiness.NEEDS_SIGN_OFF


def test_whoever_let_the_deal_pass_is_not_told_again_on_the_next_day_but_of_an_earlier_start() -> None:
    acme = asked(soon(stops=True))
    acme.step(answer("yes", at=acme.now))
    next_day(acme)
    assert [one.state for one in acme.standing.signoffs] == [SignoffState.APPROVED]
    acme.fill(start_date=date(2027, 2, 1))
    acme.step()
    assert [one.state for one in acme.standing.signoffs] == [SignoffState.SUPERSEDED, SignoffState.REQUESTED]


@pytest.mark.parametrize("weight", [Weight.IGNORE, Weight.MATERIAL])
def test_a_gate_that_was_passed_is_open_again_for_an_earlier_start_and_not_by_a_day(weight: Weight) -> None:
    acme = Life(deal("proposal"), soon(days=replace(DAYS, weight=weight)), history=moved("proposal"))
    acme.fill(start_date=date(2027, 6, 1))
    acme.move("contract")
    acme.step()
    acme.now = datetime(2027, 2, 1, 12, tzinfo=UTC)
    acme.fill(delivery_address="Dam 1")
    acme.step()
    assert acme.verdict is not None
    assert [one.owed for one in acme.verdict.gates] == [False]
    acme.fill(start_date=date(2027, 5, 1))
    acme.step()
    assert [one.owed for one in acme.verdict.gates] == [True]


def test_a_waiver_covers_the_start_as_it_is_and_later_ones() -> None:
    acme = asked()
    covered = bounds(as_it_is("soon", acme.ground), acme.policy)
    assert [(one.field, one.low) for one in covered] == [("start_date", date(2027, 3, 2))]
