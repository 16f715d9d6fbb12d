"""The capacity check: what the rep reads, what Operations reads, and what is never said."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.capacity.board import Board, board
from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Snapshot, Supply
from connector.checks.capacity import check
from connector.checks.case import Case
from connector.checks.derived import derive
from connector.deals import Deal, LineItem, Pipeline, Unreadable, Value
from connector.policy.load import load
from connector.policy.model import Capacity, Policy
from connector.verdicts import Finding, Outcome

TODAY = date(2026, 2, 23)  # a Monday, week 9
POLICY = """
policy: Capacity
currency: EUR
fields:
  start-date: {label: start date, hubspot: start_date, type: date, rep-may-change: true, worse: lower}
  win-chance: {hubspot: hs_deal_stage_probability, type: percent}
people:
  anna-bos: {name: Anna Bos, email: anna.bos@example.com}
  jan-smit: {name: Jan Smit, email: jan.smit@example.com}
roles:
  operations: {holders: [anna-bos, jan-smit]}
offering:
  start: start-date
  products:
    - {sku: DP, name: Data Platform, effort: {data-engineer: {hours: 120, weeks: 3}, trainer: {hours: 8, lead-in-weeks: 3}}}
    - {sku: SEAT, name: Seat}
checklists:
  delivery:
    - capacity: {goes-to: operations, win-chance: win-chance}
gates:
  - {id: contract, pipeline: default, stage: contract, mode: block, checklist: delivery}
"""


def policy(old: str = "", new: str = "") -> Policy:
    return load(POLICY.replace(old, new) if old else POLICY, "policy.yaml")


def plan(*work: Commitment, as_of: date = TODAY) -> Snapshot:
    people = (
        Supply("data-engineer", "Sam", date(2026, 1, 1), None, 40 * 60),
        Supply("data-engineer", "Kim", date(2026, 1, 1), None, 40 * 60),
        Supply("trainer", "Lou", date(2026, 1, 1), None, 8 * 60),
    )
    return Snapshot(as_of, people, commitments=work)


FULL = Commitment("data-engineer", date(2026, 3, 2), date(2026, 3, 13), 60 * 60, "77", "Globex")


def found(
    snapshot: Snapshot | None,
    *estimates: Estimate,
    rules: Policy | None = None,
    lines: tuple[LineItem, ...] | None = None,
    start: Value = date(2026, 3, 2),
    today: date = TODAY,
    here: bool = True,
) -> tuple[Finding, ...]:
    rules = rules or policy()
    one = LineItem("l", None, "Data Platform", "DP", Decimal(1), None, None)
    deal = Deal("1", "Acme", "default", "contract", values={"start-date": start}, line_items=lines or (one,))
    spec = rules.checklists["delivery"].checks[0]
    assert isinstance(spec, Capacity)
    facts = derive(deal, rules, today)
    case = Case(
        rules,
        rules.gates[0],
        deal,
        facts,
        Pipeline("default", "default", ()),
        today,
        _board(snapshot, estimates, today) if here else None,
    )
    return check(spec, case)


def _board(snapshot: Snapshot | None, estimates: tuple[Estimate, ...], today: date) -> Board:
    return board(snapshot, estimates, today)


def rival(deal: str, claim: Claim, chance: int = 500) -> Estimate:
    work = Demand.of([Effort("data-engineer", 120 * 60, 0, 3)])
    return Estimate(deal, f"Customer {deal}", claim, date(2026, 3, 2), work, chance)


def test_a_deal_that_fits_passes_and_says_from_when_to_when() -> None:
    (one,) = found(plan())
    assert (one.outcome, one.code) == (Outcome.PASS, "fits")
    assert one.rep == "The people are there: 2 March to 27 March."
    assert one.ops == (
        "Needs 120 h of data engineers and 8 h of trainers. It holds in 100 of 100 cases. Earliest: 2 March to 27"
        " March, whatever else is won. Capacity as of 23 February."
    )


def test_a_deal_that_does_not_fit_says_role_weeks_date_and_whom_to_ask() -> None:
    (one,) = found(plan(FULL))
    assert (one.outcome, one.code, one.role) == (Outcome.SIGN_OFF, "full", "operations")
    assert one.rep == (
        "Data engineers are full in weeks 10-11. From 16 March it fits: set Start date to 16 March, or ask Anna Bos"
        " for an earlier slot."
    )
    assert one.why == "data engineers are full in weeks 10-11"
    assert one.reads == ("start-date", "effort")


def test_operations_reads_hours_and_who_takes_them_the_rep_never_does() -> None:
    (one,) = found(plan(FULL), rival("8", Claim.WON), rival("9", Claim.HELD), rival("10", Claim.OPEN))
    assert "Lacks" in one.ops
    assert (
        one.others
        == "Pushed by Globex (planned, 120 h), Customer 8 (won, 120 h) and Customer 9 (held, 120 h)."
    )
    assert "as of 23 February" in one.ops
    assert one.whole == f"{one.ops} {one.others}"
    for text in (one.rep, one.why, one.way, one.ops):
        assert "Globex" not in text
        assert "Customer" not in text


def test_without_a_role_that_decides_the_rep_moves_the_start() -> None:
    (one,) = found(plan(FULL), rules=policy("goes-to: operations, ", ""))
    assert (one.outcome, one.missing) == (Outcome.FAIL, ("start-date",))
    assert (
        one.rep
        == "Data engineers are full in weeks 10-11. From 16 March it fits: set Start date to 16 March."
    )


def test_open_deals_count_by_their_chance_and_not_as_certain() -> None:
    (one,) = found(plan(), rival("8", Claim.OPEN), rival("9", Claim.OPEN))
    assert one.outcome is Outcome.PASS
    assert "It holds in 75 of 100 cases." in one.ops
    assert "confirmed and forecast 2 March to 27 March; " in one.ops
    assert "80 % sure and if all open deals are won 23 March" in one.ops


def test_what_never_fits_is_said_with_the_end_of_the_plan() -> None:
    (one,) = found(plan(replace(FULL, last=date(2030, 1, 1))))
    assert one.rep == (
        "Data engineers are full in weeks 10-12. It does not fit before the plan ends on 20 February 2028, or ask Anna"
        " Bos for an earlier slot."
    )


def test_a_role_without_any_hours_then_is_not_called_full() -> None:
    away = plan()
    some = replace(away, supply=(*away.supply[:2], replace(away.supply[2], last=date(2026, 3, 1))))
    (one,) = found(some)
    assert one.why == "there are no hours of trainers in week 13"


@pytest.mark.parametrize(
    ("start", "outcome", "code", "said"),
    [
        (None, Outcome.UNKNOWN, "start-missing", "Start date is missing. From 23 February it fits: set Start date to 23 February."),
        (date(2026, 2, 20), Outcome.FAIL, "start-over", "Start date 20 February is over. From 23 February it fits: set Start date to 23 February."),
        (Unreadable('"soon" is not a date'), Outcome.UNKNOWN, "start-missing", 'Start date cannot be used: "soon" is not a date. From 23 February it fits: set Start date to 23 February.'),
    ],
)  # fmt: skip
def test_without_a_start_the_rep_is_told_the_earliest_one(
    start: Value, outcome: Outcome, code: str, said: str
) -> None:
    (one,) = found(plan(), start=start)
    assert (one.outcome, one.code, one.rep, one.missing) == (outcome, code, said, ("start-date",))


def test_an_empty_start_may_be_taken_as_so_many_days_from_now() -> None:
    (one,) = found(plan(), start=None, rules=policy("goes-to: operations, ", "fallback-days: 14, "))
    assert one.rep == "The people are there: 9 March to 3 April."


@pytest.mark.parametrize(
    ("snapshot", "code", "ops"),
    [
        (None, "plan-missing", "No capacity plan is imported."),
        (plan(as_of=TODAY - timedelta(days=8)), "plan-stale", "The capacity plan is of 15 February, older than 7 days."),
        (Snapshot(TODAY, plan().supply[:2]), "role-missing", "The capacity plan has no supply of trainers."),
    ],
)  # fmt: skip
def test_when_our_own_plan_fails_it_is_unknown_and_nobodys_fault(
    snapshot: Snapshot | None, code: str, ops: str
) -> None:
    (one,) = found(snapshot)
    assert (one.outcome, one.code, one.ops, one.ours) == (Outcome.UNKNOWN, code, ops, True)
    assert one.rep == "Capacity cannot be told at the moment. There is nothing for you to do."


def test_a_source_that_is_down_is_nobodys_fault() -> None:
    (one,) = found(plan(), start=Unreadable("the field vanished", ours=True))
    assert (one.outcome, one.code, one.ours) == (Outcome.UNKNOWN, "source-down", True)


def test_where_no_plan_of_the_day_is_known_it_is_left_out_and_never_passed() -> None:
    (one,) = found(None, here=False)
    assert (one.outcome, one.code) == (Outcome.NOT_APPLICABLE, "not-looked-at")


def test_products_that_take_nobody_need_no_plan() -> None:
    seat = LineItem("l", None, "Seat", "SEAT", Decimal(10), None, None)
    (one,) = found(None, lines=(seat,))
    assert one.outcome is Outcome.NOT_APPLICABLE


def test_a_product_that_is_not_offered_takes_an_unknown_effort_and_unknown_is_never_pass() -> None:
    lines = (
        LineItem("l", None, "Data Platform", "DP", Decimal(1), None, None),
        LineItem("m", None, "Custom connector", None, Decimal(1), None, None),
    )
    odd, rest = found(plan(), lines=lines)
    assert (odd.outcome, odd.role) == (Outcome.SIGN_OFF, "operations")
    assert odd.rep == "How much work Custom connector takes is not in the offering."
    assert rest.outcome is Outcome.PASS
    (odd, _) = found(plan(), lines=lines, rules=policy("goes-to: operations, ", ""))
    assert odd.outcome is Outcome.UNKNOWN


def test_a_start_that_the_rep_may_not_change_is_only_named() -> None:
    (one,) = found(plan(FULL), rules=policy("rep-may-change: true, ", ""))
    assert "From 16 March it fits, or ask Anna Bos for an earlier slot." in one.rep
