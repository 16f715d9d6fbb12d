"""`policy check` and `policy publish`."""

from pathlib import Path

from tests.cli.shop import COMPANY, Shop, run
from tests.policy.samples import BASE

BROKEN = """policy: Broken
currency: EURO
gates:
  - {id: contract, pipeline: Sales Pipeline, stage: Contract, mode: stop, authority: nowhere}
"""


def test_a_good_policy_needs_no_settings(tmp_path: Path) -> None:
    ran = run("policy", "check", str(COMPANY), folder=tmp_path, environ={})
    assert (ran.code, ran.out) == (0, f"{COMPANY}: fine.\n")
    assert run("policy", "check", str(COMPANY), "--json", folder=tmp_path, environ={}).json == {
        "file": str(COMPANY),
        "problems": [],
        "unproved": [],
    }


def test_a_policy_with_a_hole_is_neither_fine_nor_published(shop: Shop) -> None:
    path = shop.folder / "hole.yaml"
    path.write_text(COMPANY.read_text().replace('discount: "(20%..30%]"', 'discount: "(21%..30%]"'))
    said = "a deal with 20.5 % discount and 0 products not offered is decided by nobody"
    shop.run("policy", "check", str(path)).refused("hole.yaml:", "authority.commercial", said, "1 problem.")
    shop.run("policy", "publish", str(path), "--author", "Ada").refused(said)
    assert said in shop.run("policy", "check", str(path), "--json").json["problems"][0]


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(BROKEN)
    ran = run("policy", "check", folder=tmp_path, environ={})
    ran.refused("policy.yaml:2: currency", "policy.yaml:4", "stop", "nowhere", "problems.")
    told = run("policy", "check", "--json", folder=tmp_path, environ={})
    assert told.code == 2
    assert len(told.json["problems"]) >= 3


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "odd.yaml").write_text("policy: [unclosed\n")
    for name, said in (
        ("none.yaml", "No such file"),
        ("bytes.yaml", "UTF-8"),
        ("odd.yaml", "odd.yaml:"),
        (".", ""),
    ):
        run("policy", "check", name, folder=tmp_path, environ={}).refused(said)


def test_the_account_s_own_policy_is_checked(shop: Shop) -> None:
    (shop.folder / "south.yaml").write_text(BROKEN)
    (shop.folder / "dealgate.toml").write_text(
        '[accounts.south]\nportal_id = 1\naccess_token = "$T"\nclient_secret = "$T"\npolicy = "south.yaml"\n'
    )
    shop.run("policy", "check", T="x", DEALGATE_POLICY=None).refused("south.yaml:2")


def test_a_policy_that_does_not_fit_the_account(shop: Shop) -> None:
    path = shop.folder / "other.yaml"
    text = COMPANY.read_text().replace("stage: Contract,", "stage: Handshake,").replace("9121", "9999")
    path.write_text(text.replace("jan.smit@", "jan.smith@"))
    ran = shop.run("policy", "check", str(path), "--live")
    ran.refused("other.yaml:", "Handshake", "jan-smit")
    shop.run("policy", "publish", str(path), "--author", "Ada").refused(
        "does not fit the account", "Handshake"
    )
    assert shop.run("policy", "check", "--live").code == 0


def test_what_the_account_lacks_and_what_is_not_proved_are_told_at_once(shop: Shop) -> None:
    """Whoever mended the matrix was told of the pipeline only then."""
    path = shop.folder / "both.yaml"
    text = COMPANY.read_text().replace('discount: "(20%..30%]"', 'discount: "(21%..30%]"')
    path.write_text(
        text.replace("stage: Contract", "stage: Contrct").replace(
            "hubspot: delivery_address", "hubspot: delivery_adress"
        )
    )
    ran = shop.run("policy", "check", str(path), "--live")
    ran.refused(
        "is decided by nobody", "Did you mean Contract?", "Did you mean delivery_address?", "3 problems."
    )
    ran.told("no event of any property was heard yet")


def test_publishing_says_what_is_live_and_what_comes_next(shop: Shop) -> None:
    again = shop.run("policy", "publish", "--author", "Ada")
    assert again.code == 0
    assert "was live already" in again.out
    path = shop.folder / "next.yaml"
    path.write_text(
        COMPANY.read_text().replace(
            "{id: renewal, pipeline: Renewals, stage: Renewed, mode: flag",
            "{id: renewal, pipeline: Renewals, stage: Renewed, mode: observe",
        )
    )
    ran = shop.run("policy", "publish", str(path), "--author", "Ada", "--note", "Renewals rest", "--yes")
    assert ran.code == 0
    for said in ("is live", "contract (block)", "renewal (observe)", "dealgate backfill"):
        assert said in ran.out
    told = shop.run("policy", "publish", "--author", "Ada", "--json", "--yes").json
    assert {"version", "new", "gates", "at", "changes", "preview", "instead_of"} == set(told)
    assert told["new"] is True
    assert told["gates"]["renewal"] == "flag"


def test_a_publication_disturbs_nobody(shop: Shop) -> None:
    deal = shop.sell(18)
    path = shop.folder / "next.yaml"
    path.write_text(COMPANY.read_text().replace("policy: ", "policy: New ", 1))
    assert shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").code == 0
    assert shop.run("backfill", "--yes").code == 0
    assert shop.shows(deal) == "needs-sign-off"
    assert not shop.crm.tasks_of(deal)


def test_the_policy_in_words(tmp_path: Path) -> None:
    ran = run("policy", "explain", str(COMPANY), "--gate", "contract", folder=tmp_path, environ={})
    assert ran.code == 0
    for said in (
        "Contract (Sales Pipeline): holds a deal until it is clear.",
        'Filled in: delivery address and number of users. "Unknown, because ..." goes to Operations.',
        "commercial: of each chain the highest role decides.",
        "small: discount at most 10%: Sales decides.",
        "medium: discount over 10% up to 20%: Operations decides.",
        "never: discount over 30%: not allowed. We never sell below 70 % of list.",
    ):
        assert said in ran.out, ran.out
    assert "Renewed" not in ran.out
    run("policy", "explain", str(COMPANY), "--gate", "contrac", folder=tmp_path, environ={}).refused(
        "--gate", "'contrac'", "Did you mean contract?"
    )
    told = run("policy", "explain", str(COMPANY), "--json", folder=tmp_path, environ={}).json
    assert any("Renewed" in line for line in told["lines"])


def test_a_matrix_that_no_gate_uses_is_told_and_refuses_nothing(tmp_path: Path) -> None:
    more = "  idle:\n    hit: unique\n    inputs: [amount]\n    rows: [{id: all, decides: sales}]\ngates:\n"
    path = tmp_path / "policy.yaml"
    path.write_text(BASE.replace("gates:\n", more))
    ran = run("policy", "check", str(path), folder=tmp_path, environ={})
    assert ran.code == 0, ran
    assert "authority.idle: no gate uses it; name it under `authority` of a gate" in ran.out
    assert "fields: no gate, matrix or check looks at region and start-date" in ran.out
