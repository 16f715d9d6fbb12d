"""Declared triggers are sound: only what a policy declares that it reads can change a verdict."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from connector import gates
from connector.checks.derived import reads_lines
from connector.policy.model import Checklist, Home, Matrix, Policy, RequiredData
from connector.policy.reads import reads, triggers
from connector.verdicts import Verdict
from tests.laws.deals import READ, Case, a_line, a_value, cases
from tests.laws.dice import Dice
from tests.laws.language import loaded
from tests.laws.test_laws import FEW, LONG, MANY, QUICK, without_record

# The CRMs tell of these whatever the policy says.
ALWAYS = frozenset({"name", "owner", "amount", "close-date"})
Change = Callable[[Case, Dice], Case]


def other_values(names: frozenset[str]) -> Change:
    def change(case: Case, dice: Dice) -> Case:
        free = [name for name in READ if name not in names | ALWAYS]
        assume(free)
        return case.filled(**{name: a_value(dice, name) for name in free})

    return change


def unread(case: Case, dice: Dice) -> None:
    """What no rule reads and nobody watches changes no gate, no question and no sentence."""
    policy = case.policy
    held_to(
        case, dice, other_values(reads(policy) | frozenset(policy.vocabulary.watched)), but=("fingerprint",)
    )


def untold(case: Case, dice: Dice) -> None:
    """What is no trigger changes nothing at all: a bell that does not ring is never missed."""
    held_to(case, dice, other_values(triggers(case.policy)))


def renamed(case: Case, dice: Dice) -> None:
    """The deal's name is shown in tasks and plans, and decides nothing."""
    held_to(case, dice, lambda one, _: replace(one, deal=replace(one.deal, name="Beta")), but=("estimate",))


def lines_where_none_are_read(case: Case, dice: Dice) -> None:
    """Product lines that the worker does not fetch could not have changed anything."""
    lines = tuple(a_line(dice, place) for place in range(2))
    policy = without_lines(case.policy)
    assert not reads_lines(policy)
    with_lines = replace(case, policy=policy, deal=replace(case.deal, line_items=lines))
    held_to(
        with_lines,
        dice,
        lambda one, _: replace(one, deal=replace(one.deal, line_items=None)),
        but=("fingerprint",),
    )


def without_lines(policy: Policy) -> Policy:
    """The policy without its rules about products."""
    computed = {field.name for field in policy.fields.values() if field.home is Home.DERIVED}

    def plain(matrix: Matrix) -> Matrix:
        rows = tuple(row for row in matrix.rows if not computed & {cell.field for cell in row.cells})
        inputs = tuple(name for name in matrix.inputs if name not in computed)
        return replace(matrix, inputs=inputs, rows=rows)

    return replace(
        policy,
        matrices={name: plain(one) for name, one in policy.matrices.items()},
        checklists={
            name: Checklist(name, tuple(check for check in one.checks if isinstance(check, RequiredData)))
            for name, one in policy.checklists.items()
        },
    )


def held_to(case: Case, dice: Dice, change: Change, but: tuple[str, ...] = ()) -> None:
    """Judge the deal before and after the change: with nothing on record, and with its first verdict."""
    fresh = without_record(case)
    standing = gates.after(fresh.context.standing, fresh.deal, fresh.assess())
    later = replace(fresh, context=replace(fresh.context, standing=standing))
    for one in (fresh, later):
        changed = change(one, dice)
        assert _without(changed.assess(), but) == _without(one.assess(), but)


def _without(verdict: Verdict, names: tuple[str, ...]) -> Verdict:
    blank = {"fingerprint": "", "estimate": None}
    return verdict._replace(**{name: blank[name] for name in names})


LAWS = {law.__name__.replace("_", "-"): law for law in (unread, untold, renamed, lines_where_none_are_read)}
LUCK = some.integers(0, 2**40).map(Dice)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_declared_triggers_are_sound(law: Callable[[Case, Dice], None]) -> None:
    given(cases(FEW), LUCK)(QUICK(law))()


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_declared_triggers_are_sound_at_length(law: Callable[[Case, Dice], None]) -> None:
    given(cases(MANY), LUCK)(LONG(law))()


def test_there_are_words_that_no_rule_reads() -> None:
    """Else the laws above would hold of nothing."""
    free = [len(set(READ) - triggers(loaded(seed)) - ALWAYS) for seed in range(FEW)]
    assert sum(free) > FEW
