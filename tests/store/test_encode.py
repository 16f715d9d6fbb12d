"""Every record that is kept comes back equal."""

from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.deals import OurField, Unreadable
from connector.effects import AddNote, CloseTask, CreateTask, MoveBack, SendMail, WriteFields
from connector.policy.model import Bound
from connector.standing import Answer, Clearance, Signoff
from connector.store.encode import decode, encode

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False)
TIMES = st.datetimes(timezones=st.just(UTC))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    TEXT,
    NUMBER,
    st.dates(),
    st.lists(TEXT, max_size=3).map(tuple),
    st.builds(Unreadable, TEXT, st.booleans()),
)
SEEN = st.dictionaries(TEXT, VALUES, max_size=4)
ENDS = st.one_of(st.none(), NUMBER, st.dates())

BOUNDS = st.builds(Bound, TEXT, ENDS, ENDS)

RECORDS = st.one_of(
    st.builds(
        Signoff,
        cycle=st.integers(1, 99),
        requested_at=TIMES,
        due_at=TIMES,
        seen=SEEN,
        envelope=st.lists(BOUNDS, max_size=3).map(tuple),
    ),
    st.builds(Clearance, at=TIMES, seen=SEEN),
    st.builds(Answer, at=TIMES, limit=st.one_of(st.none(), NUMBER)),
    st.builds(WriteFields, values=st.dictionaries(st.sampled_from(OurField), TEXT)),
    st.builds(CreateTask, due_at=TIMES),
    st.builds(CloseTask),
    st.builds(AddNote),
    st.builds(MoveBack, moved_at=TIMES, close_date=st.one_of(st.none(), st.dates(), TEXT)),
    st.builds(SendMail),
)


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_a_kept_record_comes_back_equal(record: object) -> None:
    assert decode(type(record), encode(record)) == record


@given(SEEN)
def test_equal_values_give_equal_text_whatever_their_order(seen: Mapping[str, object]) -> None:
    assert encode(dict(reversed(seen.items()))) == encode(seen)


def test_a_number_keeps_its_digits_and_a_date_is_no_text() -> None:
    bound = Bound("discount", Decimal("18.50"), date(2026, 3, 2))
    assert str(decode(Bound, encode(bound)).low) == "18.50"
    assert decode(Bound, encode(bound)).high == date(2026, 3, 2)


def test_a_record_kept_before_a_field_was_added_gets_its_default() -> None:
    assert decode(Bound, '{"field": "discount"}') == Bound("discount")


def test_what_no_codec_knows_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"what": object()})
