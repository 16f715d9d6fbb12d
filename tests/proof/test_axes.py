"""The pieces of an input: each value lies in one, and no cell tells two values of a piece apart."""

from datetime import date
from decimal import Decimal

import pytest

from connector.policy.cells import compile_cell
from connector.policy.model import Derived, Field, FieldType, Home, Worse
from connector.proof.axes import axis
from tests.proof.test_words import told

DAYS = Field("start", "start", FieldType.DATE, worse=Worse.LOWER)
SHARE = Field("discount", "discount", FieldType.PERCENT, worse=Worse.HIGHER)
COUNT = Field("odd", "odd", FieldType.NUMBER, Home.DERIVED, derived=Derived.PRODUCTS_NOT_OFFERED)
LEFT = Field("left", "left", FieldType.NUMBER, Home.DERIVED, derived=Derived.DAYS_TO_START)
FILES = Field("nda", "nda", FieldType.NUMBER, Home.FILE)


@pytest.mark.parametrize(
    ("field", "cells", "pieces"),
    [
        (DAYS, [], [date(2000, 1, 1)]),
        (DAYS, ["< 2026-03-02"], [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]),
        (DAYS, ["< 2026-03-02", "> 2026-03-03"], [date(2026, 3, day) for day in (1, 2, 3, 4)]),
        (DAYS, ["[0001-01-01..9999-12-31]"], [date.min, date(1, 1, 2), date.max]),
        (SHARE, [], [Decimal(0)]),
        (COUNT, ["> 0"], [Decimal(0), Decimal(1)]),
        (COUNT, ["(0..1)"], [Decimal(0), Decimal(1), Decimal(2)]),
        (FILES, ["<= 2"], [Decimal(0), Decimal(2), Decimal(3)]),
        (LEFT, ["< 0"], [Decimal(-1), Decimal(0), Decimal(1)]),
        (COUNT, [], [Decimal(0)]),
    ],
)
def test_an_input_is_cut_where_a_cell_may_change_its_answer(
    field: Field, cells: list[str], pieces: list[object]
) -> None:
    found = axis(field, [compile_cell(text, field, "EUR") for text in cells])
    assert list(found.pieces) == pieces


def test_the_word_for_every_other_is_none_that_the_policy_uses() -> None:
    field = Field("kind", "kind", FieldType.ENUM, options=("other", "Other still", "a"))
    found = axis(field, [compile_cell("a", field, None)])
    assert found.pieces == ("other", "Other still", "a", "other still still")
    assert [found.is_other(1 << place) for place in range(4)] == [False, False, False, True]
    assert found.named == ("other", "Other still", "a")


def test_a_witness_among_many_words_names_some_and_counts_the_rest() -> None:
    options = ", ".join(f"R{place}" for place in range(12))
    rows = "".join(f"      - {{id: r{place}, region: R{place}, decides: sales}}\n" for place in range(12))
    (said,) = told(rows, inputs="region", options=("options: [EMEA, APAC]", f"options: [{options}]"))
    assert said.startswith("a deal with another region than R0, R1")
    assert " more is decided by nobody" in said
