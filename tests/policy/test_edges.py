"""Edges of a policy: limits that move, a first policy from an account, deals in files, examples that fail."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.deals import Pipeline, Stage, StageKind, Unreadable
from connector.explain.rules import in_words
from connector.gates import examples
from connector.policy import deal_file
from connector.policy.cells import compile_cell, ranges_of
from connector.policy.first import Account, Seen, first_policy
from connector.policy.index import Index, places
from connector.policy.limits import Edge, edges, moved, written
from connector.policy.load import load
from connector.policy.model import Field, FieldType, HitPolicy, Matrix, Row, Ruling, Worse
from connector.policy.problems import PolicyInvalid
from tests.policy.samples import BASE, changed, policy, problems

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIELDS = {
    "discount": Field("discount", "discount", FieldType.PERCENT, worse=Worse.HIGHER),
    "margin": Field("margin", "margin", FieldType.PERCENT, worse=Worse.LOWER),
    "amount": Field("amount", "amount", FieldType.MONEY, worse=Worse.HIGHER),
    "users": Field("users", "users", FieldType.NUMBER),
    "start": Field("start", "start", FieldType.DATE, worse=Worse.LOWER),
}


def row(**cells: str) -> Row:
    made = tuple(compile_cell(text, FIELDS[name], "EUR") for name, text in cells.items())
    return Row("r", made, Ruling.SIGN_OFF, ("operations",))


def table(*rows: Row) -> Matrix:
    return Matrix("m", HitPolicy.COLLECT, tuple(FIELDS), rows)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"discount": "(10%..20%]"}, [("discount", "10", True)]),
        ({"discount": "> 20%"}, [("discount", "20", True)]),
        ({"margin": "< 30%"}, [("margin", "30", False)]),
        ({"margin": "[10%..30%)"}, [("margin", "30", False)]),
        ({"users": "<= 5"}, [("users", "5", False)]),
        ({"users": "[1..5]"}, []),
        ({"users": ">= 5"}, [("users", "5", True)]),
        ({"discount": "> 10%", "amount": "> USD 5"}, [("discount", "10", True), ("amount", "5", True)]),
        ({"discount": "not(> 20%)"}, []),
        ({"discount": "5%, 7%"}, []),
        ({"discount": "5%"}, []),
        ({"discount": "<= 20%"}, [("discount", "20", False)]),
        ({"start": "< 2026-03-02"}, []),
    ],
)
def test_a_row_begins_where_it_can_be_moved_so_that_it_holds_for_less(
    cells: dict[str, str], found: list[tuple[str, str, bool]]
) -> None:
    one = row(**cells)
    assert [(edge.field, str(edge.at), edge.upwards) for edge in edges(table(one), one, FIELDS)] == found


def test_a_limit_moves_in_every_row_that_names_it_and_in_its_own_currency() -> None:
    matrix = table(
        row(amount="<= USD 5"), row(amount="(USD 5..USD 9]"), row(amount="> EUR 5"), row(discount="> 5%")
    )
    edge = Edge("m", "r", "amount", Decimal(5), upwards=True, currency="USD")
    after = moved(matrix, edge, Decimal(7), FIELDS)
    assert after is not None
    assert [cell.text for one in after.rows for cell in one.cells] == [
        "<= USD 7",
        "(USD 7..USD 9]",
        "> EUR 5",
        "> 5%",
    ]
    assert moved(matrix, edge, Decimal(9), FIELDS) is None


def test_a_limit_inside_of_not_cannot_be_moved() -> None:
    matrix = table(row(discount="not(> 5%)"))
    assert moved(matrix, Edge("m", "r", "discount", Decimal(5), upwards=True), Decimal(7), FIELDS) is None


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("5%", FieldType.PERCENT, "5%"),
        ("< 5", FieldType.NUMBER, "< 5"),
        (">= 1,000", FieldType.NUMBER, ">= 1,000"),
        ("[1..2)", FieldType.NUMBER, "[1..2)"),
        ("(2026-03-02..2026-03-04]", FieldType.DATE, "(2026-03-02..2026-03-04]"),
        ("<= 2026-03-02", FieldType.DATE, "<= 2026-03-02"),
    ],
)
def test_a_range_is_written_as_a_policy_has_it(text: str, kind: FieldType, said: str) -> None:
    assert [written(one, kind) for one in ranges_of(text, kind)] == [said]


def test_money_without_a_currency_is_written_without_one() -> None:
    (one,) = ranges_of("> 5,000", FieldType.MONEY)
    assert (written(one, FieldType.MONEY), written(one, FieldType.MONEY, "USD")) == ("> 5,000", "> USD 5,000")


def test_a_value_of_another_kind_than_its_column_matches_nothing() -> None:
    rows = [row(discount="<= 10%").cells, row(discount="> 10%").cells, row(discount="-").cells]
    matched, open_ones = Index.of(rows).sort({"discount": date(2026, 1, 1)}, "EUR")
    assert (list(places(matched)), list(places(open_ones))) == ([2], [])


# --- a first policy ---


def test_a_field_whose_names_are_taken_or_that_has_too_many_options_is_left_out() -> None:
    stages = (Stage("x", "X"), Stage("y", "Y"), Stage("w", "Won", StageKind.WON))
    fields = (
        Seen("level", "Level", FieldType.TEXT),
        Seen("level", "Level", FieldType.TEXT),
        Seen("level", "Level", FieldType.TEXT),
        Seen("kind", "Kind", FieldType.ENUM, tuple(f"k{place}" for place in range(41))),
        Seen("size", "Size", FieldType.ENUM, tuple(f"k{place}" for place in range(40))),
    )
    account = Account("hubspot", "hubspot-user", "EUR", (Pipeline("1", "Sales", stages),), fields=fields)
    text = first_policy(account)
    names = [line.split(":")[0].strip() for line in text.splitlines() if ", type: " in line]
    assert names == ["level", "level-deal-field", "size"]
    assert "filled unknown" in text


# --- a deal in a file ---


def read(text: str) -> deal_file.DealFile:
    return deal_file.read(text, "deal.yaml", policy())


def test_a_deal_in_a_file_holds_what_is_written() -> None:
    found = read(
        "name: Acme\ndeal: {region: emea, discount: 12%, amount: '100'}\nlines: [{product: DP, price: EUR 5}]\n"
    )
    assert (found.deal.name, found.deal.owner, found.deal.currency) == ("Acme", None, "EUR")
    assert found.deal.values == {"region": "EMEA", "amount": Decimal(100)}
    assert found.computed == {"discount": Decimal(12)}
    assert [(one.product, one.net_price) for one in found.deal.line_items or ()] == [("DP", Decimal(5))]
    assert read("owner: mia\n").deal.owner == "mia"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "deal.yaml:1: found a list; a deal is a block of keys, its values under `deal:`"),
        ("owner: maya\n", ('deal.yaml:1: owner: found "maya", which is no person of the policy; allowed: one of anna, eva,'
         " mia")),
        ("deal: {regoin: EMEA}\n", (
            'deal.yaml:1: deal.regoin: found "regoin", which is no field of the policy; allowed: one of amount, close-date,'
            " delivery-address, deviation-count, deviation-worth, discount, name, owner, products-not-offered, region,"
            " start-date. Did you mean region?"
        )),
        ("deal: {region: EMAE}\n", 'deal.yaml:1: deal.region: found "EMAE"; allowed: one of EMEA, APAC. Did you mean EMEA?'),
        ("deal: {amount: USD 5}\n", 'deal.yaml:1: deal.amount: found "USD 5"; allowed: an amount in EUR'),
        ("lines: [{product: DP, price: USD 5}]\n", "deal.yaml:1: lines.1.price: found USD; the deal is in EUR"),
        ("nmae: Acme\n", ("deal.yaml:1: nmae: unknown key; allowed: one of name, pipeline, stage, owner, currency, deal,"
         " lines. Did you mean name?")),
        ("lines: 5\n", 'deal.yaml:1: lines: found "5"; allowed: a list with at least one item'),
    ],
)  # fmt: skip
def test_a_mistake_in_a_deals_file_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(PolicyInvalid) as fault:
        read(text)
    assert str(fault.value) == told


# --- examples ---


def failing(example: str) -> list[str]:
    return [str(one) for one in examples.failed(load(BASE + "examples:\n" + example, "policy.yaml"), NOW)]


def test_an_example_whose_roles_or_findings_differ_says_what_was_found() -> None:
    deal = "deal: {delivery-address: Dam 1, discount: 12%, amount: 100}"
    assert failing(f"  - {{id: a, gate: contract, expect: needs-sign-off, sign-off: manager, {deal}}}\n") == [
        "policy.yaml:33: examples.a: expected a sign-off by manager, found operations"
    ]
    (told,) = failing(
        f"  - {{id: a, gate: contract, expect: needs-sign-off, findings: [missing, filled], {deal}}}\n"
    )
    assert told.startswith("policy.yaml:33: examples.a: expected the finding missing, found ")
    assert failing("  - {id: a, gate: contract, expect: ready, sign-off: manager}\n")[0].endswith(
        "expected a sign-off by manager, found nobody"
    )


def test_a_block_of_waiting_that_is_broken_is_told_once() -> None:
    assert problems(changed("roles:\n", "waiting: {remind-after: x, escalate-after: 1}\nroles:\n")) == [
        'policy.yaml:11: waiting.remind-after: found "x"; allowed: a whole number from 1 to 4000'
    ]
    assert problems(changed("roles:\n", "waiting: {remind-after: 5, escalate-after: 5}\nroles:\n")) == [
        "policy.yaml:11: waiting.escalate-after: found 5; allowed: more hours than remind-after, 5"
    ]


def test_a_check_that_is_a_list_names_no_rule_to_waive() -> None:
    text = changed("    - deviations\n", "    - [deviations]\n").replace(
        "roles:\n", "waivers: {grant: {required-data: operations}, reasons: [x]}\nroles:\n", 1
    )
    (told,) = problems(text)
    assert told.startswith("policy.yaml:21: checklists.contract.2: found a list")


@pytest.mark.parametrize("hours", ["0", "-3"])
def test_hours_of_effort_are_more_than_none(hours: str) -> None:
    effort = f"list-price: EUR 1000, effort: {{engineer: {{hours: {hours}, weeks: 1}}}}"
    assert problems(changed("list-price: EUR 1000", effort)) == [
        (
            f'policy.yaml:16: offering.products.1.effort.engineer.hours: found "{hours}"; allowed: a number more than 0,'
            " as 8 or 12.5"
        )
    ]


def test_what_our_own_source_cannot_tell_is_no_answer_of_the_table() -> None:
    rows = [row(discount="<= 10%").cells]
    matched, open_ones = Index.of(rows).sort({"discount": Unreadable("down", ours=True)}, "EUR")
    assert (list(places(matched)), list(places(open_ones))) == ([], [0])


def test_a_sentence_about_rows_without_a_lever_names_no_limit() -> None:
    from connector import authority

    found = load(BASE, "policy.yaml")
    flat = replace(found.fields["discount"], rep_may_change=False)
    needs = authority.needs(
        replace(found, fields={**found.fields, "discount": flat}), found.gates[0],
        {"discount": Decimal(12), "amount": Decimal(1)}, "EUR",
    )  # fmt: skip
    assert [(one.row, one.lever, one.limit) for one in needs] == [("big", None, None)]


ASKED = "deal: {delivery-address: Dam 1, discount: 12%, amount: 100}"
VETOED = BASE.replace("sign-off: operations}", "sign-off: operations, veto: manager, escalate: 3}")


@pytest.mark.parametrize(
    ("text", "written", "told"),
    [
        (BASE, "sign-off: nobody", ["expected a sign-off by nobody, found operations"]),
        (BASE, "notify: manager", ["expected `notify` of manager, found nobody"]),
        (BASE, "escalate: at-once", ["expected that those above are asked at once, found never"]),
        (VETOED, "veto: operations", ["expected `veto` of operations, found manager"]),
        (VETOED, "escalate: 4", ["expected that those above are asked after 4 working hours, found after 3 working hours"]),
        (VETOED, "veto: manager, escalate: 3", []),
    ],
)  # fmt: skip
def test_an_example_says_who_else_has_a_word_and_when(text: str, written: str, told: list[str]) -> None:
    one = f"examples:\n  - {{id: a, gate: contract, expect: needs-sign-off, {written}, {ASKED}}}\n"
    found = [str(fault) for fault in examples.failed(load(text + one, "policy.yaml"), NOW)]
    assert found == [f"policy.yaml:33: examples.a: {said}" for said in told]


def test_a_row_with_several_roles_is_one_reason_and_any_of_them_is_or() -> None:
    row = '      - {id: big, discount: "> 10%", sign-off: {any: [manager, operations]}}\n'
    example = "examples:\n  - {id: b, gate: contract, deal: {discount: 12%, amount: EUR 9, delivery-address: Kade 1}, expect: ready}\n"
    text = BASE.replace('      - {id: big, discount: "> 10%", sign-off: operations}\n', row) + example
    rules = load(text, "policy.yaml")
    (tried,) = examples.run(rules, datetime(2026, 11, 25, tzinfo=UTC))
    assert tried.wrong.count("12 % discount is over your 10 %") == 1
    assert any("Manager or Operations decides" in line for line in in_words(rules))
