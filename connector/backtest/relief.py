"""The smallest change that brings the share of decisions at the top under a target.

Every decision on record is asked again of the changed matrices with the values that were seen when it was
made. Of the changes that reach the target the smallest is the one that takes the fewest decisions from the
top, then the least money (docs/adr/0210).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from itertools import combinations

from connector.authority import weigh
from connector.backtest.changes import AMOUNT, Change, Given, Limit, applied, gifts, limits, may_be_split
from connector.deals import Value
from connector.policy.exchange import factors
from connector.policy.limits import Edge
from connector.policy.model import FieldType, Gate, Policy, Role, Ruling

_PAIRED = 6  # sources of change that are tried two at a time
_STEPS = 8  # values of the first of two


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on record. `role` was asked, `seen` are the values that it was made on, `rate` the fixed
    worth of the deal's currency. `top`: somebody at the top decided; `fixed`: no limit would change that."""

    deal: str
    gate: str
    role: str
    seen: Mapping[str, Value]
    currency: str | None
    top: bool
    rate: Decimal | None = None
    amount: Decimal | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Relief:
    """What a change would have made of the decisions: which the top had not made, and who had instead
    (None: nobody was asked). `share` is what is left at the top."""

    changes: tuple[Change, ...]
    policy: Policy
    share: Decimal
    moved: Mapping[int, str | None]
    kept: frozenset[str]  # deals that reach the top all the same
    money: Mapping[str, Decimal]

    @property
    def instead(self) -> Counter[str | None]:
        """Count the decisions by the role that makes them now."""
        return Counter(self.moved.values())


Try = Callable[[Decimal], Change]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be changed: `values` from the smallest change to the largest."""

    values: tuple[Decimal, ...]
    change: Try

    def at(self, place: int) -> Change:
        return self.change(self.values[place])


@dataclass(frozen=True, slots=True)
class Search:
    """All decisions, and the policy that is to be changed."""

    policy: Policy
    decisions: Sequence[Decided]
    target: Decimal
    asked: tuple[int, ...] = field(init=False)  # places of decisions that a change can take from the top

    def __post_init__(self) -> None:
        places = (place for place, one in enumerate(self.decisions) if one.top and not one.fixed)
        movable = tuple(place for place in places if self._is_top(self._role(place, self.policy)))
        object.__setattr__(self, "asked", movable)

    @property
    def share(self) -> Decimal:
        """Return the share of the decisions that ended at the top."""
        return _share(sum(one.top for one in self.decisions), len(self.decisions))

    def found(self) -> tuple[Relief, ...]:
        """Return the changes that reach the target, the smallest of each kind, best first: one at a time, or
        where none is enough, two."""
        sources = tuple(self._sources())
        single = [self._smallest((), source) for source in sources]
        reached = [one for one in single if one is not None]
        if not reached:
            reached = [one for one in self._pairs(sources) if one is not None]
        return tuple(sorted(reached, key=_size))

    def furthest(self) -> Relief | None:
        """Return the one change that leaves least at the top, whatever the target."""
        ends = [self.after((source.at(-1),)) for source in self._sources()]
        return min((one for one in ends if one is not None), key=lambda one: one.share, default=None)

    def after(self, changes: tuple[Change, ...]) -> Relief | None:
        """Return what these changes come to, None where they cannot be made."""
        changed: Policy | None = self.policy
        for change in changes:
            changed = None if changed is None else applied(change, changed)
        if changed is None:
            return None
        roles = {place: self._role(place, changed) for place in self.asked}
        moved = {place: role.id if role else None for place, role in roles.items() if not self._is_top(role)}
        left = sum(one.top for one in self.decisions) - len(moved)
        gone = sum(role is None for role in moved.values())
        kept = frozenset(
            one.deal for place, one in enumerate(self.decisions) if one.top and place not in moved
        )
        return Relief(
            changes, changed, _share(left, len(self.decisions) - gone), moved, kept, self._money(moved, kept)
        )

    def _sources(self) -> Iterator[Source]:
        for edge in limits(self.policy):
            steps = tuple(self._steps(edge))
            if steps:
                yield Source(steps, partial(Limit, edge))
        for gift in gifts(self.policy):
            amounts = tuple(self._amounts()) if may_be_split(gift, self.policy) else ()
            if amounts:
                yield Source(amounts, partial(_up_to, gift, self.policy.currency))
            yield Source((Decimal(0),), partial(_whole, gift))

    def _steps(self, edge: Edge) -> Iterator[Decimal]:
        """Yield round values beyond the limit, as they were seen at the top, that leave every row some."""
        kind = self.policy.fields[edge.field].type
        seen = {self.decisions[place].seen.get(edge.field) for place in self.asked}
        far = (
            one
            for one in seen
            if isinstance(one, Decimal) and (one > edge.at if edge.upwards else one < edge.at)
        )
        at_limit = [edge.at] if edge.at in seen else []
        round_ones = {to for one in (*far, *at_limit) for to in _round(one, kind, upwards=edge.upwards)}
        ordered = sorted(round_ones - {edge.at}, reverse=not edge.upwards)
        yield from (to for to in ordered if applied(Limit(edge, to), self.policy) is not None)

    def _amounts(self) -> Iterator[Decimal]:
        amounts = {self.decisions[place].amount for place in self.asked}
        yield from sorted(
            {_round(one, FieldType.MONEY, upwards=True)[0] for one in amounts if one and one > 0}
        )

    def _smallest(self, before: tuple[Change, ...], source: Source) -> Relief | None:
        """Return the smallest change of one source that is enough: more never leaves more at the top."""
        reached = partial(self._reached, before, source)
        place = bisect_left(range(len(source.values)), 1, key=reached)
        return None if place == len(source.values) else self.after((*before, source.at(place)))

    def _reached(self, before: tuple[Change, ...], source: Source, place: int) -> int:
        found = self.after((*before, source.at(place)))
        return int(found is not None and found.share <= self.target)

    def _pairs(self, sources: Sequence[Source]) -> Iterator[Relief | None]:
        ends = [(one, self.after((one.at(-1),))) for one in sources]
        best = sorted(
            (pair for pair in ends if pair[1] is not None), key=lambda pair: pair[1].share if pair[1] else 1
        )
        for first, second in combinations([one for one, _ in best[:_PAIRED]], 2):
            places = sorted({len(first.values) * step // _STEPS for step in range(_STEPS)})
            tried = (self._smallest((first.at(place),), second) for place in places)
            yield min((one for one in tried if one is not None), key=_size, default=None)

    def _role(self, place: int, policy: Policy) -> Role | None:
        """Return the role that the matrices would ask now; where they cannot say, the one that was asked."""
        one = self.decisions[place]
        gate = next((gate for gate in policy.gates if gate.id == one.gate), None)
        asked = policy.roles.get(one.role)
        if gate is None or asked is None:
            return asked
        return _asked(one, asked, gate, policy)

    def _is_top(self, role: Role | None) -> bool:
        return role is not None and role.top

    def _money(self, moved: Mapping[int, str | None], kept: frozenset[str]) -> Mapping[str, Decimal]:
        """Sum the amounts of the deals that no longer reach the top, each once, by currency."""
        found: dict[str, Decimal] = {}
        deals = {self.decisions[place].deal: self.decisions[place] for place in moved}
        for deal, one in deals.items():
            if deal not in kept and one.amount is not None:
                found[one.currency or ""] = found.get(one.currency or "", Decimal(0)) + one.amount
        return found


def _asked(one: Decided, was: Role, gate: Gate, policy: Policy) -> Role | None:
    facts = {**one.seen, AMOUNT: one.seen.get(AMOUNT, one.amount)}
    rates = factors(one.currency, policy, one.rate)
    found: list[Role] = []
    for reading in weigh(policy, gate, facts, one.currency, rates).readings:
        if not any(policy.roles[name].chain == was.chain for name in reading.matrix.roles):
            continue
        if not reading.safe:
            return was
        signing = (
            demand.role for demand in reading.demands if demand.ruling is Ruling.SIGN_OFF and not demand.fact
        )
        found += [policy.roles[name] for name in signing if name and policy.roles[name].chain == was.chain]
    return max(found, key=lambda role: role.level, default=None)


def _up_to(gift: Given, currency: str | None, most: Decimal) -> Change:
    return Given(gift.matrix, gift.row, gift.role, most, currency)


def _whole(gift: Given, _: Decimal) -> Change:
    return gift


def _size(one: Relief) -> tuple[int, Decimal, int]:
    return len(one.moved), sum(one.money.values(), Decimal(0)), len(one.changes)


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


def _round(value: Decimal, kind: FieldType, *, upwards: bool) -> tuple[Decimal, Decimal]:
    """Return the round value at or beyond this one, and the next: where the limit itself still counts."""
    step = Decimal(1)
    if kind is FieldType.MONEY:
        step = Decimal(1).scaleb(max(0, value.adjusted() - 1))
    whole = (value / step).to_integral_value(ROUND_CEILING if upwards else ROUND_FLOOR) * step
    return whole, whole + step if upwards else whole - step
