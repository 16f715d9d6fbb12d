"""A small model against the product: whatever people, the clock and the deal do, both say the same.

The model knows one question at a time: who was asked, what was answered, from when on it is reminded of,
escalated and lapsed. It is written from docs/rules.md, not from the code.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import hypothesis.strategies as some
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connector.deals import Change, OurField
from connector.effects import CloseTask, CreateTask, Effect, SendMail
from connector.policy.model import Waiting
from connector.signoffs.hours import after
from connector.signoffs.states import ALLOWED
from connector.standing import OPEN, Answer, AnswerKind, SignoffState
from tests.core.world import ROLES, Life, deal, gate, moved, person, policy

PEOPLE = ("anna", "jan", "ruth", "mia", "tom")
MAY = frozenset({"anna", "jan", "ruth"})
LEVEL = {"anna": 1, "jan": 1, "ruth": 2}
WAITING = Waiting(remind_after=4, escalate_after=8, expire_after=24)
RULES = policy(gate(), waiting=WAITING, roles=ROLES)


class Model(RuleBasedStateMachine):
    """Mia's deal in Proposal, between 11 and 20 % discount: Operations decides."""

    account = "main"

    def __init__(self) -> None:
        super().__init__()
        self.life = self.begin()
        self.discount = 15
        self.state = "requested"
        self.limit: Decimal | None = None
        self.by: str | None = None
        self.let_go = False
        self.sent: list[str] = []
        self.was: dict[int, SignoffState] = {}
        self._step()

    def begin(self) -> Life:
        """Return the deal that the model is held against."""
        return Life(deal("proposal", 15), RULES, history=moved("discovery", "proposal"))

    # --- what happens ---

    @rule(
        who=some.sampled_from(PEOPLE),
        kind=some.sampled_from(("yes", "no", "yes-up-to")),
        limit=some.integers(5, 25),
    )
    def answers(self, who: str, kind: str, limit: int) -> None:
        self._pass(minutes=1)
        self._step(
            Answer(
                f"a{self.life.now}{who}",
                "7",
                AnswerKind(kind),
                self.life.now,
                Decimal(limit),
                "so",
                person=who,
            )
        )
        outranks = self.by is None or who == self.by or LEVEL.get(who, 0) > LEVEL[self.by]
        living = self.state in {"requested", "info-requested", "approved", "rejected"}
        counts = who in MAY and living and outranks
        assert (self.heard[0].hearing == "counted") is counts, self.heard[0]
        if counts:
            self.by, self.state = who, "rejected" if kind == "no" else "approved"
            self.limit = Decimal(limit) if kind == "yes-up-to" else Decimal(self.discount)

    @precondition(lambda self: self.state == "requested")
    @rule()
    def the_approver_asks_the_rep(self) -> None:
        self._pass(minutes=1)
        self._step(
            Answer(f"q{self.life.now}", "7", AnswerKind.ASK, self.life.now, note="Why?", person="anna")
        )
        self.state = "info-requested"

    @precondition(lambda self: self.state == "info-requested")
    @rule()
    def the_rep_replies(self) -> None:
        self._pass(minutes=1)
        self._step(
            Answer(f"r{self.life.now}", "7", AnswerKind.REPLY, self.life.now, note="So.", person="mia")
        )
        self.state = "requested"

    @precondition(lambda self: self.state == "expired")
    @rule()
    def the_rep_asks_anew(self) -> None:
        self._pass(minutes=1)
        self.life.deal = replace(
            self.life.deal,
            shown={**self.life.deal.shown, OurField.REQUEST: "yes", OurField.REQUEST_NOTE: "So."},
        )
        asks = Change(OurField.REQUEST, "yes", self.life.now, person())
        self.life.history = (asks, *(self.life.history or ()))
        self._step()
        self._is_asked()

    @rule(hours=some.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self._pass(hours=hours)
        self._step()

    @rule()
    def the_clock_is_turned_back_and_again(self) -> None:
        self.life.now -= timedelta(hours=1)
        self._step()
        self.life.now += timedelta(hours=1)
        self._step()

    @rule(by=some.integers(1, 3))
    def the_price_gets_better(self, by: int) -> None:
        self._price(max(11, self.discount - by))

    # --- what always holds ---

    @invariant()
    def the_model_and_the_product_agree(self) -> None:
        if self.life.verdict is None:
            return
        newest = self.life.standing.signoffs[-1]
        shown = self.life.show(OurField.READINESS)
        if self.state == "approved" and self.limit is not None and self.discount > self.limit:
            assert shown == "needs-info"  # a counter-offer
        else:
            expected = {"requested": "needs-sign-off", "info-requested": "needs-info", "approved": "ready",
                        "rejected": "blocked", "expired": "needs-sign-off"}  # fmt: skip
            assert (newest.state.value, shown) == (self.state, expected[self.state])

    @invariant()
    def every_move_is_in_the_table_and_nothing_is_told_twice(self) -> None:
        for one in self.life.standing.signoffs:
            was = self.was.get(one.cycle)
            assert was in {None, one.state} or one.state in ALLOWED[was], (was, one.state)
            self.was[one.cycle] = one.state
        assert len(self.sent) == len(set(self.sent))

    @invariant()
    def one_open_task_for_each_person_and_none_when_nobody_is_asked(self) -> None:
        done = self.life.standing.done
        tasks = {key for key in done if key.startswith(f"{self.account}:7:")}
        still = [key for key in tasks if f"close:{key}" not in done]
        people = [key.split(":")[2] for key in still]
        assert len(people) == len(set(people))
        assert bool(still) is any(one.state in OPEN for one in self.life.standing.signoffs)

    # --- inside ---

    def _pass(self, **time: int) -> None:
        self.life.now += timedelta(**time)
        lapses_at = self._lapses_at()
        if lapses_at is not None and lapses_at <= self.life.now:
            self.life.now = min(self.life.now, lapses_at)
            self._step()
            self.let_go = self.state == "info-requested"
            self.state = "expired"

    def _lapses_at(self) -> datetime | None:
        newest = self.life.standing.signoffs[-1]
        if self.state == "info-requested":
            assert newest.asked_at is not None
            return after(newest.asked_at, 2 * 8 * 60, RULES.calendar)
        if self.state == "requested":
            return after(newest.requested_at, 24 * 60 + newest.stood, RULES.calendar)
        return None

    def _is_asked(self) -> None:
        self.state, self.by, self.limit, self.let_go = "requested", None, None, False

    def _price(self, discount: int) -> None:
        if discount == self.discount:
            return
        reopened = self.state == "rejected" or (self.state == "expired" and not self.let_go)
        offered = self.state == "approved" and self.limit is not None and self.discount > self.limit >= 0
        self._pass(minutes=1)
        if self.state == "expired":
            reopened = not self.let_go
        self.discount = discount
        self.life.price(discount)
        self._step()
        if reopened or (offered and self.limit is not None and discount > self.limit):
            self._is_asked()

    def _step(self, *answers: Answer) -> tuple[Effect, ...]:
        effects = self.life.step(*answers)
        self.heard = self.life.heard
        self.sent += [one.key for one in _keyed(effects)]
        assert self.life.step() == ()
        return effects


def _keyed(effects: Iterable[Effect]) -> Iterable[CreateTask | SendMail | CloseTask]:
    return (replace(one, key=f"close:{one.key}") if isinstance(one, CloseTask) else one
            for one in effects if isinstance(one, CreateTask | SendMail | CloseTask))  # fmt: skip


def run(model: type[Model], examples: int, steps: int) -> None:
    """Let hypothesis do so many runs of so many steps, the same ones each time."""
    run_state_machine_as_test(
        model,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_the_product_does_what_the_small_model_does() -> None:
    run(Model, 6, 20)


@pytest.mark.slow
def test_the_product_does_what_the_small_model_does_five_hundred_times() -> None:
    run(Model, 500, 50)
