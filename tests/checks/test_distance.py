"""Deviations from the offering: stable codes, size, worth, bands; each due field at its stage; money by rates."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.checks import rates
from connector.checks.derived import derive
from connector.checks.distance import outside
from connector.context import Context
from connector.deals import Deal, Unreadable, Value
from connector.gates import passing
from connector.policy.cells import compile_cell
from connector.policy.load import load
from connector.policy.model import Field, FieldType, Policy
from connector.signoffs.ground import Ground
from connector.standing import Signoff, SignoffState
from connector.verdicts import Finding, Outcome
from tests.checks.deals import SALES, TODAY, deal, line, run_checks
from tests.policy.samples import BASE

OFFERING = """offering:
  start: start-date
  lead-time-days: 5
  terms:
    payment-days: {standard: "<= 30", worth-a-unit: 0.1%}
    region: EMEA
  products:
    - {sku: DP, name: Data Platform, list-price: EUR 1000, cost: 400, discount: 5%, at-least: 2, at-most: 10,
       options: {delivery-address: "Dam 1, Dam 2"}}
    - {sku: IM, name: Implementation, list-price: EUR 100}
"""


BANDS = "    - deviations: {bands: [{name: minor, up-to: 100}, {name: severe}]}\n"


def rules(checks: str = BANDS, offering: str = OFFERING) -> Policy:
    start, end = BASE.index("offering:"), BASE.index("checklists:")
    text = BASE[:start] + offering + BASE[end:]
    text = text.replace(
        "    - required-data: {fields: [delivery-address], unknown-goes-to: operations}\n", ""
    )
    text = text.replace("    - deviations\n", checks).replace(
        "fields:\n",
        "fields:\n  payment-days: {hubspot: pay, type: number}\n  margin: {}\n  days-to-start: {}\n",
        1,
    )
    return load(
        text.replace("currency: EUR", "currency: EUR\nrates: {as-of: 2026-01-01, USD: 0.5}"), "p.yaml"
    )


RULES = rules()


def found(*lines: object, **values: Value) -> dict[str, Finding]:
    return {one.code: one for one in run_checks(deal(*lines, **values), RULES)}  # type: ignore[arg-type]


def test_a_discount_that_the_offering_gives_away_is_no_deviation() -> None:
    allowed = found(line(net="950", quantity=2))
    assert allowed == {}
    over = found(line(net="900", quantity=2))
    assert (over["product-discount"].size, over["product-discount"].worth) == (10, 100)
    assert over["product-discount"].ops == (
        "Data Platform: 10 % discount, the standard is 5 %, worth EUR 100 (minor)."
    )
    assert over["discount"].worth == 200


def test_scope_terms_options_and_lead_time_have_codes_sizes_and_worths() -> None:
    one = deal(
        line(quantity=12), region="APAC", payment_days=Decimal(40), delivery_address="Rue 3", start_date=TODAY
    )
    everything = run_checks(one, RULES)
    assert [(f.code, f.reads[0], f.size, f.worth) for f in everything] == [
        ("no-discount", "discount", None, None),
        ("scope", "deviation-worth", 2, 2000),
        ("option-not-standard", "delivery-address", None, None),
        ("term", "payment-days", 10, 120),
        ("term", "region", None, None),
        ("lead-time", "start-date", 5, None),
    ]
    seen = {f.code: f for f in everything}
    assert seen["scope"].ops == (
        "Data Platform: quantity is outside of the standard, at most 10, by 2, worth EUR 2,000 (severe)."
    )
    assert seen["option-not-standard"].rep == (
        "Data Platform: delivery address Rue 3, the standard is Dam 1, Dam 2."
    )
    assert seen["lead-time"].rep == "The start is 5 days too early: every start needs 5 days."
    names = ("delivery-address", "payment-days", "region")
    hidden = replace(
        RULES, fields={**RULES.fields, **{one: replace(RULES.fields[one], hidden=True) for one in names}}
    )
    told = {f.reads[0]: f for f in run_checks(one, hidden)}
    assert [told[name].rep for name in names] == [
        "Delivery address is not in the standard offering.",
        "Payment days is not in the standard offering.",
        "Region is not in the standard offering.",
    ]
    assert [
        "Rue 3" in told["delivery-address"].ops,
        "40" in told["payment-days"].ops,
        "APAC" in told["region"].ops,
    ] == [True] * 3
    facts = derive(deal(line(quantity=12), payment_days=Decimal(40), start_date=TODAY), RULES, TODAY)
    assert facts["deviation-worth"] == 2000 + Decimal(12000) * 10 * Decimal("0.1") / 100
    assert facts["deviation-count"] == 3


def test_a_lead_time_of_one_day_was_written_as_1_days() -> None:
    one_day = rules(offering=OFFERING.replace("lead-time-days: 5", "lead-time-days: 1"))
    early = [one for one in run_checks(deal(line(), start_date=TODAY), one_day) if one.code == "lead-time"]
    assert [one.rep for one in early] == ["The start is 1 day too early: every start needs 1 day."]


def test_the_margin_follows_the_cost_and_is_unknown_without_it() -> None:
    assert derive(deal(line(net="1000", quantity=2)), RULES, TODAY)["margin"] == 60
    unknown = derive(deal(line("Implementation", "100", sku="IM")), RULES, TODAY)["margin"]
    assert isinstance(unknown, Unreadable)
    assert unknown.reason == "no cost is known for Implementation"


def test_list_prices_in_another_currency_follow_the_rate() -> None:
    facts = derive(deal(line(net="1800", quantity=2), currency="USD"), RULES, TODAY)
    assert facts["discount"] == 10  # EUR 1,000 are USD 2,000
    other = derive(deal(line(net="1800", quantity=2), currency="CHF"), RULES, TODAY)["discount"]
    assert isinstance(other, Unreadable)


def test_the_first_request_fixes_the_rate() -> None:
    def signoff(gate: str, day: int, rate: str) -> Signoff:
        at = datetime(2026, 1, day, tzinfo=UTC)
        return Signoff(gate, "operations", day, SignoffState.WITHDRAWN, (), at, at, "v", rate=Decimal(rate))

    record = (signoff("a", 3, "0.7"), signoff("a", 2, "0.6"), signoff("b", 1, "0.5"))
    assert rates.fixed(record, "a") == Decimal("0.6")
    assert rates.fixed(record) == Decimal("0.5")
    assert rates.fixed((), "a") is None
    assert rates.factors("USD", RULES, Decimal("0.6")) == {"EUR": Decimal("0.6")}
    assert rates.factors("EUR", RULES) == {"USD": 2}
    assert rates.factors("CHF", RULES) == {}


money = st.decimals(1, 10_000, places=2)


@settings(max_examples=100)
@given(st.integers(1, 30), money, st.integers(0, 90))
def test_a_deal_further_from_the_standard_never_deviates_less(quantity: int, net: Decimal, days: int) -> None:
    def worth(quantity: int, days: int) -> Decimal:
        one = deal(line(net=str(net), quantity=quantity), payment_days=Decimal(days))
        value = derive(one, RULES, TODAY)["deviation-worth"]
        assert isinstance(value, Decimal)
        return value

    assert worth(quantity, days + 1) >= worth(quantity, days)
    assert worth(quantity + 1, days) >= worth(quantity, days) or quantity < 2


@settings(max_examples=60)
@given(st.integers(-20, 40), st.integers(0, 30))
def test_nothing_changes_before_the_day_that_is_named(start_in: int, later: int) -> None:
    """The time to the start is held against 5 days: whoever waits until the day told misses no change."""
    start = TODAY + timedelta(days=start_in)
    one = deal(line(quantity=2), start_date=start)
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    ground = Ground(one, derive(one, RULES, TODAY), SALES, RULES, Context("a", {}, None), now)  # type: ignore[arg-type]
    told = min(passing.days(ground), default=date.max)
    day = TODAY + timedelta(days=later)
    early = [any(f.code == "lead-time" for f in run_checks(one, RULES, today=each)) for each in (TODAY, day)]
    assert day >= told or early[0] == early[1]


DUE = """    - required-data:
        fields: [delivery-address, {field: signer, due: Won}, {field: order, or: region, due: Contract}]
        unknown-goes-to: operations
"""


def due_rules() -> Policy:
    text = BASE.replace(
        "    - required-data: {fields: [delivery-address], unknown-goes-to: operations}\n", DUE
    )
    text = text.replace("    - deviations\n", "").replace(
        "fields:\n", "fields:\n  signer: {contact: Buyer}\n  order: {file: '*order*'}\n", 1
    )
    return load(
        text + "  - {id: won, pipeline: Sales, stage: Won, mode: flag, checklist: contract}\n", "p.yaml"
    )


@pytest.mark.parametrize(
    ("gate", "values", "expected"),
    [
        (
            0,
            {"signer": Decimal(0), "order": Decimal(1)},
            {"filled": Outcome.PASS, "not-due": Outcome.NOT_APPLICABLE},
        ),
        (1, {"signer": Decimal(0), "order": Decimal(1)}, {"filled": Outcome.PASS, "missing": Outcome.FAIL}),
        (1, {"signer": Decimal(2), "order": Decimal(0), "region": "EMEA"}, {"filled": Outcome.PASS}),
        (1, {"signer": Decimal(2), "order": Decimal(0)}, {"filled": Outcome.PASS, "missing": Outcome.FAIL}),
    ],
)
def test_each_datum_is_due_at_its_stage(
    gate: int, values: dict[str, Value], expected: dict[str, Outcome]
) -> None:
    one = deal(delivery_address="Dam 1", **values)
    assert {f.code: f.outcome for f in run_checks(one, due_rules(), gate)} == expected


def test_a_role_that_nobody_has_is_missing_or_unknown_because() -> None:
    said = "technical buyer unknown, because they hire"
    asked = run_checks(
        deal(delivery_address="x", order=Decimal(1), signer=Decimal(0), case=said), due_rules(), 1
    )
    assert {f.code for f in asked} == {"unknown-because", "filled"}


def priced(worth: str) -> Policy:
    text = (
        OFFERING.replace("worth-a-unit: 0.1%", f"worth-a-unit: {worth}")
        + "    - {sku: X, name: Extra, at-most: 2}\n"
    )
    return rules(offering=text)


def test_late_payment_priced_in_a_currency_without_a_rate_was_shown_as_worth_nothing() -> None:
    late = deal(line(quantity=2), payment_days=Decimal(40))
    assert derive(late, priced("USD 100"), TODAY)["deviation-worth"] == 10 * 50
    francs = priced("CHF 100")
    worth = derive(late, francs, TODAY)["deviation-worth"]
    why = "a unit of payment days is priced in CHF, the deal is in EUR, and no rate is known"
    assert worth == Unreadable(why)
    (term,) = [one for one in run_checks(late, francs) if one.code == "term"]
    assert term.worth is None
    assert term.ops.endswith(f"its worth is not known: {why} (severe).")
    in_time = deal(line(quantity=2), payment_days=Decimal(30))
    assert derive(in_time, francs, TODAY)["deviation-worth"] == 0


def test_what_cannot_be_priced_is_worth_unknown_and_not_nothing() -> None:
    def worth(one: Deal) -> Value:
        return derive(one, RULES, TODAY)["deviation-worth"]

    unpriced = deal(line(quantity=2), line("Extra", None, sku="X", quantity=3))
    assert worth(unpriced) == Unreadable("Extra has no price")
    garbled = deal(line(quantity=2), payment_days=Unreadable('"soon" is not a number'))
    assert worth(garbled) == Unreadable('payment days: "soon" is not a number')
    assert derive(garbled, RULES, TODAY)["deviation-count"] == worth(garbled)
    (said,) = [one for one in run_checks(garbled, RULES) if one.outcome is Outcome.UNKNOWN]
    assert (said.code, said.missing) == ("term-unknown", ("payment-days",))
    assert said.rep == 'Payment days is not known: "soon" is not a number.'
    down = deal(line(quantity=2), payment_days=Unreadable("the field vanished", ours=True))
    assert [(one.code, one.ours) for one in run_checks(down, RULES) if one.outcome is Outcome.UNKNOWN] == [
        ("term-unknown", True)
    ]


def test_a_table_over_the_worth_counts_the_discount_where_no_checklist_measures_it() -> None:
    text = BASE.replace("    - deviations\n", "").replace("discount, amount]", "deviation-worth]")
    i, j = text.index("    rows:\n"), text.index("gates:")
    text = f'{text[:i]}    rows: [{{id: a, deviation-worth: "-", decides: sales}}]\n{text[j:]}'
    half = deal(line(net="500", price="1000", sku=None))
    assert derive(half, load(text, "p.yaml"), TODAY)["deviation-worth"] == 500


@pytest.mark.parametrize(
    ("kind", "standard", "value", "gap"),
    [
        (FieldType.NUMBER, "[10..20]", Decimal(7), 3),
        (FieldType.NUMBER, "[10..20]", Decimal(26), 6),
        (FieldType.DATE, ">= 2026-03-02", date(2026, 2, 27), 3),
        (FieldType.DATE, "[2026-03-02..2026-03-06]", date(2026, 3, 8), 2),
        (FieldType.NUMBER, "<= 30", date(2026, 3, 2), None),
        (FieldType.DATE, ">= 2026-03-02", Decimal(30), None),
        (FieldType.NUMBER, "<= 30", True, None),
        (FieldType.BOOLEAN, "false", True, None),
        (FieldType.ENUM, "EMEA", "APAC", None),
    ],
)
def test_how_far_a_value_is_from_its_standard_is_told_where_there_is_such_a_distance(
    kind: FieldType, standard: str, value: Value, gap: int | None
) -> None:
    assert outside(compile_cell(standard, Field("x", "x", kind), "EUR"), value) == gap


def test_a_term_of_a_deal_without_a_price_deviates_though_nobody_knows_by_how_much_money() -> None:
    term = found(line(net=None, quantity=2), payment_days=Decimal(40))["term"]
    assert (term.size, term.worth) == (10, None)
    assert term.ops == (
        "Payment days 40, the standard is <= 30, its worth is not known: Data Platform has no price (severe)."
    )


def test_a_term_of_a_deal_without_lines_and_amount_is_worth_nobody_knows_what() -> None:
    term = found(payment_days=Decimal(40))["term"]
    assert term.worth is None
    assert "its worth is not known: the contract value is not known" in term.ops


def test_without_a_day_nobody_knows_how_long_it_is_to_the_start() -> None:
    start = deal(line(), start_date=TODAY + timedelta(days=9))
    assert derive(start, RULES, TODAY)["days-to-start"] == 9
    unknown = derive(start, RULES, None)["days-to-start"]
    assert isinstance(unknown, Unreadable)
    assert unknown.ours
    lost = derive(deal(line(), start_date=Unreadable("no day")), RULES, TODAY)["days-to-start"]
    assert lost == Unreadable("no day")
    assert derive(deal(line()), RULES, TODAY)["days-to-start"] is None
