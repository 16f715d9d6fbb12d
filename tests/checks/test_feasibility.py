"""Can it be delivered: the worst row counts, what is not known is never yes, and it names who is to be asked."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.deals import LineItem, Value
from connector.policy.load import load
from connector.policy.model import Feasible, Policy
from connector.verdicts import Finding, Outcome
from tests.checks.deals import TODAY, deal, line, run_checks
from tests.policy.samples import BASE

TABLE = """    - feasibility:
        inputs: [product, region, amount]
        questions: {region: {ask: "Where is it used?", answered-by: the buyer}}
        rows:
          - {id: apac, product: Data Platform, region: APAC, answer: not-feasible, says: We do not ship there.}
          - {id: dear, amount: "> EUR 500", answer: needs-review, goes-to: operations}
          - {id: mid, product: Data Platform, amount: "(EUR 100..EUR 500]", answer: feasible-with-changes, says: Add a day}
        otherwise: feasible
"""
OFFERING = """offering:
  start: start-date
  products:
    - {sku: DP, name: Data Platform, list-price: EUR 1000, requires: [IM], lead-time-days: 10}
    - {sku: IM, name: Implementation, list-price: EUR 100}
    - {sku: OLD, name: Old Platform, list-price: EUR 10, excludes: [DP]}
"""


def rules(table: str = TABLE, offering: str = "") -> Policy:
    text = BASE.replace(
        "    - required-data: {fields: [delivery-address], unknown-goes-to: operations}\n", table
    )
    text = text.replace("    - deviations\n", "")
    if offering:
        start, end = text.index("offering:"), text.index("checklists:")
        text = text[:start] + offering + text[end:]
    return load(text, "p.yaml")


RULES = rules()
SHOP = rules("    - feasibility\n", OFFERING)


def answers(*lines: LineItem, policy: Policy = RULES, **values: Value) -> list[tuple[str, Outcome]]:
    return [(one.code, one.outcome) for one in run_checks(deal(*(lines or (line(),)), **values), policy)]


@pytest.mark.parametrize(
    ("region", "amount", "expected"),
    [
        ("EMEA", 50, [("feasible", Outcome.PASS)]),
        ("EMEA", 300, [("feasible-with-changes", Outcome.FAIL)]),
        ("EMEA", 600, [("needs-review", Outcome.SIGN_OFF)]),
        ("APAC", 600, [("not-feasible", Outcome.FAIL)]),
        (None, 600, [("unanswered", Outcome.UNKNOWN)]),
        ("APAC", None, [("not-feasible", Outcome.FAIL)]),
        ("EMEA", None, [("unanswered", Outcome.UNKNOWN)]),
    ],
)
def test_the_worst_row_that_fits_counts(
    region: str | None, amount: int | None, expected: list[object]
) -> None:
    assert answers(region=region, amount=None if amount is None else Decimal(amount)) == expected


def test_a_missing_answer_names_the_question_and_who_knows() -> None:
    (found,) = run_checks(deal(line(), amount=Decimal(50)), RULES)
    assert found.rep == "Data Platform: not answered yet: Where is it used? (the buyer knows)."
    assert found.missing == ("region",)
    assert not found.ours


def test_an_answer_that_cannot_change_anything_is_not_asked_for() -> None:
    other = line("Manual", sku="MAN")
    assert answers(other, amount=Decimal(50)) == [("feasible", Outcome.PASS)]


def test_a_deal_in_dollars_was_told_that_its_amount_is_not_filled_in() -> None:
    abroad = deal(line(), currency="USD", region="EMEA", amount=Decimal(1200))
    (asked,) = run_checks(abroad, RULES)
    assert asked.rep == (
        "Data Platform: not answered yet: the limits of amount are in another currency, and no exchange rate is"
        " known."
    )
    assert asked.missing == ()
    known = load(
        BASE.replace("currency: EUR", "currency: EUR\nrates: {as-of: 2026-01-01, USD: 0.5}").replace(
            "    - required-data: {fields: [delivery-address], unknown-goes-to: operations}\n    - deviations\n",
            TABLE,
        ),
        "p.yaml",
    )
    assert [one.code for one in run_checks(abroad, known)] == ["needs-review"]


def test_each_line_that_is_not_feasible_is_named_once() -> None:
    found = run_checks(
        deal(line(), line(), line("Manual", sku="MAN"), region="APAC", amount=Decimal(5)), RULES
    )
    assert [one.rep for one in found] == ["Data Platform: not feasible: We do not ship there."]


def test_without_a_row_and_without_otherwise_it_is_not_known() -> None:
    bare = rules(TABLE.replace("        otherwise: feasible\n", ""))
    assert answers(region="EMEA", amount=Decimal(50), policy=bare) == [("not-covered", Outcome.UNKNOWN)]


def test_what_a_product_needs_and_what_it_excludes() -> None:
    soon = {"start_date": TODAY + timedelta(days=10)}
    assert answers(line(), policy=SHOP, **soon) == [("feasible", Outcome.PASS), ("requires", Outcome.FAIL)]
    whole = (line(), line("Implementation", sku="IM"))
    assert answers(*whole, policy=SHOP, **soon) == [("feasible", Outcome.PASS)]
    clash = answers(*whole, line("Old Platform", sku="OLD"), policy=SHOP, **soon)
    assert clash == [("feasible", Outcome.PASS), ("excludes", Outcome.FAIL)]


def test_a_start_that_is_too_early_says_by_how_much() -> None:
    lines = (line(), line("Implementation", sku="IM"))
    early = run_checks(deal(*lines, start_date=TODAY + timedelta(days=7)), SHOP)[-1]
    assert (early.code, early.outcome) == ("lead-time", Outcome.FAIL)
    assert early.rep == "Start date is 3 days too early: Data Platform needs 10 days from today."
    assert run_checks(deal(*lines), SHOP)[-1].code == "start-unknown"


REGIONS = st.sampled_from(["EMEA", "APAC", None])
AMOUNTS = st.one_of(st.none(), st.integers(0, 900).map(Decimal))


@settings(max_examples=100)
@given(REGIONS, AMOUNTS, st.sampled_from(["EMEA", "APAC"]), st.integers(0, 900).map(Decimal))
def test_unknown_is_never_pass_and_says_so_only_where_it_matters(
    region: str | None, amount: Decimal | None, filled: str, sum_: Decimal
) -> None:
    """Whatever is filled in later, a finding that was not unknown stays what it was, or was worse already."""
    before = worst(run_checks(deal(line(), region=region, amount=amount), RULES))
    after = worst(
        run_checks(deal(line(), region=region or filled, amount=sum_ if amount is None else amount), RULES)
    )
    assert before is None or before == after


def worst(found: tuple[Finding, ...]) -> Feasible | None:
    (one,) = found
    return None if one.outcome is Outcome.UNKNOWN else Feasible(one.code)


@settings(max_examples=100)
@given(st.integers(-30, 60))
def test_the_lead_time_is_kept_exactly_from_the_day_on_that_it_needs(days: int) -> None:
    start: date = TODAY + timedelta(days=days)
    found = run_checks(deal(line(), line("Implementation", sku="IM"), start_date=start), SHOP)
    assert any(one.code == "lead-time" for one in found) is (days < 10)
