"""`report founder-load`: how much ends at the top."""

from tests.cli.shop import COMPANY, Shop


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
    assert shop.run("report", "founder-load", "--since", "2099-01-01").out.startswith("Nothing was decided")


def test_a_policy_without_a_top_is_told_what_to_write(shop: Shop) -> None:
    path = shop.folder / "flat.yaml"
    path.write_text(COMPANY.read_text().replace(", top: true", ""))
    assert shop.run("policy", "publish", str(path), "--author", "Ada", "--yes").code == 0
    shop.run("report", "founder-load").refused("No role of the policy is at the top.", "top: true")
