"""The engine's laws over the whole language: any policy that loads, any deal that a CRM can hold."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings

from connector import explain, gates, plan
from connector.deals import Unreadable, Value
from connector.explain.sentence import LONGEST
from connector.policy.model import (
    Checklist,
    Field,
    FieldType,
    Matrix,
    Policy,
    RequiredData,
    RequiredField,
    Row,
    Ruling,
)
from connector.standing import Signoff, SignoffState, Standing
from connector.verdicts import Finding, GateVerdict, Need, Outcome, Readiness
from tests.laws.deals import READ, Case, cases
from tests.laws.dice import NOW
from tests.laws.language import FOUNDER, OPERATIONS, TYPED

# `make hunt` draws other examples than these, anew each time.
QUICK = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
LONG = settings(QUICK, max_examples=2000)
FEW, MANY = 20, 400  # policies: reading one takes longer than judging a deal by it
VALUES: dict[str, tuple[Value, ...]] = {
    "money": (Decimal(0), Decimal(55_000)),
    "percent": (Decimal(0), Decimal(39)),
    "number": (Decimal(0), Decimal(39)),
    "date": (date(2026, 11, 24), date(2028, 10, 1)),
    "enum": ("EMEA", "theirs"),
    "text": ("Austria", "Kade 1"),
    "boolean": (True, False),
    "person": ("mia",),
}
HOLDS = frozenset({Outcome.FAIL, Outcome.UNKNOWN})
STOPS = frozenset({Ruling.FORBIDDEN, Ruling.UNKNOWN})

Law = Callable[[Case], None]


def never_raises(case: Case) -> None:
    """It judges, plans and explains; a second look says the same word for word."""
    verdict = case.assess()
    again = case.assess()
    after = gates.after(case.context.standing, case.deal, verdict)

    plan.effects(case.deal, verdict, case.policy, case.context, (), case.now)

    assert repr(verdict) == repr(again)
    assert 0 < len(verdict.sentence) <= LONGEST
    assert explain.tree(verdict) == explain.tree(again)
    assert len(explain.table(verdict)) >= len(verdict.gates)
    assert after.fingerprint == verdict.fingerprint


def failing_clears_nothing(case: Case) -> None:
    """One more check that fails opens no gate."""
    blank = Field("blank", "blank", FieldType.TEXT)
    more = RequiredData("more", (RequiredField("blank"),))
    stricter = replace(
        case.policy,
        fields={**case.policy.fields, "blank": blank},
        checklists={
            name: Checklist(name, (*one.checks, more)) for name, one in case.policy.checklists.items()
        },
    )

    before, after = case.judge(), replace(case, policy=stricter).judge()

    shut = {one.gate for one in before.gates if not one.clear}
    assert not shut & {one.gate for one in after.gates if one.clear}
    assert after.readiness is Readiness.NOT_ASSESSED or after.readiness.severity >= before.readiness.severity


def larger_authority_needs_no_more(case: Case) -> None:
    """Where a lower role may decide all that a higher one had to, and where Sales may, nothing gets worse."""
    fresh = without_record(case)
    strict = fresh.judge()

    for larger in (lower_role, sales):
        loose = replace(fresh, policy=eased(fresh.policy, larger)).judge()

        before = {one.gate: one for one in strict.gates}
        for gate in loose.gates:
            assert gate.readiness.severity <= before[gate.gate].readiness.severity
            if not any(need.ruling is Ruling.UNKNOWN for need in before[gate.gate].needs):
                assert highest(gate, fresh.policy) <= highest(before[gate.gate], fresh.policy)


def lower_role(row: Row) -> Row:
    if row.ruling is not Ruling.SIGN_OFF or len(row.roles) != 1:
        return row
    return replace(row, roles=tuple(OPERATIONS if role == FOUNDER else role for role in row.roles))


def sales(row: Row) -> Row:
    if row.ruling is not Ruling.SIGN_OFF:
        return row
    return replace(row, ruling=Ruling.SALES, roles=(), quorum=None, in_order=False)


def eased(policy: Policy, change: Callable[[Row], Row]) -> Policy:
    def of(matrix: Matrix) -> Matrix:
        return replace(matrix, rows=tuple(change(row) for row in matrix.rows))

    return replace(policy, matrices={name: of(one) for name, one in policy.matrices.items()})


def highest(gate: GateVerdict, policy: Policy) -> int:
    """The highest level that has to sign, by the matrices."""
    levels = [
        policy.roles[one.role].level for one in gate.waiting if one.role and one.matrix in policy.matrices
    ]
    return max(levels, default=0)


def without_record(case: Case) -> Case:
    return replace(case, context=replace(case.context, standing=Standing(), live_since={}))


def veto_beats_approval(case: Case) -> None:
    """Whoever says yes before or after: where one says no, the gate is blocked."""
    fresh = without_record(case)
    asking = [
        (gate.gate, need)
        for gate in fresh.judge().gates
        for need in gate.needs
        if need.ruling is Ruling.SIGN_OFF and need.role in fresh.policy.roles
    ]
    assume(asking)
    name, refused = asking[0]
    no = answered(name, refused, SignoffState.REJECTED, 2)
    yes = [answered(gate, need, SignoffState.APPROVED, cycle) for gate, need in asking for cycle in (1, 3)]

    later = replace(fresh, context=replace(fresh.context, standing=Standing(signoffs=(*yes, no)))).judge()

    gate = next(one for one in later.gates if one.gate == name)
    assert gate.readiness is Readiness.BLOCKED
    assert not gate.clear


def answered(gate: str, need: Need, state: SignoffState, cycle: int) -> Signoff:
    return Signoff(
        gate, need.role or "", cycle, state, ("ruth",), NOW, NOW, "v1", seen=need.seen,
        decided_by="ruth", decided_at=NOW + timedelta(minutes=cycle),
    )  # fmt: skip


def the_sentence_tells_all(case: Case) -> None:
    """Whatever holds the gate that the sentence speaks of is named, or counted."""
    verdict = case.assess()
    gate = next((one for one in verdict.gates if one.gate == verdict.gate), None)
    assume(gate is not None and not gate.clear and not verdict.keep)
    assert gate is not None

    holding = {told(one, case.policy) for one in gate.findings if one.outcome in HOLDS}
    needs = [one for one in gate.needs if one.ruling in STOPS]
    needs += gate.waiting if verdict.readiness is Readiness.NEEDS_SIGN_OFF else ()
    holding |= {one.why for one in needs if not hidden(one, case.policy) and not in_own_words(one)}
    holding |= {one.text for one in needs if in_own_words(one)}

    holding = {
        one.rstrip(".").casefold() for one in holding
    }  # a check and a row may say it in the same words

    said = verdict.sentence.casefold()
    named = {one for one in holding if one in said}
    counted = sum(int(one) for one in re.findall(r"and (\d+) more", said))
    assert len(holding) <= len(named) + counted


def in_own_words(need: Need) -> bool:
    """Whether the policy itself says why it never allows it."""
    return need.ruling is Ruling.FORBIDDEN and bool(need.text)


def hidden(need: Need, policy: Policy) -> bool:
    """Whether reps may not read the figures behind it, so that it is said in other words."""
    return any(name in policy.fields and policy.fields[name].hidden for name in need.seen)


def told(finding: Finding, policy: Policy) -> str:
    """What the rep reads of it: the field's name where one is not filled in, else the sentence."""
    if finding.code == "missing" and len(finding.missing) == 1:
        return policy.fields[finding.missing[0]].label
    return finding.rep


def unknown_is_never_pass(case: Case) -> None:
    """A gate that is clear without a value is clear with any: it did not pass because nobody knew. What is
    not filled in is another thing: a standard term is no deviation then."""
    fresh = without_record(case)
    for name in sorted(set(READ[:12]) - {"start"})[::3]:
        unknown = fresh.filled(**{name: Unreadable("nobody can tell")}).judge()
        passed = {one.gate for one in unknown.gates if one.clear and not one.why_clear}
        for value in VALUES[TYPED[name]] if passed else ():
            known = fresh.filled(**{name: value}).judge()
            assert not passed & {one.gate for one in known.gates if not one.clear}, name


LAWS: dict[str, Law] = {
    law.__name__.replace("_", "-"): law
    for law in (
        never_raises,
        failing_clears_nothing,
        larger_authority_needs_no_more,
        veto_beats_approval,
        the_sentence_tells_all,
        unknown_is_never_pass,
    )
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_law_holds(law: Law) -> None:
    given(cases(FEW))(QUICK(law))()


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_law_holds_at_length(law: Law) -> None:
    given(cases(MANY))(LONG(law))()
