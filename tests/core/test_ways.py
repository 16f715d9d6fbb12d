"""Ways through a gate at their edges: prices nobody knows, dates without a neighbour, more limits than are tried."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connector import gates
from connector.checks.derived import derive
from connector.checks.deviations import severity
from connector.checks.distance import Code
from connector.deals import Unreadable
from connector.gates.place import places
from connector.levers.change import changed, moved_money
from connector.policy.exchange import factors, rate, turned
from connector.policy.model import (
    Band,
    Deviations,
    Field,
    FieldType,
    Home,
    Mode,
    Policy,
    PriceBase,
    Rates,
    Switch,
)
from connector.signoffs.cover import vetoes
from connector.signoffs.lifting import may_lift, standing_vetoes
from connector.standing import Clearance, SignoffState, Standing
from connector.verdicts import Readiness
from tests.core import test_levers as levers
from tests.core import test_ranges as box
from tests.core import world
from tests.core.test_in_words import case_with
from tests.core.world import FIELDS, NOW, Life, answer, deal, gate, line, moved, policy, request

SIGN = levers.SIGN
OPS = ["operations"]


# --- levers ---


def ground(one: world.Deal, rules: Policy) -> world.Ground:
    return case_with(one, rules, Standing())[1]


def test_a_discount_without_list_prices_moves_no_price() -> None:
    blank = deal("proposal", None)
    after = changed(ground(blank, levers.policy(levers.ALL)), (("discount", Decimal(5)),))
    assert after.deal.line_items == blank.line_items
    assert after.facts["discount"] == Decimal(5)
    assert moved_money(blank, after.deal) == 0


def test_a_deal_given_away_has_no_price_to_scale() -> None:
    free = deal("proposal", 100, line_items=(line(Decimal(100)),))
    after = changed(ground(free, levers.policy(levers.ALL)), (("discount", Decimal(50)),))
    assert after.deal.line_items == free.line_items


def test_an_amount_beside_the_lines_is_not_their_sum_and_stays() -> None:
    odd = deal("proposal", 20, values={"amount": Decimal(99)})
    after = changed(ground(odd, levers.policy(levers.ALL)), (("discount", Decimal(10)),)).deal
    assert after.values["amount"] == Decimal(99)
    assert [one.net_price for one in after.line_items or ()] == [Decimal(21600)]
    assert moved_money(odd, after) == Decimal(4800)


def test_a_discount_on_the_amount_moves_the_amount() -> None:
    fields = {**FIELDS, "discount": replace(FIELDS["discount"], of=PriceBase.AMOUNT)}
    one = deal("proposal", 20)
    after = changed(ground(one, policy(gate(), fields=fields)), (("discount", Decimal("10.004")),)).deal
    assert (after.values["amount"], after.line_items) == (Decimal("43198.08"), one.line_items)


def test_another_computed_word_counts_as_it_is_written() -> None:
    after = changed(ground(deal(), levers.policy(levers.ALL)), (("lead", Decimal(9)), ("term", Decimal(3))))
    assert (after.facts["lead"], after.facts["term"]) == (Decimal(9), Decimal(3))
    assert after.deal.line_items == deal().line_items


def test_a_way_that_takes_more_tries_than_a_rep_would_read_is_not_looked_for() -> None:
    steps = [levers.row(f"s{n}", SIGN, OPS, term=f"({n}..{n + 1}]") for n in range(12, 230)]
    rules = levers.policy(
        levers.row("long", levers.SALES, term="> 230"), *steps, levers.row("s", SIGN, OPS, term="<= 12")
    )
    assert levers.texts(levers.sold(), rules) == []
    short = levers.policy(
        levers.row("long", levers.SALES, term="> 14"), *steps[:2], levers.row("s", SIGN, OPS, term="<= 12")
    )
    assert levers.texts(levers.sold(), short) == ["At contract length 15 or more you need nobody."]


def test_a_role_below_is_named_where_nothing_clears() -> None:
    rules = levers.policy(
        levers.row("some", SIGN, OPS, discount="<= 20%"),
        levers.row("more", SIGN, ["founder"], discount="> 20%"),
    )
    (found,) = levers.judged(levers.sold(25), rules).levers
    assert (found.text, found.clears) == ("At 20 % or less Operations decides.", False)


def test_the_last_day_of_the_calendar_has_no_day_after_it() -> None:
    rules = levers.policy(levers.ALL, levers.row("soon", SIGN, OPS, start_date="< 9999-12-31"))
    assert levers.texts(levers.sold(), rules) == ["At start date 31 December 9999 or later you need nobody."]


def test_an_option_that_the_policy_does_not_know_has_no_better_one() -> None:
    rules = levers.policy(levers.ALL, levers.row("more", SIGN, OPS, level="not(standard)"))
    assert levers.texts(levers.sold(level="odd"), rules) == []


# --- ranges ---


def test_a_range_of_too_many_points_stays_as_large_as_it_was_found() -> None:
    over = [
        box.row(f"s{n}", world.Ruling.SIGN_OFF, OPS, amount=f"({n}..{n}.5]") for n in range(50_000, 50_300)
    ]
    rules = box.policy(*box.TEN, *over)
    found = box.bounds(box.judged(box.priced(45_000), rules).range)
    assert found["amount"][0] == Decimal(43200)
    assert found["amount"][1] is None or found["amount"][1] <= Decimal(50_000)


def test_what_a_passed_gate_saw_in_another_kind_of_value_limits_nothing() -> None:
    passed = Clearance(
        "contract",
        NOW,
        "",
        "v1",
        seen={"amount": date(2027, 1, 1), "close-date": date.min, "gone": Decimal(1)},
    )
    found = box.judged(
        box.priced(45_000), box.policy(*box.TEN), Standing(clearances={"contract": passed})
    ).range
    assert box.bounds(found) == {"amount": (Decimal(43200), None)}


# --- gates ---


def test_a_lost_deal_stands_at_no_gate() -> None:
    assert places(ground(deal("closedlost"), policy(gate()))) == ()


def test_a_condition_that_is_broken_after_the_gate_was_passed_opens_it_again() -> None:
    life = Life(deal("proposal", 18), policy(gate()), history=moved("proposal"))
    life.step()
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now, note="Condition: data arrives by 2026-11-25"))
    life.move("contract")
    life.step()
    assert "contract" in life.standing.clearances
    life.now = datetime(2026, 11, 26, 15, 59, tzinfo=UTC)  # the rep has had eight hours, but for a minute
    life.step()
    assert life.verdict is not None
    assert not life.verdict.gates[0].owed
    life.now += timedelta(minutes=1)

    life.step()

    assert life.verdict.gates[0].owed


def test_a_planned_switch_of_another_pipeline_is_no_day_of_this_deal() -> None:
    switching = (Switch(Mode.BLOCK, date(2026, 12, 1)),)
    here = gate(mode=Mode.FLAG, move_back=False, switches=switching)
    there = replace(here, id="renewal", pipeline="Renewals", stage="Offer")
    ours = gates.assess(deal("proposal", 5), policy(here), world.context(), NOW)
    theirs = gates.assess(deal("proposal", 5), policy(there), world.context(), NOW)
    assert (ours.valid_until, theirs.valid_until) == (datetime(2026, 11, 30, 23, tzinfo=UTC), None)


def test_the_second_signer_waits_again_when_the_first_answer_is_gone() -> None:
    from tests.core.test_asking import asked_about, several

    life = asked_about(rules=several(in_order=True))
    life.now += timedelta(minutes=5)
    life.step(answer("yes", at=life.now))
    first, second = life.standing.signoffs
    assert (first.state, second.state) == (SignoffState.APPROVED, SignoffState.REQUESTED)
    again = replace(
        first, state=SignoffState.REQUESTED, decided_by=None, decided_at=None, votes=(), envelope=()
    )
    life.standing = replace(life.standing, signoffs=(again, second))

    life.step()

    assert [one.state for one in life.standing.signoffs] == [SignoffState.REQUESTED, SignoffState.WAITING]


def test_a_no_stands_while_the_deal_is_as_bad_and_those_above_may_lift_it() -> None:
    no = request(state=SignoffState.REJECTED, decided_by="anna", decided_at=NOW)
    yes = request(state=SignoffState.APPROVED, cycle=2)
    _, at_18 = case_with(deal("proposal", 18), policy(gate()), Standing(signoffs=(no, yes)))
    assert standing_vetoes(at_18) == (no,)
    assert vetoes(no, at_18)
    assert set(may_lift(no, at_18)) == {"anna", "ruth"}
    _, at_15 = case_with(deal("proposal", 15), policy(gate()), Standing(signoffs=(no, yes)))
    assert standing_vetoes(at_15) == ()


# --- what is measured ---


def test_the_severest_band_is_that_of_what_is_worth_more_or_nobody_knows_what() -> None:
    bands = Deviations("d", bands=(Band("small", Decimal(100), "EUR"), Band("large", Decimal(500), "EUR")))
    told = [severity(bands, worth, "EUR", policy()) for worth in map(Decimal, (100, 101, 500, 501))]
    assert told == ["small", "large", "large", "large"]
    assert severity(bands, None, "EUR", policy()) == "large"
    assert severity(bands, Decimal(1), "USD", policy()) == "large"
    assert severity(Deviations("d"), Decimal(1), "EUR", policy()) == ""
    assert severity(Deviations("d", bands=(Band("any", None, None),)), None, "EUR", policy()) == "any"


def test_a_policy_without_a_word_for_the_discount_measures_none() -> None:
    fields = {name: one for name, one in FIELDS.items() if name != "discount"}
    rules = replace(
        policy(gate(matrices=("strangers",)), fields=fields), matrices={"strangers": world.STRANGERS}
    )
    verdict = gates.assess(deal("proposal", 18), rules, world.context(), NOW)
    assert Code.DISCOUNT not in {one.code for one in verdict.gates[0].findings}
    assert verdict.readiness is Readiness.READY


def test_a_word_that_nothing_computes_is_our_own_gap() -> None:
    odd = Field("odd", "odd", FieldType.NUMBER, Home.DERIVED)
    found = derive(deal(), policy(gate(), fields={**FIELDS, "odd": odd}))["odd"]
    assert isinstance(found, Unreadable)
    assert found.ours


RATED = replace(policy(), rates=Rates(date(2026, 11, 1), {"USD": Decimal("0.8"), "GBP": Decimal("1.25")}))


@pytest.mark.parametrize(
    ("currency", "worth"), [("EUR", Decimal(1)), ("USD", Decimal("0.8")), ("JPY", None), (None, None)]
)
def test_a_currency_is_worth_what_the_policy_says(currency: str | None, worth: Decimal | None) -> None:
    assert rate(currency, RATED) == worth


def test_money_is_turned_by_the_rates_that_are_known() -> None:
    assert turned(Decimal(10), "USD", "GBP", RATED) == Decimal("6.4")
    assert turned(Decimal(10), "JPY", "JPY", RATED) == Decimal(10)
    assert turned(Decimal(10), "JPY", "EUR", RATED) is None
    assert turned(Decimal(10), "EUR", "JPY", RATED) is None
    assert factors("USD", RATED) == {"EUR": Decimal("0.8"), "GBP": Decimal("0.64")}
    assert factors("USD", RATED, Decimal("0.5")) == {"EUR": Decimal("0.5"), "GBP": Decimal("0.4")}
    assert factors("JPY", RATED) == {}
    assert factors(None, RATED) == {}
    assert rate("USD", replace(RATED, currency=None)) is None
