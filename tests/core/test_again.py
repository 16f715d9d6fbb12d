"""A verdict is made again from what it was made from, and a policy is tried on a deal as it would meet it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from connector import gates
from connector.capacity.board import Board, board
from connector.capacity.memory import listening, remembered
from connector.capacity.records import Claim, Snapshot
from connector.capacity.search import fits
from connector.context import Context
from connector.deals import Deal, LineItem, Pipeline, Stage
from connector.directory import Directory
from connector.inputs import inputs_of
from connector.policy.model import Mode
from connector.standing import ClearedHow, Standing
from connector.verdicts import Readiness
from tests.capacity.world import work
from tests.checks.test_capacity import FULL, TODAY, plan, policy, rival
from tests.core import world

NOW = datetime(2026, 2, 23, 9, tzinfo=UTC)
RULES = policy()
STAGES = Pipeline("default", "default", (Stage("proposal", "Proposal"), Stage("contract", "contract")))
PEOPLE = Directory.join(RULES.people, ())
NOT_KNOWN = "Capacity is not looked at here: there is no plan of that day."


def handed_over(start: date = date(2026, 3, 2)) -> Deal:
    platform = LineItem("l", None, "Data Platform", "DP", Decimal(1), None, None)
    return Deal("1", "Acme", "default", "proposal", values={"start-date": start}, line_items=(platform,))


def around(snapshot: Snapshot | None) -> Context:
    seen = board(snapshot, (rival("1", Claim.HELD),), TODAY)
    return Context("main", {"default": STAGES}, PEOPLE, board=listening(seen))


def test_a_verdict_about_capacity_comes_out_again_when_the_plan_of_that_day_is_gone() -> None:
    then = around(plan(FULL))
    verdict = gates.assess(handed_over(), RULES, then, NOW)
    assert "Data engineers are full in weeks 10-11" in verdict.gates[0].findings[0].rep

    again = gates.again(inputs_of(handed_over(), then, NOW), RULES, PEOPLE)

    assert again == verdict


def test_without_a_plan_it_comes_out_again_too() -> None:
    then = around(None)
    verdict = gates.assess(handed_over(), RULES, then, NOW)
    assert gates.again(inputs_of(handed_over(), then, NOW), RULES, PEOPLE) == verdict


def test_a_question_that_was_not_asked_that_day_has_no_answer() -> None:
    then = around(plan(FULL))
    gates.assess(handed_over(), RULES, then, NOW)
    kept = inputs_of(handed_over(), then, NOW)

    other = gates.again(replace(kept, deal=handed_over(date(2026, 3, 9))), RULES, PEOPLE)
    today = gates.again(kept, RULES, PEOPLE, board(plan(), (), TODAY))

    assert [one.rep for one in other.gates[0].findings] == [NOT_KNOWN]
    assert [one.code for one in today.gates[0].findings] == ["fits"]


def test_what_is_remembered_is_the_answer_to_one_deal() -> None:
    seen = around(plan(FULL))
    gates.assess(handed_over(), RULES, seen, NOW)
    kept = inputs_of(handed_over(), seen, NOW).hours
    assert kept is not None
    (said,) = kept.said
    memory = remembered(kept, "1")

    assert isinstance(memory, Board)
    assert (memory.as_of, memory.today, kept.roles) == (TODAY, TODAY, ("data-engineer", "trainer"))
    assert kept.own == rival("1", Claim.HELD)
    assert fits(memory, "1", said.demand, date(2026, 3, 2)) is False
    assert fits(memory, "1", said.demand, date(2026, 3, 9)) is None
    assert fits(memory, "2", said.demand, date(2026, 3, 2)) is None
    assert inputs_of(replace(handed_over(), id="2"), seen, NOW).hours == replace(kept, own=None, said=())


def test_without_a_plan_or_a_role_in_it_nobody_knows_whether_it_fits() -> None:
    assert fits(board(None, (), TODAY), "1", work(), date(2026, 3, 2)) is None
    assert fits(board(plan(), (), TODAY), "1", work(role="painter"), date(2026, 3, 2)) is None
    assert fits(board(plan(), (), TODAY), "1", work(), date(2026, 3, 2)) is True
    assert fits(board(plan(FULL), (), TODAY), "1", work(40, 1), date(2026, 3, 2)) is False
    assert fits(board(plan(), (), TODAY), "1", work(), date(2026, 2, 20)) is False


def test_a_draft_meets_a_deal_that_nobody_touched_since_and_its_new_gates_are_new_to_it() -> None:
    at_contract, later = world.deal("contract", 18), world.NOW + timedelta(days=2)
    touched = world.context(history=world.moved("proposal", "contract"), live_since={})
    kept = inputs_of(at_contract, touched, world.NOW)
    asked = Standing(signoffs=(world.request(),), known=True)
    live = world.policy(world.gate())
    draft = world.policy(world.gate(), world.gate("quiet", "proposal", mode=Mode.OBSERVE, move_back=False))

    met = gates.under(replace(kept, live_since={}), asked, draft, world.DIRECTORY, later)
    known = gates.under(replace(kept, live_since=world.LIVE), asked, live, world.DIRECTORY, later)

    assert [(one.gate, one.why_clear) for one in met.gates] == [
        ("quiet", None),
        ("contract", ClearedHow.BEFORE_THE_GATE),
    ]
    assert met.readiness is Readiness.READY
    assert known.readiness is Readiness.NEEDS_SIGN_OFF
    assert (known.at, known.levers) == (later, ())
