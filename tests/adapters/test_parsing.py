"""HubSpot's strings become typed values, and rubbish becomes a named unknown."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.adapters.hubspot.parsing import day, instant, moment, number, parse
from connector.deals import Unreadable
from connector.policy.model import FieldType


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("12.50", FieldType.MONEY, Decimal("12.50")),
        ("0", FieldType.NUMBER, Decimal(0)),
        ("-3", FieldType.NUMBER, Decimal(-3)),
        ("18", FieldType.PERCENT, Decimal(18)),
        ("2026-12-31", FieldType.DATE, date(2026, 12, 31)),
        ("2026-12-31T23:30:00Z", FieldType.DATE, date(2026, 12, 31)),
        ("2026-12-31T23:30:00-02:00", FieldType.DATE, date(2027, 1, 1)),
        ("1798675200000", FieldType.DATE, date(2026, 12, 31)),
        ("true", FieldType.BOOLEAN, True),
        ("FALSE", FieldType.BOOLEAN, False),
        ("EMEA", FieldType.ENUM, "EMEA"),
        ("101", FieldType.PERSON, "101"),
        ("unknown, because new site", FieldType.TEXT, "unknown, because new site"),
    ],
)
def test_a_value_is_read_by_its_type(text: str, kind: FieldType, value: object) -> None:
    assert parse(text, kind) == value


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("text", [None, "", "   "])
def test_nothing_is_nothing(text: str | None, kind: FieldType) -> None:
    assert parse(text, kind) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a lot", FieldType.NUMBER),
        ("NaN", FieldType.MONEY),
        ("Infinity", FieldType.NUMBER),
        ("1" * 60, FieldType.NUMBER),
        ("soon", FieldType.DATE),
        ("99999999999999999999", FieldType.DATE),
        ("maybe", FieldType.BOOLEAN),
        ("eighteen", FieldType.PERCENT),
    ],
)
def test_rubbish_is_unreadable_and_the_deals_people_can_mend_it(text: str, kind: FieldType) -> None:
    value = parse(text, kind)
    assert isinstance(value, Unreadable)
    assert not value.ours
    assert len(value.reason) < 80


def test_a_percentage_kept_as_a_fraction_is_read_in_points() -> None:
    assert parse("0.18", FieldType.PERCENT, fraction=True) == Decimal(18)


def test_many_options_come_as_many() -> None:
    assert parse("a;b", FieldType.ENUM, several=True) == ("a", "b")
    assert parse("a", FieldType.ENUM, several=True) == ("a",)
    assert parse("a;b", FieldType.ENUM) == "a;b"


@settings(max_examples=60)
@given(st.text(), st.sampled_from(FieldType), st.booleans(), st.booleans())
def test_no_text_breaks_the_reader(text: str, kind: FieldType, several: bool, fraction: bool) -> None:
    value = parse(text, kind, several=several, fraction=fraction)
    assert value is None or isinstance(value, Decimal | date | str | bool | tuple | Unreadable)


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_time_comes_back_as_it_was_written_to_the_millisecond(naive: datetime) -> None:
    at = naive.replace(microsecond=naive.microsecond // 1000 * 1000, tzinfo=UTC)
    assert moment(instant(at)) == at


def test_a_day_is_written_as_midnight() -> None:
    assert moment(day(date(2026, 3, 1))) == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_number_is_finite_or_nothing() -> None:
    assert number("1e3") == Decimal(1000)
    assert number(None) is None
    assert number("sNaN") is None
