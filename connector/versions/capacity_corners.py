"""The deals on which two versions of the capacity check are tried: each is held against a plan with just the
hours that one of the versions takes, so that a minute more does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from connector.capacity.records import Demand
from connector.capacity.weeks import days_of, week_of
from connector.deals import LineItem
from connector.policy.model import Capacity, Product
from connector.versions.hours import Hours
from connector.versions.made_up import TODAY, MadeUp, line
from connector.versions.parts import Part

_SOON = TODAY + timedelta(weeks=1)
_NOT_OFFERED = "something else"
_MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class _Both:
    """The capacity check of both versions; `specs` are those that look at it."""

    was: Part
    now: Part
    specs: tuple[Capacity, ...]

    def demands(self, lines: tuple[LineItem, ...]) -> tuple[Demand, ...]:
        """Return what each version says that these lines take, each once."""
        return tuple(dict.fromkeys((self.was.demand(lines), self.now.demand(lines))))


def capacity_corners(was: Part, now: Part, changed: tuple[Product, ...]) -> Iterator[MadeUp]:
    """Yield deals with one of each product that is not sold as before, then with one that takes somebody's
    time, at every limit of the check."""
    specs = tuple(part.capacity for part in (was, now) if part.capacity is not None)
    if not specs:
        return
    both = _Both(was, now, specs)
    for product in changed:
        yield from _sold(both, (line(product.label),))
    plain = _plain(both)
    if plain is not None:
        yield from _sold(both, plain)
        yield from _ruled(both, plain)
        yield from _off(both, plain)
    yield from _on_each_start(both, MadeUp({}, (line(_NOT_OFFERED),)))


def _plain(both: _Both) -> tuple[LineItem, ...] | None:
    products = both.now.policy.offering.products
    lines = ((line(one.label),) for one in products if one.effort)
    return next((one for one in lines if all(both.demands(one))), None)


def _sold(both: _Both, lines: tuple[LineItem, ...]) -> Iterator[MadeUp]:
    """Yield the lines with the hours that they take and took, and with none."""
    for free in (*both.demands(lines), Demand()):
        yield from _on_each_start(both, MadeUp({}, lines, hours=_hours(both, lines, free, _SOON)))


def _ruled(both: _Both, lines: tuple[LineItem, ...]) -> Iterator[MadeUp]:
    """Yield the lines without a start, with a plan that grows stale, and with hours that somebody holds."""
    free = both.demands(lines)[-1]
    plain = _hours(both, lines, free, _SOON)
    for spec in both.specs:
        days = spec.fallback_days or 0
        later = replace(_hours(both, lines, free, TODAY + timedelta(days=days)), wait=days)
        yield MadeUp({spec.start: None}, lines, told=(spec.start,), hours=later)
        for age in (spec.fresh_days, spec.fresh_days + 1):
            yield from _on_each_start(both, MadeUp({}, lines, hours=replace(plain, age=age)))
        for held in (spec.hold_days, spec.hold_days + 1):
            yield from _on_each_start(both, MadeUp({}, lines, hours=replace(plain, held=held)))


def _off(both: _Both, lines: tuple[LineItem, ...]) -> Iterator[MadeUp]:
    """Yield the lines with work in the week of each day that is a holiday in one version only."""
    free = both.demands(lines)[-1]
    lead_in = min(part.offset for part in free.parts)
    was, now = both.was.policy.calendar.holidays, both.now.policy.calendar.holidays
    for day in sorted(set(was) ^ set(now))[:_MOST_DAYS]:
        first = days_of(week_of(day) - lead_in)[0]
        hours = replace(_hours(both, lines, free, first), holiday=day)
        for spec in both.specs:
            yield MadeUp({spec.start: first}, lines, hours=hours, today=first)


def _on_each_start(both: _Both, deal: MadeUp) -> Iterator[MadeUp]:
    """Yield the deal with each field filled in that holds the promised start in one of the versions."""
    for name in dict.fromkeys(spec.start for spec in both.specs):
        yield replace(deal, values={name: _SOON})


def _hours(both: _Both, lines: tuple[LineItem, ...], free: Demand, start: date) -> Hours:
    needed = {part.role for one in both.demands(lines) for part in one.parts}
    return Hours(free, tuple(sorted(needed)), start)
