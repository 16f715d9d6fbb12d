"""What a rep may decide alone, in words, and what a rep does not read."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector import explain
from connector.deals import Unreadable, Value
from connector.explain import alone
from connector.explain.alone import said
from connector.policy.model import Bound, Policy, Ruling
from connector.signoffs.spoken import for_rep
from tests.core.test_explain import case, hiding
from tests.core.test_levers import ALL, policy, row, sold

SIGN, NEVER = Ruling.SIGN_OFF, Ruling.FORBIDDEN
PRICE = row("price", SIGN, ["operations"], discount="> 10%")
SOON = row("soon", SIGN, ["operations"], start_date="< 2027-03-16")


def limits(rules: Policy, discount: int = 18, **values: Value) -> tuple[Bound, ...] | None:
    _, ground = case(sold(discount, **values), rules)
    return alone(rules.gates[0], ground)


def words(rules: Policy, discount: int = 18, **values: Value) -> str:
    _, ground = case(sold(discount, **values), rules)
    return said(rules.gates[0], ground)


def test_of_a_deal_over_the_limits_the_rep_reads_how_far_he_could_go() -> None:
    assert limits(policy(ALL, PRICE)) == (Bound("discount", high=Decimal(10)),)
    assert limits(policy(ALL, PRICE, SOON)) == (
        Bound("discount", high=Decimal(10)), Bound("start_date", low=date(2027, 3, 16)),
    )  # fmt: skip


def test_a_limit_that_is_the_last_value_outside_is_told_as_the_last_one_inside() -> None:
    at_least = row("price", SIGN, ["operations"], discount=">= 10%")
    assert limits(policy(ALL, at_least)) == (Bound("discount", high=Decimal("9.99")),)
    until = row("soon", SIGN, ["operations"], start_date="<= 2027-03-15")
    assert limits(policy(ALL, until)) == (Bound("start_date", low=date(2027, 3, 16)),)


def test_what_is_forbidden_is_not_the_reps_alone_and_what_others_only_hear_of_is() -> None:
    never = row("never", NEVER, discount="> 30%")
    assert limits(policy(ALL, never)) == (Bound("discount", high=Decimal(30)),)
    told = row("told", Ruling.NOTIFY, ["operations"], discount="> 10%")
    assert limits(policy(ALL, told)) == ()
    assert words(policy(ALL, told)) == "You decide this alone"


def test_a_limit_on_a_fact_that_reps_may_not_change_is_none_of_theirs() -> None:
    many = row("many", SIGN, ["operations"], number_of_users="> 100")
    assert limits(policy(ALL, many)) == ()
    assert limits(policy(ALL, many), number_of_users=Decimal(101)) is None
    assert words(policy(ALL, many), number_of_users=Decimal(101)) == "Nothing here is yours alone to decide"


def test_a_field_that_is_empty_has_no_limit_to_tell() -> None:
    assert limits(policy(ALL, PRICE, SOON), start_date=None) is None
    loose = policy(ALL, PRICE, row("here", SIGN, ["operations"], region="APAC"))
    assert limits(loose) == (Bound("discount", high=Decimal(10)),)


def test_a_limit_in_another_currency_is_no_limit_in_this_one() -> None:
    abroad = row("dear", SIGN, ["operations"], amount="> USD 50,000")
    home = row("costly", SIGN, ["operations"], amount="> EUR 60,000")
    assert limits(policy(ALL, home), 0) == (Bound("amount", high=Decimal(60_000)),)
    assert limits(policy(ALL, abroad), 0) is None  # no rate: nobody knows
    assert limits(policy(ALL, abroad, home), 0) is None


def test_a_field_that_reps_do_not_see_is_judged_and_not_told() -> None:
    hidden = hiding(discount="> 10%", margin="< 20%")
    assert words(hidden, 18, margin=Decimal("7.5")) == "You alone: up to 10 % discount"


# --- what is hidden from reps ---


FIGURES = "figures that Operations keeps decide it"


@pytest.mark.parametrize(
    ("cells", "margin", "told"),
    [
        ({"discount": "> 10%"}, Decimal("7.5"), "18 % discount is over your 10 %"),
        ({"margin": "< 20%", "discount": "> 10%"}, Decimal("7.5"), "18 % discount is over your 10 %"),
        ({"margin": "< 20%"}, Decimal("7.5"), FIGURES),
        ({"margin": "< 20%"}, None, FIGURES),
        ({"margin": "< 20%"}, Unreadable("cost of EUR 7 is no number"), FIGURES),
    ],
)
def test_a_reason_is_told_without_what_is_hidden(cells: dict[str, str], margin: Value, told: str) -> None:
    verdict, ground = case(sold(18, margin=margin), hiding(**cells))
    (need,) = verdict.gates[0].needs
    assert for_rep(need, ground) == told


def test_a_row_that_tests_nothing_hidden_is_told_as_it_is_though_others_do() -> None:
    rules = hiding(discount="> 10%")
    table = rules.matrices["rules"]
    both = replace(rules, matrices={"rules": replace(table, inputs=("discount", "margin"))})
    verdict, ground = case(sold(18, margin=Decimal("7.5")), both)
    (need,) = verdict.gates[0].needs
    assert "margin" in need.seen
    assert for_rep(need, ground) == need.why == "18 % discount is over your 10 %"


@pytest.mark.parametrize(
    ("term", "margin", "told"),
    [
        (None, Decimal("7.5"), "contract length is not filled in"),
        (Unreadable("soon is no number"), Decimal("7.5"), "contract length is not known: soon is no number"),
        (None, None, "contract length is not filled in"),
        (Decimal(12), None, FIGURES),
    ],
)
def test_a_rep_is_told_what_to_fill_in_though_a_hidden_figure_is_looked_at_too(
    term: Value, margin: Value, told: str
) -> None:
    """The rep read that it was his turn, and that figures of Operations decide; what was missing stood nowhere."""
    verdict, ground = case(sold(18, margin=margin, term=term), hiding(margin="< 20%", term="< 24"))
    (need,) = verdict.gates[0].needs
    assert for_rep(need, ground) == told
    assert verdict.sentence == f"Contract: your turn. {told[0].upper()}{told[1:]}."


def test_a_fact_to_confirm_is_told_as_it_is() -> None:
    verdict, ground = case(sold(18, margin=Decimal("7.5")), hiding(margin="< 20%"))
    (need,) = verdict.gates[0].needs
    stated = need._replace(fact="Data has arrived", why='somebody has to confirm "Data has arrived"')
    assert for_rep(stated, ground) == stated.why


# --- the tree for machines ---


def test_every_value_that_a_rule_saw_is_in_the_tree_as_json_holds_it() -> None:
    rules = policy(ALL, PRICE, row("here", SIGN, ["operations"], region="EMEA"))
    verdict, _ = case(sold(18), rules)
    (gate,) = verdict.gates
    seen: dict[str, Value] = {
        "number": Decimal("18.50"), "day": date(2027, 3, 2), "text": "EMEA", "none": None, "yes": True,
        "many": ("a", "b"), "lost": Unreadable("it is gone"),
    }  # fmt: skip
    changed = verdict._replace(gates=(gate._replace(needs=(gate.needs[0]._replace(seen=seen),)),))
    told = json.loads(json.dumps(explain.tree(changed)))
    assert told["gates"][0]["needs"][0]["seen"] == {
        "number": "18.50", "day": "2027-03-02", "text": "EMEA", "none": None, "yes": True, "many": ["a", "b"],
        "lost": {"unreadable": "it is gone"},
    }  # fmt: skip
