"""How much ends at the top of the company: decisions, money, waiting, and what was signed as it came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connector.backtest.crossing import World
from connector.backtest.relief import Decided, Relief, Search
from connector.backtest.replayed import Replayed, replayed
from connector.deals import Deal
from connector.desk import Desk
from connector.inputs import Inputs
from connector.policy.model import Policy, Role
from connector.signoffs.hours import worked
from connector.standing import Right, Signoff, SignoffState

_ALL = 1_000_000
_HOUR = Decimal(60)
_YES = SignoffState.APPROVED
# what was asked anew or has run out was decided all the same, and took its time
_STANDING = frozenset({_YES, SignoffState.REJECTED})
_DECIDED = (_YES, SignoffState.REJECTED, SignoffState.SUPERSEDED, SignoffState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Load:
    """Of the decisions since a day: all of them and those at the top; the amounts of their deals, each deal
    once, by currency; the working minutes that each of those at the top waited, questions to the rep and the
    customer's time left out; `unchanged` were a yes to what was asked, without a word or a condition. Of
    those that somebody below had decided at the same gate before (`below`), the top said the same to
    `agreed`."""

    all: int
    top: int
    money: Mapping[str, Decimal]
    top_money: Mapping[str, Decimal]
    minutes: tuple[int, ...]
    yes: int
    unchanged: int
    below: int = 0
    agreed: int = 0

    @property
    def median_hours(self) -> Decimal | None:
        """Return how long half of those at the top waited at most, in working hours."""
        if not self.minutes:
            return None
        return (Decimal(sorted(self.minutes)[(len(self.minutes) - 1) // 2]) / _HOUR).quantize(Decimal("0.1"))

    @property
    def hours(self) -> Decimal:
        """Return how long those at the top waited together, in working hours."""
        return (Decimal(sum(self.minutes)) / _HOUR).quantize(Decimal("0.1"))


@dataclass(frozen=True, slots=True)
class Made:
    """The decisions on record since a day, each with its deal, and the deals as they were last seen."""

    policy: Policy
    decided: tuple[tuple[str, Signoff], ...]
    cases: Mapping[str, Inputs]

    @property
    def deals(self) -> Mapping[str, Deal]:
        return {name: case.deal for name, case in self.cases.items()}


def made(desk: Desk, since: datetime) -> Made:
    """Read what was decided since then. Whoever let a deal pass that he might have stopped has decided
    nothing: nobody waited for him."""
    policy, views = desk.pictures.policy(desk.now()), desk.store.views
    found = (pair for state in _DECIDED for pair in views.signoffs(desk.account, state, _ALL))
    decided = tuple((deal, one) for deal, one in found if _counts(one, since))
    return Made(policy, decided, {case.deal.id: case for case in views.inputs(desk.account)})


def load(found: Made) -> Load:
    """Count the decisions as they stand on record."""
    policy, deals = found.policy, found.deals
    top = [(deal, one) for deal, one in found.decided if is_top(one, policy)]
    yes = [one for _, one in top if one.state is _YES]
    below = _below(found)
    seconded = [alike for deal, one in top for alike in _agreed(one, below.get((deal, one.gate), ()))]
    return Load(
        all=len(found.decided),
        top=len(top),
        money=_money((deal for deal, _ in found.decided), deals),
        top_money=_money((deal for deal, _ in top), deals),
        minutes=tuple(_waited(one, policy) for _, one in top),
        yes=len(yes),
        unchanged=sum(_is_unchanged(one) for one in yes),
        below=len(seconded),
        agreed=sum(seconded),
    )


def search(found: Made, target: Decimal) -> Search:
    """Return the search for the smallest change that brings the share at the top to the target."""
    decisions = tuple(_decision(deal, one, found) for deal, one in found.decided)
    return Search(found.policy, decisions, target)


def backtest(relief: Relief, wanted: Search, found: Made, desk: Desk) -> Replayed:
    """Judge the decisions of the top again under the changed policy, by the engine that judges live."""
    pipelines = {case.pipeline.id: case.pipeline for case in found.cases.values()}
    world = World(pipelines, desk.picture().context.directory)
    asked = ((place, wanted.decisions[place], found.decided[place][1].requested_at) for place in wanted.asked)
    return replayed(relief, asked, found.deals, world)


def is_top(signoff: Signoff, policy: Policy) -> bool:
    """Say whether somebody at the top of the company decided; who stands in for him spared him that."""
    role = _used(signoff, policy)
    spared = signoff.authority is not None and signoff.authority.right is Right.DELEGATE
    return role is not None and role.top and not spared


def _used(signoff: Signoff, policy: Policy) -> Role | None:
    return policy.roles.get(signoff.authority.role if signoff.authority else signoff.role)


def _counts(signoff: Signoff, since: datetime) -> bool:
    decided = signoff.decided_at is not None and signoff.authority is not None and signoff.decided_at >= since
    return decided and (signoff.stops is None or signoff.state is SignoffState.REJECTED)


def _decision(name: str, signoff: Signoff, found: Made) -> Decided:
    """Return a decision as the search reads it. No limit moves what the top answered though another was
    asked, what a finding or a fact asks for, or what it stopped of its own."""
    role = found.policy.roles.get(signoff.role)
    deal = found.deals.get(name)
    asked_top = role is not None and role.top
    return Decided(
        deal=name,
        gate=signoff.gate,
        role=signoff.role,
        seen=signoff.seen,
        currency=(deal.currency if deal else None) or found.policy.currency,
        top=is_top(signoff, found.policy),
        rate=signoff.rate,
        amount=_amount(deal),
        fixed=not asked_top or bool(signoff.about) or signoff.stops is not None,
    )


def _waited(signoff: Signoff, policy: Policy) -> int:
    end = signoff.decided_at or signoff.requested_at
    return max(0, worked(signoff.requested_at, end, policy.calendar) - signoff.stood)


def _is_unchanged(signoff: Signoff) -> bool:
    """Say whether nothing was added: no word, no condition, no other limit than what was asked for."""
    asked = signoff.seen.get(signoff.lever or "")
    ends = [(one.high, one.low) for one in signoff.envelope if one.field == signoff.lever]
    same = all(asked in {high, low} for high, low in ends)
    return same and not signoff.note and not signoff.conditions


def _below(found: Made) -> Mapping[tuple[str, str], list[Signoff]]:
    """Return what others than the top decided and still say, by deal and gate. What was asked anew says no
    more whether it was a yes."""
    others: dict[tuple[str, str], list[Signoff]] = {}
    for deal, one in found.decided:
        if one.state in _STANDING and not is_top(one, found.policy):
            others.setdefault((deal, one.gate), []).append(one)
    return others


def _agreed(signoff: Signoff, below: Iterable[Signoff]) -> Iterator[bool]:
    """Yield whether the top said what somebody below had said before; nothing where nobody had."""
    at = signoff.decided_at
    before = [one.state for one in below if one.decided_at is not None and at and one.decided_at <= at]
    if before and signoff.state in _STANDING:
        yield all(state is signoff.state for state in before)


def _money(deals: Iterable[str], known: Mapping[str, Deal]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for name in dict.fromkeys(deals):
        amount = _amount(known.get(name))
        if amount is not None:
            currency = known[name].currency or ""
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found


def _amount(deal: Deal | None) -> Decimal | None:
    amount = deal.values.get("amount") if deal else None
    return amount if isinstance(amount, Decimal) and amount.is_finite() else None
