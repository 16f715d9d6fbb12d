"""Deviations carry a code, a size and a worth; they decide nothing, but what cannot be measured is no pass."""

from dataclasses import replace
from decimal import Decimal

from connector.deals import Deal
from connector.policy.load import load
from connector.policy.model import Policy
from connector.verdicts import Finding, Outcome
from tests.checks.deals import deal, line, run_checks
from tests.policy.samples import changed, policy

RULES = load(
    changed("    - required-data: {fields: [delivery-address], unknown-goes-to: operations}\n", ""), "p.yaml"
)
OF_AMOUNT = policy("fields:\n", "fields:\n  discount: {of: amount}\n")


def run(one: Deal, rules: Policy = RULES) -> tuple[Finding, ...]:
    return run_checks(one, rules)


def test_a_discount_has_size_and_worth() -> None:
    (found,) = run(deal(line(net="820", quantity=4)))
    assert (found.code, found.outcome, found.size, found.worth) == ("discount", Outcome.PASS, 18, 720)
    assert found.rep == "18 % discount against list price."
    assert found.ops == "18 % under list price, worth EUR 720."
    assert found.reads == ("discount",)


def test_list_price_and_above_are_no_deviation() -> None:
    assert [one.code for one in run(deal(line()))] == ["no-discount"]
    assert run(deal(line(net="1200")))[0].rep == "Sold above list price."


def test_each_product_that_is_not_offered_is_named_with_its_worth() -> None:
    custom = line("Custom connector", "4000", sku=None, product=None, quantity=2)
    unpriced = line("Favour", None, sku=None, product=None)
    _, first, second = run(deal(line(), custom, unpriced))
    assert (first.code, first.size, first.worth) == ("product-not-offered", 2, Decimal(8000))
    assert first.rep == "Custom connector is not in the standard offering."
    assert first.ops == "2 x Custom connector, not in the standard offering, for EUR 8,000."
    assert second.ops == "1 x Favour, not in the standard offering, at an unknown price."


def test_a_discount_that_cannot_be_measured_is_unknown() -> None:
    (found,) = run(deal())
    assert (found.code, found.outcome, found.missing) == ("discount-unknown", Outcome.UNKNOWN, ())
    assert found.rep == "Discount is not known: no product line has a list price."
    amount = next(one for one in run(deal(line()), OF_AMOUNT) if one.check == "deviations")
    assert amount.missing == ("amount",)


def test_a_discount_that_stands_in_the_amount_alone_is_a_deviation_too() -> None:
    one = replace(deal(line(quantity=4)), values={"amount": Decimal(3280), "delivery-address": "Here 1"})
    found = next(one for one in run(one, OF_AMOUNT) if one.check == "deviations")
    assert (found.code, found.size, found.worth) == ("discount", 18, 720)
