"""`policy test`, `policy schema`, and a policy whose examples fail: it is never published."""

from pathlib import Path

import orjson

from tests.cli.shop import COMPANY, Shop, run

EXAMPLES = Path("examples").resolve()
WRONG = """
examples:
  - {id: cheap, gate: contract, expect: ready, deal: {discount: 15%, amount: 100}}
  - {id: dear, gate: contract, expect: blocked, deal: {discount: 99%}}
"""


def test_examples_that_come_out_as_written(tmp_path: Path) -> None:
    ran = run("policy", "test", str(EXAMPLES / "machine-builder.yaml"), folder=tmp_path, environ={})
    assert (ran.code, ran.out.endswith("5 examples come out as written.\n")) == (0, True)
    none = run("policy", "test", str(EXAMPLES / "minimal.yaml"), folder=tmp_path, environ={})
    assert (none.code, "no examples" in none.out) == (0, True)


def test_an_example_that_comes_out_otherwise_is_told_and_exits_1(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(COMPANY.read_text() + WRONG)
    ran = run("policy", "test", folder=tmp_path, environ={})
    assert ran.code == 1
    assert ": cheap: expected ready, found needs-" in ran.out
    told = run("policy", "test", "--json", folder=tmp_path, environ={})
    assert (told.code, told.json["examples"][0]["passed"]) == (1, False)


BESIDE = """
examples:
  - {id: stopped, gate: contract, expect: needs-info, deal: {discount: 15%}, veto: operations, attest: operations,
     notify: nobody, escalate: at-once}
"""


def test_an_example_says_who_may_stop_confirms_and_is_told(tmp_path: Path) -> None:
    """Nobody could write down that Operations may stop a deal, and a row that lost it went unnoticed."""
    path = tmp_path / "policy.yaml"
    path.write_text(COMPANY.read_text() + BESIDE)
    ran = run("policy", "test", folder=tmp_path, environ={})
    assert ran.code == 1
    for said in (
        "expected `veto` of operations, found nobody",
        "expected `attest` of operations, found nobody",
        "expected that those above are asked at once, found never",
    ):
        assert said in ran.out
    assert "`notify`" not in ran.out
    path.write_text(COMPANY.read_text() + BESIDE.replace("veto: operations", "veto: operation"))
    run("policy", "test", folder=tmp_path, environ={}).refused(
        "examples.stopped.veto", "Did you mean operations?"
    )


def test_a_policy_whose_example_fails_is_refused_at_publish(shop: Shop) -> None:
    path = shop.folder / "policy.yaml"
    path.write_text(COMPANY.read_text() + WRONG)
    shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").refused(
        "examples.cheap", "expected ready"
    )


def test_wrong_use_is_told_without_a_traceback(tmp_path: Path) -> None:
    run("policy", "test", "none.yaml", folder=tmp_path, environ={}).refused("none.yaml", "No such file")
    (tmp_path / "odd.yaml").write_text("policy: x\nexamples: 3\n")
    run("policy", "test", "odd.yaml", folder=tmp_path, environ={}).refused("odd.yaml:2: examples")


def test_the_schema_for_editors_is_printed(tmp_path: Path) -> None:
    ran = run("policy", "schema", folder=tmp_path, environ={})
    assert ran.code == 0
    assert orjson.loads(ran.out)["properties"]["gates"]["type"] == "array"


def test_words_that_the_account_does_not_have_are_told_by_check_and_by_the_clock(shop: Shop) -> None:
    path = shop.folder / "policy.yaml"
    more = "fields:\n  lost: {hubspot: no_such_property, type: text}\n  buyer: {contact: Buyer}\n  paper: {file: '*.pdf'}\n"
    path.write_text(COMPANY.read_text().replace("fields:\n", more, 1))
    ran = shop.run("policy", "check", str(path), "--live")
    ran.refused(
        "fields.lost: HubSpot has no property no_such_property", 'fields.buyer: HubSpot has no label "Buyer"'
    )
    assert "fields.paper: HubSpot sends no event when a file is added" in ran.out
