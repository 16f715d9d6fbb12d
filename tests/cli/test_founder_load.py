"""`report founder-load`: how much ends at the top."""

from tests.cli.shop import COMPANY, LENA, Shop


def test_decisions_money_waiting_and_plain_yeses_at_the_top(shop: Shop) -> None:
    assert shop.run("report", "founder-load").out == "Nothing was decided in that time.\n"
    small, plain, limited = shop.sell(18), shop.sell(25), shop.sell(28)
    assert shop.run("sweep").code == 0
    assert shop.run("signoff", "approve", small, "--as", "anna-bos").code == 0
    assert shop.run("signoff", "approve", plain, "--as", "ruth-klein").code == 0
    words = ("--up-to", "22", "--note", "No more.")
    assert shop.run("signoff", "approve", limited, "--as", "ruth-klein", *words).code == 0
    told = shop.run("report", "founder-load", "--json").json
    assert (told["decisions"], told["at_the_top"]) == (3, 2)
    assert (told["yes"], told["yes_unchanged"]) == (2, 1)
    assert told["money"].keys() == told["money_at_the_top"].keys() == {"EUR"}
    assert float(told["money_at_the_top"]["EUR"]) < float(told["money"]["EUR"])
    assert float(told["median_working_hours"]) < 1
    ran = shop.run("report", "founder-load", "--since", "90d")
    ran.told("2 of 3 decisions (67 %) at the top.", "1 of 2 yes (50 %) added nothing")
    shop.run("report", "founder-load", "--since", "2099-01-01").refused("leaves no time to look at")


def test_a_policy_without_a_top_is_told_what_to_write(shop: Shop) -> None:
    path = shop.folder / "flat.yaml"
    path.write_text(COMPANY.read_text().replace(", top: true", ""))
    assert shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").code == 0
    shop.run("report", "founder-load").refused("No role of the policy is at the top.", "top: true")


def test_the_smallest_change_that_reaches_a_target_is_named_and_backtested(shop: Shop) -> None:
    for discount, person in ((18, "anna-bos"), (22, "ruth-klein"), (24, "ruth-klein"), (29, "ruth-klein")):
        deal = shop.asked(discount)
        assert shop.run("signoff", "approve", deal, "--as", person).code == 0
    ran = shop.run("report", "founder-load", "--target", "30%")
    assert ran.code == 0
    ran.told(
        "3 of 4 decisions (75 %) at the top.",
        "Raise discount in commercial from 20 % to 24 %: share falls from 75 % to 25 %, 2 deals EUR 36,960 no",
        "Backtest: 3 of 3 replayed decisions end so.",
        "Or:\nLet Operations decide commercial/large up to EUR 19,000",
    )
    told = shop.run("report", "founder-load", "--target", "30", "--json").json["relief"]
    assert (told["reached"], told["changes"][0]["decided_by"]) == (True, {"operations": 2})
    shop.run("report", "founder-load", "--target", "80%").told("within 80 % already")


def test_an_answer_that_was_outgrown_was_a_decision_all_the_same(shop: Shop) -> None:
    deal = shop.asked(22)
    assert shop.run("signoff", "approve", deal, "--as", "ruth-klein").code == 0
    (line,) = shop.crm.lines_of(deal)
    shop.by(LENA).update_line(line, {"hs_discount_percentage": "26"})
    assert shop.run("sweep").code == 0
    assert shop.run("signoff", "approve", deal, "--as", "ruth-klein").code == 0
    told = shop.run("report", "founder-load", "--json").json
    assert (told["decisions"], told["at_the_top"]) == (2, 2)


def test_a_target_out_of_reach_is_a_no_and_one_that_is_none_is_told(shop: Shop) -> None:
    deal = shop.asked(18)
    assert shop.run("signoff", "approve", deal, "--as", "ruth-klein").code == 0  # Operations was asked
    ran = shop.run("report", "founder-load", "--target", "20%")
    assert ran.code == 1
    ran.told("No one or two limits or rows bring it to 20 %.")
    shop.run("report", "founder-load", "--target", "much").refused("--target", "'much'", "20%")
    shop.run("report", "founder-load", "--target=-5").refused("--target")
