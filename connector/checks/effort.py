"""The work that a deal's product lines take, by the offering."""

from collections.abc import Iterable
from decimal import Decimal

from connector.capacity.records import Demand, Effort, minutes_of
from connector.checks.lines import Line
from connector.deals import Unreadable
from connector.texts import unknown


def demand_of(lines: Iterable[Line]) -> Demand:
    """Return the work of all lines whose effort the offering knows."""
    return Demand.of(effort for line in lines for effort in _efforts(line))


def not_known(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return the lines of which nobody can tell what they take: not offered, or without a usable quantity."""
    return tuple(dict.fromkeys(line.label for line in lines if line.product is None or not _is_counted(line)))


def effort_of(lines: Iterable[Line]) -> Decimal | Unreadable:
    """Return the hours of all roles; what a line takes that is not offered is not known."""
    found = tuple(lines)
    unsure = not_known(found)
    if unsure:
        return Unreadable(unknown.no_effort(unsure[0]))
    return Decimal(sum(part.minutes for part in demand_of(found).parts)) / 60


def _efforts(line: Line) -> Iterable[Effort]:
    if line.product is None or not _is_counted(line):
        return
    for one in line.product.effort:
        minutes = minutes_of(one.hours * max(line.item.quantity, Decimal(0)))
        yield Effort(one.role, minutes, one.lead_in, one.weeks)


def _is_counted(line: Line) -> bool:
    return line.item.quantity.is_finite() and line.item.quantity.adjusted() < 12
