"""Values as people read them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import values
from connector.deals import Unreadable, Value
from connector.policy.model import FieldType

D = Decimal


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (D(18), FieldType.PERCENT, "18 %"),
        (D("18.25"), FieldType.PERCENT, "18.3 %"),
        (D("-0.01"), FieldType.PERCENT, "0 %"),
        (D(48000), FieldType.MONEY, "EUR 48,000"),
        (D("1054.5"), FieldType.MONEY, "EUR 1,054.50"),
        (D("-1.005"), FieldType.MONEY, "EUR -1.01"),
        (D("1E+3"), FieldType.MONEY, "EUR 1,000"),
        (D("1234567.5"), FieldType.NUMBER, "1,234,567.5"),
        (D("1E+60"), FieldType.NUMBER, "1E+60"),
        (D("NaN"), FieldType.NUMBER, "NaN"),
        (date(2026, 3, 16), FieldType.DATE, "16 March 2026"),
        (True, FieldType.BOOLEAN, "yes"),
        (False, FieldType.BOOLEAN, "no"),
        (("EMEA", "APAC"), FieldType.ENUM, "EMEA and APAC"),
        ((), FieldType.ENUM, "nothing"),
        ("EMEA", FieldType.ENUM, "EMEA"),
        ("", FieldType.TEXT, "nothing"),
        (None, FieldType.TEXT, "nothing"),
        (Unreadable("it is gone"), FieldType.TEXT, "it is gone"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: Value, kind: FieldType, text: str) -> None:
    assert values.say(value, kind, "EUR") == text


def test_money_of_no_currency_has_none() -> None:
    assert values.money(D(5), None) == "5"


def test_a_day_of_this_year_needs_no_year() -> None:
    assert values.day(date(2026, 3, 16), 2026) == "16 March"
    assert values.day(date(2027, 3, 16), 2026) == "16 March 2027"


def test_counts_and_lists_read_naturally() -> None:
    assert values.counted(1, "user") == "1 user"
    assert values.counted(1000, "user") == "1,000 users"
    assert values.counted(2, "person", "people") == "2 people"
    assert values.more(2, "user") == "2 more users"
    assert values.more(1, "user") == "1 more user"
    assert values.listing([]) == ""
    assert values.listing(["a"]) == "a"
    assert values.listing(["a", "b", "c"]) == "a, b and c"
    assert values.listing(["a", "b"], "or") == "a or b"


cents = st.decimals(-1_000_000, 1_000_000, places=2)


@given(cents)
def test_money_reads_back_to_the_same_amount(amount: Decimal) -> None:
    assert D(values.money(amount, "EUR").removeprefix("EUR ").replace(",", "")) == amount


@given(cents, cents, st.sampled_from([FieldType.PERCENT, FieldType.MONEY, FieldType.NUMBER]))
def test_two_different_numbers_can_be_told_apart(one: Decimal, other: Decimal, kind: FieldType) -> None:
    first, second = values.apart(one, other, kind, "EUR")
    assert (first == second) is (one == other)
