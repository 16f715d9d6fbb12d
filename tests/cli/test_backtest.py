"""A backtest over the history of a live account, and every recorded verdict made again."""

import time
from datetime import UTC, datetime, timedelta

from tests.cli.replay import replayed
from tests.cli.shop import ANNA, LENA, MIA, Shop
from tests.cli.test_versions import LOOSER, draft


def test_the_stage_history_is_judged_and_compared_with_the_live_policy(shop: Shop) -> None:
    shop.sell(18, stage="contract")
    deal = shop.sell(11)
    shop.by(LENA).move(deal, "contract")
    shop.sell(5, delivery_address="", stage="contract")
    path = draft(shop.folder, LOOSER)
    strict = shop.run("policy", "backtest", path, "--since", "30d", "--json").json
    assert strict["crossings"]["all"] == 3
    assert (
        strict["crossings"]["decidable"] >= 1
    )  # the others may have come to be there before they had a line
    told = shop.run("policy", "backtest", path, "--since", "30d", "--assume-today", "--json").json
    assert told["decidable_share"] == 1.0
    assert {name: told["crossings"][name] for name in ("clear", "sign_off", "missing")} == {
        "clear": 1,
        "sign_off": 1,
        "missing": 1,
    }
    assert told["changed"]["deals"] == 1
    assert told["changed"]["examples"][0]["deal"] == deal
    assert told["teams"]["Eva Lang"]["all"] == 3


def test_product_lines_are_those_that_the_deal_had_then(shop: Shop) -> None:
    """A discount was decidable in no backtest of HubSpot."""
    later, gone = shop.sell(18), shop.sell(18)
    time.sleep(0.05)
    for deal in (later, gone):
        shop.by(LENA).move(deal, "contract")
    time.sleep(0.05)
    shop.by(LENA).update_line(next(iter(shop.crm.lines_of(later))), {"hs_discount_percentage": "2"})
    shop.by(LENA).remove_line(next(iter(shop.crm.lines_of(gone))))
    told = shop.run("policy", "backtest", "live", "--since", "30d", "--json").json
    assert {name: told["crossings"][name] for name in ("all", "decidable", "sign_off")} == {
        "all": 2, "decidable": 1, "sign_off": 1,
    }  # fmt: skip
    shown = shop.run("policy", "backtest", "live", "--since", "30d").out
    assert "50.0 % can be decided" in shown
    assert "no history at that time: " in shown
    assert "commercial: discount, products-not-offered not known (1)" in shown
    assert "--assume-today takes today's values." in shown


def test_what_the_rep_filled_in_later_was_missing_then(shop: Shop) -> None:
    deal = shop.sell(5, delivery_address="", stage="contract")
    time.sleep(0.05)  # the shop's clock runs faster
    shop.by(LENA).update(deal, {"delivery_address": "Kade 1"})
    told = shop.run("policy", "backtest", "live", "--assume-today", "--json").json
    assert [one["rule"] for one in told["rules"]] == ["required-data: delivery-address"]


def test_the_live_policy_reproduces_every_recorded_verdict(shop: Shop) -> None:
    kinds = [shop.sell(discount, by=by) for discount in (0, 5, 10, 12, 18, 25, 35) for by in (LENA, MIA)]
    kinds += [
        shop.sell(5, delivery_address=""),
        shop.sell(18, stage="contract"),
        shop.sell(8, stage="closedwon"),
    ]
    assert shop.run("sweep").code == 0
    for deal in kinds[:4]:
        shop.by(LENA).move(deal, "contract")
    task = next(iter(shop.crm.tasks_of(kinds[8])))
    shop.by(ANNA).decide(task, "yes", "", "fine")
    shop.by(LENA).update(kinds[5], {"number_of_users": "0"})
    assert shop.run("sweep").code == 0
    told = shop.run("policy", "replay", "--json").json
    assert (told["otherwise"], told["same"]) == ([], told["verdicts"])
    assert told["verdicts"] >= len(kinds)
    assert "100.0 % of" in shop.run("policy", "replay").out
    made = replayed(shop)
    assert set(kinds) <= set(made)
    assert len({one.readiness for one in made.values()}) >= 4


def test_what_an_exception_let_pass_is_no_stop_and_what_came_before_it_is(shop: Shop) -> None:
    early, excused = shop.sell(35, stage="contract"), shop.sell(35)
    assert shop.run("sweep").code == 0
    until = f"{datetime.now(UTC).date() + timedelta(days=60)}"
    for deal in (early, excused):
        given = ("--as", "ruth-klein", "--reason", "pilot", "--until", until)
        assert shop.run("waiver", "grant", deal, "commercial", *given).code == 0
    shop.by(LENA).move(excused, "contract")
    told = shop.run("policy", "backtest", "live", "--since", "30d", "--assume-today", "--json").json
    counted = told["crossings"]
    assert (counted["all"], counted["clear"]) == (2, 1), counted
