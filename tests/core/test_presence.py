"""Who is asked changes when somebody is back or leaves: the verdict names that moment by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connector.directory import Absence
from connector.policy.model import Delegation, Policy
from connector.verdicts import Readiness
from tests.core.world import NOW, ROLES, Life, answer, deal, gate, moved, policy

TODAY = NOW.date()
TOMORROW = datetime(2026, 11, 24, 23, tzinfo=UTC)  # midnight in Amsterdam
AWAY = Absence("anna", TODAY, TODAY)


def asked(rules: Policy | None = None, *away: Absence) -> Life:
    acme = Life(
        deal("proposal", 18), rules or policy(gate()), history=moved("proposal"), context={"absences": away}
    )
    acme.step()
    return acme


def who(life: Life) -> list[tuple[str, ...]]:
    return [one.asked for one in life.standing.signoffs if one.waits]


def until(life: Life) -> datetime | None:
    assert life.verdict is not None
    return life.verdict.valid_until


def at(life: Life, moment: datetime) -> None:
    life.now = moment
    life.step()


def test_two_who_must_sign_are_asked_as_soon_as_the_second_is_back() -> None:
    both = policy(gate(), roles={**ROLES, "operations": replace(ROLES["operations"], needs=2)})
    acme = asked(both, AWAY)
    assert who(acme) == []
    assert until(acme) == TOMORROW
    at(acme, TOMORROW)
    assert who(acme) == [("anna", "jan")]


def test_when_the_holder_is_back_whoever_stood_in_for_him_is_asked_no_more() -> None:
    acme = asked(None, replace(AWAY, to="tom"))
    assert who(acme) == [("tom",)]
    assert until(acme) == TOMORROW
    at(acme, TOMORROW)
    assert who(acme) == [("anna",)]


def test_when_the_holder_leaves_tomorrow_the_next_is_asked_then() -> None:
    acme = asked(None, replace(AWAY, since=TODAY + timedelta(days=1), until=date.max))
    assert who(acme) == [("anna",)]
    assert until(acme) == TOMORROW
    at(acme, TOMORROW)
    assert who(acme) == [("jan",)]


def test_a_delegation_that_ends_takes_the_question_from_whoever_had_it() -> None:
    only = {**ROLES, "operations": replace(ROLES["operations"], holders=("left",))}
    given = Delegation("left", "jan", TODAY, TODAY)
    acme = asked(policy(gate(), roles=only, delegations=(given,)))
    assert who(acme) == [("jan",)]
    assert until(acme) == TOMORROW
    at(acme, TOMORROW)
    assert acme.verdict is not None
    assert acme.verdict.alarms == ("nobody-can-sign operations",)


@pytest.mark.parametrize("decided", [False, True])
def test_a_deal_that_waits_for_nobody_is_not_looked_at_because_somebody_is_back(decided: bool) -> None:
    acme = asked(None, Absence("eva", TODAY, TODAY))
    assert until(acme) == TOMORROW
    acme.price(18 if decided else 5)
    acme.step(*([answer("yes", at=acme.now)] if decided else []))
    assert acme.verdict is not None
    assert acme.verdict.readiness is Readiness.READY
    assert until(acme) is None
