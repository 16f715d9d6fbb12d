"""The capacity sheet: every problem at once with its line, and cells that are only cells."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.capacity.records import Commitment, Leave, Snapshot, Supply
from connector.capacity.sheet import SheetInvalid, read_sheet, write_sheet

TODAY = date(2026, 3, 2)
GOOD = """\
kind,role,who,from,until,hours,days,deal,note
as-of,,,2026-02-27,,,,,
supply,Data Engineer,Sam,2026-01-01,,32,mon-thu,,
supply,trainer,Team B,2026-W01,2026-W26,7.5,,,
leave,,Sam,2026-03-16,2026-03-20,,,,
commitment,data-engineer,,2026-W11,2026-W12,16,,4711,Acme roll-out
"""


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(SheetInvalid) as caught:
        read_sheet(data, "plan.csv", TODAY)
    assert caught.value.reason == "capacity-invalid"
    return [str(one) for one in caught.value.problems]


def test_a_sheet_is_read() -> None:
    assert read_sheet(GOOD.encode(), "plan.csv", TODAY) == Snapshot(
        date(2026, 2, 27),
        (
            Supply("data-engineer", "Sam", date(2026, 1, 1), None, 1920, frozenset({0, 1, 2, 3})),
            Supply("trainer", "Team B", date(2025, 12, 29), date(2026, 6, 28), 450),
        ),
        (Leave("Sam", date(2026, 3, 16), date(2026, 3, 20)),),
        (Commitment("data-engineer", date(2026, 3, 9), date(2026, 3, 22), 960, "4711", "Acme roll-out"),),
    )


def test_without_an_as_of_row_it_is_of_the_day_that_is_given() -> None:
    sheet = read_sheet(b"kind,role,from,hours\nsupply,trainer,2026-01-01,40\n", "plan.csv", TODAY)
    assert sheet.as_of == TODAY


@pytest.mark.parametrize(("delimiter", "hours"), [(";", "7,5"), ("\t", "7.5")])
def test_what_spreadsheets_save_in_other_countries_is_read_too(delimiter: str, hours: str) -> None:
    rows = (("kind", "role", "from", "hours"), ("supply", "trainer", "2026-01-01", hours))
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (supply,) = read_sheet(b"\xef\xbb\xbf" + text.encode(), "plan.csv", TODAY).supply
    assert supply.minutes == 450


def test_every_problem_is_told_at_once_with_its_line() -> None:
    assert problems(
        "kind,role,who,from,until,hours,days,deal,note\n"
        "suply,trainer,,2026-01-01,,40,,,\n"
        "supply,,,01-03-2026,,many,funday,,\n"
        "\n"
        "commitment,trainer,,2026-03-09,2026-03-02,8,,,\n"
        "commitment,trainer,,2026-03-09,2026-W60,-8,,,\n"
        "leave,,Sam,2026-03-09,2026-03-09,8,,,\n"
        "supply,trainer,,2026-01-01,,40,,,,,more\n"
    ) == [
        'plan.csv:2: kind: found "suply"; allowed: one of supply, leave, commitment, as-of. Did you mean supply?',
        'plan.csv:3: days: found "funday"; allowed: weekdays as "mon tue thu" or "mon-thu"',
        'plan.csv:3: from: found "01-03-2026"; allowed: a day as 2026-03-16 or a week as 2026-W12',
        'plan.csv:3: hours: found "many"; allowed: hours a week as 36 or 7.5',
        "plan.csv:3: role: is missing; needed: the name of a role",
        'plan.csv:5: until: found "2026-03-02", which is before from',
        'plan.csv:6: hours: found "-8"; allowed: hours a week as 36 or 7.5',
        'plan.csv:6: until: found "2026-W60"; allowed: a day as 2026-03-16 or a week as 2026-W12',
        "plan.csv:7: hours: unknown key; allowed: one of who, from, until",
        "plan.csv:8: has 11 cells; the first line names 9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "plan.csv:1: names no column kind in its first line"),
        ("\n\n", "plan.csv:1: names no column kind"),
        ("kind,rolle\n", "plan.csv:1: rolle: unknown column; allowed"),
        ("kind,kind\n", "plan.csv:1: kind: stands twice"),
        ("kind,rolle,frm,hours,x\nsupply,trainer,soon,40,1\n", "plan.csv:2: from: found \"soon\""),
        ("kind,role\n", "plan.csv:1: holds no supply"),
        (b"kind,role\n\xff\xfe", "plan.csv:2: not readable as UTF-8"),
        ('kind,role\nsupply,"a"b"\n', "plan.csv:1: cannot be read as CSV"),
        ("kind,role,from,hours\n" + "supply,trainer,2026-01-01,40\n" * 2, "plan.csv:3: says the same as line 2"),
        ("kind,from\nas-of,2026-01-01\nas-of,2026-01-02\n", "plan.csv:3: kind: found as-of a second time"),
        ("kind,role,from,hours,days\nsupply,trainer,2026-01-01,40,fri-mon\n", 'plan.csv:2: days: found "fri-mon"'),
        ("kind\n" + "supply\n" * 100_001, "plan.csv:100002: has more than 100,000 rows"),
        (b"kind," + b"x" * 20_000_001, "plan.csv:1: is larger than 20 MB"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_said_in_words(text: str | bytes, said: str) -> None:
    assert any(one.startswith(said) for one in problems(text))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_makes_it_fall_over(data: bytes) -> None:
    with pytest.raises(SheetInvalid):
        read_sheet(b"kind,role\n" + data, "plan.csv", TODAY)


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=12
) | st.sampled_from(["=1+2", "+31 6", "-x", "@SUM(A1)", "'quoted", "a,b", 'say "x"', "a;b"])
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
minutes = st.integers(0, 6_000_000)
sheets = st.builds(
    lambda as_of, supply, leave, work: Snapshot(as_of, tuple(supply), tuple(leave), tuple(work)),
    days,
    st.lists(st.builds(Supply, st.just("trainer"), words, days, st.none(), minutes, st.just(frozenset({0, 2}))),
             min_size=1, max_size=3, unique=True),
    st.lists(st.builds(lambda who, day: Leave(who, day, day), words, days), max_size=3, unique=True),
    st.lists(st.builds(lambda day, spent, deal, note: Commitment("trainer", day, day, spent, deal, note),
                       days, minutes, words, words), max_size=3, unique=True),
)  # fmt: skip


@given(sheets)
def test_what_is_written_is_read_back_the_same_and_no_cell_is_a_formula(plan: Snapshot) -> None:
    written = write_sheet(plan)
    assert read_sheet(written.encode(), "plan.csv", TODAY) == plan
    cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_whole_plan_is_written_with_hours_and_days_as_people_write_them() -> None:
    sheet = Snapshot(
        TODAY,
        (Supply("trainer", "=Team B", TODAY, date(2026, 6, 28), 450, frozenset({0, 3})),),
        (Leave("", date(2026, 3, 16), date(2026, 3, 20)),),
        (Commitment("trainer", TODAY, date(2026, 3, 8), 2400, "4711", "Acme, 'phase' 1"),),
    )

    written = write_sheet(sheet)

    assert written == (
        "kind,role,who,from,until,hours,days,deal,note\n"
        "as-of,,,2026-03-02,,,,,\n"
        "supply,trainer,'=Team B,2026-03-02,2026-06-28,7.5,mon thu,,\n"
        "leave,,,2026-03-16,2026-03-20,,,,\n"
        "commitment,trainer,,2026-03-02,2026-03-08,40,,4711,\"Acme, 'phase' 1\"\n"
    )
    assert read_sheet(written.encode(), "plan.csv", TODAY) == sheet


def test_a_name_that_begins_with_a_quote_keeps_it() -> None:
    sheet = Snapshot(TODAY, (Supply("trainer", "'t Hooft", TODAY, None, 60),))
    assert read_sheet(write_sheet(sheet).encode(), "plan.csv", TODAY) == sheet
