"""Weeks as plain numbers: Monday to Sunday, counted from Monday 1 January of the year 1."""

from collections.abc import Collection, Iterable
from datetime import date

Week = int
_LAST = (date.max.toordinal() - 7) // 7  # the last one that is whole


def week_of(day: date) -> Week:
    """Return the week in which the day lies."""
    return (day.toordinal() - 1) // 7


def days_of(week: Week) -> tuple[date, ...]:
    """Return the seven days of the week, Monday first."""
    first = min(week, _LAST) * 7 + 1
    return tuple(date.fromordinal(first + weekday) for weekday in range(7))


def number(week: Week) -> int:
    """Return the number that the week has in its year (ISO 8601)."""
    return days_of(week)[0].isocalendar().week


def working(week: Week, days: Collection[int], holidays: Collection[date] = ()) -> tuple[date, ...]:
    """Return the days of the week on which people work, every day of it where there is none."""
    all_days = days_of(week)
    return tuple(day for day in all_days if day.weekday() in days and day not in holidays) or all_days


def spans(weeks: Iterable[Week]) -> tuple[tuple[Week, Week], ...]:
    """Return the runs of weeks without a gap, first and last of each."""
    found: list[tuple[Week, Week]] = []
    for week in sorted(set(weeks)):
        if found and week == found[-1][1] + 1:
            found[-1] = (found[-1][0], week)
        else:
            found.append((week, week))
    return tuple(found)
