"""`report observe`: what a pilot would have stopped."""

from tests.cli.shop import COMPANY, LENA, MIA, Shop


def pilot(shop: Shop) -> None:
    path = shop.folder / "pilot.yaml"
    path.write_text(COMPANY.read_text().replace("mode: block, move-back: true", "mode: observe"))
    assert shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").code == 0


def test_each_stop_is_counted_once_by_cause_team_and_week(shop: Shop) -> None:
    pilot(shop)
    high, missing, fine = shop.sell(18), shop.sell(5, by=MIA, delivery_address=""), shop.sell(5)
    assert shop.run("sweep").code == 0
    assert shop.run("report", "observe", "--json").json["stops"] == 0  # nobody came to the gate yet
    for deal in (high, missing, fine):
        shop.by(LENA).move(deal, "contract")
    assert shop.run("sweep").code == 0
    shop.by(LENA).update(high, {"number_of_users": "11"})
    assert shop.run("sweep").code == 0
    told = shop.run("report", "observe", "--json").json
    assert (told["deals"], told["stops"]) == (2, 2)
    assert told["ends"] == {"sign-off": 1, "missing": 1}
    assert {one["rule"]: one["stops"] for one in told["causes"]} == {
        "commercial: medium": 1,
        "required-data: delivery-address": 1,
    }
    assert told["teams"] == {"Eva Lang": 2}
    assert sum(told["weeks"].values()) == 2
    (role,) = told["signoffs"]
    assert (role["role"], role["asks"], role["holders"][0]["person"]) == ("operations", 1, "anna-bos")
    assert not shop.open_tasks(high)
    held = told["money_held"]
    whole = sum(float(shop.shows(deal, "amount")) for deal in (high, missing))
    assert held["all"] == held["teams"]["Eva Lang"] == held["gates"]["contract"] == {"EUR": f"{whole:.2f}"}
    assert sum(float(one["money"]["EUR"]) for one in told["causes"]) == whole
    shown = shop.run("report", "observe").out
    assert f"Money held: EUR {whole:,.0f}." in shown
    assert "By team" in shown


def test_a_deal_that_comes_again_is_stopped_again(shop: Shop) -> None:
    pilot(shop)
    deal = shop.sell(18)
    for stage in ("contract", "proposal", "contract"):
        shop.by(LENA).move(deal, stage)
        assert shop.run("sweep").code == 0
    assert shop.run("report", "observe", "--json").json["stops"] == 2


def test_the_baseline_is_kept_and_shown_beside_later_reports(shop: Shop) -> None:
    pilot(shop)
    shop.sell(18, stage="contract")
    assert shop.run("sweep").code == 0
    kept = shop.run("report", "observe", "--keep")
    assert "Kept as the baseline" in kept.out
    assert "commercial: medium" in kept.out
    shop.sell(25, stage="contract")
    assert shop.run("sweep").code == 0
    later = shop.run("report", "observe", "--json").json
    assert later["stops"] == 2
    assert later["baseline"]["stops"] == 1
    assert later["baseline"]["teams"] == {"Eva Lang": 1}
    assert "The baseline of" in shop.run("report", "observe").out


def test_nothing_on_record_is_said(shop: Shop) -> None:
    ran = shop.run("report", "observe", "--since", "30d")
    assert (ran.code, ran.out) == (0, "Nothing on record would have been stopped by a gate that observes.\n")
    shop.run("report", "observe", "--since", "soon").refused("--since", "'soon' is no time")
