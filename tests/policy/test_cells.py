"""A compiled cell says what a naive reading of its text says, at its limits above all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.deals import Value
from connector.policy.cells import CellInvalid, compile_cell
from connector.policy.model import Field, FieldType

PERCENT = Field("discount", "discount", FieldType.PERCENT)
MONEY = Field("amount", "amount", FieldType.MONEY)
NUMBER = Field("users", "users", FieldType.NUMBER)
DATE = Field("start", "start", FieldType.DATE)
REGION = Field("region", "region", FieldType.ENUM, options=("EMEA", "APAC", "Middle East, Africa"))
TEXT = Field("note", "note", FieldType.TEXT)
YES = Field("tested", "tested", FieldType.BOOLEAN)
PERSON = Field("owner", "owner", FieldType.PERSON)

D = Decimal


@pytest.mark.parametrize(
    ("field", "text", "inside", "outside"),
    [
        (PERCENT, "<= 10%", [D(-5), D(10)], [D("10.0000000001"), D(11)]),
        (PERCENT, "< 10 %", [D("9.999")], [D(10)]),
        (PERCENT, "(10%..20%]", [D("10.01"), D(20)], [D(10), D("20.01")]),
        (PERCENT, "(10..20%]", [D("10.01"), D(20)], [D(10), D("20.01")]),
        (PERCENT, "> 20%", [D("20.01")], [D(20)]),
        (PERCENT, "12.5%", [D("12.5"), D("12.50")], [D(12)]),
        (PERCENT, "not((10%..20%])", [D(10), D(21)], [D(15)]),
        (NUMBER, "[1..5)", [D(1), D("4.99")], [D(0), D(5)]),
        (NUMBER, "1, 3, >= 1,000", [D(1), D(3), D(1000)], [D(2), D(999)]),
        (NUMBER, "-3", [D(-3)], [D(3)]),
        (MONEY, ">= EUR 50,000", [D(50000)], [D("49999.99")]),
        (MONEY, "[10,000 EUR..20,000 EUR]", [D(10000), D(20000)], [D(20001)]),
        (MONEY, "[EUR 10,000..20,000)", [D(10000)], [D(20000)]),
        (DATE, ">= 2026-03-02", [date(2026, 3, 2)], [date(2026, 3, 1)]),
        (DATE, "[2026-01-01..2026-01-31]", [date(2026, 1, 31)], [date(2026, 2, 1)]),
        (REGION, "EMEA, apac", ["emea", "APAC", ("AMER", "EMEA")], ["AMER", ("AMER",)]),
        (REGION, "not(EMEA)", ["APAC"], ["EMEA", ("APAC", "EMEA")]),
        (REGION, ["Middle East, Africa"], ["Middle East, Africa"], ["EMEA"]),
        (TEXT, "gold", ["Gold"], ["golden"]),
        (YES, "true", [True], [False]),
        (YES, "no", [False], [True]),
    ],
)
def test_a_cell_holds_inside_and_not_outside(
    field: Field, text: str | list[str], inside: list[Value], outside: list[Value]
) -> None:
    cell = compile_cell(text, field) if field is not MONEY else compile_cell(text, field, "EUR")
    assert [cell.test(value) for value in inside] == [True] * len(inside)
    assert [cell.test(value) for value in outside] == [False] * len(outside)


@pytest.mark.parametrize("field", [PERCENT, MONEY, NUMBER, DATE, REGION, TEXT, YES, PERSON])
def test_a_dash_is_any_value(field: Field) -> None:
    cell = compile_cell(" - ", field)
    assert cell.any
    assert cell.test("whatever")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (PERCENT, "10"),
        (PERCENT, "0.1"),
        (PERCENT, "ten %"),
        (PERCENT, "[10%..5%]"),
        (PERCENT, "(10%..10%]"),
        (PERCENT, "[10%..20%"),
        (PERCENT, "10% 20%"),
        (PERCENT, ">= "),
        (PERCENT, "=> 10%"),
        (PERCENT, ""),
        (PERCENT, ["10%"]),
        (NUMBER, "50.000"),
        (NUMBER, "1,00"),
        (NUMBER, "1,2"),
        (NUMBER, "1e5"),
        (NUMBER, "NaN"),
        (NUMBER, "٣"),
        (NUMBER, "9" * 50),
        (MONEY, "> 5,000"),
        (MONEY, "EUR 5 USD"),
        (MONEY, "> EUR 5, < USD 9"),
        (DATE, "16 March"),
        (DATE, "2026-02-30"),
        (DATE, "20260302"),
        (REGION, "EMEAA"),
        (REGION, "EMEA,,APAC"),
        (REGION, "> EMEA"),
        (REGION, "EMEA, not(APAC)"),
        (REGION, []),
        (YES, "maybe"),
        (PERSON, "anna"),
    ],
)
def test_what_cannot_be_meant_is_refused(field: Field, text: str | list[str]) -> None:
    with pytest.raises(CellInvalid):
        compile_cell(text, field)


def test_limits_and_currency_are_kept_for_the_proof() -> None:
    assert compile_cell("(10%..20%], > 30%", PERCENT).breakpoints == (D(10), D(20), D(30))
    assert compile_cell("> USD 5", MONEY, "EUR").currency == "USD"
    assert compile_cell("> 5", MONEY, "EUR").currency == "EUR"
    assert compile_cell("> 5", NUMBER, "EUR").currency is None


numbers = st.decimals(-1000, 1000, places=2).map(lambda number: number.normalize() + 0)
tests = st.one_of(
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", ""]), numbers),
    st.tuples(st.sampled_from(["[]", "[)", "(]", "()"]), numbers, numbers).filter(
        lambda one: one[1] < one[2]
    ),
)


def written(one: tuple[str, Decimal] | tuple[str, Decimal, Decimal], mark: str) -> str:
    if len(one) == 2:
        return f"{one[0]} {one[1]:f}{mark}".strip()
    return f"{one[0][0]}{one[1]:f}{mark}..{one[2]:f}{mark}{one[0][1]}"


def naive(one: tuple[str, Decimal] | tuple[str, Decimal, Decimal], value: Decimal) -> bool:
    if len(one) == 3:
        ends, low, high = one
        after = value >= low if ends[0] == "[" else value > low
        return after and (value <= high if ends[1] == "]" else value < high)
    answers = {"<": value < one[1], "<=": value <= one[1], ">": value > one[1], ">=": value >= one[1]}
    return answers.get(one[0], value == one[1])


@given(st.lists(tests, min_size=1, max_size=4), st.booleans(), st.booleans(), numbers, st.data())
def test_the_closure_agrees_with_the_naive_reading(
    parts: list[tuple[str, Decimal]], percent: bool, negated: bool, anywhere: Decimal, data: st.DataObject
) -> None:
    limits = [limit for part in parts for limit in part[1:]]
    near = st.tuples(st.sampled_from(limits), st.sampled_from([D(0), D("0.01"), D("-0.01")])).map(sum)
    value = data.draw(st.one_of(near, st.just(anywhere)))
    text = ", ".join(written(part, "%" if percent else "") for part in parts)
    cell = compile_cell(f"not({text})" if negated else text, PERCENT if percent else NUMBER)
    assert cell.test(value) is (any(naive(part, value) for part in parts) != negated)
    assert set(cell.breakpoints) == set(limits)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-1, 1))
def test_dates_compare_by_the_day(limit: date, step: int) -> None:
    value = limit + timedelta(days=step)
    assert compile_cell(f"<= {limit}", DATE).test(value) is (value <= limit)
    assert compile_cell(f"> {limit}", DATE).test(value) is (value > limit)


WRITTEN = st.sampled_from(
    [(PERCENT, "10%"), (MONEY, "EUR 1,000"), (NUMBER, "5"), (DATE, "2026-03-02"), (REGION, "EMEA"), (TEXT, "a word"),
     (YES, "true"), (PERSON, "anna")]
)  # fmt: skip
FORMS = st.sampled_from(
    [
        "{}",
        "<= {}",
        ">{}",
        "[{}..{}]",
        "({}..{})",
        "not({})",
        "not(> {})",
        "{}, {}",
        "{}, >= {}",
        "= {}",
        "({}",
        "-",
        "",
    ]
)


@given(
    WRITTEN,
    FORMS,
    st.just("") | st.text(max_size=3) | st.sampled_from(list("<>=()[],.%-")),
    st.integers(0, 9),
)
def test_no_text_does_anything_but_compile_or_be_refused(
    written: tuple[Field, str], form: str, odd: str, at: int
) -> None:
    field, literal = written
    text = form.format(literal, literal)
    text = text[:at] + odd + text[at:]
    try:
        cell = compile_cell(text, field, "EUR")
    except CellInvalid:
        return
    answers = {cell.test(value) for value in (D(5), date(2026, 1, 1), "EMEA", True, ("EMEA",))}
    assert answers <= ({True} if cell.any else {True, False})


@given(st.text(max_size=40), WRITTEN)
def test_any_text_at_all_compiles_or_is_refused_in_words(text: str, written: tuple[Field, str]) -> None:
    assert refused(text, written[0]) != ""


def refused(text: str, field: Field) -> str | None:
    try:
        compile_cell(text, field, "EUR")
    except CellInvalid as error:
        return str(error)
    return None
