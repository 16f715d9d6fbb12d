"""How much ends at the top of the company: decisions, money, waiting, and what was signed as it came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connector.deals import Deal
from connector.desk import Desk
from connector.policy.model import Policy
from connector.signoffs.hours import worked
from connector.standing import Signoff, SignoffState

_ALL = 1_000_000
_DECIDED = (SignoffState.APPROVED, SignoffState.REJECTED)
_HOUR = Decimal(60)


@dataclass(frozen=True, slots=True)
class Load:
    """Of the decisions since a day: all of them and those at the top; the amounts of their deals, each deal
    once, by currency; the working minutes that each of those at the top waited, questions to the rep and the
    customer's time left out; `unchanged` were a yes to what was asked, without a word or a condition."""

    all: int
    top: int
    money: Mapping[str, Decimal]
    top_money: Mapping[str, Decimal]
    minutes: tuple[int, ...]
    yes: int
    unchanged: int

    @property
    def median_hours(self) -> Decimal | None:
        """Return how long half of those at the top waited at most, in working hours."""
        if not self.minutes:
            return None
        return (Decimal(sorted(self.minutes)[(len(self.minutes) - 1) // 2]) / _HOUR).quantize(Decimal("0.1"))


def load(desk: Desk, since: datetime) -> Load:
    """Count what was decided since then, as it stands on record."""
    policy, views = desk.pictures.policy(desk.now()), desk.store.views
    found = [pair for state in _DECIDED for pair in views.signoffs(desk.account, state, _ALL)]
    decided = [(deal, one) for deal, one in found if one.decided_at is not None and one.decided_at >= since]
    top = [(deal, one) for deal, one in decided if _is_top(one, policy)]
    deals = {inputs.deal.id: inputs.deal for inputs in views.inputs(desk.account)}
    yes = [one for _, one in top if one.state is SignoffState.APPROVED]
    return Load(
        all=len(decided),
        top=len(top),
        money=_money((deal for deal, _ in decided), deals),
        top_money=_money((deal for deal, _ in top), deals),
        minutes=tuple(_waited(one, policy) for _, one in top),
        yes=len(yes),
        unchanged=sum(_is_unchanged(one) for one in yes),
    )


def _is_top(signoff: Signoff, policy: Policy) -> bool:
    """Say whether it was signed by the right of a role at the top of the company."""
    role = policy.roles.get(signoff.authority.role if signoff.authority else signoff.role)
    return role is not None and role.top


def _waited(signoff: Signoff, policy: Policy) -> int:
    end = signoff.decided_at or signoff.requested_at
    return max(0, worked(signoff.requested_at, end, policy.calendar) - signoff.stood)


def _is_unchanged(signoff: Signoff) -> bool:
    """Say whether nothing was added: no word, no condition, no other limit than what was asked for."""
    asked = signoff.seen.get(signoff.lever or "")
    ends = [(one.high, one.low) for one in signoff.envelope if one.field == signoff.lever]
    same = all(asked in {high, low} for high, low in ends)
    return same and not signoff.note and not signoff.conditions


def _money(deals: Iterable[str], known: Mapping[str, Deal]) -> Mapping[str, Decimal]:
    found: dict[str, Decimal] = {}
    for deal in dict.fromkeys(deals):
        amount = known[deal].values.get("amount") if deal in known else None
        if isinstance(amount, Decimal) and amount.is_finite():
            currency = known[deal].currency or ""
            found[currency] = found.get(currency, Decimal(0)) + amount
    return found
