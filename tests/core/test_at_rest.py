"""What was settled stays settled: nothing is asked, cleared or closed anew because somebody looked again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from connector.deals import OurField, Unreadable
from connector.policy.model import Checklist, Ruling, Waiting, Waivers
from connector.standing import CLOCK, ENGINE, ClearedHow, SignoffState, Standing, Waiver
from connector.verdicts import Readiness
from tests.core.world import ROLES, Life, answer, deal, gate, matrix, moved, policy, required, row


def pilot(name: str, rule: str) -> Waiver:
    since = datetime(2026, 11, 24, tzinfo=UTC)
    return Waiver(name, rule, date(2026, 12, 31), "pilot", "ruth", since, "operations")


def test_a_rep_who_goes_back_and_asks_all_the_same_keeps_the_question_that_is_out() -> None:
    won = gate("won", "closedwon", checklist=None)
    acme = Life(deal("contract", 18), policy(won), history=moved("proposal", "contract"))
    acme.step()
    asked = acme.standing.signoffs
    assert [one.asked for one in asked] == [("anna",)]
    acme.move("discovery")
    acme.deal = replace(acme.deal, shown={**acme.deal.shown, OurField.REQUEST: "yes"})

    acme.step()

    assert acme.standing.signoffs == asked


def test_a_gate_cleared_after_a_condition_was_missed_keeps_its_day_and_its_promise() -> None:
    acme = Life(deal("proposal", 18), policy(gate()), history=moved("discovery", "proposal"))
    acme.step()
    acme.step(answer("yes", at=acme.now, note="Condition: customer delivers data by 27 November"))
    acme.now = datetime(2026, 12, 7, 12, tzinfo=UTC)
    acme.price(5)
    acme.move("contract")
    acme.step()
    cleared = acme.standing.clearances["contract"]
    assert (cleared.how, cleared.at) == (ClearedHow.PASSED, acme.now)
    acme.now += timedelta(days=3)

    acme.step()

    assert acme.standing.clearances["contract"] == cleared
    assert acme.show(OurField.READINESS) == Readiness.READY


def test_an_exception_that_a_gate_was_passed_by_is_not_closed_while_something_else_is_asked() -> None:
    excused = pilot("w1", "required-data/delivery_address")
    grant = Waivers({"any": ("operations",)}, ("pilot",))
    acme = Life(deal("proposal", 5), policy(gate(move_back=False), waivers=grant))
    acme.standing = Standing(waivers=(excused,))
    acme.history = moved("discovery", "proposal")
    acme.fill(delivery_address=None)
    acme.move("contract")
    acme.step()
    assert acme.standing.clearances["contract"].waived == ("w1",)
    acme.price(15)
    for _ in range(3):
        acme.step()
        acme.now += timedelta(days=1)

    assert acme.standing.waivers == (excused,)
    assert acme.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF


def test_a_gate_passed_by_a_yes_given_at_another_gate_is_owed_again_when_that_yes_runs_out() -> None:
    both = policy(gate(), gate("won", "closedwon", checklist=None))
    acme = Life(deal("proposal", 18), both, history=moved("discovery", "proposal"))
    acme.step()
    acme.step(answer("yes", at=acme.now, note="Condition: customer delivers data by 27 November"))
    acme.move("closedwon")
    acme.step()
    assert acme.standing.clearances["won"].rests_on == ("contract:operations:1",)
    acme.now += timedelta(minutes=1)
    acme.step()
    assert acme.verdict is not None
    assert [one.readiness for one in acme.verdict.gates] == [Readiness.EXCEPTION, Readiness.EXCEPTION]
    acme.now = datetime(2026, 12, 7, 12, tzinfo=UTC)

    acme.step()

    assert [one.owed for one in acme.verdict.gates] == [True, True]


def test_a_yes_that_is_asked_for_anew_at_one_gate_answers_no_other_gate_any_more() -> None:
    both = policy(gate(), gate("won", "closedwon", checklist=None))
    acme = Life(deal("proposal", 18), both, history=moved("discovery", "proposal"))
    acme.step()
    acme.step(answer("yes", at=acme.now))
    assert acme.verdict is not None
    assert [one.readiness for one in acme.verdict.gates] == [Readiness.READY, Readiness.READY]
    acme.fill(delivery_address="unknown, because they move")

    acme.step()

    first = [one.readiness for one in acme.verdict.gates]
    assert first == [Readiness.NEEDS_SIGN_OFF, Readiness.NEEDS_SIGN_OFF]
    acme.step()
    assert [one.readiness for one in acme.verdict.gates] == first


def test_a_gate_passed_by_an_exception_that_is_no_longer_needed_stays_passed_when_that_closes() -> None:
    excused = pilot("w1", "required-data/delivery_address")
    grant = Waivers({"any": ("operations",)}, ("pilot",))
    acme = Life(deal("contract", 5), policy(gate(), waivers=grant), history=moved("proposal", "contract"))
    acme.standing = Standing(waivers=(excused,))
    acme.fill(delivery_address=None)
    acme.step()
    acme.fill(delivery_address="Dam 1")
    acme.step()
    passed = acme.standing.clearances["contract"]
    strict = matrix("discounts", row("any", Ruling.SIGN_OFF, ["operations"], discount=">= 0%"))
    acme.policy = replace(acme.policy, matrices={**acme.policy.matrices, "discounts": strict})
    acme.now += timedelta(days=2)
    acme.step()
    assert [one.ended_by for one in acme.standing.waivers] == [ENGINE]

    acme.step()

    assert acme.standing.clearances["contract"] == passed
    assert acme.show(OurField.READINESS) == Readiness.READY


def test_what_one_of_two_said_with_a_last_day_opens_nothing_that_was_passed_when_that_is_over() -> None:
    two = {**ROLES, "operations": replace(ROLES["operations"], needs=2)}
    rules = policy(gate(move_back=False), roles=two, waiting=Waiting(expire_after=40))
    acme = Life(deal("contract", 5), rules, history=moved("proposal", "contract"))
    acme.step()
    acme.price(15)
    acme.step()
    acme.step(answer("yes", at=acme.now, note="valid until 25 November"))
    assert [len(one.votes) for one in acme.standing.signoffs] == [1]
    for days in (3, 14):  # still asked, then lapsed unanswered
        acme.now += timedelta(days=days)

        acme.step()

        assert acme.standing.clearances["contract"].how is ClearedHow.LAPSED
    assert [one.decided_by for one in acme.standing.signoffs] == [CLOCK]


def test_where_an_exception_excuses_our_own_source_no_question_stays_that_nobody_needs_answered() -> None:
    excused = pilot("w1", "required-data/delivery_address")
    acme = Life(deal("contract", 15), policy(gate(move_back=False)), history=moved("proposal", "contract"))
    acme.step()
    assert [one.state for one in acme.standing.signoffs] == [SignoffState.REQUESTED]
    acme.price(5)
    acme.fill(delivery_address=Unreadable("the field vanished", ours=True))
    acme.standing = replace(acme.standing, waivers=(excused,))

    acme.step()

    assert [one.state for one in acme.standing.signoffs] == [SignoffState.WITHDRAWN]
    assert acme.verdict is not None
    assert acme.verdict.keep is False


def test_a_second_look_at_an_exception_that_covers_more_by_now_is_no_news() -> None:
    acme = Life(deal("contract", 15, values={"region": None}), policy(gate()), history=moved("contract"))
    acme.standing = Standing(waivers=(pilot("w1", "required-data"), pilot("w2", "discounts")))
    acme.step()
    more = Checklist("contract", (required("delivery_address", "region"),))
    acme.policy = replace(acme.policy, checklists={"contract": more})
    acme.fill(delivery_address=None)
    acme.step()
    known = acme.standing.fingerprint

    acme.step()

    assert acme.standing.clearances["contract"].waived == ("w2", "w1")
    assert acme.standing.fingerprint == known


def test_a_passed_gate_is_no_exception_by_a_waiver_that_came_later() -> None:
    acme = Life(deal("contract", 5), policy(gate()), history=moved("proposal", "contract"))
    acme.standing = Standing(waivers=(pilot("w1", "required-data/delivery_address"),))
    acme.fill(delivery_address=None)
    acme.step()
    strict = matrix("discounts", row("any", Ruling.SIGN_OFF, ["operations"], discount=">= 0%"))
    acme.policy = replace(acme.policy, matrices={**acme.policy.matrices, "discounts": strict})
    acme.standing = replace(acme.standing, waivers=(*acme.standing.waivers, pilot("w2", "discounts")))

    acme.step()

    assert acme.verdict is not None
    assert [one.waiver for one in acme.verdict.gates[0].waived] == ["w1"]
    assert acme.standing.waivers[1].unneeded_since == acme.now
