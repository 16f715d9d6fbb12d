"""Find the smallest changes that clear a gate or make it lighter: single fields, then pairs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from connector import authority, texts, values
from connector.checks import rates
from connector.checks.derived import currency_of
from connector.deals import Value
from connector.levers.change import Changes, changed, moved_money
from connector.levers.steps import Steps, steps
from connector.policy.model import Field, FieldType, Gate, Policy, Ruling, Worse
from connector.signoffs.ground import Ground
from connector.standing import SignoffState
from connector.verdicts import GateVerdict, Lever, Outcome, Readiness

TryOut = Callable[[Ground], GateVerdict]
_WAITS = frozenset({Readiness.NEEDS_SIGN_OFF, Readiness.BLOCKED})
_MOST_TRIED = 200  # changes of one deal: a rep reads one or two of them


def find(verdict: GateVerdict, gate: Gate, ground: Ground, try_out: TryOut) -> tuple[Lever, ...]:
    """Return changes that clear a gate that is `wanted`, or move it to a lower role: single fields, and pairs
    where no single one clears; those that clear first, then those that move the least money."""
    search = _Search(verdict, gate, ground, try_out)
    fields = steps(gate, ground)
    found = [lever for one in fields for lever in search.single(one)]
    if not any(lever.clears for lever in found):
        found += [lever for one, other in combinations(fields, 2) for lever in search.pair(one, other)]
    return tuple(sorted(found, key=lambda lever: (not lever.clears, len(lever.changes), lever.cost)))


def wanted(verdict: GateVerdict) -> bool:
    """Say whether the gate is one that a change could open: people or limits hold it, not missing data."""
    return verdict.readiness in _WAITS or bool(verdict.offers)


@dataclass(slots=True)
class _Search:
    verdict: GateVerdict
    gate: Gate
    ground: Ground
    try_out: TryOut
    _known: dict[Changes, GateVerdict] = field(default_factory=dict)

    def single(self, one: Steps) -> Iterator[Lever]:
        """Yield the nearest value that clears, and the nearer one at which a lower role decides."""
        lower: tuple[Changes, str] | None = None
        for value in one.values:
            changes = ((one.field.name, value),)
            tried = self._tried(changes)
            if tried is None:
                break
            if self._alone(tried):
                yield self._lever(changes)
                break
            who = _lower_role(self.verdict, tried, self.ground.policy)
            if lower is None and who is not None:
                lower = (changes, who)
        if lower is not None:
            yield self._lever(*lower)

    def pair(self, one: Steps, other: Steps) -> Iterator[Lever]:
        """Yield the cheapest of the smallest changes of two fields that clear."""
        best = self._tried(_both(one, one.values[-1], other, other.values[-1]))
        if best is None or not self._alone(best):
            return  # authority is monotone (connector.proof): where the best does not do, nothing does
        found = [self._lever(changes) for changes in self._smallest(one, other)]
        yield from sorted(found, key=lambda lever: lever.cost)[:1]

    def _smallest(self, one: Steps, other: Steps) -> Iterator[Changes]:
        left = other.values
        for value in one.values:
            for place, beside in enumerate(left):
                changes = _both(one, value, other, beside)
                tried = self._tried(changes)
                if tried is not None and self._alone(tried):
                    yield changes
                    left = left[:place]
                    break

    def _alone(self, tried: GateVerdict) -> bool:
        """Say whether it clears by more than the counter-offers that the rep is told of anyhow."""
        return tried.clear and not any(one in self.verdict.offers for one in tried.approvals)

    def _tried(self, changes: Changes) -> GateVerdict | None:
        """Return what the engine says, None where too much was tried already; the verdict as it is where a
        glance tells that it would be no better."""
        if changes not in self._known:
            if len(self._known) >= _MOST_TRIED:
                return None
            there = changed(self.ground, changes)
            hopeless = self._first_answer and self._is_no_better(there)
            self._known[changes] = self.verdict if hopeless else self.try_out(there)
        return self._known[changes]

    @property
    def _first_answer(self) -> bool:
        """Say whether nothing on record could make less be needed than the matrices ask."""
        standing = self.ground.context.standing
        decided = any(one.state is SignoffState.APPROVED for one in standing.signoffs)
        return not (decided or standing.waivers or self.gate.id in standing.clearances)

    def _is_no_better(self, there: Ground) -> bool:
        """Say whether the matrices alone ask for as much as now: without a word, so at little cost."""
        policy, currency = there.policy, currency_of(there.deal, there.policy)
        fixed = rates.fixed(there.context.standing.signoffs, self.gate.id)
        factors = rates.factors(currency, policy, fixed)
        weighed = authority.weigh(policy, self.gate, there.facts, currency, factors)
        if weighed.outcome is not Outcome.SIGN_OFF:
            return weighed.outcome is not Outcome.PASS
        demands = (one for reading in weighed.readings for one in reading.demands)
        then = _level((one.role for one in demands if one.ruling is Ruling.SIGN_OFF), policy)
        return self.verdict.readiness is not Readiness.BLOCKED and then >= _waiting(self.verdict, policy)

    def _lever(self, changes: Changes, who: str | None = None) -> Lever:
        terms = values.listing([self._term(name, value) for name, value in changes])
        text = texts.lever_alone(terms) if who is None else texts.lever_other(terms, who)
        cost = values.rounded(moved_money(self.ground.deal, changed(self.ground, changes).deal))
        return Lever(text, clears=who is None, changes=changes, terms=terms, cost=cost)

    def _term(self, name: str, value: Value) -> str:
        known = self.ground.policy.fields[name]
        text = values.say(value, known.type, currency_of(self.ground.deal, self.ground.policy), digits=2)
        said = text if known.type is FieldType.PERCENT else f"{known.label} {text}"
        side = _side(known)
        return f"{said} or {side}" if side else said


def _both(one: Steps, value: Value, other: Steps, beside: Value) -> Changes:
    return (one.field.name, value), (other.field.name, beside)


def _side(known: Field) -> str:
    """Return which way the rest of the range lies."""
    if known.type is FieldType.ENUM:
        return ""
    if known.type is FieldType.DATE:
        return texts.earlier() if known.worse is Worse.HIGHER else texts.later()
    return texts.less() if known.worse is Worse.HIGHER else texts.more()


def _lower_role(verdict: GateVerdict, tried: GateVerdict, policy: Policy) -> str | None:
    """Return who would decide instead, where that asks for less than now."""
    if tried.readiness is not Readiness.NEEDS_SIGN_OFF or tried.nobody:
        return None
    now, then = _waiting(verdict, policy), _waiting(tried, policy)
    if verdict.readiness is not Readiness.BLOCKED and then >= now:
        return None
    roles = [policy.roles[need.role] for need in tried.waiting if need.role]
    return values.listing(list(dict.fromkeys(role.label for role in roles)))


def _waiting(verdict: GateVerdict, policy: Policy) -> int:
    """Return the highest level that the gate waits for."""
    return _level((need.role for need in verdict.waiting), policy)


def _level(roles: Iterable[str | None], policy: Policy) -> int:
    known = (policy.roles.get(name or "") for name in roles)
    return max((role.level for role in known if role is not None), default=0)
