"""A change is judged by what it changed: what else is loaded does not change the cases that are drawn."""

import importlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some


def drawn() -> list[tuple[int, str]]:
    seen: list[tuple[int, str]] = []

    @settings(derandomize=True, database=None, max_examples=100)
    @given(some.integers(), some.text())
    def law(number: int, text: str) -> None:
        seen.append((number, text))

    law()
    return seen


@pytest.mark.skipif(
    settings.get_current_profile_name() != "dealgate", reason="other profiles draw anew, or nothing"
)
def test_a_module_that_was_loaded_changes_no_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn()
    assert len(before) > 50
    words = [f"word {number}" for number in range(200)]
    (tmp_path / "loaded_later.py").write_text(f"WORDS = {words}\nNUMBERS = {[*range(770_000, 770_200)]}\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("loaded_later")
    assert drawn() == before
