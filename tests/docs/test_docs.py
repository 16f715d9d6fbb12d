"""The documentation tells the truth: links, commands, settings and metrics exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from connector.cli import _COMMANDS, dealgate
from connector.commands import common  # noqa: F401  commands load as they do on the command line
from connector.observe import Metrics
from connector.settings import describe

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
# Not settings of ours: what a line of the documentation calls a placeholder or another program's.
_ELSEWHERE = {"PROMETHEUS_MULTIPROC_DIR"}
_SETTING = re.compile(r"\b(?:DEALGATE|HUBSPOT|SALESFORCE)_[A-Z_]+\b|\bDATABASE_URL\b")


def prose(path: Path) -> str:
    """Return the page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@page
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def commands(path: Path) -> Iterator[list[str]]:
    """Yield every command line that the page shows, with words for its placeholders."""
    text = path.read_text(encoding="utf-8")
    inline = re.findall(r"`(?:\.venv/bin/)?dealgate ([^`]+)`", text)
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    shown = [line for block in blocks for line in block.splitlines()]
    found = [
        match[1] for line in shown if (match := re.match(r"\s*\$?\s*(?:\.venv/bin/)?dealgate (.+)", line))
    ]
    for line in (*inline, *found):
        yield shlex.split(line.partition("#")[0].replace("...", "1"))


@page
def test_every_command_line_is_one_that_works(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package").mkdir()  # as the line before makes it
    monkeypatch.chdir(tmp_path)
    for words in commands(path):
        numbered = ["2" if word in ("N", "PORT", "ID", "LIMIT") else word for word in words]
        context = click.Context(dealgate, info_name="dealgate")
        name, command, rest = dealgate.resolve_command(context, numbered)
        while isinstance(command, click.Group) and rest:
            name, command, rest = command.resolve_command(click.Context(command), rest)
        if rest:
            command.make_context(name or "", rest, parent=context).close()


def test_every_command_is_named() -> None:
    told = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "docs/operations.md")
    )
    missing = [name for name in _COMMANDS if not re.search(rf"`?dealgate {name}\b|`{name}[ `]", told)]
    assert missing == []


@page
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {row.name for row in describe()} | _ELSEWHERE
    named = {name for name in _SETTING.findall(path.read_text(encoding="utf-8")) if not name.endswith("_")}
    assert named - known == set()


def test_the_table_of_metrics_is_what_the_product_counts() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(dealgate_\w+)` \| .* \| ([\w, ]*) \|$", text, flags=re.MULTILINE))
    counted = {
        family.name + ("_total" if family.type == "counter" else ""): ", ".join(collector._labelnames)
        for collector in vars(Metrics()).values()
        if hasattr(collector, "describe")
        for family in collector.describe()
    }
    assert {name: labels.strip() for name, labels in told.items()} == counted


def test_every_switch_of_the_sandbox_is_told() -> None:
    _, command, _ = dealgate.resolve_command(click.Context(dealgate), ["sandbox"])
    assert command is not None
    text = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
    assert [one.opts[0] for one in command.params if f"`{one.opts[0]}" not in text] == []


def test_no_page_names_a_machine_of_ours() -> None:
    for path in PAGES:
        assert not re.search(r"/work/|/root/|/home/\w", path.read_text(encoding="utf-8")), path.name


def test_every_fact_of_the_sandbox_says_whether_it_is_confirmed_by_what_or_assumed() -> None:
    rows = re.findall(
        r"^\| (?!\*\*|fact )(.+?) \| (.*?) ?\| (.*?) ?\|$",
        (ROOT / "sandbox/FACTS.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert len(rows) > 100
    assert [row for row in rows if not re.match("confirmed|assumed|ours|not modelled", row[1])] == []
    assert [row for row in rows if "confirmed" in row[1] and not row[2]] == []
