"""The index of a matrix answers as its cells do, one by one."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.deals import Unreadable, Value
from connector.policy.cells import compile_cell
from connector.policy.index import Index, places
from connector.policy.model import Cell, Field, FieldType

FIELDS = {
    name: Field(name, name, kind)
    for name, kind in (
        ("users", FieldType.NUMBER),
        ("amount", FieldType.MONEY),
        ("start", FieldType.DATE),
        ("region", FieldType.ENUM),
        ("signed", FieldType.BOOLEAN),
    )
}
WORDS = st.sampled_from(["EMEA", "emea", "APAC", "Nordics", "", "\0"])
LIMITS = st.decimals(-3, 3, places=1).map(str)
DAYS = st.dates(date(2026, 3, 1), date(2026, 3, 6))


def ordered(limits: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">="]), limits)
    return st.one_of(
        limits, compared, compared.map("not({})".format), st.builds("{}, {}".format, compared, limits)
    )


CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "users": ordered(LIMITS),
    "amount": st.builds("{}{}".format, st.sampled_from(["<= EUR ", "> EUR ", "<= USD ", "> USD "]), LIMITS),
    "start": ordered(DAYS.map(str)),
    "region": st.sampled_from(["EMEA", "EMEA, APAC", "not(EMEA)", "not(APAC, Nordics)", "-"]),
    "signed": st.sampled_from(["true", "false", "-"]),
}
UNKNOWN: st.SearchStrategy[Value] = st.sampled_from([None, Unreadable("the source is down", ours=True)])
VALUES: Mapping[str, st.SearchStrategy[Value]] = {
    "users": UNKNOWN | st.decimals(-4, 4, places=2),
    "amount": UNKNOWN | st.decimals(-4, 4, places=2),
    "start": UNKNOWN | DAYS.map(lambda day: day + timedelta(days=1)) | st.just(date.min) | st.just(date.max),
    "region": UNKNOWN | WORDS | st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    "signed": UNKNOWN | st.booleans(),
}
ROWS = st.lists(
    st.sets(st.sampled_from(sorted(FIELDS)), max_size=3).flatmap(
        lambda names: st.tuples(
            *(CELLS[name].map(lambda text, name=name: cell(name, text)) for name in names)
        )
    ),
    max_size=6,
)


def cell(name: str, text: str) -> Cell:
    return compile_cell(text, FIELDS[name], "EUR")


def one_by_one(cells: tuple[Cell, ...], values: Mapping[str, Value], currency: str | None) -> bool | None:
    answer: bool | None = True
    for one in cells:
        value = values[one.field]
        if one.any:
            continue
        if value is None or isinstance(value, Unreadable) or one.currency not in {None, currency}:
            answer = None
        elif not one.test(value):
            return False
    return answer


@settings(max_examples=300)
@given(ROWS, st.fixed_dictionaries(dict(VALUES)), st.sampled_from(["EUR", "USD", None]))
def test_the_index_says_of_each_row_what_its_cells_say(
    rows: list[tuple[Cell, ...]], values: Mapping[str, Value], currency: str | None
) -> None:
    matched, undecided = Index.of(rows).sort(values, currency)
    answers = [one_by_one(row, values, currency) for row in rows]
    assert list(places(matched)) == [place for place, answer in enumerate(answers) if answer is True]
    assert list(places(undecided)) == [place for place, answer in enumerate(answers) if answer is None]


def test_limits_that_are_a_hair_apart_are_kept_apart() -> None:
    near = f"1.{'0' * 35}1"
    rows = [(cell("users", "> 1"),), (cell("users", f">= {near}"),)]
    between = Decimal(f"1.{'0' * 36}1")
    assert Index.of(rows).sort({"users": between}, None)[0] == 0b01
    assert Index.of(rows).sort({"users": Decimal(near)}, None)[0] == 0b11
