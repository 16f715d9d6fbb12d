"""What people say beside yes and no, and who may say it: each word counts once, or its giver hears why not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connector.directory import Absence
from connector.effects import CreateTask, SendMail
from connector.policy.model import Calendar, Ruling, Waiting
from connector.signoffs.conditions import day
from connector.signoffs.hours import worked
from connector.standing import SignoffState
from tests.core.test_asking import TODAY, asked_about, done_to, roles, several, stands_in, state, who
from tests.core.world import (
    NOW,
    ROLES,
    Life,
    answer,
    gate,
    matrix,
    policy,
    row,
)

AWAY = Absence("anna", TODAY, TODAY + timedelta(days=3))
VAIN = "Your {} for Acme does not count: "


def says(life: Life, kind: str, by: str | None = "anna", **more: object) -> str:
    """Let somebody say it five minutes later; return what he hears."""
    life.now += timedelta(minutes=5)
    life.step(answer(kind, by=by, at=life.now, **more))  # type: ignore[arg-type]
    (heard,) = life.heard
    return heard.sentence or heard.hearing.value


def test_a_question_needs_words_and_a_second_one_takes_its_place() -> None:
    life = asked_about()
    assert says(life, "question", note=" ") == (
        VAIN.format("question")
        + "it asks the rep, but not what. Write your question under Why and choose again."
    )
    assert says(life, "question", note="Who migrates? ") == "counted"
    asked_at = life.standing.signoffs[0].asked_at
    assert says(life, "question", note="And when?") == "counted"
    [open_one] = life.standing.signoffs
    assert (open_one.state, open_one.question, open_one.asked_at) == (
        SignoffState.INFO,
        "And when?",
        asked_at,
    )


def test_after_a_yes_there_is_nothing_left_to_ask_or_to_pause() -> None:
    life = asked_about()
    says(life, "yes")
    assert says(life, "question", note="Why?") == (
        VAIN.format("question") + "nothing is waiting for a decision on this deal."
    )
    assert says(life, "wait-for-customer").endswith("nothing is waiting for a decision on this deal.")
    assert state(life) == "approved"


def test_the_pause_ends_when_the_approver_goes_on_and_counts_what_it_took() -> None:
    life = asked_about()
    due = life.standing.signoffs[0].due_at
    says(life, "wait-for-customer")
    paused_at = life.standing.signoffs[0].paused_at
    says(life, "wait-for-customer")  # a second pause is the first one
    assert life.standing.signoffs[0].paused_at == paused_at == NOW + timedelta(minutes=5)

    says(life, "go-on")

    [going] = life.standing.signoffs
    assert (going.paused_at, going.paused, going.stood) == (None, 10, 10)
    assert going.due_at == due + timedelta(minutes=10)
    says(life, "go-on")
    assert life.standing.signoffs == (going,)


def test_a_question_ends_the_pause() -> None:
    life = asked_about()
    says(life, "wait-for-customer")
    says(life, "question", note="Why?")
    [one] = life.standing.signoffs
    assert (one.state, one.paused_at, one.paused) == (SignoffState.INFO, None, 5)


def test_a_word_of_the_rep_that_changes_nothing_is_no_news() -> None:
    life = asked_about()
    assert says(life, "reply", by="mia", note="So.") == "known"
    assert says(life, "condition-met", by="mia") == "known"
    assert says(life, "withdraw", by="mia", note="not now") == "counted"
    [back] = life.standing.signoffs
    assert (back.state, back.decided_by, back.note) == (SignoffState.WITHDRAWN, "mia", "not now")
    assert says(life, "withdraw", by="mia") == "known"


def test_a_word_of_nobody_changes_nothing_and_one_of_a_user_without_a_name_in_the_policy_does() -> None:
    nobody, stranger = asked_about(), asked_about()
    assert says(nobody, "withdraw", by=None) == (
        "A decision was written on this deal, but nobody can prove who made it. It does not count."
    )
    assert who(nobody) == [("anna",)]
    assert says(stranger, "withdraw", by=None, user="999") == "counted"
    assert stranger.standing.signoffs[0].decided_by == "user:999"


def test_a_question_counted_before_is_not_counted_again() -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    once = answer("yes", at=life.now)
    life.step(once)
    done = life.standing
    life.now += timedelta(minutes=5)
    assert life.step(once) == ()
    assert (life.heard[0].hearing.value, life.standing.signoffs) == ("known", done.signoffs)


def test_of_two_conditions_the_one_that_is_named_is_met() -> None:
    life = asked_about()
    says(life, "yes", note="Condition: data arrives by 2026-12-15\nCondition: room is booked by 15 Jan")
    says(life, "condition-met", by="mia", note="ROOM")
    [yes] = life.standing.signoffs
    assert [(one.due, one.met_by, one.met_at) for one in yes.conditions] == [
        (date(2026, 12, 15), None, None),
        (date(2027, 1, 15), "mia", life.now),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("15 Feb", date(2027, 2, 15)),
        ("24. November", date(2026, 11, 24)),
        ("23 nov", date(2027, 11, 23)),
        ("1 March 2026", date(2026, 3, 1)),
        (" 2026-02-01 ", date(2026, 2, 1)),
        ("31 February", None),
        ("5 Smarch", None),
        ("soon", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, read: date | None) -> None:
    assert day(text, TODAY) == read


# --- who may ---


def test_a_backup_who_was_asked_may_answer_though_the_holder_is_back() -> None:
    life = asked_about(rules=roles(holders=("anna",), backups=("tom",)), absences=(AWAY,))
    assert who(life) == [("tom",)]
    life.context = {}
    life.standing = replace(
        life.standing, signoffs=tuple(replace(one, asked=("tom",)) for one in life.standing.signoffs)
    )

    assert says(life, "yes", by="tom") == "counted"

    [yes] = life.standing.signoffs
    assert yes.authority is not None
    assert (yes.decided_by, yes.authority.right, yes.authority.holder) == ("tom", "backup", "tom")


def test_a_last_resort_who_was_asked_may_answer_though_the_holder_is_back() -> None:
    chief = replace(ROLES["founder"], holders=("ruth",), chain="top", last_resort=True)
    rules = policy(
        gate(),
        roles={**ROLES, "operations": replace(ROLES["operations"], holders=("anna",)), "founder": chief},
    )
    life = asked_about(rules=rules, absences=(AWAY,))
    assert who(life) == [("ruth",)]
    life.context = {}
    open_one = life.standing.signoffs[0]
    assert says(asked_about(rules=rules), "yes", by="ruth").startswith(VAIN.format("yes"))
    life.standing = replace(life.standing, signoffs=(replace(open_one, asked=("ruth",)),))

    assert says(life, "yes", by="ruth") == "counted"
    authority = life.standing.signoffs[0].authority
    assert authority is not None
    assert authority.right == "last-resort"


def test_a_stand_in_whose_limits_do_not_reach_hears_from_when_to_when_he_stands_in() -> None:
    life = asked_about(rules=stands_in(up_to=5, currency="EUR"))
    assert says(life, "yes", by="jan") == (
        "Your yes for Acme does not count: you stand in for Anna Bos from 24 November 2026 to 29 November 2026, within"
        " limits, and this deal is not covered today."
    )


def test_whoever_signed_for_one_function_is_not_the_other_one() -> None:
    rules = several()
    both = {**ROLES, "sales-manager": replace(ROLES["sales-manager"], holders=("eva", "anna"))}
    life = asked_about(rules=replace(rules, roles=both))
    assert says(life, "yes", by="anna") == "counted"
    assert says(life, "yes", by="anna", task="main:7:eva:1") == (
        "Your yes for Acme does not count: you have signed for another function, and the sales manager must be"
        " somebody else. Asked instead: Eva Lang"
    )


def test_a_role_that_the_policy_no_longer_has_can_be_answered_by_nobody_and_is_not_escalated() -> None:
    rules = policy(gate(), waiting=Waiting(escalate_after=1))
    life = asked_about(rules=rules)
    gone = {name: one for name, one in ROLES.items() if name != "operations"}
    large = matrix("discounts", row("any", Ruling.SIGN_OFF, ["founder"], discount="> 10%"))
    life.policy = replace(rules, roles=gone, matrices={**rules.matrices, "discounts": large})
    life.policy = replace(life.policy, gates=(gate(matrices=("discounts",), checklist=None),))

    life.now += timedelta(days=1)
    life.step()

    assert [(one.role, one.state.value) for one in life.standing.signoffs if one.waits] == [
        ("founder", "requested")
    ]


def test_passed_on_to_himself_a_task_stays_where_it_is() -> None:
    life = asked_about()
    assert done_to(life, "passed-on", "main:7:anna:1", "120") == ()
    assert life.heard[0].hearing.value == "known"
    assert who(life) == [("anna",)]


def test_where_nobody_ever_works_no_time_is_worked() -> None:
    assert worked(NOW, NOW + timedelta(days=9), Calendar(days=frozenset())) == 0


def test_a_question_to_the_rep_that_is_taken_back_with_its_request_tells_nobody_of_a_reply() -> None:
    life = asked_about()
    says(life, "question", note="Who migrates?")
    life.now += timedelta(minutes=5)
    effects = life.step(answer("withdraw", by="mia", at=life.now))
    assert state(life) == "withdrawn"
    assert [one for one in effects if isinstance(one, SendMail | CreateTask)] == []
