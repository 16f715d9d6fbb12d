"""What gates that only observe would have stopped: how a company sells before Dealgate holds anything."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.backtest.crossing import NO_TEAM
from connector.backtest.report import Json, signoffs
from connector.policy.model import Calendar
from connector.signoffs.hours import local


@dataclass(frozen=True, slots=True)
class Stop:
    """A deal that came to a gate it would not have passed: `ends` as in `versions.answer.Kind`."""

    deal: str
    gate: str
    at: datetime
    ends: str
    rules: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What the record says of one look at a deal: how each observing gate would have held it."""

    deal: str
    at: datetime
    observed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def stops(looks: Iterable[Looked], since: datetime) -> Iterator[Stop]:
    """Yield each time that a deal came to such a gate, once for as long as it is held there."""
    held: dict[str, frozenset[str]] = {}
    for one in looks:
        before = held.get(one.deal, frozenset())
        for gate, how in one.observed.items():
            if gate not in before and one.at >= since:
                yield Stop(
                    one.deal, gate, one.at, str(how["ends"]), _words(how["rules"]), _words(how["roles"])
                )
        held[one.deal] = frozenset(one.observed)


def observed(
    found: Iterable[Stop],
    team_of: Callable[[str], str],
    holder_of: Callable[[str, str], str],
    calendar: Calendar,
) -> Json:
    """Count the stops by gate, cause, team and week. `team_of` a deal, `holder_of` a deal and a role."""
    by_gate, by_rule, ends = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    teams, weeks = Counter[str](), Counter[str]()
    asks = Counter[tuple[str, str, str]]()
    deals: set[str] = set()
    for stop in found:
        week = _week(stop.at, calendar)
        deals.add(stop.deal)
        by_gate[stop.gate] += 1
        ends[stop.ends] += 1
        by_rule.update((stop.gate, rule) for rule in stop.rules)
        teams[team_of(stop.deal) or NO_TEAM] += 1
        weeks[week] += 1
        asks.update((role, holder_of(stop.deal, role), week) for role in stop.roles)
    return {
        "deals": len(deals),
        "stops": by_gate.total(),
        "ends": dict(ends.most_common()),
        "gates": dict(by_gate.most_common()),
        "causes": [
            {"gate": gate, "rule": rule, "stops": count} for (gate, rule), count in by_rule.most_common()
        ],
        "teams": dict(teams.most_common()),
        "weeks": dict(sorted(weeks.items())),
        "signoffs": signoffs(asks, max(1, len(weeks))),
    }


def _words(told: object) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


def _week(at: datetime, calendar: Calendar) -> str:
    year, week, _ = local(at, calendar).isocalendar()
    return f"{year}-W{week:02}"
