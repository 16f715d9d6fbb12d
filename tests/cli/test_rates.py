"""`rates: crm`: limits in one currency, deals in another, and the account's own rates between them."""

from dataclasses import replace
from decimal import Decimal

from tests.cli.shop import COMPANY, Shop
from tests.cli.test_versions import publish

ROW = '      - {id: special, products-not-offered: "> 0", sign-off: operations}\n'
LARGE = f'{ROW}      - {{id: large-sale, amount: "> EUR 20,000", sign-off: founder}}\n'


def of_account(shop: Shop, **rates: str) -> None:
    """Publish limits in EUR, with the rates of the account."""
    setup = shop.crm.account.setup
    shop.crm.account.setup = replace(setup, rates={name: Decimal(rate) for name, rate in rates.items()})
    text = (
        COMPANY.read_text().replace(ROW, LARGE).replace("currency: EUR\n\n", "currency: EUR\nrates: crm\n\n")
    )
    text = text.replace(
        "inputs: [discount, products-not-offered]", "inputs: [discount, products-not-offered, amount]"
    )
    path = shop.folder / "rates.yaml"
    path.write_text(text)
    publish(shop, str(path))


def in_dollars(shop: Shop) -> str:
    deal = shop.sell(0, deal_currency_code="USD", amount="24000")
    assert shop.run("sweep").code == 0
    return deal


def test_the_account_s_rate_decides_and_its_day_is_kept(shop: Shop) -> None:
    of_account(shop, USD="0.9")
    deal = in_dollars(shop)
    assert shop.shows(deal) == "needs-sign-off"  # EUR 21,600
    (asked,) = shop.run("signoff", "list", "--json").json["signoffs"]
    assert asked["role"] == "founder"
    (task,) = shop.open_tasks(deal)
    said = "Exchange rate: USD 1 is EUR 0.9, of "
    assert said in task["hs_task_body"]
    assert "exchange rates: in EUR: USD 0.9 (" in shop.run("doctor").out
    assert "100.0 % of" in shop.run("policy", "replay").out


def test_without_a_rate_the_limit_is_unknown(shop: Shop) -> None:
    of_account(shop, GBP="1.25")
    assert shop.shows(in_dollars(shop)) == "needs-info"


def test_an_account_with_one_currency_is_told_by_the_doctor(shop: Shop) -> None:
    of_account(shop)
    assert "exchange rates: the CRM tells none" in shop.run("doctor").out
