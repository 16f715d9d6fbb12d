"""The days on which time alone changes what a gate says: planned switches, lead times, limits in days."""

from collections.abc import Iterable
from datetime import date, timedelta

from connector.gates.place import entry_of
from connector.policy.model import Policy
from connector.signoffs.ground import Ground


def days(ground: Ground) -> Iterable[date]:
    """Yield the next day of each kind that is still to come."""
    for gate in ground.policy.gates:
        switched = gate.next_switch(ground.today) if gate.switches else None
        if switched is not None and entry_of(gate, ground.pipeline) is not None:
            yield switched
    start = ground.facts.get(ground.policy.offering.start or "")
    if isinstance(start, date):
        yield from _crossings(start, ground.today, ground.policy)


def _crossings(start: date, today: date, policy: Policy) -> Iterable[date]:
    """Yield the next day on which the days that are left come to a limit, and the day after it."""
    left = (start - today).days
    for limit in policy.day_limits:
        for days_from_now in (left - limit, left - limit + 1):
            if 0 < days_from_now <= (date.max - today).days:
                yield today + timedelta(days=days_from_now)
                break
