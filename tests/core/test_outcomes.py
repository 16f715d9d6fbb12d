"""What a row may say beside who signs: somebody may stop the deal, a fact is confirmed, those above at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connector.deals import OurField
from connector.policy.model import Role, Row, Ruling
from connector.standing import OPEN, SignoffState
from connector.verdicts import Readiness
from connector.versions.answer import Kind, of_gate, words
from tests.core.world import ROLES, Life, answer, deal, decisions, gate, matrix, policy, row, tasks

LEGAL = Role("legal", "Legal", ("jan",), "legal", 1, "Legal")
REPS = Role("reps", "the rep", ("tom", "mia"), "reps", 1)


def life(*rows: Row, stage: str = "proposal", discount: int = 18, **changes: Any) -> Life:
    rules = policy(
        gate(matrices=("m",)),
        roles={**ROLES, "legal": LEGAL, "reps": REPS},
        matrices={"m": matrix("m", *rows)},
        **changes,
    )
    made = Life(deal(stage, discount), rules)
    made.move(stage)
    return made


def stoppable(within: int | None = 4) -> Row:
    usual = row("usual", Ruling.SALES, discount="<= 20%")
    return replace(usual, veto=("legal",), veto_within=within)


def states(one: Life, role: str) -> list[SignoffState]:
    return [each.state for each in one.standing.signoffs if each.role == role]


def test_whoever_may_stop_a_deal_is_told_with_his_time_and_nobody_waits_for_him() -> None:
    one = life(stoppable())
    (task,) = decisions(one.step())
    assert task.title == "You may stop this until Wed 10:01: Acme, EUR 39,360, discount is 18 %"
    assert "Nobody waits for you" in task.body
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.READY
    assert one.sentence == "Ready for Contract. Jan Smit (Legal) may still stop it, until Wed 10:01."


def test_silence_lets_the_deal_pass_at_its_time_and_no_yes_comes_of_it() -> None:
    one = life(stoppable())
    one.step()
    assert one.verdict is not None
    assert one.verdict.valid_until == one.standing.signoffs[0].due_at
    one.now = one.standing.signoffs[0].due_at
    effects = one.step()
    assert states(one, "legal") == [SignoffState.EXPIRED]
    assert one.standing.signoffs[0].authority is None
    assert tasks(effects) == []
    assert one.sentence == "Ready for Contract."
    one.step(answer("no", "jan", one.now))
    assert "time in which you could have stopped this deal is over" in one.heard[0].sentence


def test_a_no_in_time_stops_the_deal_until_only_the_role_named_lifts_it() -> None:
    one = life(stoppable())
    one.policy = replace(
        one.policy, roles={**one.policy.roles, "legal": replace(LEGAL, lifted_by=("founder",))}
    )
    one.step()
    one.now += timedelta(minutes=5)
    one.step(answer("no", "jan", one.now, note="liability is not capped"))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.BLOCKED
    assert one.sentence.startswith("Contract: stopped by Jan Smit (Legal): liability is not capped.")
    stopped = of_gate(one.verdict.gates[0])
    assert (stopped.kind, words(stopped, one.policy)) == (Kind.STOPPED, "Legal said no")
    one.now += timedelta(minutes=5)
    one.step(answer("yes", "jan", one.now))
    assert one.heard[0].sentence.endswith("Jan Smit has said no, and only the founder may lift that.")
    one.now += timedelta(minutes=5)
    one.step(answer("yes", "ruth", one.now))
    assert one.verdict.readiness is Readiness.READY


def test_a_deal_that_has_passed_meanwhile_may_still_be_stopped_in_time() -> None:
    one = life(stoppable())
    one.step()
    one.move("contract")
    one.step()
    assert states(one, "legal") == [SignoffState.REQUESTED]
    assert "contract" in one.standing.clearances
    one.now += timedelta(minutes=5)
    one.step(answer("no", "jan", one.now, note="not this customer"))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.BLOCKED
    assert one.verdict.blocked_stages == ("closedwon",)


def test_a_word_that_lets_it_pass_ends_the_time_and_a_worse_deal_is_told_anew() -> None:
    one = life(stoppable(within=None))
    one.step()
    one.now += timedelta(minutes=1)
    effects = one.step(answer("yes", "jan", one.now))
    assert states(one, "legal") == [SignoffState.APPROVED]
    assert tasks(effects) == []
    one.price(17)
    one.step()
    assert states(one, "legal") == [SignoffState.APPROVED]
    one.price(19)
    one.step()
    assert states(one, "legal") == [SignoffState.SUPERSEDED, SignoffState.REQUESTED]


def test_a_yes_of_whoever_may_stop_a_deal_is_no_signature() -> None:
    asking = replace(row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"), veto=("founder",))
    one = life(asking)
    one.step()
    one.now += timedelta(minutes=1)
    one.step(answer("yes", "ruth", one.now, task="none"))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.NEEDS_SIGN_OFF
    assert {one.role for one in one.standing.signoffs} == {"operations", "founder"}


def test_a_rep_who_takes_his_question_back_takes_nobodys_right_to_stop_the_deal() -> None:
    asking = replace(row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"), veto=("legal",))
    one = life(asking)
    one.step()
    one.now += timedelta(minutes=1)
    one.step(answer("withdraw", by="mia", at=one.now))
    assert states(one, "operations") == [SignoffState.WITHDRAWN]
    assert states(one, "legal") == [SignoffState.REQUESTED]


def test_whoever_signs_anyway_is_not_told_that_he_may_stop_it() -> None:
    one = life(replace(row("more", Ruling.SIGN_OFF, ["legal"], discount="> 10%"), veto=("legal",)))
    one.step()
    assert [each.stops for each in one.standing.signoffs] == [None]


def test_the_admin_hears_of_a_right_to_stop_that_nobody_holds() -> None:
    one = life(replace(row("usual", Ruling.SALES, discount="<= 20%"), veto=("reps",)))
    one.policy = replace(one.policy, roles={**one.policy.roles, "reps": replace(REPS, holders=("mia",))})
    one.step()
    assert one.verdict is not None
    assert (one.verdict.readiness, one.verdict.alarms) == (Readiness.READY, ("nobody-can-stop reps",))


def stated(*roles: str, own: bool = False) -> Row:
    return replace(row("power", Ruling.SIGN_OFF, roles, region="EMEA"), attest="The site has 400 V", own=own)


def test_a_fact_is_confirmed_by_the_role_named_and_never_swallowed_by_a_higher_sign_off() -> None:
    one = life(stated("operations"), row("more", Ruling.SIGN_OFF, ["founder"], discount="> 10%"))
    (task,) = decisions(one.step())
    assert "The site has 400 V" in task.title
    assert {need.fact for need in one.verdict.gates[0].waiting} == {"", "The site has 400 V"}  # type: ignore[union-attr]


def test_a_fact_alone_is_asked_for_as_what_it_is() -> None:
    one = life(stated("operations"), row("any", Ruling.SALES, discount="<= 20%"))
    (task,) = decisions(one.step())
    assert task.title == 'Confirm by Wed 14:01: Acme, EUR 39,360, "The site has 400 V"'
    assert one.sentence.startswith(
        'Contract: waiting for Anna Bos (Operations) until Wed 14:01, because "The site has 400 V" has to'
    )
    one.now += timedelta(minutes=1)
    one.step(answer("yes", "anna", one.now))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.READY


def test_a_yes_to_a_discount_confirms_no_fact_that_comes_later() -> None:
    rows = (stated("operations"), row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"))
    one = life(*rows)
    one.fill(region="APAC")
    one.step()
    one.now += timedelta(minutes=1)
    one.step(answer("yes", "anna", one.now))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.READY
    one.fill(region="EMEA")
    one.step()
    assert one.verdict.readiness is Readiness.NEEDS_SIGN_OFF


def test_the_owner_confirms_a_fact_himself_only_where_the_policy_says_so() -> None:
    rest = row("any", Ruling.SALES, discount="<= 20%")
    strict, trusting = life(stated("reps"), rest), life(stated("reps", own=True), rest)
    for one in (strict, trusting):
        one.step()
    assert [each.asked for each in strict.standing.signoffs] == [("tom",)]
    assert [each.asked for each in trusting.standing.signoffs] == [("mia",)]
    trusting.now += timedelta(minutes=1)
    trusting.step(answer("yes", "mia", trusting.now))
    assert trusting.verdict is not None
    assert trusting.verdict.readiness is Readiness.READY


def test_a_row_that_rises_at_once_asks_those_above_beside_whoever_it_names() -> None:
    one = life(replace(row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"), rises=0))
    one.step()
    assert [each.asked for each in one.standing.signoffs] == [("anna", "ruth")]
    one.now += timedelta(minutes=1)
    one.step(answer("yes", "ruth", one.now))
    assert one.verdict is not None
    assert one.verdict.readiness is Readiness.READY


def test_a_row_rises_after_its_own_hours_whatever_the_policy_says_for_all() -> None:
    one = life(replace(row("more", Ruling.SIGN_OFF, ["operations"], discount="> 10%"), rises=2))
    one.step()
    assert one.verdict is not None
    assert one.verdict.valid_until == one.now + timedelta(hours=2)
    one.now += timedelta(hours=2)
    one.step()
    assert [each.asked for each in one.standing.signoffs] == [("anna", "ruth")]


def test_a_right_to_stop_of_a_role_in_which_two_must_sign_is_told_once() -> None:
    one = life(stoppable())
    one.policy = replace(
        one.policy, roles={**one.policy.roles, "legal": replace(LEGAL, holders=("jan", "eva"), needs=2)}
    )
    assert len(decisions(one.step())) == 1
    one.now += timedelta(minutes=1)

    assert decisions(one.step()) == []


def test_silence_is_not_broken_by_a_request_that_waits_for_something_else() -> None:
    one = life(stoppable())
    one.policy = replace(
        one.policy,
        gates=(gate(matrices=("m",), checklist=None), gate("data", "contract", matrices=())),
    )
    one.fill(delivery_address=None)
    one.deal = replace(one.deal, shown={**one.deal.shown, OurField.REQUEST: "yes"})
    one.step()
    assert states(one, "legal") == [SignoffState.REQUESTED]
    assert one.show(OurField.REQUEST) == "yes"
    one.now = one.standing.signoffs[0].due_at

    one.step()

    assert states(one, "legal") == [SignoffState.EXPIRED]


def test_whoever_could_stop_a_deal_and_now_has_to_sign_it_gets_one_question() -> None:
    free = replace(row("usual", Ruling.SALES, discount="<= 18%"), veto=("legal",))
    one = life(free, row("more", Ruling.SIGN_OFF, ["legal"], discount="> 18%"))
    one.policy = replace(one.policy, gates=(gate(matrices=("m",), move_back=False),))
    one.step()
    one.move("contract")
    one.step()
    one.price(19)

    one.step()

    assert states(one, "legal") == [SignoffState.SUPERSEDED, SignoffState.REQUESTED]


def test_a_right_to_stop_that_is_still_open_is_not_taken_for_the_signature_that_is_needed_now() -> None:
    one = life(replace(row("usual", Ruling.SALES, region="EMEA"), veto=("legal",)))
    more = row("more", Ruling.SIGN_OFF, ["legal"], discount="> 18%")
    prices = matrix("n", row("usual", Ruling.SALES, discount="<= 18%"), more)
    one.policy = replace(
        one.policy, gates=(gate(matrices=("m", "n")),), matrices={**one.policy.matrices, "n": prices}
    )
    one.step()
    one.price(19)

    one.step()

    assert [each.stops for each in one.standing.signoffs if each.state in OPEN] == [None]


def test_the_owner_who_may_state_a_fact_does_not_use_the_right_to_stop_beside_it() -> None:
    one = life(replace(stated("operations", own=True), veto=("reps",)))
    one.step()
    (stop,) = (each for each in one.standing.signoffs if each.stops is not None)
    assert (stop.asked, stop.own) == (("tom",), False)
    one.now += timedelta(minutes=1)
    one.step(answer("yes", "mia", one.now))
    assert "you own this deal" in one.heard[0].sentence
    assert states(one, "reps") == [SignoffState.REQUESTED]
