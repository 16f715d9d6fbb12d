"""Small rules at their edges, each as somebody would meet it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from connector.capacity.board import HORIZON
from connector.capacity.chance import Odds, Rival
from connector.capacity.search import ask
from connector.checks import run
from connector.checks.case import Case as CheckCase
from connector.explain import limits
from connector.explain.history import line as told_line
from connector.explain.story import Told
from connector.levers.change import changed
from connector.plan.case import Case
from connector.plan.facts import subject
from connector.plan.questions import put_to
from connector.policy.exchange import is_blind, quoted
from connector.policy.model import Bound, Calendar, QuarterEnd, Quotes, Rates, Ruling, Worse
from connector.signoffs.drift import Drift, better, bound, drifts
from connector.signoffs.hours import opening, wall
from connector.signoffs.obstacles import rights
from connector.signoffs.people import seats_for
from connector.signoffs.reach import most
from connector.signoffs.waivers import as_it_is, bounds, rules
from connector.standing import SignoffState, Standing
from tests.capacity.world import at, busy, estimate, plan, supply, work
from tests.checks.deals import SALES
from tests.core import test_levers as levers
from tests.core import test_ranges as box
from tests.core.test_asking import asked_about, mails, roles, stands_in
from tests.core.test_in_words import NAMES, case_with, told
from tests.core.world import (
    NOW,
    ROLES,
    STRANGERS,
    Life,
    answer,
    deal,
    gate,
    line,
    matrix,
    moved,
    policy,
    request,
    row,
)

SIGN = Ruling.SIGN_OFF


# --- capacity ---


def test_a_crowd_is_drawn_once_and_answers_every_week_alike() -> None:
    crowd = [Rival(str(n), 500, {("r", 1): 15 * 2**n}) for n in range(12)]
    odds = Odds(crowd, "seed")
    room = {("r", 1): 15 * 2**11}
    first = odds.of_room(room)
    assert not first.exact
    assert 0.3 < first.value < 0.7
    assert odds.of_room(room) == first
    assert Odds(crowd, "seed").of_room(room) == first


def test_a_crowd_that_surely_takes_it_all_leaves_no_chance() -> None:
    odds = Odds([Rival(str(n), 900, {("r", 1): 15 * 2**n, ("r", 2): 15}) for n in range(12)], "seed")
    assert not odds.of_room({("r", 1): 15 * 2**11}).exact
    none = odds.of_room({("r", 1): 0, ("r", 2): 0})
    assert (none.value, none.exact) == (0.0, False)


def test_where_even_the_end_of_the_plan_is_no_likely_start_none_is_named() -> None:
    weeks = range(HORIZON + 9)
    rivals = [estimate(f"{side}{week}", week, work(30)) for side in "ab" for week in weeks]
    found = ask(at(plan(supply(), busy(0, HORIZON + 9, 20)), *rivals), "x", work(20), None, "s")
    assert found.confirmed is not None
    assert (found.likely, found.exposure) == (None, None)


# --- checks and words ---


def test_a_gate_without_a_checklist_checks_nothing() -> None:
    bare = gate(checklist=None)
    one = deal()
    assert run(CheckCase(policy(bare), bare, one, {}, SALES, NOW.date())) == ()


def test_an_entry_is_shown_with_its_time() -> None:
    entry = Told(NOW, "move-back", {"from": "Contract", "to": "Proposal"}, {})
    assert told_line(entry, NAMES) == {
        "at": "2026-11-24T13:00:00+00:00", "text": "Moved back from Contract to Proposal.",
    }  # fmt: skip


def test_what_was_done_to_a_task_is_told() -> None:
    assert (
        told("decision", {"kind": "closed-undecided"}) == "The task was closed or deleted without an answer."
    )
    assert told("decision", {"kind": "passed-on"}, person="tom", sentence="Not his.") == (
        "The task was given to Tom Baker. Not his."
    )
    assert (
        told("decision", {"kind": "passed-on"})
        == "The task was given to somebody whom the policy does not know."
    )


def test_an_agreed_range_names_amounts_dates_and_its_last_day_and_no_facts() -> None:
    agreed = request(
        valid_until=date(2027, 1, 31),
        envelope=(Bound("discount", high=Decimal(18)), Bound("start_date", low=date(2027, 3, 2)),
                  Bound("number_of_users", high=Decimal(5)), Bound("gone", high=Decimal(5))),
    )  # fmt: skip
    _, ground = case_with(deal(), policy(gate()), Standing())
    assert (
        limits(agreed, ground) == "up to 18 % discount, start date from 2 March 2027, until 31 January 2027"
    )


def test_nobody_to_be_told_is_told_nothing() -> None:
    eyed = row("eyed", Ruling.NOTIFY, ["nobody-there"], discount=">= 8%")
    rules = policy(
        gate(matrices=("m",)), matrices={"m": matrix("m", row("usual", Ruling.SALES, discount="< 8%"), eyed)}
    )
    empty = replace(ROLES["founder"], id="nobody-there", holders=())
    life = Life(
        deal("proposal", 12),
        replace(rules, roles={**ROLES, "nobody-there": empty}),
        history=moved("proposal"),
    )
    assert mails(life.step()) == []


def test_who_was_told_once_is_no_reason_to_read_the_history() -> None:
    eyed = row("eyed", Ruling.NOTIFY, ["founder"], discount=">= 8%")
    rows = matrix("m", row("usual", Ruling.SALES, discount="< 8%"), eyed)
    life = Life(
        deal("proposal", 12), policy(gate(matrices=("m",)), matrices={"m": rows}), history=moved("proposal")
    )
    assert [person for person, _ in mails(life.step())] == ["ruth"]
    life.history = None
    assert life.step() == ()
    assert life.history is None


def test_without_list_prices_a_discount_changes_no_line() -> None:
    unlisted = deal("proposal", 18, line_items=(replace(line(Decimal(18), product=None), list_price=None),))
    _, ground = case_with(unlisted, policy(gate()), Standing())
    assert changed(ground, (("discount", Decimal(5)),)).deal == unlisted


def test_two_fields_that_both_must_go_to_their_last_step() -> None:
    found = levers.policy(
        levers.ALL,
        levers.row("price", SIGN, ["operations"], discount=">= 10%"),
        levers.row("soon", SIGN, ["operations"], start_date="<= 2027-03-15"),
    )
    assert levers.texts(levers.sold(18), found) == [
        "At 9.99 % or less and start date 16 March 2027 or later you need nobody."
    ]


def test_a_question_of_a_role_that_is_gone_is_named_by_its_reason() -> None:
    verdict, ground = case_with(deal("proposal", 18), policy(gate()), Standing())
    assert subject(request("gone", why="18 % discount"), Case(ground, verdict)) == "18 % discount"
    assert subject(request(), Case(ground, verdict)) == "18 % discount"
    assert subject(request(gate="other", why="because"), Case(ground, verdict)) == "because"


def test_what_a_person_is_asked_is_told_by_the_number_of_the_question() -> None:
    life = asked_about()
    assert life.verdict is not None
    case = Case(life.ground, life.verdict)
    title, lines = put_to("anna", 1, case) or ("", [])
    assert title == "Decide by Wed 14:00: Acme, EUR 39,360, 18 % discount (rep's limit 10 %)"
    assert "- 18 % discount (rep's limit 10 %)" in lines
    assert put_to("anna", 2, case) is put_to("jan", 1, case) is None


def test_a_range_of_more_points_than_are_tried_is_smaller_and_all_of_it_clear() -> None:
    many = [box.row(f"s{n}", Ruling.SALES, amount=f"({n}..{n + 1}]") for n in range(45_000, 45_260)]
    rules = box.policy(*box.TEN, *many)
    one = box.priced(45_000)
    low, high = box.bounds(box.judged(one, rules).range)["amount"]
    assert low is not None
    assert high is not None
    for amount in (low, high):
        assert box.clear(one, rules, {"amount": amount})


def test_a_limit_of_the_contracts_value_is_one_of_the_amount_where_there_are_no_lines() -> None:
    fields = {**box.FIELDS, "contract_value": levers.FIELDS["contract_value"]}
    dear = levers.row("dear", SIGN, ["operations"], contract_value="> 50,000")
    rules = box.policy(levers.row("all", Ruling.SALES, contract_value="<= 50,000"), dear, fields=fields)
    one = replace(box.priced(45_000), line_items=())
    assert box.bounds(box.judged(one, rules).range)["amount"][1] == Decimal(50_000)


# --- rates ---


RATED = replace(policy(), rates=Rates(date(2026, 1, 1), {"GBP": Decimal("1.2")}, from_crm=True))
QUOTES = Quotes(
    "USD", {"EUR": Decimal("1.25"), "GBP": Decimal("1.3"), "JPY": Decimal("0.01")}, date(2026, 11, 1)
)


def test_the_accounts_rates_count_for_what_the_policy_does_not_name() -> None:
    found = quoted(RATED, QUOTES).rates
    assert found.worth == {"USD": Decimal("0.8"), "JPY": Decimal("0.008"), "GBP": Decimal("1.2")}
    assert (found.day("USD"), found.day("GBP")) == (date(2026, 11, 1), date(2026, 1, 1))
    assert quoted(quoted(RATED, QUOTES), QUOTES).rates == found
    assert quoted(RATED, None) == RATED
    assert quoted(RATED, Quotes("USD")) == RATED
    assert quoted(policy(), QUOTES) == policy()


def test_a_policy_that_asks_for_the_crms_rates_is_blind_until_they_are_told() -> None:
    assert is_blind(RATED)
    assert not is_blind(quoted(RATED, QUOTES))
    assert not is_blind(policy())


# --- sign-offs ---


def test_a_drift_is_told_of_the_fields_that_the_policy_still_names() -> None:
    seen = {"discount": Decimal(18), "gone": Decimal(1), "region": "EMEA"}
    facts = {"discount": Decimal(19), "gone": Decimal(9), "region": "APAC"}
    assert list(drifts(policy(), seen, facts)) == [Drift.WORSE, Drift.OTHER]


def test_a_range_is_open_to_the_better_side() -> None:
    assert bound("a", Worse.HIGHER, Decimal(5)) == Bound("a", high=Decimal(5))
    assert bound("a", Worse.LOWER, date(2027, 1, 1)) == Bound("a", low=date(2027, 1, 1))
    assert [
        bound("a", Worse.NEITHER, Decimal(5)),
        bound("a", Worse.HIGHER, "x"),
        bound("a", Worse.HIGHER, True),
    ] == [None] * 3
    assert better(Worse.HIGHER, Decimal(5), Decimal(4)) == Decimal(4)
    assert better(Worse.HIGHER, Decimal(5), Decimal(6)) == Decimal(5)


def test_time_on_the_wall_is_the_policys_own_and_nobody_opens_on_a_holiday() -> None:
    year = Calendar("Europe/Amsterdam", holidays=frozenset({date(2026, 12, 25)}))
    assert wall(datetime.fromisoformat("2026-12-01T09:00"), year) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert opening(date(2026, 12, 1), year) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert opening(date(2026, 12, 25), year) is None
    assert opening(date(2026, 12, 26), year) is None
    late = replace(year, quarter_end=QuarterEnd(5, 7, 20, 2, frozenset({5})))
    assert opening(date(2026, 12, 26), late) is None
    assert opening(date(2026, 12, 27), late) is None
    assert opening(date(2027, 3, 27), late) == datetime(2027, 3, 27, 6, tzinfo=UTC)


def test_whoever_the_policy_says_lifts_a_no_and_a_role_that_is_gone_lifts_none() -> None:
    rules = roles(lifted_by=("gone", "sales-manager"))
    no = request(state=SignoffState.REJECTED, decided_by="anna", decided_at=NOW)
    _, ground = case_with(deal("proposal", 18), rules, Standing(signoffs=(no,)))
    assert [seat.authority.role for _, seat in rights("eva", (no,), ground)] == ["sales-manager"]
    assert rights("tom", (no,), ground) == ()
    assert seats_for("anna", request("gone"), ground) == ()


def test_a_stranger_hears_whose_answer_counts() -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="tom", at=life.now))
    assert life.heard[0].sentence.startswith("Your yes for Acme does not count: ")
    assert "stand in" not in life.heard[0].sentence


def test_whoever_stands_in_for_nobody_hears_so_though_others_do() -> None:
    life = asked_about(rules=stands_in())
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="tom", at=life.now))
    assert life.heard[0].hearing.value == "refused"
    assert "you stand in" not in life.heard[0].sentence


def test_an_answer_that_limits_nothing_reaches_as_far_as_it_says() -> None:
    _, ground = case_with(deal("proposal", 18), policy(gate()), Standing())
    operations = ROLES["operations"]
    assert most(Decimal(25), request(), operations, ground) == Decimal(20)
    assert most(Decimal(19), request(), operations, ground) == Decimal(19)
    assert most(Decimal(25), request(lever=None), operations, ground) == Decimal(25)
    assert most(Decimal(25), request(gate="gone"), operations, ground) == Decimal(25)


def test_what_can_be_waived_and_what_a_waiver_covers() -> None:
    found = policy(gate())
    assert rules(found)[:4] == ("discounts", "strangers", "watched", "discounts/small")
    assert set(rules(found)) >= {"strangers/custom", *(f"strangers/{one.id}" for one in STRANGERS.rows)}
    _, ground = case_with(deal("proposal", 18), found, Standing())
    assert as_it_is("discounts/middle", ground) == {"discount": Decimal(18)}
    assert as_it_is("required-data", ground) == {}
    assert bounds({"discount": Decimal(18), "region": "EMEA", "start_date": date(2027, 3, 2)}, found) == (
        Bound("discount", high=Decimal(18)), Bound("start_date", low=date(2027, 3, 2)),
    )  # fmt: skip
