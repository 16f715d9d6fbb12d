"""Conditions of a yes: what must have happened by a day, how people write it, and when it is broken."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from connector.policy.model import Policy
from connector.signoffs.hours import after, ended
from connector.standing import Condition, Signoff, SignoffState

_LINE = re.compile(r"^\s*(?:on\s+)?condition\s*:\s*(?P<text>.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_UNTIL = re.compile(r"^\s*(?:valid\s+)?until\s*:?\s+(?P<day>[^.]+?)\.?\s*$", re.IGNORECASE | re.MULTILINE)
_BY = re.compile(r"^(?P<text>.+?)[\s,]+by\s+(?P<day>[^.]+?)\.?$", re.IGNORECASE)
_WORDS = re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<month>[A-Za-z]{3,9})\.?(?:\s+(?P<year>\d{4}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200


class Undated(ValueError):
    """A condition without a day, or with one that is over; the argument is its text."""


def written(note: str, today: date) -> tuple[Condition, ...]:
    """Return the conditions of a note: each line "condition: customer delivers data by 15 February".

    A day without a year is the next one of that name. Raise Undated where the day is missing or over.
    """
    return tuple(_condition(found["text"], today) for found in _LINE.finditer(note))


def _condition(text: str, today: date) -> Condition:
    found = _BY.match(text)
    due = day(found["day"], today) if found else None
    if found is None or due is None or due < today:
        raise Undated(text)
    return Condition(found["text"][:_LONGEST], due)


def last_day(note: str, today: date) -> date | None:
    """Return the last day of a yes that a line of the note names: "valid until 31 January"."""
    found = _UNTIL.search(note)
    return day(found["day"], today) if found else None


def day(text: str, today: date) -> date | None:
    """Read a day as 2027-02-15, 15 February 2027 or 15 Feb; None where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        found = _WORDS.fullmatch(text.strip())
    if found is None or found["month"][:3].casefold() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"][:3].casefold()) + 1
    return _named(int(found["day"]), month, int(found["year"]) if found["year"] else None, today)


def _named(number: int, month: int, year: int | None, today: date) -> date | None:
    try:
        found = date(year or today.year, month, number)
        return found if year or found >= today else date(today.year + 1, month, number)
    except ValueError:
        return None


def open_conditions(signoff: Signoff) -> tuple[Condition, ...]:
    """Return what an approval still depends on."""
    if signoff.state is not SignoffState.APPROVED:
        return ()
    return tuple(one for one in signoff.conditions if one.met_at is None)


def overdue(one: Condition, policy: Policy, now: datetime) -> bool:
    """Say whether its day is over in the policy's own time zone: the rep is told, nothing is shut yet."""
    return one.met_at is None and now >= over_at(one, policy)


def over_at(one: Condition, policy: Policy) -> datetime:
    """Return the end of its day."""
    return ended(one.due, policy.calendar)


def broken_at(one: Condition, policy: Policy) -> datetime:
    """Return when it shuts the gate again: the rep has had his hours to mend it."""
    return after(over_at(one, policy), policy.waiting.question_within * 60, policy.calendar)


def broken(signoff: Signoff, policy: Policy, now: datetime, since: datetime | None = None) -> bool:
    """Say whether an approval no longer holds because a condition was not met in time; with `since`, whether
    that came later: a gate that was passed after it rests on something else."""
    ends = (broken_at(one, policy) for one in open_conditions(signoff))
    return any(end <= now and (since is None or since < end) for end in ends)


def points(signoff: Signoff, policy: Policy) -> Iterable[datetime]:
    """Yield the moments at which the conditions change something by themselves."""
    for one in open_conditions(signoff):
        yield over_at(one, policy)
        yield broken_at(one, policy)
