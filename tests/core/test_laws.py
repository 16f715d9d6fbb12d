"""The engine's laws, held against thousands of deals, records and policies made up by hypothesis."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

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
from connector.standing import AnswerKind, Clearance, ClearedHow, SignoffState, Standing
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

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=2000)

STAGES = some.sampled_from(["proposal", "contract", "closedwon", "discovery"])
ODD_STAGES = some.sampled_from(["closedlost", "gone", "renewal_won"])
POINTS = some.one_of(
    some.sampled_from([Decimal(n) for n in (5, 10, 12, 15, 18, 18, 20, 25, 35)]),
    some.decimals(-5, 40, places=2),
)
ODD: list[Value] = [None, "", Unreadable("not a date"), Unreadable("the field vanished", ours=True)]
TIMES = some.integers(0, 60 * 24 * 40).map(lambda minutes: NOW - timedelta(minutes=minutes))


def seldom(draw: some.DrawFn) -> bool:
    """Say yes once in eight: the odd must not crowd out the usual."""
    return draw(some.integers(0, 7)) == 7


@some.composite
def deals(draw: some.DrawFn) -> Deal:
    made = deal(draw(ODD_STAGES if seldom(draw) else STAGES), draw(POINTS))
    odd: dict[str, Value] = {}
    if seldom(draw):
        odd["delivery_address"] = draw(some.sampled_from([*ODD, "unknown, because the site is not chosen"]))
    if seldom(draw):
        odd["number_of_users"] = draw(some.sampled_from([*ODD, Decimal("NaN"), "many", True]))
    if seldom(draw):
        odd["region"] = draw(some.sampled_from([*ODD, "apac", ("EMEA", "AMER")]))
    if seldom(draw):
        odd["amount"] = draw(some.sampled_from([None, Decimal(-1), Decimal("1E+50")]))
    lines = made.line_items
    if seldom(draw):
        lines = draw(some.sampled_from([None, (), (line(None),), (line(Decimal(5), product=None),)]))
    return replace(
        made,
        values={**made.values, **odd},
        name=draw(some.sampled_from(["A" * 300, ""])) if seldom(draw) else "Acme",
        line_items=lines,
        pipeline=draw(some.sampled_from(["renewals", "unknown"])) if seldom(draw) else "default",
        owner=draw(some.sampled_from(["110", "120", "999", None])) if seldom(draw) else "101",
        created_at=draw(some.sampled_from([None, LONG_AGO, NOW - timedelta(days=30), NOW])),
        shown=draw(some.sampled_from([{}, {OurField.REQUEST: "yes"}, {OurField.READINESS: "by hand"}])),
    )


@some.composite
def histories(draw: some.DrawFn, stage: str) -> tuple[Change, ...] | None:
    if seldom(draw):
        return None
    actors = some.sampled_from([person(), person(), person(), MACHINE, IMPORT])
    fields = some.sampled_from(["stage", "stage", "amount", "close-date", "decision"])
    changes = draw(some.lists(some.builds(Change, fields, STAGES, TIMES, actors), max_size=5))
    newest = Change("stage", stage, NOW - timedelta(minutes=draw(some.integers(0, 30))), draw(actors))
    older = sorted(changes, key=lambda one: one.at, reverse=True)
    return tuple(older) if seldom(draw) else (newest, *(one for one in older if one.at <= newest.at))


@some.composite
def records(draw: some.DrawFn) -> Standing:
    known = []
    for cycle in range(1, draw(some.integers(0, 3)) + 1):
        states = [*SignoffState, SignoffState.REQUESTED, SignoffState.APPROVED, SignoffState.REJECTED]
        state = draw(some.sampled_from(states))
        limit = draw(some.sampled_from([None, Decimal(15), Decimal(18), Decimal(25)]))
        decided = state in {SignoffState.APPROVED, SignoffState.REJECTED}
        day = (NOW - timedelta(days=2)).date() if seldom(draw) else NOW.date()
        known.append(
            request(
                draw(some.sampled_from(["operations", "operations", "founder"])),
                cycle=cycle,
                state=state,
                gate="won" if seldom(draw) else "contract",
                asked=(draw(some.sampled_from(["jan", "ruth", "left"])) if seldom(draw) else "anna",),
                envelope=(Bound("discount", high=limit),) if limit is not None and decided else (),
                seen={"discount": draw(POINTS), "not_offered": Decimal(0)},
                decided_by="anna" if decided else None,
                decided_at=draw(TIMES) if decided else None,
                valid_until=draw(some.sampled_from([None, day])),
            )
        )
    cleared = draw(some.sampled_from([None, None, *ClearedHow]))
    seen = {"discount": draw(POINTS), "delivery_address": "Kade 1, Utrecht"}
    return Standing(
        signoffs=tuple(known),
        clearances={"contract": Clearance("contract", cleared, draw(TIMES), "v0", seen)} if cleared else {},
        done={f"main:7:{one.asked[0]}:{one.cycle}": f"task-{one.cycle}" for one in known},
        quiet_until=NOW - timedelta(hours=2) if seldom(draw) else None,
        stage=draw(STAGES),
        pipeline="default",
        known=draw(some.booleans()),
        checked_at=draw(some.sampled_from([None, NOW - timedelta(days=1)])),
    )


MODES = some.sampled_from([Mode.BLOCK, Mode.BLOCK, Mode.BLOCK, Mode.FLAG, Mode.OBSERVE])


@some.composite
def policies(draw: some.DrawFn) -> Policy:
    ask = frozenset(draw(some.lists(some.sampled_from(list(Ask))))) if seldom(draw) else frozenset(Ask)
    first = gate(
        mode=draw(MODES),
        ask=ask or frozenset(Ask),
        move_back=draw(some.booleans()),
        since=NOW.date() if seldom(draw) else None,
        scope=draw(some.sampled_from([Scope(), Scope((("region", frozenset({"EMEA"})),))])),
    )
    won = gate("won", "closedwon", checklist="won", matrices=draw(some.sampled_from([(), ("discounts",)])))
    return policy(*draw(some.permutations([first, replace(won, mode=draw(MODES))])))


@some.composite
def lives(draw: some.DrawFn) -> Life:
    late = {"contract": NOW, "won": NOW}
    settings_ = {
        "live_since": draw(some.sampled_from([{}, late])) if seldom(draw) else {"contract": LONG_AGO},
        "quiet_until": draw(some.sampled_from([NOW, NOW - timedelta(hours=1)])) if seldom(draw) else None,
        "observe_only": seldom(draw),
        "flag_only": seldom(draw),
    }
    made = draw(deals())
    return Life(made, draw(policies()), draw(records()), draw(histories(made.stage)), context=settings_)


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
@given(POINTS, some.integers(1, 3), some.booleans())
def test_a_veto_beats_every_approval(points: Decimal, approvals: int, first: bool) -> None:
    assume(points > 10)
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
@given(lives(), some.sampled_from(list(AnswerKind)))
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
