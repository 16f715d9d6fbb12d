"""What gates that only observe would have stopped: how a company sells before Dealgate holds anything."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from connector.backtest import money
from connector.backtest.crossing import NO_TEAM
from connector.backtest.report import Json, signoffs
from connector.policy.model import Calendar, Policy
from connector.signoffs.hours import local

Worth = tuple[Decimal, str] | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A deal that came to a gate it would not have passed: `ends` as in `versions.answer.Kind`; `worth` its
    amount then, with the currency."""

    deal: str
    gate: str
    at: datetime
    ends: str
    rules: tuple[str, ...]
    roles: tuple[str, ...]
    worth: Worth = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What the record says of one look at a deal: how each observing gate would have held it."""

    deal: str
    at: datetime
    observed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    worth: Worth = None


def stops(looks: Iterable[Looked], since: datetime) -> Iterator[Stop]:
    """Yield each time that a deal came to such a gate, once for as long as it is held there."""
    held: dict[str, frozenset[str]] = {}
    for one in looks:
        before = held.get(one.deal, frozenset())
        for gate, how in one.observed.items():
            if gate not in before and one.at >= since:
                yield _stop(one, gate, how)
        held[one.deal] = frozenset(one.observed)


def _stop(look: Looked, gate: str, how: Mapping[str, object]) -> Stop:
    ends, rules, roles = str(how["ends"]), _words(how["rules"]), _words(how["roles"])
    return Stop(look.deal, gate, look.at, ends, rules, roles, look.worth)


def observed(
    found: Iterable[Stop],
    team_of: Callable[[str], str],
    holder_of: Callable[[str, str], str],
    policy: Policy,
) -> Json:
    """Count the stops by gate, cause, team and week. `team_of` a deal, `holder_of` a deal and a role."""
    by_gate, by_rule, ends = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    teams, weeks = Counter[str](), Counter[str]()
    asks = Counter[tuple[str, str, str]]()
    deals: set[str] = set()
    held = _Held()
    for stop in found:
        week = _week(stop.at, policy.calendar)
        deals.add(stop.deal)
        team = team_of(stop.deal) or NO_TEAM
        held.add(stop, team, week)
        by_gate[stop.gate] += 1
        ends[stop.ends] += 1
        by_rule.update((stop.gate, rule) for rule in stop.rules)
        teams[team] += 1
        weeks[week] += 1
        asks.update((role, holder_of(stop.deal, role), week) for role in stop.roles)
    return {
        "deals": len(deals),
        "stops": by_gate.total(),
        "ends": dict(ends.most_common()),
        "gates": dict(by_gate.most_common()),
        "causes": [
            {"gate": gate, "rule": rule, "stops": count, "money": money.plain(held.rules[gate, rule])}
            for (gate, rule), count in by_rule.most_common()
        ],
        "teams": dict(teams.most_common()),
        "weeks": dict(sorted(weeks.items())),
        "money_held": held.told(),
        "signoffs": signoffs(asks, max(1, len(weeks)), policy),
    }


class _Held:
    """The money of stops; one that is held for two reasons counts with each, and once in the rest."""

    def __init__(self) -> None:
        self.all: dict[str, Decimal] = {}
        self.rules = defaultdict[tuple[str, str], dict[str, Decimal]](dict)
        self.by = {name: defaultdict[str, dict[str, Decimal]](dict) for name in ("gates", "teams", "weeks")}

    def add(self, stop: Stop, team: str, week: str) -> None:
        amount, currency = stop.worth or (None, None)
        rules = (self.rules[stop.gate, rule] for rule in stop.rules)
        named = zip(self.by.values(), (stop.gate, team, week), strict=True)
        sums = (self.all, *rules, *(by[one] for by, one in named))
        for total in sums:
            money.add(total, amount, currency)

    def told(self) -> Json:
        tables = {
            name: {key: money.plain(total) for key, total in sorted(by.items())}
            for name, by in self.by.items()
        }
        return {"all": money.plain(self.all), **tables}


def _table(by: Mapping[str, dict[str, Decimal]]) -> Json:
    return {key: money.plain(total) for key, total in sorted(by.items())}


def _words(told: object) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


def _week(at: datetime, calendar: Calendar) -> str:
    year, week, _ = local(at, calendar).isocalendar()
    return f"{year}-W{week:02}"
