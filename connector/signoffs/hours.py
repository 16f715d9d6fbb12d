"""Working hours: when an answer is due, in the policy's own time zone, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connector.policy.model import Calendar

_FARTHEST = 3660  # days; a calendar without working days must not loop for ever


def due(asked_at: datetime, calendar: Calendar) -> datetime:
    """Return when the calendar's `answer_hours` of work have passed since `asked_at`, in UTC."""
    left = timedelta(hours=calendar.answer_hours)
    day = local(asked_at, calendar).date()
    for _ in range(_FARTHEST):
        opens, closes = _window(day, calendar)
        start = max(asked_at, opens)
        if day.weekday() in calendar.days and start < closes:
            if left <= closes - start:
                return (start + left).astimezone(UTC)
            left -= closes - start
        day += timedelta(days=1)
    return (asked_at + left).astimezone(UTC)


def local(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment as the policy's people read it on the wall."""
    return at.astimezone(ZoneInfo(calendar.zone))


def wall(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment at which the policy's people read this time on the wall, in UTC."""
    return at.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def midnight(day: date, calendar: Calendar) -> datetime:
    """Return the first moment of this day there, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(calendar.zone)).astimezone(UTC)


def _window(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """Return opening and closing in UTC: only there does a difference count the hours that really pass."""
    return _at(day, calendar.opens, calendar), _at(day, calendar.closes, calendar)


def _at(day: date, hour: int, calendar: Calendar) -> datetime:
    if hour >= 24:
        return midnight(day + timedelta(days=1), calendar)
    return datetime.combine(day, time(hour), ZoneInfo(calendar.zone)).astimezone(UTC)
