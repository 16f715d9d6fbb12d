"""docs/reliability.md and docs/complaints.md name tests; they must exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("reliability", "complaints")
}
HEADS = ("| promise", "| complaint", "|---")


def rows(page: str) -> list[str]:
    return [line for line in PAGES[page].splitlines() if line.startswith("|") and not line.startswith(HEADS)]


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_the_page_names_exists(page: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGES[page]))
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 20
    assert named <= known, sorted(named - known)


@pytest.mark.parametrize("page", PAGES)
def test_every_promise_is_shown_by_something(page: str) -> None:
    assert len(rows(page)) > 10
    assert all("`" in row.split("|")[3] for row in rows(page))


def test_every_complaint_is_held_by_a_test() -> None:
    assert len(rows("complaints")) == 17
    assert all("`test_" in row.split("|")[3] for row in rows("complaints"))
