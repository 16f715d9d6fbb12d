"""What the proof finds in tables that a person can read: nobody decides, no rate, contradictions, asks less."""

from dataclasses import replace

import pytest

from connector.policy.model import HitPolicy, Row, Ruling
from connector.proof import Fault, Kind, prove
from tests.proof.tables import RATES, policy, row, table
from tests.proof.test_proof import holds

SALES, SIGN, TELL = Ruling.SALES, Ruling.SIGN_OFF, Ruling.NOTIFY


def found(*rows: Row, hit: HitPolicy = HitPolicy.COLLECT, **changes: object) -> list[Fault]:
    """Return the faults, each of them held against the engine."""
    matrix = table(*rows, hit=hit)
    holds(matrix, **changes)
    return list(prove(policy(matrix, **changes)))


def said(faults: list[Fault]) -> list[tuple[Kind, tuple[str, ...]]]:
    return [(one.kind, tuple(row.id for row in one.rows)) for one in faults]


HALVES = [
    ("tested", "true", "false"),
    ("region", "EMEA", "not(EMEA)"),
    ("amount", "<= 50", "> 50"),
    ("users", ">= 5", "< 5"),
    ("start", ">= 2026-03-02", "< 2026-03-02"),
    ("tier", "gold", "not(gold)"),
]
NO_ORDER = {"tested", "region"}


@pytest.mark.parametrize(("name", "better", "worse"), HALVES)
def test_a_table_may_ask_more_of_a_worse_deal_and_not_of_a_better_one(
    name: str, better: str, worse: str
) -> None:
    low = row("low", SIGN, ("low",), **{name: better})
    high = row("high", SIGN, ("high",), **{name: worse})
    assert found(low, high) == []
    turned = found(
        row("low", SIGN, ("low",), **{name: worse}), row("high", SIGN, ("high",), **{name: better})
    )
    assert said(turned) == ([] if name in NO_ORDER else [(Kind.LESS, ("low", "high"))])


def test_of_many_deals_that_nobody_decides_three_are_shown() -> None:
    amounts = ("<= 10", "(10..50]", "(50..90]", "> 90")
    tiers = ("not(gold)", "not(silver)", "not(tin)", "gold, silver, tin")
    rows = [row(one, SALES, amount=one, tier=other) for one, other in zip(amounts, tiers, strict=True)]
    assert said(found(*rows)) == [(Kind.NOBODY, ())] * 3
    assert said(found(*rows[:2], row("rest", SALES, amount="> 50"))) == [(Kind.NOBODY, ())] * 2


def test_a_limit_in_another_currency_needs_a_rate_only_where_it_could_change_the_answer() -> None:
    everybody, dollars = row("all", SIGN, ("low",)), "> USD 50"
    assert found(everybody, row("same", SIGN, ("low",), amount=dollars)) == []
    assert found(row("all", SALES), row("sales", SALES, amount=dollars)) == []
    more = row("more", SIGN, ("low", "money"), amount=dollars)
    assert said(found(everybody, more)) == [(Kind.NO_RATE, ("more",))]
    assert said(found(row("all", SALES), row("told", TELL, ("low",), amount=dollars))) == [
        (Kind.NO_RATE, ("told",))
    ]
    assert found(everybody, more, rates=RATES) == []


def test_where_rows_contradict_each_other_they_are_told_and_not_what_less_they_ask() -> None:
    asks = row("asks", SIGN, ("low",), amount="<= 50")
    twice = [row(name, SALES, amount="> 50") for name in ("one", "two")]
    assert said(found(asks, *twice, hit=HitPolicy.UNIQUE)) == [(Kind.CONTRADICTION, ("two", "one"))]
    assert said(found(asks, twice[0], hit=HitPolicy.UNIQUE)) == [(Kind.LESS, ("one", "asks"))]


def test_under_unique_no_row_may_depend_on_a_rate_that_nobody_knows() -> None:
    euros, dollars = row("euros", SALES, amount="<= 50"), row("dollars", SALES, amount="> USD 50")
    faults = found(euros, dollars, hit=HitPolicy.UNIQUE)
    assert said(faults) == [(Kind.NO_RATE, ("dollars",)), (Kind.NO_RATE, ("euros",))]
    assert [one.witness and one.witness.currency for one in faults] == ["EUR", "USD"]


def test_what_is_forbidden_may_not_be_allowed_for_a_worse_deal() -> None:
    never = row("never", Ruling.FORBIDDEN, discount="(10%..20%]")
    others = row("small", SALES, discount="<= 10%"), row("large", SIGN, ("high",), discount="> 20%")
    (fault,) = found(never, *others)
    assert (fault.kind, [one.id for one in fault.rows]) == (Kind.LESS, ["large", "never"])


def test_the_two_deals_that_are_shown_differ_in_nothing_that_need_not_differ() -> None:
    rows = [
        row("near", SIGN, ("high",), amount="<= 50", region="EMEA"),
        row("far", SIGN, ("low",), amount="> 50", region="EMEA"),
        row("rest", SIGN, ("high",), region="not(EMEA)"),
    ]
    (fault,) = found(*rows)
    assert fault.witness is not None
    assert fault.milder is not None
    assert fault.witness.values["region"] == fault.milder.values["region"] == "EMEA"
    assert (fault.witness.values["amount"], fault.milder.values["amount"]) == (60, 50)


def test_a_row_counts_that_wants_different_people_or_one_in_any_case_though_higher_roles_sign() -> None:
    """To take it out would let one person sign for both, or leave the higher role to choose."""
    both = row("both", SIGN, ("low", "money"))
    higher, other = row("higher", SIGN, ("high",)), row("other", SIGN, ("money",))
    assert said(found(both, higher, other)) == []
    stronger = row("stronger", SIGN, ("high", "money"))
    assert said(found(row("low", SIGN, ("low",)), stronger)) == [(Kind.SILENT, ("low", "stronger"))]
    either = replace(stronger, quorum=1)
    assert said(found(row("low", SIGN, ("low",)), either)) == []
    assert said(found(row("low", SIGN, ("low",)), higher, either)) == [
        (Kind.SILENT, ("low", "higher", "stronger"))
    ]


def test_a_limit_without_a_rate_is_told_where_it_only_joins_who_signs_anyway() -> None:
    low, money = row("low", SIGN, ("low",)), row("money", SIGN, ("money",))
    both = row("both", SIGN, ("low", "money"), amount="> USD 50")
    assert said(found(low, money, both)) == [(Kind.NO_RATE, ("both",))]
    assert found(low, money, replace(both, quorum=1), row("all", SIGN, ("low", "money"))) == []
