"""Reminder, escalation and end of a question come at the very minute, and none twice, however the clock jumps:
held against a count of working minutes one by one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from connector.deals import Change
from connector.effects import SendMail
from connector.policy.model import Calendar, Policy, Waiting
from connector.standing import SignoffState
from tests.core.test_laws import QUICK
from tests.core.world import PEOPLE, Life, deal, gate, person, policy

REMIND, RISE, END = 3, 7, 15  # working hours
TICK = timedelta(minutes=5)
HOLIDAYS = frozenset({date(2026, 3, 31), date(2026, 11, 2)})
DAYS = Calendar("Europe/Amsterdam", holidays=HOLIDAYS)
ALWAYS = replace(
    DAYS, opens=1, closes=23, days=frozenset(range(7))
)  # the change of time lies within the hours
ZONES = some.sampled_from(("Europe/Amsterdam", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"))
CHANGES = (datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 22, tzinfo=UTC))  # days before clocks change
STARTS = some.builds(
    lambda first, ticks: first + ticks * TICK, some.sampled_from(CHANGES), some.integers(0, 7 * 24 * 12)
)
JUMPS = some.lists(some.integers(1, 12 * 13), min_size=1, max_size=40)  # ticks ahead, to thirteen hours
BACK = some.sets(some.integers(0, 39), max_size=6)  # after which of them the clock is put back by an hour


def rules(calendar: Calendar, zone: str) -> Policy:
    people = {**PEOPLE, "anna": replace(PEOPLE["anna"], zone=zone)}
    return policy(gate(), people=people, calendar=calendar, waiting=Waiting(REMIND, RISE, END))


def asked(at: datetime, calendar: Calendar, zone: str) -> Life:
    touched = Change("stage", "proposal", at - timedelta(minutes=1), person())
    life = Life(deal("proposal", 18), rules(calendar, zone), history=(touched,), now=at)
    life.step()
    assert life.standing.signoffs[0].asked == ("anna",)
    return life


def moment(at: datetime, hours: int, calendar: Calendar, zone: str) -> datetime:
    """Return when so many working hours have passed there, counted in ticks on the wall."""
    left, now = hours * 12, at
    while left:
        left -= works(now, calendar, zone)
        now += TICK
    return now


def works(at: datetime, calendar: Calendar, zone: str) -> bool:
    there = at.astimezone(ZoneInfo(zone))
    open_now = calendar.opens <= there.hour < calendar.closes
    return open_now and there.weekday() in calendar.days and there.date() not in calendar.holidays


def happened(life: Life) -> Iterator[str]:
    """Look once, and yield what came of it."""
    risen, ended = life.standing.signoffs[0].escalated_at, life.standing.signoffs[0].state
    for effect in life.step():
        if isinstance(effect, SendMail) and effect.key.startswith("remind:"):
            yield "remind"
    newest = life.standing.signoffs[0]
    if newest.escalated_at != risen:
        yield "rise"
    if newest.state is not ended:
        assert newest.state is SignoffState.EXPIRED
        yield "end"


@settings(QUICK, max_examples=40)
@given(STARTS, ZONES, some.sampled_from((DAYS, ALWAYS)), JUMPS, BACK)
@example(datetime(2026, 3, 27, 15, tzinfo=UTC), "Europe/Amsterdam", DAYS, [12] * 40, set())
@example(datetime(2026, 3, 28, 23, tzinfo=UTC), "Europe/Amsterdam", ALWAYS, [12] * 20, {1, 2, 3})
@example(datetime(2026, 10, 24, 22, tzinfo=UTC), "Europe/Amsterdam", ALWAYS, [6] * 40, {3, 5})
def test_each_comes_at_its_minute_and_none_twice(
    at: datetime, zone: str, calendar: Calendar, jumps: list[int], back: set[int]
) -> None:
    life = asked(at, calendar, zone)
    due = [moment(at, hours, calendar, zone) for hours in (REMIND, RISE, END)]
    reminded, rises, ends = due
    latest, seen = at, list[str]()
    for place, ticks in enumerate(jumps):
        before = latest
        life.now += ticks * TICK
        latest = max(latest, life.now)
        came = list(happened(life))
        expected = []
        if before < ends <= life.now:
            expected = ["end"]
        elif "end" not in seen:
            expected += ["remind"] * (before < reminded <= life.now < rises)
            expected += ["rise"] * (before < rises <= life.now)
        assert came == expected, (life.now, due)
        seen += came
        if place in back:
            life.now -= timedelta(hours=1)
            assert list(happened(life)) == []
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("calendar", [DAYS, ALWAYS])
@pytest.mark.parametrize("start", CHANGES)
def test_the_clock_wakes_at_each_of_these_minutes(start: datetime, calendar: Calendar) -> None:
    """Nobody has to look by chance: the verdict names the next moment itself, up to the last one."""
    life, zone, woken = asked(start, calendar, "America/New_York"), "America/New_York", list[datetime]()
    while life.verdict is not None and life.verdict.valid_until is not None and len(woken) < 9:
        life.now = life.verdict.valid_until
        woken.append(life.now)
        life.step()
    wanted = [moment(start, hours, calendar, zone) for hours in (REMIND, RISE, END)]
    assert [one for one in woken if one in wanted] == wanted
