"""What a rep reads of a deal tells no other customer, and no value or limit of a field that reps may not see."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from connector import explain, plan
from connector.checks.derived import derive
from connector.deals import OurField, Value
from connector.effects import AddNote, CreateTask, SendMail, WriteFields
from connector.explain.viewer import changeable
from connector.policy.cells import compile_cell
from connector.policy.model import Cell, Home, Policy, Row
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.people import bars
from tests.laws.deals import PIPELINE, READ, Case, a_case, cases
from tests.laws.language import TYPED
from tests.laws.test_laws import FEW, LONG, MANY, QUICK

# What stands nowhere else: no drawn value is as large, no drawn day as late. Other customers: Globex and Beta.
VALUES: dict[str, Value] = {
    "money": Decimal(77_131_370), "percent": Decimal("8613.7"), "number": Decimal(713_137),
    "date": date(2041, 7, 19), "text": "Zanzibar", "enum": "Zanzibar",
}  # fmt: skip
LIMITS = {"money": "77,131,041", "percent": "8614.1 %", "number": "713041", "date": "2041-07-23"}
GIVEN_AWAY = re.compile(
    r"(?<![\d.,])(77,?131,?\d{3}|8,?61[34]\.\d|713,?(137|041))|July 2041|2041-07|Zanzibar|Globex|Beta"
)
# The org's own fields hold the limits for its rule; a limit of a hidden field is for others than reps there.
NOT_FOR_REPS = frozenset({OurField.CLEAR_RANGE})


def hidden(policy: Policy) -> list[str]:
    """Return the fields of the deal that reps may not see."""
    known = (policy.fields[name] for name in READ if name in policy.vocabulary.hidden)
    return [one.name for one in known if one.home is not Home.DERIVED and TYPED[one.name] in VALUES]


def told_apart(case: Case) -> Case:
    """Return the case with values and limits of hidden fields that are known again wherever they stand."""
    policy, secret = case.policy, hidden(case.policy)

    def cell(one: Cell) -> Cell:
        limit = LIMITS.get(TYPED[one.field]) if one.field in secret else None
        return compile_cell(f"<= {limit}", policy.fields[one.field], "EUR") if limit else one

    def row(one: Row) -> Row:
        return replace(one, cells=tuple(cell(each) for each in one.cells))

    matrices = {
        name: replace(one, rows=tuple(row(each) for each in one.rows))
        for name, one in policy.matrices.items()
    }
    there = replace(case, policy=replace(policy, matrices=matrices))
    return there.filled(**{name: VALUES[TYPED[name]] for name in secret})


def read_by_reps(case: Case) -> Iterator[str]:
    """Yield all that is written for reps, on the deal, on the card and in the terminal."""
    policy, today = case.policy, local(case.now, case.policy.calendar).date()
    facts = derive(case.deal, policy, today, case.context.standing.signoffs)
    verdict, ground = case.assess(), Ground(case.deal, facts, PIPELINE, policy, case.context, case.now)
    yield verdict.sentence
    yield json.dumps([explain.told(verdict, ground), changeable(ground)], ensure_ascii=False)
    nodes = [explain.node_json(one, rep=True) for one in explain.nodes(verdict, ground)]
    yield json.dumps(nodes, ensure_ascii=False)
    asked = {person for one in verdict.signoffs for person in one.asked}
    deals_own = set(bars(ground)) - asked
    for effect in plan.effects(case.deal, verdict, policy, case.context, (), case.now):
        match effect:
            case WriteFields():
                yield str({name: text for name, text in effect.values.items() if name not in NOT_FOR_REPS})
            case AddNote():
                yield effect.body
            case CreateTask():
                yield f"{effect.title} {effect.body}"
            case SendMail() if effect.person in deals_own:
                yield f"{effect.subject} {effect.body}"


def reps_read_nothing_hidden(case: Case) -> None:
    for text in read_by_reps(told_apart(case)):
        found = GIVEN_AWAY.search(text)
        assert found is None, text[max(0, found.start() - 200) : found.end() + 50]


def test_a_rep_reads_no_hidden_value_and_no_other_customer() -> None:
    given(cases(FEW))(QUICK(reps_read_nothing_hidden))()


@pytest.mark.slow
def test_a_rep_reads_no_hidden_value_and_no_other_customer_at_length() -> None:
    given(cases(MANY))(LONG(reps_read_nothing_hidden))()


def test_the_same_values_are_told_where_reps_may_see_them() -> None:
    """Else the law above would hold of texts that tell nothing."""
    said = [text for seed in range(30) for text in read_by_reps(shown(told_apart(a_case(seed % FEW, seed))))]
    assert sum(GIVEN_AWAY.search(text) is not None for text in said) > 20


def shown(case: Case) -> Case:
    fields = {name: replace(one, hidden=False) for name, one in case.policy.fields.items()}
    return replace(case, policy=replace(case.policy, fields=fields))
