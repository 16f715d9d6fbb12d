"""The engine's laws, held against thousands of deals, records and policies made up by hypothesis."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from connector import explain, gates, signoffs
from connector.context import Context
from connector.deals import Change, Deal, OurField, Unreadable, Value
from connector.effects import MoveBack
from connector.policy.model import (
    Ask,
    Bound,
    Checklist,
    Mode,
    Policy,
    RequiredData,
    RequiredField,
    Ruling,
    Scope,
)
from connector.signoffs import Hearing
from connector.signoffs.talk import REPS
from connector.standing import AnswerKind, Clearance, ClearedHow, Signoff, SignoffState, Standing
from connector.verdicts import Outcome, Readiness, Verdict
from tests.core.world import (
    FIELDS,
    IMPORT,
    LONG_AGO,
    MACHINE,
    NOW,
    Life,
    answer,
    context,
    deal,
    gate,
    line,
    matrix,
    person,
    policy,
    request,
    required,
    row,
)

# `make hunt` draws other examples than these, anew each time.
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=2000)

STAGES = ["proposal", "contract", "closedwon", "discovery"]
ROUND = [Decimal(points) for points in (5, 10, 12, 15, 18, 18, 20, 25, 35)]
POINTS = some.one_of(some.sampled_from(ROUND), some.decimals(-5, 40, places=2))
ODD: list[Value] = [None, "", Unreadable("not a date"), Unreadable("the field vanished", ours=True)]
MODES = [Mode.BLOCK, Mode.BLOCK, Mode.BLOCK, Mode.FLAG, Mode.OBSERVE]
ACTORS = [person(), person(), person(), MACHINE, IMPORT]


class Dice(Random):
    """Chance from one seed that hypothesis draws: a life takes a hundred choices, too many to draw each."""

    def seldom(self) -> bool:
        """Say yes once in eight: the odd must not crowd out the usual."""
        return self.random() < 0.125

    def points(self) -> Decimal:
        return self.choice(ROUND) if self.random() < 0.7 else Decimal(self.randint(-500, 4000)) / 100

    def time(self) -> datetime:
        return NOW - timedelta(minutes=self.randint(0, 60 * 24 * 40))


def a_deal(dice: Dice) -> Deal:
    made = deal(
        dice.choice(["closedlost", "gone", "renewal_won"] if dice.seldom() else STAGES), dice.points()
    )
    odd: dict[str, Value] = {}
    if dice.seldom():
        odd["delivery_address"] = dice.choice([*ODD, "unknown, because the site is not chosen"])
    if dice.seldom():
        odd["number_of_users"] = dice.choice([*ODD, Decimal("NaN"), "many", True])
    if dice.seldom():
        odd["region"] = dice.choice([*ODD, "apac", ("EMEA", "AMER")])
    if dice.seldom():
        odd["amount"] = dice.choice([None, Decimal(-1), Decimal("1E+50")])
    lines = made.line_items
    if dice.seldom():
        lines = dice.choice([None, (), (line(None),), (line(Decimal(5), product=None),)])
    return replace(
        made,
        values={**made.values, **odd},
        name=dice.choice(["A" * 300, ""]) if dice.seldom() else "Acme",
        line_items=lines,
        pipeline=dice.choice(["renewals", "unknown"]) if dice.seldom() else "default",
        owner=dice.choice(["110", "120", "999", None]) if dice.seldom() else "101",
        created_at=dice.choice([None, LONG_AGO, NOW - timedelta(days=30), NOW]),
        shown=dice.choice([{}, {OurField.REQUEST: "yes"}, {OurField.READINESS: "by hand"}]),
    )


def a_history(dice: Dice, stage: str) -> tuple[Change, ...] | None:
    if dice.seldom():
        return None
    fields = ["stage", "stage", "amount", "close-date", "decision"]
    older = [
        Change(dice.choice(fields), dice.choice(STAGES), dice.time(), dice.choice(ACTORS))
        for _ in range(dice.randint(0, 5))
    ]
    newest = Change("stage", stage, NOW - timedelta(minutes=dice.randint(0, 30)), dice.choice(ACTORS))
    ordered = sorted((*older, *(() if dice.seldom() else (newest,))), key=lambda one: one.at, reverse=True)
    return tuple(ordered)


def a_signoff(dice: Dice, cycle: int) -> Signoff:
    often = [SignoffState.REQUESTED, SignoffState.APPROVED, SignoffState.REJECTED]
    state = dice.choice([*SignoffState, *often])
    limit = dice.choice([None, Decimal(15), Decimal(18), Decimal(25)])
    decided = state in {SignoffState.APPROVED, SignoffState.REJECTED}
    return request(
        dice.choice(["operations", "operations", "founder"]),
        cycle=cycle,
        state=state,
        gate="won" if dice.seldom() else "contract",
        asked=(dice.choice(["jan", "ruth", "left"]) if dice.seldom() else "anna",),
        envelope=(Bound("discount", high=limit),) if limit is not None and decided else (),
        seen={"discount": dice.points(), "not_offered": Decimal(0)},
        decided_by="anna" if decided else None,
        decided_at=dice.time() if decided else None,
        valid_until=dice.choice([None, (NOW - timedelta(days=2 if dice.seldom() else 0)).date()]),
    )


def a_record(dice: Dice) -> Standing:
    known = tuple(a_signoff(dice, cycle) for cycle in range(1, dice.randint(0, 3) + 1))
    cleared = dice.choice([None, None, *ClearedHow])
    seen = {"discount": dice.points(), "delivery_address": "Kade 1, Utrecht"}
    return Standing(
        signoffs=known,
        clearances={"contract": Clearance("contract", cleared, dice.time(), "v0", seen)} if cleared else {},
        done={f"main:7:{one.asked[0]}:{one.cycle}": f"task-{one.cycle}" for one in known},
        quiet_until=NOW - timedelta(hours=2) if dice.seldom() else None,
        stage=dice.choice(STAGES),
        pipeline="default",
        known=dice.choice([True, False]),
        checked_at=dice.choice([None, NOW - timedelta(days=1)]),
    )


def a_policy(dice: Dice) -> Policy:
    first = gate(
        mode=dice.choice(MODES),
        ask=frozenset({dice.choice(list(Ask))}) if dice.seldom() else frozenset(Ask),
        move_back=dice.choice([True, False]),
        since=NOW.date() if dice.seldom() else None,
        scope=Scope((("region", frozenset({"EMEA"})),)) if dice.seldom() else Scope(),
    )
    matrices = dice.choice([(), ("discounts",), ("discounts", "watched"), ("watched",)])
    won = gate("won", "closedwon", checklist="won", matrices=matrices, mode=dice.choice(MODES))
    return policy(*dice.sample([first, won], 2))


def a_life(seed: int) -> Life:
    dice = Dice(seed)
    late = {"contract": NOW, "won": NOW}
    made = a_deal(dice)
    return Life(
        made,
        a_policy(dice),
        a_record(dice),
        a_history(dice, made.stage),
        context={
            "live_since": dice.choice([{}, late]) if dice.seldom() else {"contract": LONG_AGO},
            "quiet_until": dice.choice([NOW, NOW - timedelta(hours=1)]) if dice.seldom() else None,
            "observe_only": dice.seldom(),
            "leaving": dice.seldom(),
            "flag_only": dice.seldom(),
        },
    )


def lives() -> some.SearchStrategy[Life]:
    return some.integers(0, 2**48).map(a_life)


def around(life: Life) -> Context:
    return context(standing=life.standing, history=life.history, **life.context)


def assess(life: Life) -> Verdict:
    return gates.assess(life.deal, life.policy, around(life), NOW)


def never_raises_and_says_itself(life: Life) -> None:
    verdict = assess(life)

    assert verdict == assess(life)
    assert 0 < len(verdict.sentence) <= explain.LONGEST
    assert explain.tree(verdict) == explain.tree(assess(life))
    assert len(explain.table(verdict)) >= len(verdict.gates)


def comes_to_rest(life: Life) -> None:
    for _ in range(3):
        if not any(isinstance(one, MoveBack) for one in life.step()):
            break

    assert life.step() == ()
    assert life.verdict.fingerprint == life.standing.fingerprint


@QUICK
@given(lives())
def test_never_raises_is_deterministic_and_says_itself(life: Life) -> None:
    never_raises_and_says_itself(life)


@pytest.mark.slow
@LONG
@given(lives())
def test_never_raises_is_deterministic_and_says_itself_at_length(life: Life) -> None:
    never_raises_and_says_itself(life)


@QUICK
@given(lives())
def test_a_second_look_changes_nothing(life: Life) -> None:
    comes_to_rest(life)


@pytest.mark.slow
@LONG
@given(lives())
def test_a_second_look_changes_nothing_at_length(life: Life) -> None:
    comes_to_rest(life)


@QUICK
@given(lives())
def test_one_more_failing_check_clears_no_gate(life: Life) -> None:
    blank = replace(FIELDS["start_date"], name="blank", label="blank")
    checks = life.policy.checklists["contract"].checks
    more = Checklist("contract", (*checks, required("blank", unknown_goes_to=None)))
    stricter = replace(
        life.policy,
        fields={**FIELDS, "blank": blank},
        checklists={**life.policy.checklists, "contract": more},
    )

    before, after = assess(life), assess(replace(life, policy=stricter))

    shut = {one.gate for one in before.gates if not one.clear}
    assert not shut & {one.gate for one in after.gates if one.clear}


def limits(first: int, second: int, third: int) -> Policy:
    rows = (
        row("small", Ruling.SALES, discount=f"<= {first}%"),
        row("middle", Ruling.SIGN_OFF, ["operations"], discount=f"({first}%..{second}%]"),
        row("large", Ruling.SIGN_OFF, ["founder"], discount=f"({second}%..{third}%]"),
        row("huge", Ruling.FORBIDDEN, discount=f"> {third}%"),
    )
    return policy(gate(matrices=("discounts",)), matrices={"discounts": matrix("discounts", *rows)})


STEPS = some.tuples(*(some.integers(1, 12) for _ in range(3)))


@QUICK
@given(POINTS, STEPS, STEPS)
def test_larger_authority_never_needs_more(
    points: Decimal, steps: tuple[int, ...], more: tuple[int, ...]
) -> None:
    def weight(first: int, second: int, third: int) -> tuple[int, int]:
        rules = limits(first, first + second, first + second + third)
        one = gates.assess(deal("proposal", points), rules, context(), NOW).gates[0]
        return one.readiness.severity, max((rules.roles[need.role].level for need in one.waiting), default=0)

    small = weight(*steps)
    large = weight(*(step + extra for step, extra in zip(steps, more, strict=True)))

    assert large <= small


@QUICK
@given(some.decimals("10.01", 40, places=2), some.integers(1, 3), some.booleans())
def test_a_veto_beats_every_approval(points: Decimal, approvals: int, first: bool) -> None:
    seen = {"discount": points, "not_offered": Decimal(0)}
    yes = [
        request(
            "founder", cycle=n + 2, state=SignoffState.APPROVED, seen=seen, decided_by="ruth", decided_at=NOW
        )
        for n in range(approvals)
    ]
    no = request(
        cycle=1 if first else 9, state=SignoffState.REJECTED, seen=seen, decided_by="anna", decided_at=NOW
    )

    verdict = gates.assess(
        deal("contract", points), policy(gate()), context(standing=Standing(signoffs=(*yes, no))), NOW
    )

    assert verdict.readiness is Readiness.BLOCKED


@QUICK
@given(lives(), some.sampled_from(["delivery_address", "number_of_users", "lines"]), some.sampled_from(ODD))
def test_unknown_never_passes(life: Life, name: str, nothing: Value) -> None:
    if name == "lines":
        poor = replace(life.deal, line_items=None if nothing is None else (line(None),))
    else:
        poor = replace(life.deal, values={**life.deal.values, name: nothing})
    fresh = replace(life, deal=poor, standing=Standing(), context={})

    contract = [one for one in assess(fresh).gates if one.gate == "contract" and not one.why_clear]

    assert all(not one.clear for one in contract)


@QUICK
@given(lives(), some.sampled_from(sorted(set(AnswerKind) - REPS)))
def test_the_owner_never_signs_for_the_own_deal(life: Life, kind: AnswerKind) -> None:
    who = {"101": "mia", "110": "eva", "120": "anna"}
    assume(life.deal.owner in who)
    given_answer = answer(kind, by=who[life.deal.owner or ""], limit=40)

    counted = signoffs.count([given_answer], life.standing, life.deal, life.policy, around(life), NOW)

    assert counted.standing == life.standing
    assert all(one.hearing is not Hearing.COUNTED for one in counted.heard)
    old = {(one.gate, one.role, one.cycle) for one in life.standing.signoffs}
    new = [one for one in assess(life).signoffs if (one.gate, one.role, one.cycle) not in old]
    assert all(who[life.deal.owner or ""] not in one.asked for one in new if one.requested_at == NOW)


@QUICK
@given(some.lists(some.integers(0, 25), unique=True, max_size=26), some.booleans())
def test_the_sentence_names_or_counts_whatever_holds_the_deal(filled: list[int], long: bool) -> None:
    labels = [
        f"{'quite a long name of a ' if long else ''}field {chr(97 + n)}{chr(97 + n)}" for n in range(26)
    ]
    fields = {
        f"f{n}": replace(FIELDS["delivery_address"], name=f"f{n}", label=label)
        for n, label in enumerate(labels)
    }
    rules = policy(
        gate(checklist="all", matrices=()),
        fields={**FIELDS, **fields},
        checklists={"all": Checklist("all", (RequiredData("d", tuple(RequiredField(f) for f in fields)),))},
    )

    verdict = gates.assess(deal("contract", values={f"f{n}": "x" for n in filled}), rules, context(), NOW)

    holding = [one for one in verdict.gates[0].findings if one.outcome is Outcome.FAIL]
    named = [label for label in labels if f"{label}," in verdict.sentence or f"{label}." in verdict.sentence]
    _, found, more = verdict.sentence.partition(" and ")
    counted = int(more.split()[0]) if found and "more" in more else 0
    assert len(holding) == len(named) + counted
