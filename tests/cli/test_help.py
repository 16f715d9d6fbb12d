"""Help is there at once, names every command, and wrong usage is told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from connector.cli import _COMMANDS, dealgate
from tests.cli.shop import run

NAMED = (
    *("demo", "serve", "web", "worker", "sandbox", "migrate", "assess", "sweep", "backfill", "install"),
    *("uninstall", "pause", "resume", "doctor", "policy", "signoff", "ledger", "waiver", "away", "capacity"),
    *("report", "openapi"),
)
HEAVY = {"sqlalchemy", "hubspot", "flask", "requests", "rich", "alembic", "marshmallow", "structlog"}


def test_help_names_every_command(tmp_path: Path) -> None:
    ran = run("--help", folder=tmp_path, environ={})
    assert ran.code == 0
    for name in NAMED:
        assert f"  {name} " in ran.out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json\nsys.argv = ['dealgate', '--help']\nfrom connector.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(json.loads(out.splitlines()[-1]))


def tree(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command below this one."""
    for name in command.list_commands(click.Context(command)) if isinstance(command, click.Group) else ():
        below = command.get_command(click.Context(command), name)
        yield (*words, name)
        yield from tree(below, (*words, name))


@pytest.mark.parametrize("words", list(tree(dealgate)), ids=" ".join)
def test_each_command_has_help_without_any_setting(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = run(*words, "--help", folder=tmp_path, environ={})
    assert ran.code == 0
    assert f"Usage: dealgate {' '.join(words)}" in ran.out


@pytest.mark.parametrize("words", [words for words in tree(dealgate) if len(words) == 1], ids=" ".join)
def test_a_list_of_commands_says_of_each_what_it_does_to_the_end(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    told = run(*words, "--help", folder=tmp_path, environ={"COLUMNS": "80"}).out
    assert "..." not in told.partition("\nCommands:")[2]


def test_the_list_tells_what_each_command_is_for() -> None:
    assert set(_COMMANDS) == set(NAMED)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frobnicate"], "No such command"),
        (["sigoff", "list"], "No such command 'sigoff'. Did you mean 'signoff'?"),
        (["signoff", "lst"], "Did you mean 'list'?"),
        (["assess"], "Give --deal ID or --file FILE"),
        (["sweep", "--hours", "many"], "is not a valid float"),
        (["sweep", "--hours", "nan"], "not a number of hours"),
        (["sweep", "--hours", "-1"], "--hours"),
        (["sweep", "--hours", "inf"], "--hours"),
        (["install"], "Missing argument"),
        (["install", "pipedrive"], "pipedrive"),
        (["signoff", "approve", "1"], "Missing option '--as'"),
        (["signoff", "reject", "1", "--as", "anna-bos"], "Missing option '--note'"),
        (["policy", "publish"], "Missing option '--author'"),
        (["policy", "publish", "--author", " "], "--author': it is empty"),
        (["demo", "--most", "0"], "--most"),
        (["demo", "--most", "5"], "--most goes with --data"),
        (["sandbox", "--port", "http"], "--port"),
        (["sandbox", "--port", "99999"], "--port"),
        (["sandbox", "--speed", "nan"], "not a number"),
        (["sandbox", "--loss", "nan"], "not a number"),
        (["sandbox", "--webhook-url", "localhost:8080"], "begins with http"),
        (["sandbox", "--data", "/nowhere"], "does not exist"),
        (["doctor", "--jsn"], "No such option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told(words: list[str], said: str, tmp_path: Path) -> None:
    run(*words, folder=tmp_path, environ={}).refused(said)


def test_a_disk_that_is_full_is_told_without_a_traceback() -> None:
    with Path("/dev/full").open("w") as out:
        ran = subprocess.run(
            [sys.executable, "-c", "from connector.cli import main; main()", "openapi"],
            stdout=out, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (
        1,
        "dealgate: The answer cannot be written: no space is left there.\n",
    )
