"""`assess`: one deal, now, and nothing is written."""

import pytest

from tests.cli.shop import LENA, Shop

KEYS = {"deal", "at", "policy", "readiness", "badge", "gate", "sentence", "assessed", "blocked_stages", "levers",
        "gates", "signoffs", "clearances", "valid_until", "fingerprint", "alarms"}  # fmt: skip


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
