"""The laws of a matrix: unique contradicts aloud, collect takes the highest of each chain, unknown never passes."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.deals import Unreadable, Value
from connector.policy.cells import compile_cell
from connector.policy.model import Field, FieldType, HitPolicy, Matrix, Role, Row, Ruling
from connector.policy.tables import Reading, read

FIELDS = {name: Field(name, name, FieldType.NUMBER) for name in ("a", "b")} | {
    "m": Field("m", "m", FieldType.MONEY)
}
ROLES = {
    "low": Role("low", "Low", ("x",), "delivery", 1),
    "high": Role("high", "High", ("x",), "delivery", 2),
    "money": Role("money", "Money", ("x",), "finance", 1),
}
SALES, SIGN, TELL, NEVER = Ruling.SALES, Ruling.SIGN_OFF, Ruling.NOTIFY, Ruling.FORBIDDEN


def row(name: str, ruling: Ruling, *roles: str, **cells: str) -> Row:
    compiled = tuple(compile_cell(text, FIELDS[field], "EUR") for field, text in cells.items())
    return Row(name, compiled, ruling, roles)


def table(*rows: Row, hit: HitPolicy = HitPolicy.COLLECT) -> Matrix:
    return Matrix("m", hit, ("a", "b", "m"), rows)


def answer(matrix: Matrix, currency: str | None = "EUR", **facts: Value) -> Reading:
    full: Mapping[str, Value] = {"a": Decimal(0), "b": Decimal(0), "m": Decimal(0)} | facts
    return read(matrix, full, currency, ROLES)


def asked(reading: Reading) -> list[tuple[list[str], str | None]]:
    assert reading.safe
    return [([one.id for one in demand.rows], demand.role) for demand in reading.demands]


def test_unique_takes_the_one_row_that_matches() -> None:
    matrix = table(row("few", SALES, a="<= 5"), row("many", SIGN, "low", a="> 5"), hit=HitPolicy.UNIQUE)
    assert asked(answer(matrix, a=Decimal(5))) == [(["few"], None)]
    assert asked(answer(matrix, a=Decimal(6))) == [(["many"], "low")]


def test_unique_with_two_matching_rows_names_both_and_decides_nothing() -> None:
    matrix = table(row("few", SALES, a="<= 5"), row("five", SIGN, "low", a="5"), hit=HitPolicy.UNIQUE)
    reading = answer(matrix, a=Decimal(5))
    assert not reading.safe
    assert [one.id for one in reading.overlap] == ["few", "five"]


@pytest.mark.parametrize("hit", HitPolicy)
def test_a_deal_that_no_row_covers_is_not_safe(hit: HitPolicy) -> None:
    reading = answer(table(row("few", SALES, a="<= 5"), hit=hit), a=Decimal(6))
    assert (reading.safe, reading.demands, reading.unsure, reading.overlap) == (False, (), (), ())


def test_collect_asks_only_the_highest_level_of_each_chain() -> None:
    matrix = table(
        row("one", SIGN, "low", a="> 1"), row("two", SIGN, "high", "money", a="> 2"), row("all", SALES)
    )
    assert asked(answer(matrix, a=Decimal(3))) == [(["two"], "high"), (["two"], "money")]
    assert asked(answer(matrix, a=Decimal(2))) == [(["one"], "low")]
    assert asked(answer(matrix, a=Decimal(1))) == [(["all"], None)]


def test_rows_that_name_the_same_role_are_asked_together() -> None:
    matrix = table(row("one", SIGN, "low", a="> 1"), row("two", SIGN, "low", b="> 1"))
    assert asked(answer(matrix, a=Decimal(2), b=Decimal(2))) == [(["one", "two"], "low")]


def test_forbidden_comes_before_sign_off_before_notify() -> None:
    matrix = table(
        row("tell", TELL, "high", "money"), row("sign", SIGN, "low", a="> 1"), row("never", NEVER, a="> 2")
    )
    assert asked(answer(matrix, a=Decimal(3))) == [(["never"], None)]
    assert asked(answer(matrix, a=Decimal(2))) == [(["sign"], "low"), (["tell"], "money")]
    assert asked(answer(matrix)) == [(["tell"], "high"), (["tell"], "money")]


def test_an_unknown_input_matters_only_where_a_row_depends_on_it() -> None:
    matrix = table(
        row("few", SALES, a="<= 5"), row("both", SIGN, "low", a="> 5", b="> 1"), row("m", SALES, a="> 5")
    )
    assert asked(answer(matrix, a=Decimal(5), b=None)) == [(["few"], None)]
    reading = answer(matrix, a=Decimal(6), b=Unreadable("gone"))
    assert not reading.safe
    assert [cell.field for cell in reading.unsure] == ["b"]


def test_an_unknown_row_that_could_not_ask_for_more_is_no_matter() -> None:
    matrix = table(
        row("sign", SIGN, "high", a="> 1"), row("less", SIGN, "low", b="> 1"), row("free", SALES, b="<= 1")
    )
    assert asked(answer(matrix, a=Decimal(2), b=None)) == [(["sign"], "high")]


def test_an_unknown_row_of_a_unique_matrix_could_contradict() -> None:
    matrix = table(row("few", SALES, a="<= 5"), row("b", SIGN, "low", b="> 1"), hit=HitPolicy.UNIQUE)
    assert not answer(matrix, b=None).safe


def test_a_limit_in_another_currency_is_unknown_and_never_compared() -> None:
    matrix = table(row("small", SALES, m="<= EUR 5"), row("big", SIGN, "low", m="> EUR 5"))
    assert answer(matrix, "EUR", m=Decimal(1)).safe
    for currency in ("USD", None):
        reading = answer(matrix, currency, m=Decimal(1))
        assert not reading.safe
        assert [cell.currency for cell in reading.unsure] == ["EUR"]


limits = st.integers(0, 4)
cells = st.dictionaries(
    st.sampled_from(["a", "b"]),
    st.builds(lambda op, n: f"{op} {n}", st.sampled_from(["<", "<=", ">", ">="]), limits),
)
rulings = st.one_of(
    st.just((SALES, ())),
    st.just((NEVER, ())),
    st.tuples(st.sampled_from([SIGN, TELL]), st.lists(st.sampled_from(list(ROLES)), min_size=1, max_size=2)),
)


@st.composite
def matrices(draw: st.DrawFn, hit: HitPolicy) -> Matrix:
    drawn = draw(st.lists(st.tuples(rulings, cells), min_size=1, max_size=6))
    if hit is HitPolicy.UNIQUE and draw(
        st.booleans()
    ):  # rows that exclude each other: by chance they hardly do
        cut = draw(limits)
        drawn = [(draw(rulings), {"a": text}) for text in (f"< {cut}", f"[{cut}..{cut + 1}]", f"> {cut + 1}")]
    rows = [row(str(place), said[0], *said[1], **tests) for place, (said, tests) in enumerate(drawn)]
    return table(*rows, hit=hit)


values = st.one_of(st.none(), st.integers(0, 5).map(Decimal))


def held(reading: Reading) -> set[tuple[Ruling, str | None]]:
    """Return what holds the deal; an unknown input never holds it for the sake of a notice (tables.py)."""
    free = {Ruling.SALES, Ruling.NOTIFY}
    return {(demand.ruling, demand.role) for demand in reading.demands if demand.ruling not in free}


@pytest.mark.parametrize("hit", HitPolicy)
@given(data=st.data(), a=values, b=values)
def test_a_safe_answer_with_unknown_inputs_is_the_answer_for_every_value(
    hit: HitPolicy, data: st.DataObject, a: Value, b: Value
) -> None:
    matrix = data.draw(matrices(hit))
    reading = answer(matrix, a=a, b=b)
    if not reading.safe:
        return
    said = held(reading)
    grid = [Decimal(number) for number in range(-1, 6)]
    for one in grid if a is None else [a]:
        for other in grid if b is None else [b]:
            full = answer(matrix, a=one, b=other)
            assert full.safe
            assert held(full) == said


@given(matrix=matrices(HitPolicy.COLLECT), a=st.integers(0, 5), b=st.integers(0, 5))
def test_collect_demands_what_the_matching_rows_name_and_no_more(matrix: Matrix, a: int, b: int) -> None:
    facts: dict[str, Value] = {"a": Decimal(a), "b": Decimal(b)}
    matching = [one for one in matrix.rows if all(cell.test(facts[cell.field]) for cell in one.cells)]
    reading = answer(matrix, **facts)
    assert reading.safe is bool(matching)
    said = {demand.ruling for demand in reading.demands}
    if any(one.ruling is NEVER for one in matching):
        assert said == {NEVER}
        return
    named = [ROLES[name] for one in matching if one.ruling is SIGN for name in one.roles]
    top = {role.chain: max(other.level for other in named if other.chain == role.chain) for role in named}
    signing = [ROLES[demand.role or ""] for demand in reading.demands if demand.ruling is SIGN]
    assert {role.chain: role.level for role in signing} == top
    assert len(signing) == len(top)


EITHER = replace(row("either", SIGN, "low", "money"), quorum=1)


@pytest.mark.parametrize(
    ("known", "doubtful", "safe"),
    [
        (EITHER, row("must", SIGN, "low", a="> 5"), False),
        (EITHER, row("both", SIGN, "low", "money", a="> 5"), False),
        (replace(EITHER, quorum=None), row("must", SIGN, "low", a="> 5"), True),
        (replace(EITHER, quorum=2), row("both", SIGN, "low", "money", a="> 5"), True),
        (EITHER, replace(row("fact", SIGN, "low", a="> 5"), attest="It fits"), False),
        (EITHER, replace(EITHER, id="same", cells=row("", SIGN, a="> 5").cells), True),
        (EITHER, replace(EITHER, id="turns", cells=row("", SIGN, a="> 5").cells, in_order=True), False),
        (row("never", NEVER), row("both", SIGN, "low", "money", a="> 5"), True),
    ],
)
def test_who_signs_in_any_case_and_who_beside_whom_is_not_guessed(
    known: Row, doubtful: Row, safe: bool
) -> None:
    """One of two was enough while nobody knew whether the deal is so large that the first must sign."""
    assert answer(table(known, doubtful), a=None).safe is safe
    assert answer(table(known, doubtful), a=Decimal(1)).safe
