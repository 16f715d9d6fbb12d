"""When the calendar alone changes who may sign: absences and delegations begin and end."""

from collections.abc import Iterable
from datetime import date, datetime

from connector.signoffs.ground import Ground
from connector.signoffs.hours import calendar_of, ended, midnight


def changes(ground: Ground) -> Iterable[datetime]:
    """Yield the first and the first moment after each absence and delegation, past ones too, by the clock of
    whoever is away or gives his right to another."""
    for person, since, until in _spans(ground):
        calendar = calendar_of(person, ground.policy)
        yield from (midnight(since, calendar), ended(until, calendar))


def _spans(ground: Ground) -> Iterable[tuple[str, date, date]]:
    yield from ((one.person, one.since, one.until) for one in ground.context.absences)
    yield from ((one.giver, one.since, one.until) for one in ground.policy.delegations)
