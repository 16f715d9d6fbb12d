"""`backfill`: a forecast that writes nothing, then badges that disturb nobody."""

import re
import time
from pathlib import Path

from connector.verdicts import Readiness
from sandbox.generator import generate
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.cli.shop import COMPANY, LENA, Shop, environment

KEYS = {"deals", "badges", "writes", "calls", "minutes", "failed", "written", "left"}


def sold(shop: Shop) -> list[str]:
    return [
        shop.sell(5),
        shop.sell(18),
        shop.sell(40),
        shop.sell(5, delivery_address=""),
        shop.sell(12, stage="contract"),
    ]


def writes(shop: Shop) -> int:
    return sum(count for route, count in shop.crm.calls.items() if route.endswith(("update", "create")))


def test_the_forecast_says_badges_calls_and_minutes_and_writes_nothing(shop: Shop) -> None:
    deals = sold(shop)
    before = writes(shop)
    ran = shop.run("backfill", "--dry-run")
    assert ran.code == 0
    for said in ("5 open deals, 5 badges to write", "needs-info", "About ", "minutes. Nobody is asked"):
        assert said in ran.out
    assert writes(shop) == before
    assert all(not shop.shows(deal) for deal in deals)


def test_where_every_gate_only_observes_the_forecast_says_why_there_are_no_badges(shop: Shop) -> None:
    """Such is the policy that `policy init` writes: an admin who followed the page saw no first badge, and no word."""
    shop.sell(18)
    why = "Every gate only observes"
    assert why not in shop.run("backfill", "--dry-run").out
    quiet = shop.folder / "quiet.yaml"
    text = COMPANY.read_text(encoding="utf-8").replace("move-back: true", "move-back: false")
    quiet.write_text(re.sub(r"mode: (block|flag)", "mode: observe", text), encoding="utf-8")
    assert shop.run("policy", "publish", str(quiet), "--author", "Ada", "--yes").code == 0
    shop.run("backfill", "--dry-run").told("0 badges to write", why, "mode: flag")


def test_a_forecast_takes_no_question_away(shop: Shop) -> None:
    deal = shop.sell(18)
    assert shop.run("backfill", "--dry-run").code == 0
    assert shop.run("sweep").code == 0
    (task,) = shop.open_tasks(deal)
    assert task["hs_task_subject"].startswith("Decide")


def test_the_forecast_comes_true_and_nobody_is_disturbed(shop: Shop) -> None:
    deals = sold(shop)
    ran = shop.run("backfill", "--json", "--yes")
    assert (ran.code, set(ran.json)) == (0, KEYS)
    assert (ran.json["deals"], ran.json["writes"], ran.json["written"], ran.json["left"]) == (5, 5, True, 0)
    assert set(ran.json["badges"]) == {readiness.value for readiness in Readiness}
    shown = [shop.shows(deal) for deal in deals]
    assert {name: shown.count(name) for name in set(shown)} == {
        k: v for k, v in ran.json["badges"].items() if v
    }
    assert shop.crm.deal(deals[-1])["dealstage"] == "contract"
    assert not any(shop.crm.tasks_of(deal) for deal in deals)
    again = shop.run("backfill", "--json", "--yes").json
    assert again["writes"] == 0


def batches(shop: Shop) -> int:
    return sum(count for route, count in shop.crm.calls.items() if "/batch/" in route)


def test_the_forecast_counts_every_call_that_the_back_fill_then_makes(shop: Shop) -> None:
    sold(shop)
    start = batches(shop)
    forecast = shop.run("backfill", "--dry-run", "--json").json
    reads = batches(shop) - start
    assert shop.run("backfill", "--yes", "--json").code == 0
    made = batches(shop) - start - 2 * reads  # the second run begins with a forecast of its own
    assert 0 < made <= forecast["calls"]


def test_every_readiness_of_open_deals_has_two_percent_of_a_generated_companys_deals(
    tmp_path: Path, sqlite_url: str
) -> None:
    with HubSpotSandbox(
        generate(200, seed=3, now_ms=time.time_ns() // 1_000_000), limits=Limits(burst=1_000_000)
    ) as crm:
        shop = Shop(crm, tmp_path, environment(crm, sqlite_url))
        assert shop.run("install", "hubspot").code == 0
        badges = shop.run("backfill", "--dry-run", "--json").json["badges"]
        lost = sum(deal["dealstage"].endswith("lost") for deal in map(crm.deal, crm.deals()))
    shares = {**badges, "not-assessed": badges["not-assessed"] + lost}
    asked = {name: count for name, count in shares.items() if name != Readiness.EXCEPTION}
    assert min(asked.values()) >= 0.02 * 200, shares


def test_json_alone_never_writes_and_a_no_writes_nothing(shop: Shop) -> None:
    deals = sold(shop)
    assert shop.run("backfill", "--json").json["written"] is False
    ran = shop.run("backfill", given="n\n")
    assert ran.code == 0
    assert "Write these badges?" in ran.err
    assert all(not shop.shows(deal) for deal in deals)
    assert shop.run("backfill", given="y\n").code == 0
    assert all(shop.shows(deal) for deal in deals)


def test_nobody_at_the_keyboard_is_a_no(shop: Shop) -> None:
    shop.sell(5)
    ran = shop.run("backfill")
    ran.refused("Nobody answered, so nothing was done.", "--yes")


def test_a_touch_after_the_back_fill_asks(shop: Shop) -> None:
    deal = shop.sell(18)
    assert shop.run("backfill", "--yes").code == 0
    assert not shop.open_tasks(deal)
    shop.by(LENA).move(deal, "contract")
    assert shop.run("sweep").code == 0
    assert shop.open_tasks(deal)


def test_an_account_without_deals(shop: Shop) -> None:
    ran = shop.run("backfill", "--yes")
    assert ran.code == 0
    assert "0 open deals" in ran.out
