"""Working hours: when an answer is due, where the approver works, whatever the clocks do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from connector.policy.model import Calendar, Policy, QuarterEnd

_FARTHEST = 3660  # days; a calendar without working days must not loop for ever
# People write 9999-12-31 for "for ever"; beyond these days no zone, and no working time, has a whole day.
_FIRST, _LAST = date(2, 1, 1), date(9900, 1, 1)


def due(asked_at: datetime, calendar: Calendar) -> datetime:
    """Return when the hours that an answer may take have been worked since `asked_at`, in UTC."""
    return after(asked_at, answer_hours(asked_at, calendar) * 60, calendar)


def answer_hours(asked_at: datetime, calendar: Calendar) -> int:
    """Return how many working hours an answer may take that is asked for now."""
    end = calendar.quarter_end
    special = end is not None and _is_quarter_end(local(asked_at, calendar).date(), end, calendar.first_month)
    return end.answer_hours if end is not None and special else calendar.answer_hours


def after(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Return when so many working minutes have passed since `start`, in UTC."""
    left = timedelta(minutes=minutes)
    for opens, closes in _windows(start, calendar):
        if left <= closes - opens:
            return (opens + left).astimezone(UTC)
        left -= closes - opens
    return (start + left).astimezone(UTC)


def worked(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Return the whole working minutes between two moments; none where the clock was turned back."""
    total = timedelta()
    for opens, closes in _windows(start, calendar):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total // timedelta(minutes=1)


def local(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment as the policy's people read it on the wall."""
    return at.astimezone(calendar.clock)


def wall(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment at which the policy's people read this time on the wall, in UTC."""
    return at.replace(tzinfo=calendar.clock).astimezone(UTC)


def midnight(day: date, calendar: Calendar) -> datetime:
    """Return the first moment of this day there, in UTC; days at the ends of time are as good as its ends."""
    known = min(max(day, _FIRST), _LAST)
    return datetime.combine(known, time(), calendar.clock).astimezone(UTC)


def ended(day: date, calendar: Calendar) -> datetime:
    """Return the first moment after this day there, in UTC."""
    return midnight(min(day, _LAST) + timedelta(days=1), calendar)


def opening(day: date, calendar: Calendar) -> datetime | None:
    """Return when work begins on this day, in UTC; None where nobody works."""
    hours = _hours(day, calendar)
    return None if hours is None else _at(day, hours[0], calendar)


def calendar_of(person: str | None, policy: Policy) -> Calendar:
    """Return the calendar as it is where this person works."""
    known = policy.people.get(person or "")
    zone = known.zone if known else None
    return policy.calendar if zone is None else replace(policy.calendar, zone=zone)


def today(person: str | None, policy: Policy, now: datetime) -> date:
    """Return the date where this person works."""
    return local(now, calendar_of(person, policy)).date()


def _windows(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is left of each working day from `start` on, opening and closing in UTC: only there does a
    difference count the hours that really pass."""
    day = local(start, calendar).date()
    for _ in range(_FARTHEST):
        hours = _hours(day, calendar)
        if hours is not None:
            opens, closes = (_at(day, hour, calendar) for hour in hours)
            if start < closes:
                yield max(start, opens), closes
        day += timedelta(days=1)


def _hours(day: date, calendar: Calendar) -> tuple[int, int] | None:
    """Return opening and closing of this day, None where nobody works."""
    if day in calendar.holidays:
        return None
    end = calendar.quarter_end
    if end is not None and _is_quarter_end(day, end, calendar.first_month):
        return (end.opens, end.closes) if day.weekday() in end.working else None
    return (calendar.opens, calendar.closes) if day.weekday() in calendar.days else None


def _is_quarter_end(day: date, end: QuarterEnd, first_month: int) -> bool:
    """Say whether a new quarter begins within the days that count as the end of this one."""
    months = day.year * 12 + day.month - 1 + 3 - (day.month - first_month) % 3
    return (date(months // 12, months % 12 + 1, 1) - day).days <= end.days


def _at(day: date, hour: int, calendar: Calendar) -> datetime:
    if hour >= 24:
        return ended(day, calendar)
    return datetime.combine(day, time(hour), calendar.clock).astimezone(UTC)
