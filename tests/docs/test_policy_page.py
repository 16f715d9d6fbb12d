"""docs/policy.md builds one policy: its pieces together load, prove, and come out as written; docs/checks.md runs."""

import re
from datetime import UTC, datetime
from pathlib import Path

from connector import proof
from connector.checks.case import Case
from connector.gates import examples
from connector.policy.load import load
from connector.verdicts import Outcome
from tests.checks.deals import SALES, TODAY, deal
from tests.cli.shop import run
from tests.policy.samples import policy

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PAGE = Path("docs/policy.md").read_text()


def pieces(language: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_pieces_of_the_page_are_one_policy_that_works(tmp_path: Path) -> None:
    text = "\n".join(pieces("yaml"))
    loaded = load(text, "policy.yaml")
    assert proof.prove(loaded) == ()
    assert [str(one) for one in examples.failed(loaded, NOW)] == []
    assert len(loaded.examples) == 5


def test_the_commands_of_the_page_run(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("\n".join(pieces("yaml")))
    commands = [line[2:] for piece in pieces("console") for line in piece.splitlines()]
    assert len(commands) == 3
    for command in commands:
        words = command.split()
        assert words[0] == "dealgate"
        ran = run(*words[1:], folder=tmp_path, environ={})
        assert (ran.code, ran.err) == (0, ""), ran.err


def test_every_section_of_the_language_is_on_the_page() -> None:
    text = "\n".join(pieces("yaml"))
    for key in (
        "fields",
        "people",
        "roles",
        "offering",
        "rates",
        "checklists",
        "authority",
        "gates",
        "examples",
    ):
        assert f"\n{key}:" in f"\n{text}"


def test_the_fifth_check_of_the_page_runs() -> None:
    (code,) = pieces("python", Path("docs/checks.md").read_text())
    assert len([line for line in code.splitlines() if line.strip()]) <= 20
    names: dict[str, object] = {"__name__": "fifth"}
    exec(code, names)  # the page's own words
    spec = names["KnownCustomer"]("region", frozenset({"emea"}))  # type: ignore[operator]
    rules = policy()
    outcomes = []
    for region in ("EMEA", "APAC"):
        case = Case(rules, rules.gates[0], deal(), {"region": region}, SALES, TODAY)
        outcomes.append(names["check"](spec, case)[0].outcome)  # type: ignore[operator]
    assert outcomes == [Outcome.FAIL, Outcome.PASS]
