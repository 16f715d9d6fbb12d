"""The case that everything about sign-offs is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from connector.context import Context
from connector.deals import ActorKind, Deal, OurField, Pipeline, Value
from connector.policy.model import Policy
from connector.signoffs.hours import local


@dataclass(frozen=True, slots=True)
class Ground:
    """The case: one deal as it is now, and all it is held against. `facts` comes from `checks.derived`,
    `pipeline` is the deal's own."""

    deal: Deal
    facts: Mapping[str, Value]
    pipeline: Pipeline
    policy: Policy
    context: Context
    now: datetime

    @property
    def today(self) -> date:
        """Return the day in the policy's time zone."""
        return local(self.now, self.policy.calendar).date()

    @property
    def answered_before(self) -> bool:
        """Say whether the deal shows an answer that may stay."""
        return bool(self.deal.shown.get(OurField.READINESS))


WITHDRAW = "withdraw"  # in the request field: the rep takes the questions back


def needed_by(ground: Ground) -> date | None:
    """Return the day by which the rep needs the answer, None where none is given or it is not one."""
    try:
        return date.fromisoformat(ground.deal.shown.get(OurField.NEEDED_BY, "")[:10])
    except ValueError:
        return None


def requester(ground: Ground) -> str | None:
    """Return the person who asked by the request field, None where nobody is provable or nobody did."""
    for change in ground.context.history or ():
        if change.field == OurField.REQUEST and change.value and change.actor.kind is ActorKind.PERSON:
            return ground.context.directory.by_user.get(change.actor.user or "")
    return None
