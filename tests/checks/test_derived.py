"""The vocabulary's values, and what is computed from the lines, the amount and the offering."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.checks.derived import currency_of, derive, reads_lines
from connector.deals import Unreadable, Value
from connector.policy.load import load
from tests.checks.deals import deal, line
from tests.policy.samples import changed, policy

D = Decimal
OF_AMOUNT = policy("fields:\n", "fields:\n  discount: {of: amount}\n")


def reason(value: Value) -> str:
    assert isinstance(value, Unreadable)
    return value.reason


def test_every_word_of_the_vocabulary_has_a_value() -> None:
    rules = policy()
    facts = derive(deal(amount=D(5), region=" EMEA ", delivery_address=""), rules)
    assert facts.keys() == rules.fields.keys()
    assert facts["name"] == "Acme"
    assert facts["owner"] == "101"
    assert facts["amount"] == 5
    assert facts["region"] == "EMEA"
    assert facts["delivery-address"] is None
    assert facts["start-date"] is None


def test_a_price_that_nobody_can_mean_is_not_known() -> None:
    assert reason(derive(deal(line(net="1e30")), policy())["discount"]) == "Data Platform has no price"


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"amount": "lots"}, "amount", '"lots" is not an amount'),
        ({"amount": D("NaN")}, "amount", '"NaN" is not an amount'),
        ({"amount": D("Infinity")}, "amount", '"Infinity" is not an amount'),
        ({"amount": D("1E+40")}, "amount", '"1E+40" is not an amount'),
        ({"amount": True}, "amount", '"True" is not an amount'),
        ({"start_date": "soon"}, "start-date", '"soon" is not a date'),
        (
            {"start_date": datetime(2026, 1, 1, tzinfo=UTC)},
            "start-date",
            '"2026-01-01 00:00:00+00:00" is not a date',
        ),
        ({"region": D(3)}, "region", '"3" is not one of the options'),
        ({"region": Unreadable("the field vanished", ours=True)}, "region", "the field vanished"),
    ],
)
def test_a_value_of_the_wrong_kind_is_unreadable_and_says_so(
    values: dict[str, Value], name: str, expected: str
) -> None:
    assert reason(derive(deal(**values), policy())[name]) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([line(net="820")], D(18)),
        ([line(net="1100")], D(-10)),
        ([line(net="800"), line(net="1000", quantity=3)], D(5)),
        ([line(net="900"), line("Custom connector", "1", sku=None, product=None)], D(10)),
        ([line("data  PLATFORM", "900", sku=None)], D(10)),
        ([line("Other", "150", sku="X", price="200")], D(25)),
    ],
)
def test_the_discount_is_against_the_list_prices_that_are_known(lines: list, expected: Decimal) -> None:
    assert derive(deal(*lines), policy())["discount"] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], "no product line has a list price"),
        ([line("Custom", "5", sku=None)], "no product line has a list price"),
        ([line(net=None)], "Data Platform has no price"),
        ([line(quantity=0)], "the list prices add up to nothing"),
        ([line(), line(quantity=-1)], "a product line has a negative quantity"),
    ],
)
def test_a_discount_that_cannot_be_computed_says_why(lines: list, expected: str) -> None:
    assert reason(derive(deal(*lines), policy())["discount"]) == expected


def test_lines_that_were_not_read_are_our_own_fault() -> None:
    unread = replace(deal(), line_items=None)
    value = derive(unread, policy())["discount"]
    assert isinstance(value, Unreadable)
    assert value.ours


def test_the_amount_can_be_held_against_the_list_prices() -> None:
    sold = deal(line(net=None, quantity=2), amount=D(1700))
    assert derive(sold, OF_AMOUNT)["discount"] == 15
    assert reason(derive(deal(line()), OF_AMOUNT)["discount"]) == "the amount is not filled in"
    custom = deal(line(), line("Custom", sku=None), amount=D(5))
    assert reason(derive(custom, OF_AMOUNT)["discount"]) == "no list price is known for Custom"


def test_the_offerings_price_counts_only_in_the_deals_currency() -> None:
    assert (
        reason(derive(deal(line(), currency="USD"), policy())["discount"])
        == "no product line has a list price"
    )
    assert derive(deal(line(net="50", price="100"), currency="USD"), policy())["discount"] == 50
    assert derive(deal(line(net="50", price="100"), currency="EUR"), policy())["discount"] == 95


def test_a_deal_without_a_currency_is_in_the_policys() -> None:
    assert currency_of(deal(currency=None), policy()) == "EUR"
    assert derive(deal(line(net="900"), currency=None), policy())["discount"] == 10
    assert currency_of(deal(currency="USD"), policy()) == "USD"


def test_products_and_deviations_are_counted() -> None:
    sold = deal(line(net="900"), line("Custom", "5", sku=None, product=None), line())
    rules = policy("fields:\n", "fields:\n  contract-value: {label: contract value}\n")
    facts = derive(sold, rules)
    assert facts["products-not-offered"] == 1
    assert facts["deviation-count"] == 2
    assert facts["contract-value"] == 1905
    assert derive(deal(amount=D(7)), rules)["contract-value"] == 7
    assert reason(derive(deal(line(net=None)), rules)["discount"]) == "Data Platform has no price"


def test_without_an_offering_a_line_is_offered_when_the_crm_knows_its_product() -> None:
    text = changed("offering:\n  products:\n    - {sku: DP, name: Data Platform, list-price: EUR 1000}\n", "")
    rules = load(text, "policy.yaml")
    sold = deal(line("Known", sku="A"), line("Unknown", sku="B", product=None))
    assert derive(sold, rules)["products-not-offered"] == 1


def test_lines_are_read_only_where_a_rule_looks_at_them() -> None:
    assert reads_lines(policy())
    without = changed("    - deviations\n", "").replace("discount", "amount").replace("10%", "EUR 10")
    assert not reads_lines(load(without, "policy.yaml"))
    assert reads_lines(policy("    - deviations\n", ""))


money = st.decimals(1, 100_000, places=2)
RULES = policy()


@given(st.lists(st.tuples(st.integers(1, 9), money, money), min_size=1, max_size=6))
def test_the_discount_is_exact_at_its_limits(sold: list[tuple[int, Decimal, Decimal]]) -> None:
    lines = [
        line(f"P{n}", str(net), sku=None, quantity=q, price=str(full))
        for n, (q, net, full) in enumerate(sold)
    ]
    discount = derive(deal(*lines), RULES)["discount"]
    full = sum(q * price for q, _, price in sold)
    net = sum(q * price for q, price, _ in sold)
    assert isinstance(discount, Decimal)
    assert (discount <= 10) is (net * 10 >= full * 9)
    assert (discount > 20) is (net * 10 < full * 8)
