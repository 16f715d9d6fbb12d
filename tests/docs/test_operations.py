"""docs/operations.md: every command, every line of the doctor, every reason that an admin may meet."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import click
import pytest

from connector.cli import dealgate
from connector.store.tables import metadata

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
# Of an effect that has become needless, or of a request to the edge: no admin ever meets these.
_UNSEEN = {
    *("already-there", "decided-anew", "moved-on", "record-gone", "dealgate-error", "lease-lost"),
    *("capacity-invalid", "mail-unavailable", "store-unavailable"),
}
_KEBAB = re.compile(r"[a-z]+(-[a-z]+)+")


def is_call(node: ast.AST, name: str) -> TypeGuard[ast.Call]:
    called = getattr(node, "func", None)
    return isinstance(node, ast.Call) and name in (getattr(called, "id", ""), getattr(called, "attr", ""))


def calls(name: str, *rooms: str) -> Iterator[ast.Call]:
    """Yield every call of this name in these rooms."""
    for room in rooms:
        for path in sorted((ROOT / "connector" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if is_call(node, name):
                    yield node


def beginning(node: ast.expr) -> str:
    """Return the text of a literal, or of an f-string up to its first value."""
    if isinstance(node, ast.JoinedStr):
        node = node.values[0]
    return str(node.value) if isinstance(node, ast.Constant) else ""


def subcommands(command: click.Command, words: str = "dealgate") -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield words
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from subcommands(command.get_command(context, name), f"{words} {name}")  # type: ignore[arg-type]


@pytest.mark.parametrize("words", list(subcommands(dealgate)))
def test_every_command_is_in_the_table(words: str) -> None:
    assert re.search(rf"^\|[^|]*`{words}[ `]", PAGE, re.MULTILINE)


def test_every_line_of_the_doctor_is_in_the_table() -> None:
    told = re.findall(r"^\| ([^|`]+) \|", PAGE.partition("## Looking after it")[2], re.MULTILINE)
    words = {re.sub(r" \(\w+\)", "", word).strip() for row in told for word in row.split(",")}
    known = {word.removesuffix("...").removesuffix("REASON").removesuffix("ROLE").strip() for word in words}
    lines = {beginning(call.args[0]).strip() for call in calls("Symptom", "commands", "adapters")} - {""}
    lines |= {beginning(call.args[0]).strip() for call in calls("_tried", "adapters")} - {""}
    assert len(lines) > 25
    assert {line for line in lines if not any(line.startswith(word) for word in known if word)} == set()


def alarms() -> set[str]:
    """Return every reason that is written down in the code: of a call, of a kind of error, of an alarm."""
    found = set[str]()
    for path in sorted((ROOT / "connector").rglob("*.py")):
        sends = path.relative_to(ROOT / "connector").parts[0] in ("gates", "worker", "adapters")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if is_call(node, "alarm") and node.args:
                found.add(beginning(node.args[0]))
            named = getattr(node, "arg", "") or getattr(getattr(node, "target", None), "id", "")
            if isinstance(node, ast.keyword | ast.AnnAssign) and named == "reason" and node.value:
                found.add(beginning(node.value))
            if sends and isinstance(node, ast.JoinedStr):
                start = beginning(node)
                found |= {start.strip()} if re.fullmatch(rf"{_KEBAB.pattern} ", start) else set()
    return {one for one in found if _KEBAB.fullmatch(one)}


def test_every_reason_that_an_admin_may_meet_is_explained() -> None:
    told = set(re.findall(r"`([a-z-]+)`", PAGE))
    found = alarms()
    assert len(found) > 50
    assert found - _UNSEEN - told == set()


def test_no_reason_is_explained_that_there_is_not() -> None:
    part = PAGE.partition("## Parked records")[2].partition("## What is kept")[0]
    rows = [row.split("|")[1] for row in part.splitlines() if row.startswith("| `")]
    told = {one for row in rows for one in re.findall(r"`([a-z-]+)`", row)}
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "connector").rglob("*.py"))
    assert len(told) > 45
    assert {one for one in told if f'"{one}' not in code} - {
        "salesforce-field-custom-validation-exception"
    } == set()


KEPT = {
    "ledger": "ledger ledger_heads ledger_personal",
    "verdict, sign-offs and clearances": "deals signoffs clearances",
    "published policies, exceptions": "policies planned_policies live_gates waivers",
    "the capacity plan": "capacity_snapshots supply commitments estimates",
    "who is away": "absences",
    "users of the CRM, properties": "crm_users changes jobs budgets accounts",
    "effects that wait": "outbox",
    "keys of what was asked": "done answers",
    "answered bells": "bells",
    "alarms": "alarms",
}


def test_of_every_table_the_page_says_how_long_it_is_kept() -> None:
    part = PAGE.partition("## What is kept")[2]
    rows = re.findall(r"^\| ([^|]+) \|", part.partition("\n## ")[0], re.MULTILINE)
    assert {name for named in KEPT.values() for name in named.split()} == set(metadata.tables)
    assert [begins for begins in KEPT if not any(row.startswith(begins) for row in rows)] == []
