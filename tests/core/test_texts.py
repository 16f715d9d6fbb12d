"""The catalogue of what people read: each name stands once, and somebody says it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUE = sorted((ROOT / "connector" / "texts").glob("*.py"))
TREES = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in CATALOGUE}
ENTRIES = {
    room: [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    for room, tree in TREES.items()
}
BY_FILE = {"capacity", "findings", "story", "unknown", "whys"}
FLAT = [name for room, names in ENTRIES.items() if room not in BY_FILE for name in names if name[0] != "_"]


def test_no_entry_hides_another_one_of_its_name_nor_a_file() -> None:
    assert len(FLAT) == len(set(FLAT)) > 100
    assert not set(FLAT) & set(ENTRIES)


def test_each_entry_is_said_somewhere() -> None:
    names = {name for names in ENTRIES.values() for name in names}
    within = {node.id for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Name)}
    outside = {
        name
        for room in ("connector", "webhooks")
        for file in (*ROOT.glob(f"{room}/**/*.py"), *ROOT.glob(f"{room}/templates/*.html"))
        for name in re.findall(
            r"\b(?:texts|words|findings|unknown|whys)\.(\w+)", file.read_text(encoding="utf-8")
        )
    }
    assert not names - within - outside


AT_THE_TERMINAL = {
    "rules.py",
    "rights.py",
    "examples.py",
    "states.py",
    "waivers.py",
}  # nobody reads it in a CRM


def literals(tree: ast.Module) -> Iterator[str]:
    """Yield what a file says itself, its docstrings and errors left out."""
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    aside |= {id(one) for node in ast.walk(tree) if isinstance(node, ast.Raise) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


@pytest.mark.parametrize("room", ["checks", "explain", "gates", "levers", "plan", "signoffs"])
def test_no_room_speaks_but_in_the_words_of_the_catalogue(room: str) -> None:
    files = [one for one in (ROOT / "connector" / room).glob("*.py") if one.name not in AT_THE_TERMINAL]
    said = [text for file in files for text in literals(ast.parse(file.read_text(encoding="utf-8")))]
    assert not [text for text in said if re.search(r"[A-Za-z]{2,} [a-z]{2,}", text)]


NOT_FOR_USERS = re.compile(
    r"\b(verdicts?|findings?|envelopes?|assess(ed|es|ment)?|owe[sd]?)\b", re.IGNORECASE
)


def test_no_text_has_a_word_that_is_ours_alone() -> None:
    said = [
        node.value
        for tree in TREES.values()
        for top in tree.body[1:]
        for node in ast.walk(top)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert len(said) > 300
    assert not [text for text in said if " " in text and NOT_FOR_USERS.search(text)]
