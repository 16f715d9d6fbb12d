"""Deals that live: they are looked at, people answer and change them, time passes, and they are looked at again.

So the record is one that the engine itself has made, as in a real account.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from connector import gates
from connector.deals import Actor, ActorKind, Change, OurField
from connector.signoffs.states import ALLOWED, moved
from connector.standing import OPEN, Authority, Condition, Right, Signoff, SignoffState, Standing
from connector.verdicts import Verdict
from tests.laws.deals import PIPELINE, READ, Case, a_case, a_line, a_value, around
from tests.laws.dice import Dice

STEPS = 8
MIA = Actor(ActorKind.PERSON, "90")
_YES, _NO, _ASKS = SignoffState.APPROVED, SignoffState.REJECTED, SignoffState.INFO
_DECIDED = frozenset({_YES, _NO})


def a_life(rules: int, seed: int) -> Iterable[tuple[Case, Verdict]]:
    """Yield each moment of a deal's life with its verdict, levers left out, before anything else happens."""
    dice, case = Dice(seed), a_case(rules, seed)
    standing = Standing(waivers=case.context.standing.waivers)
    case = around(replace(case, made=f"a_life({rules}, {seed})"), standing=standing, history=())
    for _ in range(STEPS):
        verdict = case.judge()
        yield case, verdict
        case = on_record(case, verdict)
        for happens in dice.sample(_EVENTS, dice.randint(1, 2)):
            case = happens(case, dice)


def on_record(case: Case, verdict: Verdict) -> Case:
    """Return the case as it is when the verdict has been committed."""
    return around(case, standing=gates.after(case.context.standing, case.deal, verdict))


def moves(case: Case, dice: Dice) -> Case:
    stage = dice.choice(PIPELINE.stages[:4]).id
    news = Change("stage", stage, case.now, MIA)
    return around(
        replace(case, deal=replace(case.deal, stage=stage)), history=(news, *(case.context.history or ()))
    )


def changes(case: Case, dice: Dice) -> Case:
    return case.filled(**{name: a_value(dice, name) for name in dice.some(*READ, most=3)})


def sells_other_products(case: Case, dice: Dice) -> Case:
    lines = tuple(a_line(dice, place) for place in range(dice.randint(1, 3)))
    return replace(case, deal=replace(case.deal, line_items=lines))


def asks(case: Case, dice: Dice) -> Case:
    said = dice.choice(["", "yes", "yes"])
    return replace(case, deal=replace(case.deal, shown={**case.deal.shown, OurField.REQUEST: said}))


def waits(case: Case, dice: Dice) -> Case:
    return replace(case, now=case.now + timedelta(hours=dice.randint(1, 80)))


def is_answered(case: Case, dice: Dice) -> Case:
    record = tuple(_answered(one, case, dice) for one in case.context.standing.signoffs)
    return around(case, standing=replace(case.context.standing, signoffs=record))


def _answered(one: Signoff, case: Case, dice: Dice) -> Signoff:
    state = dice.choice([_YES, _YES, _YES, _NO, _ASKS])
    again = one.state in _DECIDED and dice.seldom() and state is not one.state
    if state not in ALLOWED[one.state] or not (again or (one.state in OPEN and dice.often())):
        return one
    if state is _ASKS:
        return replace(moved(one, state), question="How many?", asked_at=case.now)
    who = dice.choice(one.asked)
    soon = (case.now + timedelta(days=dice.randint(0, 4))).date()
    return replace(
        moved(one, state), decided_by=who, decided_at=case.now, question="",
        authority=Authority(one.role, who, Right.HOLDER),
        valid_until=soon if state is _YES and dice.seldom() else None,
        conditions=(Condition("data is there", soon),) if state is _YES and dice.seldom() else (),
    )  # fmt: skip


_EVENTS = (moves, moves, changes, changes, asks, is_answered, is_answered, waits, sells_other_products)
