"""`assess`: one deal, now, and nothing is written."""

from pathlib import Path

import pytest

from tests.cli.shop import COMPANY, LENA, Shop, run

KEYS = {"deal", "at", "policy", "readiness", "badge", "gate", "sentence", "assessed", "blocked_stages", "levers",
        "gates", "signoffs", "clearances", "valid_until", "fingerprint", "alarms", "panel", "tree"}  # fmt: skip


def test_a_deal_that_may_pass(shop: Shop) -> None:
    ran = shop.run("assess", "--deal", shop.sell(8))
    assert ran.code == 0
    assert ran.out.startswith("Ready for Contract.")


def test_a_deal_that_may_not_pass_is_a_no(shop: Shop) -> None:
    deal = shop.sell(18, delivery_address="")
    ran = shop.run("assess", "--deal", deal)
    assert ran.code == 1
    assert "delivery address" in ran.out
    assert "company.yaml" in ran.out or "policy " in ran.out
    assert len(shop.run("assess", "--deal", deal, "--all").out) > len(ran.out)


def test_json_is_the_whole_verdict_and_nothing_is_written(shop: Shop) -> None:
    deal = shop.sell(18)
    before = dict(shop.crm.deal(deal))
    ran = shop.run("assess", "--deal", deal, "--json")
    assert (ran.code, set(ran.json)) == (1, KEYS)
    assert ran.json["readiness"] == "needs-sign-off"
    assert shop.crm.deal(deal) == before
    assert not shop.crm.tasks_of(deal)


@pytest.mark.parametrize("deal", ["99999", "Acme", "", "1 OR 1=1"])
def test_a_deal_that_is_not_there(deal: str, shop: Shop) -> None:
    shop.run("assess", "--deal", deal).refused("The CRM has no deal", "--deal")


def test_a_deleted_deal_and_a_merged_one(shop: Shop) -> None:
    gone, kept, other = shop.asked(), shop.asked(), shop.asked()
    shop.by(LENA).delete(gone)
    shop.run("assess", "--deal", gone).refused("The CRM has no deal")
    survivor = shop.by(LENA).merge(kept, other)
    shop.run("assess", "--deal", other).refused("merged into", survivor)


def test_a_deal_with_another_value_is_only_thought_of(shop: Shop) -> None:
    deal = shop.sell(18)
    before = dict(shop.crm.deal(deal))
    ran = shop.run("assess", "--deal", deal, "--set", "discount=10%")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Ready for Contract.")
    assert shop.crm.deal(deal) == before


def test_the_rep_reads_no_file_names(shop: Shop) -> None:
    deal = shop.sell(18)
    ran = shop.run("assess", "--deal", deal, "--rep")
    assert ".yaml" not in ran.out
    assert "18 % discount is over your 10 %" in ran.out
    assert "You alone: up to 10 % discount." in ran.out
    told = shop.run("assess", "--deal", deal, "--rep", "--json").json
    assert set(told) == {"deal", "readiness", "gate", "panel", "tree"}
    assert set(told["panel"]) == {"gate", "badge", "sentence", "alone", "levers", "gates", "signoffs"}


WRITTEN = """\
name: Acme
pipeline: Sales Pipeline
owner: mia-devries
currency: EUR
deal: {delivery-address: Kade 1, number-of-users: 30, start-date: 2031-03-02}
lines:
  - {product: DP-CORE, quantity: 2, price: 19680}
"""


def test_a_deal_in_a_file_needs_no_crm(tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text(WRITTEN)
    there = {"folder": tmp_path, "environ": {"DEALGATE_POLICY": str(COMPANY)}}
    ran = run("assess", "--file", "deal.yaml", **there)
    assert ran.code == 1
    assert "18 % discount is over your 10 %" in ran.out
    assert run("assess", "--file", "deal.yaml", "--set", "discount=8%", **there).code == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "number-of-users",
            "number-of-user",
            ["deal.yaml:5", "number-of-user", "Did you mean number-of-users?"],
        ),
        ("2031-03-02", "tomorrow", ["deal.yaml:5: deal.start-date", '"tomorrow"', "a date as 2026-03-16"]),
        ("mia-devries", "mia", ["deal.yaml:3: owner", '"mia"']),
        ("quantity: 2", "quantity: two", ["deal.yaml:7", "quantity", '"two"']),
        ("price: 19680", "price: USD 5", ["deal.yaml:7", "found USD", "the deal is in EUR"]),
        ("Sales Pipeline", "Sale", ["'Sale'", "Allowed: one of Sales Pipeline"]),
        ("currency", "stage: Contrac\ncurrency", ["'Contrac'", "Did you mean Contract?"]),
        ("name: Acme", "name: [", ["deal.yaml:"]),
        ("name: Acme", "- a\n#", ["deal.yaml:"]),
    ],
)
def test_a_file_that_says_something_wrong(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text(WRITTEN.replace(old, new, 1))
    environ = {"DEALGATE_POLICY": str(COMPANY)}
    run("assess", "--file", "deal.yaml", folder=tmp_path, environ=environ).refused(*said)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--set", "discount"], ["--set discount", "Write NAME=VALUE"]),
        (["--set", "disc=1%"], ["--set disc=1%", "no field 'disc'", "Did you mean discount?"]),
        (["--set", "discount=abc"], ["--set discount=abc", "a percentage as 10%"]),
        (["--set", "region=EMA"], ["Did you mean EMEA?"]),
        (["--set", "amount=USD 5"], ["an amount in EUR"]),
        (["--deal", "7"], ["--deal ID or --file FILE"]),
    ],
)
def test_a_flag_that_says_something_wrong(flags: list[str], said: list[str], tmp_path: Path) -> None:
    (tmp_path / "deal.yaml").write_text(WRITTEN)
    environ = {"DEALGATE_POLICY": str(COMPANY)}
    run("assess", "--file", "deal.yaml", *flags, folder=tmp_path, environ=environ).refused(*said)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    environ = {"DEALGATE_POLICY": str(COMPANY)}
    run("assess", "--file", "none.yaml", folder=tmp_path, environ=environ).refused(
        "--file none.yaml", "cannot be read"
    )
    run("assess", folder=tmp_path, environ=environ).refused("--deal ID or --file FILE")


def test_everything_is_shown_with_the_values_that_each_rule_saw(shop: Shop) -> None:
    ran = shop.run("assess", "--deal", shop.asked(18), "--all")
    ran.told("seen: discount: 18 %; products-not-offered: 0", "seen: delivery-address: ")
    assert "seen:" not in shop.run("assess", "--deal", shop.asked(18)).out


def test_a_field_is_emptied_by_its_word(shop: Shop) -> None:
    deal = shop.asked(18)
    said = shop.run("assess", "--deal", deal, "--set", "number-of-users=")
    said.refused("--set number-of-users=", "write number-of-users=empty")
    ran = shop.run("assess", "--deal", deal, "--set", "number-of-users=empty")
    ran.told("Contract: your turn. Missing: number of users.")


def test_what_the_policy_never_allows_is_told_in_its_own_words_with_each_way_out(shop: Shop) -> None:
    ran = shop.run("assess", "--deal", shop.asked(18), "--set", "discount=35%")
    ran.told("Contract: not possible. We never sell below 70 % of list. At 10 % or less you need nobody.")
    ran.told("At 30 % or less Founder decides.")
