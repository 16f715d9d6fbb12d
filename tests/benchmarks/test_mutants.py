"""Mutants differ from what is written, in one function, and change it for everybody who holds it."""

from datetime import date
from pathlib import Path

from connector.capacity import search, weeks

FILE = Path("connector/capacity/weeks.py")


def test_every_mutant_of_a_file_is_named_once_and_differs() -> None:
    from benchmarks.mutants.made import drafts  # what it is made with takes long to import

    made = [mutant for draft in drafts(FILE) if (mutant := draft.made()) is not None]
    assert len(made) > 20
    assert len({one.name for one in made}) == len(made)
    assert all(one.was != one.source and one.difference for one in made)
    assert {one.function for one in made} >= {"week_of", "days_of", "working"}


def test_a_mutant_changes_the_function_that_others_have_imported() -> None:
    from benchmarks.mutants.made import drafts  # what it is made with takes long to import

    before, day = weeks.week_of.__code__, date(2026, 3, 2)
    right = search.week_of(day)
    found = (one.made() for one in drafts(FILE) if one.function == "week_of")
    try:
        answers = set()
        for one in (one for one in found if one is not None):
            one.apply()
            answers.add(_asked(day))
    finally:
        weeks.week_of.__code__ = before
    assert answers - {right}
    assert search.week_of(day) == right


def _asked(day: date) -> object:
    try:
        return search.week_of(day)
    except (TypeError, AttributeError, ZeroDivisionError) as fault:
        return type(fault)
