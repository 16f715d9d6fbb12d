"""9999-12-31 is how many write "for ever": such a day is one like any other, and never a fault of a deal."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connector.deals import OurField
from connector.directory import Absence
from connector.policy.model import Calendar, Delegation, Offering
from connector.standing import Standing, Waiver
from connector.verdicts import Readiness
from tests.core.world import NOW, Life, answer, deal, gate, moved, policy

ZONES = pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Pacific/Kiritimati", "America/Los_Angeles"])
TODAY = NOW.date()


def asked(zone: str = "UTC", given: Standing | None = None, **rules: Any) -> Life:
    known = policy(gate(), calendar=Calendar(zone=zone), **rules)
    acme = Life(deal("proposal", 18), known, given or Standing(), history=moved("proposal"))
    acme.step()
    return acme


@ZONES
@pytest.mark.parametrize(
    ("note", "readiness"),
    [
        ("Valid until 9999-12-31", Readiness.READY),
        ("Condition: data is there by 9999-12-31", Readiness.EXCEPTION),
    ],
)
def test_a_yes_for_ever_is_a_yes(note: str, readiness: Readiness, zone: str) -> None:
    acme = asked(zone)
    acme.step(answer("yes", at=acme.now, note=note))
    acme.step()
    assert acme.show(OurField.READINESS) == readiness


@ZONES
def test_a_waiver_for_ever_holds(zone: str) -> None:
    ever = Waiver("w1", "discounts", date.max, "pilot", "ruth", NOW, "operations")
    acme = asked(zone, Standing(waivers=(ever,)))
    assert acme.show(OurField.READINESS) == Readiness.EXCEPTION


@ZONES
@pytest.mark.parametrize(("since", "until"), [(date.min, TODAY), (TODAY, date.max), (date.min, date.max)])
def test_somebody_may_be_away_and_give_his_right_to_another_for_ever(
    since: date, until: date, zone: str
) -> None:
    acme = asked(zone, delegations=(Delegation("anna", "jan", since, until),))
    acme.context = {"absences": (Absence("anna", since, until),)}
    acme.step()
    assert acme.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF


def test_a_start_at_the_end_of_time_passes_no_limit_of_days_after_it() -> None:
    rules = replace(policy(gate(), offering=Offering(start="start_date")), day_limits=frozenset({-5, 0}))
    acme = Life(deal("proposal", values={"start_date": date.max}), rules, history=moved("proposal"))
    acme.step()
    assert acme.verdict is not None
    assert acme.verdict.valid_until == datetime(9899, 12, 31, 23, tzinfo=UTC)
