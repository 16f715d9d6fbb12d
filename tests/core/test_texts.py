"""The catalogue of what people read: each name stands once, and somebody says it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CATALOGUE = sorted((ROOT / "connector" / "texts").glob("*.py"))
TREES = [ast.parse(file.read_text(encoding="utf-8")) for file in CATALOGUE]
ENTRIES = [node.name for tree in TREES for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_no_entry_hides_another_one_of_its_name() -> None:
    assert len(ENTRIES) == len(set(ENTRIES)) > 100


def test_each_entry_is_said_somewhere() -> None:
    within = {node.id for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.Name)}
    outside = {
        name
        for room in ("connector", "webhooks")
        for file in ROOT.glob(f"{room}/**/*.py")
        for name in re.findall(r"\btexts\.(\w+)", file.read_text(encoding="utf-8"))
    }
    assert not set(ENTRIES) - within - outside
