"""The smallest change that brings the share of decisions at the top under a target, against counting by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import hypothesis.strategies as some
import pytest
from hypothesis import given, settings

from connector.backtest.changes import Given, Limit, words
from connector.backtest.relief import Decided, Relief, Search
from connector.policy.limits import edges, moved
from connector.policy.model import Policy, Ruling
from connector.standing import Authority, Right, Signoff, SignoffState
from connector.worker.load import Made, is_top, load
from tests.core.world import FIELDS, NOW, ROLES, gate, matrix, policy, request, row

TABLE = matrix(
    "discounts",
    row("small", Ruling.SALES, discount="<= 10%"),
    row("middle", Ruling.SIGN_OFF, ["operations"], discount="(10%..20%]"),
    row("large", Ruling.SIGN_OFF, ["founder"], discount="(20%..40%]"),
    row("never", Ruling.FORBIDDEN, discount="> 40%"),
)
TOP = {**ROLES, "founder": replace(ROLES["founder"], top=True)}


def rules(*matrices: object) -> Policy:
    tables = matrices or (TABLE,)
    return policy(
        gate(matrices=tuple(one.id for one in tables)),  # type: ignore[attr-defined]
        matrices={one.id: one for one in tables},  # type: ignore[attr-defined]
        roles=TOP,
        currency="EUR",
    )


def decided(discount: int, amount: int = 1000, **more: object) -> Decided:
    top = discount > 20
    seen = {"discount": Decimal(discount), "not_offered": Decimal(0)}
    known = {"top": top, "amount": Decimal(amount), **more}
    return Decided(
        f"d{discount}-{amount}", "contract", "founder" if top else "operations", seen, "EUR", **known
    )  # type: ignore[arg-type]


def search(decisions: Iterable[Decided], target: str, *matrices: object) -> Search:
    return Search(rules(*matrices), tuple(decisions), Decimal(target))


def limit(found: Iterable[Relief]) -> tuple[Relief, Limit]:
    return next((one, change) for one in found for change in one.changes if isinstance(change, Limit))


def test_the_limit_is_raised_just_as_far_as_the_target_wants() -> None:
    asked = search([decided(n) for n in (12, 15, 18, 19, 20, 22, 25, 30)], "0.2")
    assert asked.share == Decimal("0.375")
    best, change = limit(asked.found())
    assert words(change, asked.policy) == "raise discount in discounts from 20 % to 25 %"
    assert best.share == Decimal("0.125")
    assert (best.instead, best.money) == ({"operations": 2}, {"EUR": Decimal(2000)})


def test_a_row_is_given_away_up_to_the_amount_that_is_enough() -> None:
    asked = search([decided(15), decided(15), decided(25, 9_000), decided(28, 70_000)], "0.25")
    gift = next(one for one in asked.found() if isinstance(one.changes[0], Given) and one.changes[0].up_to)
    assert words(gift.changes[0], asked.policy) == "let Operations decide discounts/large up to EUR 9,000"
    assert gift.share == Decimal("0.25")


def test_what_the_top_answered_though_another_was_asked_is_moved_by_no_limit() -> None:
    asked = search([decided(15), decided(25, fixed=True), decided(26)], "0.1")
    assert asked.found() == ()
    nearest = asked.furthest()
    assert nearest is not None
    assert nearest.share == Decimal(1) / 3


def test_a_deal_that_reaches_the_top_otherwise_is_not_called_spared() -> None:
    again = replace(decided(35), deal="d22-1000")
    asked = search([decided(22), again, *(decided(15) for _ in range(8))], "0.1")
    best, _ = limit(asked.found())
    assert len(best.moved) == 1
    assert best.money == {}


def test_where_one_limit_is_not_enough_two_are_moved() -> None:
    other = matrix(
        "users",
        row("few", Ruling.SALES, number_of_users="<= 100"),
        row("some", Ruling.SIGN_OFF, ["operations"], number_of_users="(100..200]"),
        row("many", Ruling.SIGN_OFF, ["founder"], number_of_users="> 200"),
    )
    big = [
        replace(decided(one), seen={"discount": Decimal(one), "number_of_users": Decimal(users)}, top=True,
                role="founder", deal=f"{one}-{users}")
        for one, users in ((25, 250), (26, 260), (15, 250), (25, 50))
    ]  # fmt: skip
    asked = search(big, "0", TABLE, other)
    best = asked.found()[0]
    assert len(best.changes) == 2
    assert best.share == 0


def test_what_nobody_has_to_decide_any_more_is_no_decision() -> None:
    free = matrix("discounts", row("small", Ruling.SALES, discount="<= 20%"), TABLE.rows[2], TABLE.rows[3])
    asked = search([decided(25), decided(30)], "0.9", free)
    best, _ = limit(asked.found())
    assert best.instead == {None: 2}  # with one of them gone the other would be all that is left
    assert best.share == 0


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(11, 40), min_size=1, max_size=25), some.integers(0, 99))
def test_no_smaller_limit_would_do(discounts: list[int], percent: int) -> None:
    target = Decimal(percent) / 100
    asked = Search(rules(), tuple(decided(one) for one in discounts), target)
    reaching = [
        to for to in range(21, 40)
        if Decimal(sum(one > to for one in discounts)) / len(discounts) <= target
    ]  # fmt: skip
    found = [
        change.to for one in asked.found() if len(one.changes) == 1
        for change in one.changes if isinstance(change, Limit)
    ]  # fmt: skip
    if asked.share > target and reaching:
        assert found == [reaching[0]]
    elif asked.share > target:
        assert found == []


@pytest.mark.parametrize(
    ("cell", "field", "to", "written"),
    [
        ("(20%..30%]", "discount", 25, "(25%..30%]"),
        ("> 20%", "discount", 25, "> 25%"),
        (">= 20%", "discount", 25, ">= 25%"),
        ("[20..30)", "number_of_users", 25, "[25..30)"),
        ("> EUR 50,000", "amount", 60_000, "> EUR 60,000"),
        ("> 50,000", "amount", 60_000, "> EUR 60,000"),
    ],
)
def test_a_limit_is_moved_as_people_would_write_it(cell: str, field: str, to: int, written: str) -> None:
    table = matrix("m", row("top", Ruling.SIGN_OFF, ["founder"], **{field: cell}))
    (edge,) = edges(table, table.rows[0], dict(FIELDS))
    after = moved(table, edge, Decimal(to), dict(FIELDS))
    assert after is not None
    assert after.rows[0].cells[0].text == written


def test_a_limit_is_moved_in_the_row_below_too_and_leaves_no_row_empty() -> None:
    (edge,) = edges(TABLE, TABLE.rows[2], dict(FIELDS))
    after = moved(TABLE, edge, Decimal(25), dict(FIELDS))
    assert after is not None
    assert [one.cells[0].text for one in after.rows] == ["<= 10%", "(10%..25%]", "(25%..40%]", "> 40%"]
    assert moved(TABLE, edge, Decimal(40), dict(FIELDS)) is None


@pytest.mark.parametrize("cell", ["not(> 20%)", "18%", "< 5%, > 20%", "-"])
def test_a_test_that_has_no_one_limit_is_left_alone(cell: str) -> None:
    table = matrix("m", row("top", Ruling.SIGN_OFF, ["founder"], discount=cell))
    assert list(edges(table, table.rows[0], dict(FIELDS))) == []


@pytest.mark.parametrize(
    ("role", "right", "at_the_top"),
    [
        ("founder", Right.HOLDER, True),
        ("founder", Right.LAST_RESORT, True),
        ("founder", Right.DELEGATE, False),
        ("operations", Right.HOLDER, False),
    ],
)
def test_who_stands_in_for_the_top_spares_it(role: str, right: Right, at_the_top: bool) -> None:
    signed = request("operations", authority=Authority(role, "ruth", right))
    assert is_top(signed, rules()) is at_the_top


def test_the_top_that_says_what_the_level_below_said_is_counted() -> None:
    def signed(deal: str, role: str, state: SignoffState, minutes: int) -> tuple[str, Signoff]:
        at = NOW + timedelta(minutes=minutes)
        right = Authority(role, "ruth", Right.HOLDER)
        return deal, request(role, state=state, decided_at=at, decided_by="ruth", authority=right)

    yes, no = SignoffState.APPROVED, SignoffState.REJECTED
    decided = (
        *(signed("1", "sales-manager", yes, 0), signed("1", "founder", yes, 9)),
        *(signed("2", "sales-manager", yes, 0), signed("2", "founder", no, 9)),
        *(
            signed("3", "founder", yes, 0),
            signed("3", "sales-manager", yes, 9),
        ),  # nobody below had said it yet
        signed("4", "founder", yes, 0),
    )
    told = load(Made(rules(), decided, {}))
    assert (told.all, told.top, told.below, told.agreed) == (7, 4, 2, 1)
