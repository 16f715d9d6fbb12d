"""docs/policy.md builds one policy: its pieces together load, prove, and come out as written; docs/checks.md runs."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from connector import proof
from connector.checks.case import Case
from connector.gates import examples
from connector.policy.cells import compile_cell
from connector.policy.editor import schema as editor_schema
from connector.policy.load import load
from connector.policy.model import Field, FieldType
from connector.verdicts import Outcome
from tests.checks.deals import SALES, TODAY, deal
from tests.cli.shop import run
from tests.policy.samples import policy
from tests.policy.test_language import as_an_editor_reads

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


REST = {
    "people": "people: {mia: {name: Mia, email: mia@example.com}, jan: {name: Jan, email: jan@example.com}}",
    "roles": "roles: {operations: {holders: [mia, jan]}}",
    "checklists": "checklists: {contract: [{required-data: {fields: [amount]}}]}",
    "gates": "gates: [{id: contract, pipeline: Sales Pipeline, stage: Contract, mode: observe, checklist: contract},"
    " {id: won, pipeline: Sales Pipeline, stage: Closed Won, mode: observe, checklist: contract}]",
}


@pytest.mark.parametrize("place", range(9))
def test_each_piece_works_below_those_above_it(place: int) -> None:
    """The base of a piece is what stands above it, and where that has none yet two people, a role, a checklist, two gates."""
    piece = pieces("yaml")[place]
    above = "\n".join(pieces("yaml")[: place + 1])
    rest = [line for key, line in REST.items() if f"\n{key}:" not in f"\n{above}"]
    loaded = load("\n".join([above, *rest]), "policy.yaml")
    assert proof.prove(loaded) == ()
    keys = re.findall(r"^([a-z]+):", piece, re.MULTILINE)
    names = {"policy": "name", "authority": "matrices"}
    assert keys
    assert all(getattr(loaded, names.get(key, key)) for key in keys), keys


@pytest.mark.parametrize("place", range(9))
def test_an_editor_takes_each_piece_by_itself(place: int) -> None:
    schema = {**editor_schema(), "required": []}
    errors = Draft202012Validator(schema).iter_errors(as_an_editor_reads(pieces("yaml")[place]))
    assert [error.message for error in errors] == []


SAID = {
    "sign-off: [director, operations]": "sign-off: [director, operations]",
    "{in-order: [...]}": "sign-off: {in-order: [operations, director]}",
    "{any: [...]}": "sign-off: {any: [operations, director]}",
    "{at-least: 2, of: [...]}": "sign-off: {at-least: 2, of: [operations, director]}",
    "veto: legal": "veto: operations",
    "veto: {roles: legal, within: 8}": "veto: {roles: operations, within: 8}, decides: sales",
    "attest: {fact: ..., by: ROLE}": "attest: {fact: It fits, by: operations}",
    "self: true": "attest: {fact: It fits, by: operations, self: true}",
    "escalate: at-once": "sign-off: sales-manager, escalate: at-once",
    "escalate: 4": "sign-off: sales-manager, escalate: 4",
}


@pytest.mark.parametrize("said", SAID)
def test_each_way_to_decide_that_the_text_names_is_taken(said: str) -> None:
    assert f"`{said}`" in PAGE
    text = "\n".join(pieces("yaml")[:8])
    assert text.count('discount: "(10%..20%]", sign-off: sales-manager, escalate: 8') == 1
    load(text.replace("sign-off: sales-manager, escalate: 8", SAID[said]), "policy.yaml")


TESTS = ("<= 10%", "(10%..20%]", "EMEA, APAC", "not(EMEA)", "true", "2026-03-16", "-")


def test_each_test_of_a_cell_that_the_text_names_is_taken() -> None:
    types = ("percent", "percent", "enum", "enum", "boolean", "date", "text")
    for cell, kind in zip(TESTS, types, strict=True):
        assert f"`{cell}`" in PAGE
        assert (
            compile_cell(cell, Field("x", "x", FieldType(kind), options=("EMEA", "APAC")), "EUR") is not None
        )


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
