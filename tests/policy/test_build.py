"""What is written becomes the model: the usual values, and what changes them."""

from datetime import date
from decimal import Decimal

import pytest

from connector.policy.load import load
from connector.policy.model import (
    Ask,
    Brakes,
    Calendar,
    Derived,
    Deviations,
    FieldType,
    Home,
    Mode,
    PriceBase,
    RequiredData,
    Ruling,
    TellRep,
    Weight,
    Worse,
)
from tests.policy.samples import BASE, changed, policy, problems


def with_more(text: str) -> str:
    return BASE + text


def test_words_that_every_policy_has_need_not_be_written() -> None:
    fields = policy().fields
    assert fields["amount"].type is FieldType.MONEY
    assert (fields["amount"].hubspot, fields["amount"].salesforce) == ("amount", "Amount")
    assert (fields["close-date"].hubspot, fields["close-date"].weight) == ("closedate", Weight.NOTIFY)
    assert fields["discount"].derived is Derived.DISCOUNT
    assert (fields["discount"].home, fields["discount"].worse) == (Home.DERIVED, Worse.HIGHER)
    assert {"name", "owner", "products-not-offered", "deviation-count", "deviation-worth"} <= fields.keys()


def test_a_word_of_every_policy_is_changed_only_where_the_file_says_so() -> None:
    fields = policy("fields:\n", "fields:\n  amount: {label: deal size, change: ignore}\n").fields
    assert (fields["amount"].label, fields["amount"].weight) == ("deal size", Weight.IGNORE)
    assert (fields["amount"].hubspot, fields["amount"].worse) == ("amount", Worse.HIGHER)
    assert fields["amount"].where == "policy.yaml:4"


def test_a_discount_of_ones_own_can_stand_beside_the_usual_one() -> None:
    text = "fields:\n  deal-discount: {derived: discount-against-list-price, of: amount}\n"
    field = policy("fields:\n", text).fields["deal-discount"]
    assert (field.label, field.of, field.type) == ("deal discount", PriceBase.AMOUNT, FieldType.PERCENT)


def test_people_roles_and_checklists_keep_their_lines() -> None:
    rules = policy()
    assert rules.people["mia"].manager == "eva"
    assert rules.people["mia"].where == "policy.yaml:8"
    role = rules.roles["operations"]
    assert (role.label, role.holders, role.chain, role.level) == ("Operations", ("anna",), "delivery", 1)
    assert rules.roles["manager"].holders == ("owner.manager",)
    required, deviations = rules.checklists["contract"].checks
    assert isinstance(required, RequiredData)
    assert required.unknown_goes_to == "operations"
    assert isinstance(deviations, Deviations)
    assert (deviations.id, deviations.where) == ("contract.deviations", "policy.yaml:20")


def test_a_gate_is_usually_asked_about_always_and_never_moves_back_by_itself() -> None:
    (gate,) = policy("mode: block, move-back: true", "mode: observe").gates
    assert (gate.mode, gate.ask, gate.since, gate.move_back) == (Mode.OBSERVE, frozenset(Ask), None, False)
    (gate,) = policy("move-back: true", "ask: owed, since: 2026-01-01, scope: {region: EMEA}").gates
    assert (gate.ask, gate.since) == (frozenset({Ask.OWED}), date(2026, 1, 1))
    assert gate.scope.allowed == (("region", frozenset({"EMEA"})),)


def test_rows_keep_only_the_cells_that_test_something() -> None:
    matrix = policy('amount: "> EUR 50,000"', 'discount: "-", amount: "> EUR 50,000"').matrices["commercial"]
    assert [[cell.field for cell in row.cells] for row in matrix.rows] == [
        ["discount"],
        ["discount"],
        ["amount"],
    ]
    assert [row.ruling for row in matrix.rows] == [Ruling.SALES, Ruling.SIGN_OFF, Ruling.SIGN_OFF]


def test_a_reason_names_its_values_in_one_order_in_every_process() -> None:
    row = ", ".join(f'{name}: "> 1"' for name in ("contract-value", "amount", "deviation-count", "discount"))
    inputs = "[amount, deviation-count, contract-value, discount]"
    text = changed("inputs: [discount, amount]", f"inputs: {inputs}").replace('amount: "> EUR 50,000"', row)
    cells = (
        load(text.replace('discount: "> 1"', 'discount: "> 1%"'), "policy.yaml")
        .matrices["commercial"]
        .rows[2]
        .cells
    )
    assert [cell.field for cell in cells] == ["amount", "deviation-count", "contract-value", "discount"]


def test_a_product_is_known_by_every_spelling() -> None:
    offering = policy("name: Data Platform,", "name: Data Platform, also: [Platform X],").offering
    (product,) = offering.products
    assert (product.id, product.list_price, product.currency) == ("DP", Decimal(1000), "EUR")
    assert set(offering.by_name) == {"dp", "dataplatform", "platformx"}


def test_settings_that_are_not_written_have_their_usual_values() -> None:
    rules = policy()
    assert (rules.calendar, rules.brakes, rules.tell_rep) == (Calendar(), Brakes(), TellRep.TASK)
    assert rules.move_back_minutes == 15


def test_settings_are_read() -> None:
    from connector.policy.load import load

    text = (
        "calendar: {zone: Europe/Amsterdam, opens: 8, closes: 18, days: [mon, sat], answer-hours: 4}\n"
        "tell: {rep: mail, private-tasks: true}\nbrakes: {tasks-per-hour: 7, move-back-minutes: 30}\n"
    )
    rules = load(with_more(text), "policy.yaml")
    assert rules.calendar == Calendar("Europe/Amsterdam", 8, 18, frozenset({0, 5}), 4)
    assert (rules.tell_rep, rules.private_tasks) == (TellRep.MAIL, True)
    assert (rules.brakes, rules.move_back_minutes) == (Brakes(tasks=7), 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "calendar: {zone: Europe/Amsterdan}\n",
            (
                '32: calendar.zone: found "Europe/Amsterdan"; allowed: a time zone as Europe/Amsterdam.'
                " Did you mean Europe/Amsterdam?"
            ),
        ),
        (
            "calendar: {zone: ../../etc/passwd}\n",
            '32: calendar.zone: found "../../etc/passwd"; allowed: a time zone',
        ),
        (
            "calendar: {opens: 17, closes: 9}\n",
            "32: calendar.closes: found 9; allowed: an hour after opening, 17",
        ),
        ("calendar: {days: [mo]}\n", '32: calendar.days.1: found "mo"; allowed: one of mon, tue'),
        ("brakes: {tasks-per-hour: 0}\n", '32: brakes.tasks-per-hour: found "0"; allowed: a whole number'),
        ("tell: {rep: phone}\n", '32: tell.rep: found "phone"; allowed: one of task, mail'),
    ],
)
def test_a_setting_that_cannot_be_is_named(text: str, expected: str) -> None:
    (found,) = problems(with_more(text))
    assert found.startswith(f"policy.yaml:{expected}")


def test_two_products_cannot_share_a_name() -> None:
    more = "    - {sku: DP, name: Data Platform, list-price: EUR 1000}\n    - {name: DATAPLATFORM}\n"
    found = problems(changed("    - {sku: DP, name: Data Platform, list-price: EUR 1000}\n", more))
    assert found == [
        (
            'policy.yaml:17: offering.products.2: found the name or sku "dataplatform", which is already that of'
            " Data Platform"
        )
    ]


def test_a_price_needs_a_currency() -> None:
    text = changed("currency: EUR\n", "").replace("list-price: EUR 1000", "list-price: 1000")
    assert problems(text) == [
        "policy.yaml:15: offering.products.1.list-price: found an amount without a currency; write it as EUR 50,000"
    ]
