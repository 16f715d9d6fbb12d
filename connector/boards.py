"""The capacity board of one account: its newest plan, held against what every deal takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from connector.capacity.board import Board, board
from connector.capacity.records import Estimate, Snapshot
from connector.capacity.roles import unplanned
from connector.policy.model import Policy
from connector.policy.problems import Problem
from connector.signoffs.hours import local
from connector.store.store import Store


@dataclass(slots=True)
class Boards:
    """Make boards of one account; a plan is read once."""

    account: str
    store: Store
    _plan: Snapshot | None = field(default=None)

    def now(self, policy: Policy, now: datetime) -> Board | None:
        """Return the board as it is now, None where the policy has no use for it."""
        return None if policy.capacity is None else self.any(policy, now)

    def any(self, policy: Policy, now: datetime) -> Board:
        """Return the board as it is now, whatever the policy asks for."""
        return self.of(policy, now, self.store.capacity.estimates(self.account))

    def of(self, policy: Policy, now: datetime, estimates: Iterable[Estimate]) -> Board:
        """Return the board as it is now, were this what every deal takes."""
        calendar = policy.calendar
        today = local(now, calendar).date()
        return board(self.plan(), estimates, today, calendar.days, calendar.holidays)

    def unplanned(self, policy: Policy) -> tuple[Problem, ...]:
        """Return the roles of the offering that the plan has no hours of, where the policy looks at it."""
        plan = self.plan()
        return () if plan is None or policy.capacity is None else tuple(unplanned(plan, policy))

    def plan(self) -> Snapshot | None:
        """Return the newest plan, None before the first import."""
        newest = self.store.capacity.newest(self.account)
        if self._plan is None or self._plan.number != newest:
            self._plan = self.store.capacity.plan(self.account) if newest else None
        return self._plan
