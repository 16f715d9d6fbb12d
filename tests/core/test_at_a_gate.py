"""At one gate: what another gate's record changes nothing of, going back, switching on, a deal without owner."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from connector.directory import Directory
from connector.effects import AddNote, CreateTask
from connector.policy.model import Mode, Ruling, Switch, TellRep
from connector.standing import Clearance, ClearedHow, SignoffState, Standing
from tests.core import test_levers as levers
from tests.core.test_asking import asked_about, mails, roles, state, who
from tests.core.test_in_words import case_with
from tests.core.world import (
    CONTRACT,
    NOW,
    PEOPLE,
    USERS,
    WON,
    Life,
    answer,
    deal,
    decisions,
    gate,
    moved,
    moves,
    policy,
    request,
)


def test_whoever_takes_the_deal_away_from_the_gate_takes_the_question_back() -> None:
    life = asked_about()
    life.move("discovery")
    life.step()
    assert (state(life), who(life)) == ("withdrawn", [])


def test_a_rep_who_moves_to_where_nobody_is_asked_yet_and_on_again_is_asked_anew() -> None:
    life = asked_about()
    life.move("discovery")
    life.step()
    life.move("proposal")
    life.step()
    assert [one.cycle for one in life.standing.signoffs if one.waits] == [2]


def test_a_deal_that_we_moved_back_still_waits_for_its_answer() -> None:
    life = Life(deal("contract", 18), policy(gate()), history=moved("discovery", "contract"))
    assert [one.to_stage for one in moves(life.step())] == ["discovery"]
    life.step()
    assert who(life) == [("anna",)]


PLANNED = gate(mode=Mode.OBSERVE, move_back=False, switches=(Switch(Mode.BLOCK, date(2026, 11, 2)),))


@pytest.mark.parametrize(
    ("entered", "how"),
    [
        (date(2026, 10, 30), ClearedHow.BEFORE_THE_GATE),
        (date(2026, 11, 1), ClearedHow.BEFORE_THE_GATE),
        (date(2026, 11, 2), None),
        (date(2026, 11, 20), None),
    ],
)
def test_a_deal_that_passed_while_the_gate_only_looked_on_is_from_before_it(
    entered: date, how: ClearedHow | None
) -> None:
    came = NOW.replace(month=entered.month, day=entered.day)
    old = deal("contract", 35, created_at=NOW - timedelta(days=90))
    life = Life(old, policy(PLANNED), history=moved("proposal", "contract", at=came))
    life.step()
    assert life.verdict is not None
    cleared = life.verdict.clearances.get("contract")
    assert (cleared.how if cleared else None) is how


def test_a_planned_switch_that_is_still_to_come_changes_nothing_before_its_day() -> None:
    later = replace(PLANNED, mode=Mode.BLOCK, switches=(Switch(Mode.FLAG, NOW.date() + timedelta(days=9)),))
    old = deal("contract", 35, created_at=NOW - timedelta(days=90))
    life = Life(old, policy(later), history=moved("proposal", "contract", at=NOW - timedelta(days=60)))
    life.step()
    assert life.verdict is not None
    assert life.verdict.gates[0].owed


def test_a_no_at_a_later_gate_opens_no_earlier_one_again() -> None:
    passed = Clearance("contract", ClearedHow.PASSED, NOW - timedelta(days=9), "v1")
    no = request("founder", gate="won", state=SignoffState.REJECTED, decided_by="ruth", decided_at=NOW)
    standing = Standing(signoffs=(no,), clearances={"contract": passed}, known=True)
    verdict, _ = case_with(deal("contract", 5), policy(CONTRACT, WON), standing)
    assert verdict.clearances["contract"] == passed
    own = replace(no, gate="contract")
    again, _ = case_with(deal("contract", 5), policy(CONTRACT, WON), replace(standing, signoffs=(own,)))
    assert again.clearances["contract"].at == NOW  # was judged anew


def test_two_fields_at_their_best_that_still_need_somebody_are_no_way_out() -> None:
    rules = levers.policy(
        levers.ALL,
        levers.row("price", Ruling.SIGN_OFF, ["operations"], discount="> 10%"),
        levers.row("soon", Ruling.SIGN_OFF, ["operations"], start_date="< 2027-03-16"),
        levers.row("here", Ruling.SIGN_OFF, ["operations"], region="EMEA"),
    )
    assert levers.texts(levers.sold(18), rules) == []
    assert len(levers.texts(levers.sold(18, region="APAC"), rules)) == 1


def test_a_field_that_is_empty_is_no_way_out() -> None:
    rules = levers.policy(
        levers.ALL,
        levers.row("never", Ruling.FORBIDDEN, discount="> 30%"),
        levers.row("short", Ruling.SIGN_OFF, ["operations"], term="< 24"),
    )
    assert levers.texts(levers.sold(40, term=Decimal(36)), rules) == ["At 30 % or less you need nobody."]
    assert levers.texts(levers.sold(40, term=None), rules) == []


@pytest.mark.parametrize("tell", list(TellRep))
def test_a_deal_without_an_owner_is_told_by_a_note_on_it(tell: TellRep) -> None:
    life = asked_about(rules=policy(gate(), tell_rep=tell))
    life.deal = replace(life.deal, owner=None)
    life.now += timedelta(minutes=5)
    effects = life.step(answer("question", at=life.now, note="Who migrates?"))
    (note,) = [one for one in effects if isinstance(one, AddNote)]
    assert note.body.startswith("Acme: ")
    assert "Who migrates?" in note.body
    assert not any(isinstance(one, CreateTask) for one in effects)


def test_whoever_was_asked_and_is_no_user_of_the_crm_any_more_gets_no_task() -> None:
    life = asked_about(rules=roles(holders=("anna",)))
    life.context = {"directory": Directory.join(PEOPLE, [one for one in USERS if one.owner != "120"])}
    life.standing = replace(life.standing, done={})  # what was sent is not on record
    effects = life.step()
    assert who(life) == [("anna",)]
    assert decisions(effects) == []
    assert [to for to, _ in mails(effects)] == ["anna"]


def test_a_deal_without_an_owner_is_sent_back_with_a_note_and_no_notice() -> None:
    ownerless = deal("contract", 18, owner=None)
    effects = Life(ownerless, policy(gate()), history=moved("proposal", "contract")).step()
    assert [one.to_stage for one in moves(effects)] == ["proposal"]
    assert [one.body.splitlines()[0] for one in effects if isinstance(one, AddNote)] != []
    assert [one.owner for one in effects if isinstance(one, CreateTask) if not one.decision] == []


def test_a_deal_below_nothing_is_told_the_way_to_where_it_needs_nobody() -> None:
    short = levers.row("short", Ruling.SIGN_OFF, ["operations"], term="< -2")
    assert levers.texts(levers.sold(term=Decimal(-3)), levers.policy(levers.ALL, short)) == [
        "At contract length -2 or more you need nobody."
    ]
