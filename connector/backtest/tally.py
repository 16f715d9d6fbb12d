"""Count what the rulings come to: by rule, pipeline and team, asks by holder and week, waiting, changes."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from connector.backtest import money
from connector.backtest.crossing import Crossing
from connector.backtest.trial import Ruled, Trial
from connector.policy.model import Mode
from connector.signoffs.hours import local
from connector.versions.answer import CLEAR, Answer, Direction, Kind, direction, words

_HOUR = 3600.0
_EXAMPLES = 20


@dataclass(slots=True)
class Counts:
    """Of crossings through one gate: how they end, and the money of those that are held, by currency."""

    all: int = 0
    undecidable: int = 0
    ends: Counter[Kind] = field(default_factory=Counter)
    modes: Counter[Mode] = field(default_factory=Counter)
    money: dict[str, Decimal] = field(default_factory=dict)

    @property
    def decidable(self) -> int:
        return self.all - self.undecidable

    @property
    def held(self) -> int:
        """Crossings that are not clear at once."""
        return self.decidable - self.ends[Kind.CLEAR]

    def add(self, ruled: Ruled, crossing: Crossing) -> None:
        """Count one ruling."""
        self.all += 1
        if not ruled.decidable:
            self.undecidable += 1
            return
        self.ends[ruled.answer.kind] += 1
        if ruled.answer.kind is not Kind.CLEAR:
            self.modes[ruled.mode] += 1
            _add_money(self.money, crossing)


@dataclass(slots=True)
class Cause:
    """One rule: how often it held a deal, in which mode of its gate, and their money."""

    crossings: int = 0
    modes: Counter[Mode] = field(default_factory=Counter)
    money: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A crossing that the draft answers otherwise than the live policy."""

    deal: str
    name: str
    gate: str
    at: datetime
    was: str
    now: str
    direction: Direction


@dataclass(slots=True)
class Tally:
    """Everything counted of one backtest. `waits` are the hours from the ask to the answer, `moved` the money
    of crossings that are answered otherwise, `holes` the rules that nobody can answer any more."""

    trial: Trial
    live: Trial | None = None
    deals: set[str] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None
    total: Counts = field(default_factory=Counts)
    by_gate: dict[str, Counts] = field(default_factory=dict)
    by_pipeline: dict[str, Counts] = field(default_factory=dict)
    by_team: dict[str, Counts] = field(default_factory=dict)
    by_week: dict[str, Counts] = field(default_factory=dict)
    holes: Counter[str] = field(default_factory=Counter)
    by_rule: dict[tuple[str, str], Cause] = field(default_factory=dict)
    asks: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    waits: "array[float]" = field(default_factory=lambda: array("d"))
    directions: Counter[Direction] = field(default_factory=Counter)
    moved: dict[Direction, dict[str, Decimal]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    examples: list[Otherwise] = field(default_factory=list)

    def add(self, crossing: Crossing) -> None:
        """Judge and count one crossing."""
        rulings = self.trial.rulings(crossing)
        for ruled in rulings:
            self._count(ruled, crossing)
        if self.live is not None:
            self._compare(rulings, self.live.rulings(crossing), crossing)

    def add_all(self, crossings: Iterable[Crossing]) -> "Tally":
        """Judge and count them all."""
        for crossing in crossings:
            self.add(crossing)
        return self

    def _count(self, ruled: Ruled, crossing: Crossing) -> None:
        world, deal = self.trial.world, crossing.deal
        self.deals.add(deal.id)
        self.first = min(self.first or crossing.at, crossing.at)
        self.last = max(self.last or crossing.at, crossing.at)
        week = _week(crossing.at, self.trial)
        for table, key in (
            (self.by_gate, ruled.gate),
            (self.by_pipeline, world.pipeline(deal.pipeline).label),
            (self.by_team, world.team_of(deal.owner)),
            (self.by_week, week),
        ):
            table.setdefault(key, Counts()).add(ruled, crossing)
        self.total.add(ruled, crossing)
        if not ruled.decidable:
            self.holes.update(ruled.rules)
        else:
            self._causes(ruled, crossing, week)

    def _causes(self, ruled: Ruled, crossing: Crossing, week: str) -> None:
        for rule in ruled.rules:
            cause = self.by_rule.setdefault((ruled.gate, rule), Cause())
            cause.crossings += 1
            cause.modes[ruled.mode] += 1
            _add_money(cause.money, crossing)
        if ruled.asked:
            self.asks.update((role, person, week) for role, person in ruled.asked)
            self.waits.append(self.trial.waiting(crossing.at).total_seconds() / _HOUR)

    def _compare(self, now: Sequence[Ruled], was: Sequence[Ruled], crossing: Crossing) -> None:
        old, new = {one.gate: one for one in was}, {one.gate: one for one in now}
        for gate in dict.fromkeys((*old, *new)):
            before, after = old.get(gate), new.get(gate)
            if all(one is None or one.decidable for one in (before, after)):
                self._changed(gate, _answer(before), _answer(after), crossing)

    def _changed(self, gate: str, was: Answer, now: Answer, crossing: Crossing) -> None:
        if was == now or self.live is None:
            return
        before, after = self.live.policy, self.trial.policy
        way = direction(was, now, before, after)
        self.changed.add(crossing.deal.id)
        self.directions[way] += 1
        _add_money(self.moved.setdefault(way, {}), crossing)
        if len(self.examples) < _EXAMPLES:
            said = words(was, before), words(now, after)
            deal = crossing.deal
            self.examples.append(Otherwise(deal.id, deal.name, gate, crossing.at, *said, way))


def _answer(ruled: Ruled | None) -> Answer:
    return ruled.answer if ruled is not None else CLEAR


def _week(at: datetime, trial: Trial) -> str:
    year, week, _ = local(at, trial.policy.calendar).isocalendar()
    return f"{year}-W{week:02}"


def _add_money(total: dict[str, Decimal], crossing: Crossing) -> None:
    money.add(total, crossing.deal.values.get("amount"), crossing.deal.currency)
