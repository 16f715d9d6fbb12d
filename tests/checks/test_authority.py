"""What the matrix says is said in words, with the lever and the limit that the rep has."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.authority import needs, reads
from connector.deals import Unreadable, Value
from connector.policy.load import load
from connector.policy.model import PriceBase, Ruling
from connector.verdicts import Need
from tests.checks.deals import TODAY
from tests.policy.samples import BASE, changed

ROWS = """\
    inputs: [discount, amount, region, products-not-offered]
    rows:
      - {id: small, discount: "<= 10%", decides: sales}
      - {id: medium, discount: "(10%..20%]", sign-off: operations}
      - {id: never, discount: "> 30%", forbidden: "We never sell below 70 % of list."}
      - {id: rich, amount: "> EUR 50,000", sign-off: manager, says: Big deals are looked at.}
      - {id: special, products-not-offered: "> 0", sign-off: operations}
      - {id: tell, region: APAC, notify: manager}
"""
D = Decimal


def rules(rows: str = ROWS, hit: str = "collect"):  # type: ignore[no-untyped-def]
    text = changed("hit: collect", f"hit: {hit}")
    head, _, rest = text.partition("    inputs:")
    return load(head + rows + rest[rest.index("gates:") :], "policy.yaml")


def ask(policy=None, currency: str | None = "EUR", **values: Value) -> tuple[Need, ...]:  # type: ignore[no-untyped-def]
    policy = policy or rules()
    usual: dict[str, Value] = {
        "discount": D(0),
        "amount": D(0),
        "region": "EMEA",
        "products-not-offered": D(0),
    }
    facts = dict.fromkeys(policy.fields) | usual | {name.replace("_", "-"): v for name, v in values.items()}
    return needs(policy, policy.gates[0], facts, currency)


def said(*found: Need) -> list[tuple[str, Ruling, str | None, str]]:
    return [(need.row, need.ruling, need.role, need.why) for need in found]


def test_sales_decide_alone_inside_their_limit() -> None:
    (need,) = ask(discount=D(10))
    assert said(need) == [("small", Ruling.SALES, None, "discount <= 10%")]
    assert (need.lever, need.limit) == (None, None)


def test_a_sign_off_says_what_is_over_which_limit() -> None:
    (need,) = ask(discount=D(18))
    assert said(need) == [("medium", Ruling.SIGN_OFF, "operations", "18 % discount is over your 10 %")]
    assert (need.lever, need.limit, need.where) == ("discount", 10, "policy.yaml:27")
    assert need.seen == {"discount": 18, "amount": 0, "region": "EMEA", "products-not-offered": 0}


@pytest.mark.parametrize(
    ("discount", "text"),
    [("10.04", "10.04 %"), ("10.0001", "10.0001 %"), ("17.25", "17.3 %"), ("17.24", "17.2 %")],
)
def test_a_value_just_over_its_limit_never_reads_like_the_limit(discount: str, text: str) -> None:
    (need,) = ask(discount=D(discount))
    assert need.why == f"{text} discount is over your 10 %"


def test_two_rows_for_one_role_are_one_need_with_both_reasons() -> None:
    (need,) = ask(discount=D(18), products_not_offered=D(1))
    assert need.row == "medium+special"
    assert need.why == "18 % discount is over your 10 % and 1 product is not in the standard offering"


def test_every_chain_is_asked_and_the_policys_words_are_kept() -> None:
    operations, manager = ask(discount=D(18), amount=D(60000))
    assert (operations.role, manager.role) == ("operations", "manager")
    assert manager.why == "amount EUR 60,000 is over EUR 50,000"
    assert manager.text == "Big deals are looked at."


@pytest.mark.parametrize(
    ("cell", "amount", "text"),
    [
        ("(60,000..90,000], > 200,000", 70000, "amount EUR 70,000 is over EUR 50,000"),
        ("(60,000..90,000], > 200,000", 250000, "amount EUR 250,000 is over EUR 50,000"),
        ("<= 70,000", 60000, "amount EUR 60,000 is over EUR 50,000"),
    ],
)
def test_of_several_rows_the_limit_that_was_passed_first_is_said(cell: str, amount: int, text: str) -> None:
    """An amount over its limit read "amount is EUR 120,000", without the limit."""
    more = f'      - {{id: richer, amount: "{cell}", sign-off: manager}}\n'
    _, manager = ask(rules(ROWS + more), discount=D(18), amount=D(amount))
    assert (manager.row, manager.why) == ("rich+richer", text)


def test_a_limit_in_another_currency_is_not_compared_with_the_amount() -> None:
    facts = {**dict.fromkeys(rules().fields), "discount": D(0), "amount": D(60000), "region": "EMEA",
             "products-not-offered": D(0)}  # fmt: skip
    policy = rules()
    manager = needs(policy, policy.gates[0], facts, "USD", factors={"EUR": D(2)})[-1]
    assert (manager.row, manager.why) == ("rich", "amount is USD 60,000")


@pytest.mark.parametrize(
    ("count", "names", "text"),
    [
        (1, ("Board",), "Board is not in the standard offering"),
        (2, ("Board",), "Board is not in the standard offering"),
        (2, ("Board", "B" * 60), f"Board and {'B' * 37}... are not in the standard offering"),
        (4, ("A", "B", "C", "D"), "A, B, C and 1 more product are not in the standard offering"),
        (2, (), "2 products are not in the standard offering"),
    ],
)
def test_products_that_are_not_offered_are_named(count: int, names: tuple[str, ...], text: str) -> None:
    """The sentence "1 product is not in the standard offering" named none."""
    policy = rules()
    facts = {**dict.fromkeys(policy.fields), "discount": D(0), "amount": D(0), "region": "EMEA",
             "products-not-offered": D(count)}  # fmt: skip
    found = needs(policy, policy.gates[0], facts, "EUR", strange=names)
    assert [one.why for one in found if one.row == "special"] == [text]


def test_a_limit_of_the_rep_on_an_amount_is_said_in_money() -> None:
    rows = ROWS.replace('discount: "<= 10%", decides', 'discount: "<= 10%", amount: "<= 50,000", decides')
    need = next(one for one in ask(rules(rows), amount=D(60000)) if one.row == "rich")
    assert need.why == "amount EUR 60,000 is over your EUR 50,000"
    assert (need.lever, need.limit) == ("amount", 50000)


def test_an_excluded_limit_counts_one_step_less() -> None:
    (need,) = ask(rules(ROWS.replace("<= 10%", "< 10%").replace("(10%", "[10%")), discount=D(10))
    assert need.limit == D("9.99")


def test_a_sales_row_that_goes_further_than_the_sign_off_gives_no_false_limit() -> None:
    (need,) = ask(rules(ROWS.replace('"<= 10%", decides', '"<= 50%", decides')), discount=D(18))
    assert need.limit == 10


def test_forbidden_says_why_in_the_policys_words() -> None:
    (need,) = ask(discount=D(31), amount=D(60000))
    assert said(need) == [("never", Ruling.FORBIDDEN, None, "31 % discount is over your 10 %")]
    assert need.text == "We never sell below 70 % of list."


def test_a_gap_is_unknown_and_names_the_deal() -> None:
    (need,) = ask(discount=D(25))
    assert (need.ruling, need.role, need.missing, need.ours) == (Ruling.UNKNOWN, None, (), False)
    assert need.why == (
        "no row of the authority matrix commercial covers a deal where discount is 25 %, amount is EUR 0,"
        " region is EMEA and 0 products are not in the standard offering"
    )


def test_a_contradiction_names_both_rows() -> None:
    (need,) = ask(rules(hit="unique"), discount=D(5), amount=D(60000))
    assert (need.row, need.ruling) == ("small+rich", Ruling.UNKNOWN)
    assert (
        need.why
        == "rows small and rich of the authority matrix commercial contradict each other for this deal"
    )


def test_an_unknown_input_says_which_and_why() -> None:
    (need,) = ask(discount=Unreadable("Data Platform has no price"))
    assert (need.ruling, need.missing, need.ours) == (Ruling.UNKNOWN, (), False)
    assert need.why == "discount is not known: Data Platform has no price"
    (need,) = ask(amount=None)
    assert (need.missing, need.why) == (("amount",), "amount is not filled in")
    (need,) = ask(amount=Unreadable("the CRM is down", ours=True))
    assert (need.missing, need.ours) == ((), True)
    signed = rules(ROWS.replace("notify: manager", "sign-off: operations"))
    (need,) = ask(signed, amount=Unreadable("the CRM is down", ours=True), region=None)
    assert (need.missing, need.ours) == (("region",), False)


def test_a_deal_is_not_held_up_because_nobody_knows_whether_somebody_is_told() -> None:
    (need,) = ask(region=None)
    assert (need.row, need.ruling) == ("small", Ruling.SALES)


def test_a_matrix_that_only_tells_does_not_clear_a_deal_of_which_it_knows_nothing() -> None:
    told = rules(ROWS.replace("decides: sales", "notify: operations"))
    (need,) = ask(told, discount=None)
    assert need.ruling is Ruling.UNKNOWN


@pytest.mark.parametrize(
    ("currency", "deal"), [("USD", "the deal is in USD"), (None, "the deal names no currency")]
)
def test_another_currency_without_a_rate_is_unknown_and_never_passes(currency: str | None, deal: str) -> None:
    (need,) = ask(currency=currency, amount=D(1))
    assert (need.ruling, need.missing) == (Ruling.UNKNOWN, ())
    assert need.why == f"the limit for amount is in EUR, {deal}, and no exchange rate is known"


def test_notice_holds_nothing_up() -> None:
    (need,) = ask(rules(ROWS.replace("decides: sales", "notify: operations")), discount=D(1))
    assert (need.ruling, need.role) == (Ruling.NOTIFY, "operations")


def test_what_a_gate_reads_is_known() -> None:
    policy = rules()
    assert reads(policy, policy.gates[0]) == ("discount", "amount", "region", "products-not-offered")


@given(st.decimals(-50, 150, places=2), st.integers(0, 3), st.sampled_from(["EMEA", "APAC"]))
def test_there_is_always_an_answer_and_a_limit_is_always_better_than_the_deal(
    discount: Decimal, strangers: int, region: str
) -> None:
    found = ask(POLICY, discount=discount, products_not_offered=D(strangers), region=region)
    assert found
    for need in found:
        assert need.why
        if need.limit is not None and need.ruling is not Ruling.SALES:
            assert need.limit < discount
            alone = ask(POLICY, discount=need.limit, region="EMEA")
            assert {one.ruling for one in alone} == {Ruling.SALES}


POLICY = rules()


def test_a_number_is_said_with_its_unit() -> None:
    text = changed("fields:\n", "fields:\n  users: {hubspot: users, type: number, unit: users}\n").replace(
        "inputs: [discount, amount]", "inputs: [discount, amount, users]"
    )
    rows = text.replace('amount: "> EUR 50,000"', 'users: "> 5,000"')
    loaded = load(rows, "p.yaml")
    facts: dict[str, Value] = {"discount": Decimal(1), "users": Decimal(6000)}
    assert [need.why for need in needs(loaded, loaded.gates[0], facts, "EUR")] == ["users is 6,000 users"]


def of_amount_and_start():  # type: ignore[no-untyped-def]
    rows = ROWS.replace("[discount, amount,", "[discount, days-to-start,")
    text = BASE.replace("fields:\n", "fields:\n  days-to-start: {}\n", 1)
    head, _, rest = text.replace("offering:\n", "offering:\n  start: start-date\n").partition("    inputs:")
    rows = rows.replace('amount: "> EUR 50,000"', 'days-to-start: "< 20"')
    policy = load(head + rows + rest[rest.index("gates:") :], "policy.yaml")
    discount = replace(policy.fields["discount"], of=PriceBase.AMOUNT)
    return replace(policy, fields={**policy.fields, "discount": discount})


def test_what_is_computed_asks_for_what_it_is_computed_from() -> None:
    policy = of_amount_and_start()
    (need,) = ask(policy, discount=None, amount=None, days_to_start=None)
    assert (need.ruling, need.missing) == (Ruling.UNKNOWN, ("amount", "start-date"))


def test_what_is_computed_from_something_filled_in_asks_for_nothing() -> None:
    policy = of_amount_and_start()
    (need,) = ask(policy, discount=Unreadable("no price"), days_to_start=Unreadable("no"), start_date=TODAY)
    assert (need.ruling, need.missing) == (Ruling.UNKNOWN, ())
