"""Required data is there, well-formed, or honestly unknown; each finding says what to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.authority import needs
from connector.checks.derived import derive
from connector.checks.required_data import unknown_because
from connector.deals import Deal, Unreadable, Value
from connector.policy.load import load
from connector.policy.model import Policy, Ruling
from connector.verdicts import Finding, Outcome
from tests.checks.deals import deal, run_checks
from tests.policy.samples import changed

FIELDS = "fields: [delivery-address, {field: region, pattern: 'E.*'}, {field: start-date, may-be-unknown: false}, amount]"
TEXT = changed("fields: [delivery-address]", FIELDS).replace("    - deviations\n", "")
RULES = load(TEXT, "policy.yaml")
GOOD: Mapping[str, Value] = {
    "delivery_address": "1 Main Street",
    "region": "EMEA",
    "start_date": date(2026, 3, 16),
    "amount": Decimal(48000),
}


def findings(case: str = "", rules: Policy = RULES, **values: Value) -> dict[str, Finding]:
    found = run(deal(case=case, **GOOD | values), rules)
    return {name: finding for finding in found for name in finding.reads}


def run(one: Deal, rules: Policy = RULES) -> tuple[Finding, ...]:
    return run_checks(one, rules)


def test_filled_data_passes_with_what_was_seen() -> None:
    (found,) = run(deal(**GOOD))
    assert (found.outcome, found.code, found.where) == (Outcome.PASS, "filled", "policy.yaml:19")
    assert found.reads == ("delivery-address", "region", "start-date", "amount")
    assert found.rep == "Filled in: delivery address, region, start date, amount."
    assert dict(found.seen)["amount"] == "EUR 48,000"
    assert dict(found.seen)["start-date"] == "16 March 2026"


def test_what_is_wrong_comes_before_what_is_filled_in() -> None:
    codes = [one.code for one in run(deal(**GOOD | {"amount": None, "region": "AMER"}))]
    assert codes == ["malformed", "missing", "filled"]


@pytest.mark.parametrize("value", ["AMER", Unreadable("AMER is none of the options")])
def test_the_rep_reads_no_value_of_a_field_that_reps_may_not_see(value: Value) -> None:
    hidden = replace(RULES.fields["region"], hidden=True)
    found = findings(rules=replace(RULES, fields={**RULES.fields, "region": hidden}), region=value)["region"]
    assert found.rep == "Region is not as it should be; Operations reads why."
    assert "AMER" in found.ops


@pytest.mark.parametrize("empty", [None, "", "   ", ()])
def test_a_missing_value_is_named(empty: Value) -> None:
    found = findings(delivery_address=empty)["delivery-address"]
    assert (found.outcome, found.code) == (Outcome.FAIL, "missing")
    assert found.rep == "Delivery address is missing."
    assert found.missing == ("delivery-address",)


def test_a_value_of_the_wrong_form_is_named_with_the_form() -> None:
    found = findings(region="AMER")["region"]
    assert (found.outcome, found.code) == (Outcome.FAIL, "malformed")
    assert found.rep == 'Region cannot be "AMER": it must look like E.*.'


def test_rubbish_is_named_as_what_it_is() -> None:
    found = findings(start_date="soon")["start-date"]
    assert (found.outcome, found.code) == (Outcome.FAIL, "unreadable")
    assert found.rep == 'Start date cannot be used: "soon" is not a date.'


def test_our_own_failure_is_unknown_and_asks_nothing_of_the_rep() -> None:
    found = findings(amount=Unreadable("the field amount vanished", ours=True))["amount"]
    assert (found.outcome, found.code, found.ours, found.missing) == (
        Outcome.UNKNOWN,
        "source-down",
        True,
        (),
    )
    assert found.ops == "Amount: the field amount vanished."


@pytest.mark.parametrize(
    "text", ["unknown, because they move", "Unknown because they move", "UNKNOWN: because they move."]
)
def test_unknown_because_goes_to_operations(text: str) -> None:
    found = findings(delivery_address=text)["delivery-address"]
    assert (found.outcome, found.code, found.role) == (Outcome.SIGN_OFF, "unknown-because", "operations")
    assert found.rep == "Delivery address is not known yet, because they move. Operations decides."
    gate = RULES.gates[0]
    one = deal(**GOOD | {"delivery_address": text})
    facts = derive(one, RULES)
    asked = [need for need in needs(RULES, gate, facts, "EUR", run(one)) if need.matrix == "required-data"]
    assert [(need.ruling, need.role, need.row) for need in asked] == [
        (Ruling.SIGN_OFF, "operations", "unknown-because:delivery-address")
    ]
    assert asked[0].why == "delivery address is not known yet (they move)"


@pytest.mark.parametrize(
    ("case", "covered"),
    [
        ("unknown, because they move", {"delivery-address", "amount"}),
        ("Please look.\nDelivery address: unknown, because they move", {"delivery-address"}),
        ("amount is unknown because of an option", {"amount"}),
        ("start date unknown, because they move", set()),
        ("unknown", set()),
        ("I want a discount", set()),
    ],
)
def test_a_field_that_holds_no_text_is_explained_in_the_reps_case(case: str, covered: set[str]) -> None:
    found = findings(case, delivery_address=None, amount=None, start_date=None)
    assert {name for name, one in found.items() if one.outcome is Outcome.SIGN_OFF} == covered
    assert found["start-date"].code == "missing"


def test_unknown_is_no_answer_where_nobody_is_named_to_decide() -> None:
    rules = load(TEXT.replace(", unknown-goes-to: operations", ""), "policy.yaml")
    found = findings(rules=rules, delivery_address="unknown, because they move")["delivery-address"]
    assert (found.outcome, found.rep) == (Outcome.FAIL, "Delivery address must be known here.")


@pytest.mark.parametrize(
    "text", ["unknown", "unknown, because", "unknown, because   ", "", "we know, because they said"]
)
def test_a_reason_is_part_of_the_answer(text: str) -> None:
    assert unknown_because(text) is None
