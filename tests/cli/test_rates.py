"""`rates: crm`: limits in one currency, deals in another, and the account's own rates between them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connector.app import App, utc_now
from connector.demo.sides import SalesforceSide
from connector.settings import read_settings
from connector.worker.backfill import work_off
from connector.worker.clock import tick
from sandbox.brightline import EMPTY
from sandbox.salesforce.org import Setup
from sandbox.salesforce.sandbox import SalesforceSandbox
from tests.cli.shop import COMPANY, LENA, Shop
from tests.cli.test_salesforce import Org
from tests.cli.test_versions import publish

ROW = '      - {id: special, products-not-offered: "> 0", sign-off: operations}\n'
LARGE = f'{ROW}      - {{id: large-sale, amount: "> EUR 30,000", sign-off: founder}}\n'


def rules(folder: Path) -> Path:
    """Write a policy with a limit in EUR that asks for the rates of the account."""
    text = (
        COMPANY.read_text().replace(ROW, LARGE).replace("currency: EUR\n\n", "currency: EUR\nrates: crm\n\n")
    )
    text = text.replace(
        "inputs: [discount, products-not-offered]", "inputs: [discount, products-not-offered, amount]"
    )
    path = folder / "rates.yaml"
    path.write_text(text)
    return path


def of_account(shop: Shop, **rates: str) -> None:
    """Publish limits in EUR, with the rates of the account."""
    setup = shop.crm.account.setup
    shop.crm.account.setup = replace(setup, rates={name: Decimal(rate) for name, rate in rates.items()})
    publish(shop, str(rules(shop.folder)))


def in_dollars(shop: Shop) -> str:
    deal = shop.sell(0, deal_currency_code="USD", amount="24000")
    assert shop.run("sweep").code == 0
    return deal


def test_the_account_s_rate_decides_and_its_day_is_kept(shop: Shop) -> None:
    of_account(shop, USD="1.3")
    deal = in_dollars(shop)
    assert shop.shows(deal) == "needs-sign-off"  # EUR 31,200
    (asked,) = shop.run("signoff", "list", "--json").json["signoffs"]
    assert asked["role"] == "founder"
    (task,) = shop.open_tasks(deal)
    said = "Exchange rate: USD 1 is EUR 1.3, of "
    assert said in task["hs_task_body"]
    assert "exchange rates: in EUR: USD 1.3 (" in shop.run("doctor").out
    assert "100.0 % of" in shop.run("policy", "replay").out


def test_new_rates_of_the_account_change_badges_and_ask_nobody(shop: Shop) -> None:
    of_account(shop, USD="1.1")
    deal, other = in_dollars(shop), shop.sell(0)
    assert shop.run("sweep").code == 0
    assert shop.shows(deal) == "ready"  # EUR 26,400
    ahead = [timedelta()]
    with App.build(read_settings(shop.environ, shop.folder), clock=lambda: utc_now() + ahead[0]) as app:
        app.start()
        desk = app.desk()
        tick(desk)
        work_off(desk)
        shop.crm.account.setup = replace(shop.crm.account.setup, rates={"USD": Decimal("1.3")})
        ahead[0] = timedelta(hours=2)
        looked = {one.deal: one.at for one in desk.store.views.deals(desk.account, [deal, other])}
        tick(desk)
        work_off(desk)
        after = {one.deal: one.at for one in desk.store.views.deals(desk.account, [deal, other])}
    assert after[deal] > looked[deal]
    assert shop.shows(deal) == "needs-sign-off"
    assert not shop.open_tasks(deal)


def test_without_a_rate_the_limit_is_unknown(shop: Shop) -> None:
    of_account(shop, GBP="1.25")
    assert shop.shows(in_dollars(shop)) == "needs-info"


def test_an_account_with_one_currency_is_told_by_the_doctor(shop: Shop) -> None:
    of_account(shop)
    assert "exchange rates: the CRM tells none" in shop.run("doctor").out


@pytest.mark.parametrize("dated", [False, True], ids=["one rate", "rates by date"])
def test_the_rate_of_a_salesforce_org_decides_too(dated: bool, tmp_path: Path, sqlite_url: str) -> None:
    """24,000 dollars are more than 30,000 euro where 0.75 dollars are one of them."""
    day = utc_now().date()
    by_date = {"USD": {day - timedelta(days=9): Decimal("0.75"), day + timedelta(days=2): Decimal(2)}}
    setup = Setup(rates={"USD": Decimal("1.25" if dated else "0.75")}, dated_rates=by_date if dated else None)
    with SalesforceSandbox(EMPTY, setup=setup) as crm:
        environ = {
            "DATABASE_URL": sqlite_url,
            "DEALGATE_POLICY": str(rules(tmp_path)),
            **SalesforceSide(crm).environ(),
        }
        org = Org(SalesforceSide(crm), tmp_path, {"DEALGATE_LOG_LEVEL": "error", **environ})
        org.deploy()
        org.well("install", "salesforce")
        deal = org.sell(0)
        crm.act_as(LENA).update(deal, {"CurrencyIsoCode": "USD", "Amount": "24000"})
        org.well("sweep")
        assert org.shows(deal)[0] == "needs-sign-off"
        (asked,) = org.run("signoff", "list", "--json").json["signoffs"]
        (task,) = org.side.office.tasks(deal)
        assert asked["role"] == "founder"
        assert "Exchange rate: USD 1 is EUR 1.333" in task.body
        assert "exchange rates: in EUR: USD 1.333" in org.run("doctor").out


IN_DOLLARS = """
examples:
  - {id: dollars, gate: contract, currency: USD, expect: needs-sign-off, sign-off: founder, lines: [{product: DP-CORE}],
     deal: {delivery-address: Kade 1, number-of-users: 30, amount: 24000, discount: 0%, products-not-offered: 0}}
"""


def test_without_the_crm_the_file_is_checked_without_its_rates_and_says_so(shop: Shop) -> None:
    of_account(shop, USD="1.3")
    path = rules(shop.folder)
    path.write_text(path.read_text() + IN_DOLLARS)
    blind = "rates: the CRM's rates are not known here (--live asks for them)"
    checked = shop.run("policy", "check", str(path))
    assert checked.code == 0
    assert blind in checked.out
    tried = shop.run("policy", "test", str(path))
    assert tried.code == 1
    assert blind in tried.out
    assert "no exchange rate is known" in tried.out
    for command in ("check", "test"):
        live = shop.run("policy", command, str(path), "--live")
        assert (live.code, blind in live.out) == (0, False), live
    publish(shop, str(path))


def test_limits_in_two_currencies_are_proved_at_the_account_s_rates(shop: Shop) -> None:
    of_account(shop, USD="1.3")
    path = rules(shop.folder)
    idle = '      - {id: idle, amount: "> USD 30,000", notify: founder}\n'  # more than EUR 30,000
    path.write_text(path.read_text().replace(LARGE, LARGE + idle))
    assert shop.run("policy", "check", str(path)).code == 0
    told = shop.run("policy", "check", str(path), "--live")
    assert told.code == 2
    assert "row idle" in told.out
    assert "never counts" in told.out


def test_a_backtest_of_files_says_that_it_has_no_rates_of_the_crm(shop: Shop) -> None:
    of_account(shop, USD="1.3")
    folder = shop.folder / "past"
    folder.mkdir()
    (folder / "stages.csv").write_text(
        "pipeline,stage,kind\nSales Pipeline,Proposal,open\nSales Pipeline,Contract,open\nSales Pipeline,Won,won\n"
    )
    (folder / "crossings.csv").write_text(
        "deal,at,pipeline,stage,amount,currency\n7,2026-03-02,Sales Pipeline,Contract,24000,USD\n"
    )
    told = shop.run("policy", "backtest", str(rules(shop.folder)), "--data", str(folder))
    assert told.code == 0, told
    assert "exchange rates are not known here" in told.out
    real = shop.run("policy", "backtest", str(rules(shop.folder)), "--since", "90d")
    assert "exchange rates are not known" not in real.out
