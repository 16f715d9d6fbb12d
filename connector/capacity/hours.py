"""The hours that people have, role by week: part-time, holidays and leave taken off."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from connector.capacity.records import Cell, Commitment, Leave, Minutes, Snapshot, Supply
from connector.capacity.weeks import Week, days_of, week_of

_WORKDAYS = 5


def supplied(
    snapshot: Snapshot, holidays: Collection[date], first: Week, last: Week
) -> Mapping[str, tuple[Minutes, ...]]:
    """Return the minutes of each role from week `first` to week `last`, before anything is taken."""
    total: dict[str, list[Minutes]] = {}
    for supply in snapshot.supply:
        row = total.setdefault(supply.role, [0] * (last - first + 1))
        away = [one for one in snapshot.leave if one.who in {"", supply.who}]
        special = _special(supply, away, holidays)
        for week in _weeks(supply.first, supply.last, first, last):
            row[week - first] += _worked(supply, week, away, holidays) if week in special else supply.minutes
    return {role: tuple(row) for role, row in total.items()}


def committed(commitment: Commitment, first: Week, last: Week) -> dict[Cell, Minutes]:
    """Return what a commitment takes by week; a week that it covers in part counts by its working days."""
    return {
        (commitment.role, week): minutes
        for week in _weeks(commitment.first, commitment.last, first, last)
        if (minutes := -(-commitment.minutes * _covered(commitment, week) // _WORKDAYS))
    }


def _special(supply: Supply, away: Iterable[Leave], holidays: Collection[date]) -> set[Week]:
    """Return the weeks that are not plainly worked: days have to be counted only there."""
    ends = {week_of(supply.first), *([] if supply.last is None else [week_of(supply.last)])}
    off = (range(week_of(one.first), week_of(one.last) + 1) for one in away)
    return ends.union({week_of(day) for day in holidays}, *off)


def _worked(supply: Supply, week: Week, away: Iterable[Leave], holidays: Collection[date]) -> Minutes:
    worked = sum(
        day.weekday() in supply.days
        and _within(day, supply.first, supply.last)
        and day not in holidays
        and not any(_within(day, one.first, one.last) for one in away)
        for day in days_of(week)
    )
    return supply.minutes * worked // len(supply.days)


def _covered(commitment: Commitment, week: Week) -> int:
    weekdays = days_of(week)[:_WORKDAYS]
    return sum(_within(day, commitment.first, commitment.last) for day in weekdays)


def _weeks(start: date, end: date | None, first: Week, last: Week) -> Iterable[Week]:
    return range(max(first, week_of(start)), min(last, last if end is None else week_of(end)) + 1)


def _within(day: date, first: date, last: date | None) -> bool:
    return first <= day and (last is None or day <= last)
