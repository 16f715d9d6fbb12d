"""The exchange rates of both CRMs, and the policy that asks for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from connector.adapters.base import Crm
from connector.policy.exchange import quoted, rate
from connector.policy.load import load
from connector.policy.model import Quotes
from sandbox.clock import StillClock
from sandbox.hubspot.account import ALL_SCOPES
from tests.adapters import hubspot_driver, salesforce_driver
from tests.policy.samples import BASE

TODAY = date(2026, 11, 25)
NOON = int(datetime.combine(TODAY, time(12), UTC).timestamp()) * 1000
IN_EUR = {"USD": Decimal("0.8"), "GBP": Decimal("1.25")}


@contextmanager
def hubspot(**setup: object) -> Iterator[Crm]:
    with hubspot_driver.new_sandbox(StillClock(NOON), **setup) as sandbox:
        yield hubspot_driver.HubSpotDriver(sandbox).crm


@contextmanager
def salesforce(**setup: object) -> Iterator[Crm]:
    with salesforce_driver.new_sandbox(StillClock(NOON), **setup) as sandbox:
        yield salesforce_driver.SalesforceDriver(sandbox).crm


def test_hubspot_says_what_a_currency_is_worth_in_the_company_s_own() -> None:
    with hubspot(rates=IN_EUR) as crm:
        assert crm.rates() == Quotes("EUR", IN_EUR, TODAY)


def test_hubspot_with_one_currency_or_without_the_scope_has_none() -> None:
    with hubspot() as crm:
        assert crm.rates() is None
    with hubspot(rates=IN_EUR, scopes=ALL_SCOPES - {"settings.currencies.read"}) as crm:
        assert crm.rates() is None


def test_salesforce_says_how_many_of_a_currency_are_one_corporate_unit() -> None:
    with salesforce(rates={"USD": Decimal("1.25"), "GBP": Decimal("0.8")}) as crm:
        assert crm.rates() == Quotes("EUR", IN_EUR, TODAY)


def test_an_org_with_one_currency_has_none() -> None:
    with salesforce() as crm:
        assert crm.rates() is None
    with salesforce(multi_currency=False) as crm:
        assert crm.rates() is None


def test_an_org_that_keeps_rates_by_date_says_those_of_today() -> None:
    day = timedelta(days=1)
    dated = {
        "USD": {TODAY - 90 * day: Decimal(2), TODAY: Decimal("1.25"), TODAY + day: Decimal(4)},
        "GBP": {TODAY - 20 * day: Decimal("0.8")},
        "CHF": {TODAY + day: Decimal("0.5")},
    }
    plain = {"USD": Decimal(3), "GBP": Decimal(3), "CHF": Decimal("0.4")}
    with salesforce(rates=plain, dated_rates=dated) as crm:
        assert crm.rates() == Quotes("EUR", {**IN_EUR, "CHF": Decimal("2.5")}, TODAY)


def test_an_org_whose_dated_rates_are_hidden_says_those_of_its_currencies() -> None:
    rates, dated = {"USD": Decimal("1.25")}, {"USD": {TODAY: Decimal(2)}}
    with salesforce_driver.new_sandbox(StillClock(NOON), rates=rates, dated_rates=dated) as sandbox:
        sandbox.blind("dealgate.integration@example.com", "DatedConversionRate")
        told = salesforce_driver.SalesforceDriver(sandbox).crm.rates()
    assert told == Quotes("EUR", {"USD": Decimal("0.8")}, TODAY)


QUOTES = Quotes("USD", {"EUR": Decimal("1.25"), "CHF": Decimal("1.10")}, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("written", "currency", "worth", "day"),
    [
        ("rates: crm", "USD", "0.8", "2026-11-20"),
        ("rates: crm", "CHF", "0.88", "2026-11-20"),
        ("rates: {from: crm, as-of: 2026-11-02, USD: 0.9}", "USD", "0.9", "2026-11-02"),
        ("rates: {from: crm, as-of: 2026-11-02, USD: 0.9}", "CHF", "0.88", "2026-11-20"),
        ("rates: {as-of: 2026-11-02, USD: 0.9}", "CHF", None, "2026-11-02"),
    ],
)
def test_the_policy_s_own_rates_come_first(written: str, currency: str, worth: str | None, day: str) -> None:
    policy = load(BASE.replace("currency: EUR", f"currency: EUR\n{written}"), "policy.yaml")
    asked = quoted(policy, QUOTES)
    assert rate(currency, asked) == (None if worth is None else Decimal(worth))
    assert asked.rates.day(currency) == date.fromisoformat(day)
    newer = quoted(asked, Quotes("EUR", {"CHF": Decimal("0.9")}, date(2026, 11, 21)))
    if "crm" in written:
        assert rate("CHF", newer) == Decimal("0.9")
        assert rate("USD", newer) == (Decimal("0.9") if "0.9" in written else None)


def test_an_account_that_does_not_know_the_policy_s_currency_gives_no_rate() -> None:
    policy = load(BASE.replace("currency: EUR", "currency: SEK\nrates: crm"), "policy.yaml")
    assert quoted(policy, QUOTES) is policy
    assert quoted(policy, None) is policy
