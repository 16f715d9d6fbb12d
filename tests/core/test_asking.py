"""Being asked: delegates, backups, several signatures, questions, pauses, conditions, reminders, escalation."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connector.deals import Change, OurField
from connector.directory import Absence, CrmUser, Directory
from connector.effects import CloseTask, CreateTask, Effect, SendMail
from connector.policy.model import Calendar, Delegation, Policy, QuarterEnd, Ruling, Waiting
from connector.signoffs.hours import after, due, worked
from connector.standing import Answer, AnswerKind, SignoffState
from connector.verdicts import Readiness
from tests.core.world import (
    MACHINE,
    NOW,
    PEOPLE,
    ROLES,
    USERS,
    Life,
    answer,
    deal,
    decisions,
    gate,
    matrix,
    moved,
    person,
    policy,
    row,
)

TODAY = NOW.date()
AWAY = Absence("anna", TODAY, TODAY + timedelta(days=3))


def asked_about(discount: int = 18, rules: Policy | None = None, **context: object) -> Life:
    """Mia's deal in Proposal, just before Contract, at 18 %."""
    made = Life(deal("proposal", discount), rules or policy(gate()), history=moved("discovery", "proposal"))
    made.context = context
    made.step()
    return made


def roles(**changes: object) -> Policy:
    """The policy with another Operations."""
    return policy(gate(), roles={**ROLES, "operations": replace(ROLES["operations"], **changes)})  # type: ignore[arg-type]


def who(life: Life) -> list[tuple[str, ...]]:
    return [one.asked for one in life.standing.signoffs if one.waits]


def state(life: Life) -> str:
    return life.standing.signoffs[-1].state.value


def mails(effects: Iterable[Effect]) -> list[tuple[str, str]]:
    return [(one.person, one.subject) for one in effects if isinstance(one, SendMail)]


def told(effects: Iterable[Effect]) -> list[str]:
    return [one.title for one in effects if isinstance(one, CreateTask) and not one.decision]


# --- who is asked ---


def stands_in(to: str = "jan", **limits: object) -> Policy:
    found = Delegation("anna", to, TODAY, TODAY + timedelta(days=5), **limits)  # type: ignore[arg-type]
    only = {**ROLES, "operations": replace(ROLES["operations"], holders=("anna",), backups=("ruth",))}
    return policy(gate(), roles=only, delegations=(found,))


def test_the_absent_approver_freezes_nothing_the_next_holder_is_asked() -> None:
    assert who(asked_about()) == [("anna",)]
    assert who(asked_about(absences=(AWAY,))) == [("jan",)]


def test_whoever_stands_in_comes_before_the_next_holder() -> None:
    assert who(asked_about(absences=(replace(AWAY, to="tom"),))) == [("tom",)]


def test_a_delegate_is_asked_when_the_holder_is_away_and_may_answer_when_he_is_not() -> None:
    life = asked_about(rules=stands_in())
    assert who(life) == [("anna",)]
    life.step(answer("yes", by="jan", at=life.now))
    [signed] = life.standing.signoffs
    assert signed.authority is not None
    assert (signed.decided_by, signed.authority.holder, signed.authority.right) == ("jan", "anna", "delegate")
    assert signed.authority.until == TODAY + timedelta(days=5)
    assert who(asked_about(rules=stands_in(), absences=(AWAY,))) == [("jan",)]


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        ({"up_to": 39360, "currency": "EUR"}, "jan"),
        ({"up_to": 39359, "currency": "EUR"}, "ruth"),
        ({"up_to": 99999, "currency": "USD"}, "ruth"),
        ({"pipelines": frozenset({"Sales Pipeline"})}, "jan"),
        ({"pipelines": frozenset({"Renewals"})}, "ruth"),
        ({"roles": frozenset({"operations"})}, "jan"),
        ({"roles": frozenset({"founder"})}, "ruth"),
    ],
)
def test_a_delegation_holds_within_its_limits(limits: dict[str, object], asked: str) -> None:
    assert who(asked_about(rules=stands_in(**limits), absences=(AWAY,))) == [(asked,)]


def test_what_was_delegated_is_not_passed_on_and_a_cycle_ends() -> None:
    rules = stands_in()
    back = Delegation("jan", "anna", TODAY, TODAY + timedelta(days=5))
    on = Delegation("jan", "tom", TODAY, TODAY + timedelta(days=5))
    rules = replace(rules, delegations=(*rules.delegations, back, on))
    both = (AWAY, replace(AWAY, person="jan"))

    assert who(asked_about(rules=rules, absences=both)) == [("ruth",)]


def test_never_to_the_requester_the_owner_or_who_stands_in_for_them() -> None:
    assert who(asked_about(rules=stands_in("mia"), absences=(AWAY,))) == [("ruth",)]
    owners = Delegation("mia", "anna", TODAY, TODAY)
    life = asked_about(rules=replace(policy(gate()), delegations=(owners,)))
    assert who(life) == [("jan",)]
    life.step(answer("yes", by="anna", at=life.now))
    assert life.heard[0].sentence == (
        "Your yes for Acme does not count: you stand in for whoever owns this deal or asked. "
        "Asked instead: Jan Smit"
    )


def test_whoever_asks_by_the_request_field_does_not_sign() -> None:
    life = Life(deal("proposal", 18, shown={OurField.REQUEST: "yes"}), policy(gate()))
    life.history = (Change(OurField.REQUEST, "yes", NOW, person("9120")), *moved("discovery", "proposal"))
    life.step()
    assert who(life) == [("jan",)]
    life.history = moved("discovery", "proposal")

    life.step(answer("yes", by="anna", at=life.now))

    assert life.heard[0].sentence.startswith("Your yes for Acme does not count: you asked for this decision.")


def test_all_away_goes_to_the_backup_then_the_last_resort_and_never_approves_itself() -> None:
    away = (AWAY, replace(AWAY, person="jan"))
    backup = roles(backups=("tom",))
    assert who(asked_about(rules=backup, absences=away)) == [("tom",)]
    last = {**ROLES, "founder": replace(ROLES["founder"], last_resort=True)}
    assert who(asked_about(rules=policy(gate(), roles=last), absences=away)) == [("ruth",)]
    nobody = asked_about(absences=away)
    assert who(nobody) == [("anna",)]
    assert nobody.verdict is not None
    assert nobody.verdict.alarms == ("everybody-away operations",)
    assert nobody.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF


def test_going_away_while_asked_asks_somebody_else_and_the_first_task_is_closed() -> None:
    life = asked_about()
    life.context = {"absences": (AWAY,)}

    effects = life.step()

    assert [one.owner for one in decisions(effects)] == ["121"]
    assert who(life) == [("jan",)]


def queue_asked(users: Iterable[CrmUser], rules: Policy | None = None, **context: object) -> Life:
    """Mia's deal, about which the queue Deal Desk will be asked."""
    queue = CrmUser("900", None, "", "Deal Desk", active=False, is_queue=True)
    rules = rules or roles(holders=("queue:Deal Desk",))
    life = Life(deal("proposal", 18), rules, history=moved("proposal"))
    life.context = {"directory": Directory.join(rules.people, (*users, queue)), **context}
    return life


def test_those_in_a_queue_are_told_by_mail_but_not_who_owns_the_deal_is_away_or_reads_a_digest() -> None:
    users = [replace(one, queues=("Deal Desk",)) for one in USERS]
    people = {**PEOPLE, "eva": replace(PEOPLE["eva"], digest="daily")}
    rules = replace(roles(holders=("queue:Deal Desk",)), people=people, waiting=Waiting(remind_after=2))
    life = queue_asked(users, rules, absences=(AWAY,))
    members = ["tom", "jan", "ruth"]

    effects = life.step()
    assert [person for person, _ in mails(effects)] == members
    assert {one.cycle for one in effects if isinstance(one, SendMail)} == {1}
    assert life.step() == ()

    life.step(answer("question", by="eva", at=life.now, note="Why?"))
    effects = life.step(answer("reply", by="mia", at=life.now + timedelta(minutes=1), note="So."))
    assert [person for person, _ in mails(effects)] == [*members, "eva"]

    life.now = after(NOW, 180, life.policy.calendar)
    assert [person for person, _ in mails(life.step())] == members


def test_where_all_of_a_queue_are_away_all_who_may_answer_are_told() -> None:
    users = [replace(one, queues=("Deal Desk",) if one.owner in {"101", "120"} else ()) for one in USERS]
    assert [person for person, _ in mails(queue_asked(users, absences=(AWAY,)).step())] == ["anna"]


def test_a_queue_owns_the_task_and_whoever_is_in_it_answers() -> None:
    users = [replace(one, queues=("Deal Desk",) if one.owner in {"120", "121"} else ()) for one in USERS]
    life = queue_asked(users)

    effects = life.step()

    assert [(one.key, one.owner) for one in decisions(effects)] == [("main:7:queue:Deal Desk:1", "900")]
    assert [person for person, _ in mails(effects)] == ["anna", "jan"]
    assert life.show(OurField.WAITING_ON) == "Deal Desk (Operations)"
    life.step(answer("yes", by="jan", at=life.now, task="main:7:queue:Deal Desk:1"))
    assert life.show(OurField.READINESS) == Readiness.READY


@pytest.mark.parametrize("who", ["tom", "mia"])
def test_whoever_is_not_in_the_queue_reads_that_it_decides(who: str) -> None:
    users = [replace(one, queues=("Deal Desk",) if one.owner in {"120", "121"} else ()) for one in USERS]
    life = queue_asked(users)
    life.step()

    life.step(answer("yes", by=who, at=life.now))

    assert life.heard[0].sentence.endswith("Asked instead: Deal Desk")


def test_a_team_is_asked_person_by_person() -> None:
    users = [replace(one, teams=("Ops",) if one.owner in {"101", "121"} else ()) for one in USERS]
    rules = roles(holders=("team:Ops",))

    assert who(asked_about(rules=rules, directory=Directory.join(PEOPLE, users))) == [("jan",)]


# --- several signatures ---


def test_two_of_the_holders_must_sign_and_one_of_them_twice_is_one() -> None:
    life = asked_about(rules=roles(needs=2))
    assert who(life) == [("anna", "jan")]
    life.step(answer("yes", by="anna", at=life.now))
    life.now += timedelta(minutes=1)
    life.step(answer("yes", by="anna", at=life.now))
    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF
    assert life.show(OurField.WAITING_ON) == "Jan Smit (Operations)"
    life.now += timedelta(minutes=1)

    life.step(answer("yes-up-to", by="jan", at=life.now, limit=19))

    assert life.show(OurField.READINESS) == Readiness.READY
    [signed] = life.standing.signoffs
    assert [vote.person for vote in signed.votes] == ["anna", "jan"]
    assert [str(one.high) for one in signed.envelope if one.field == "discount"] == ["18"]  # the tighter one


def test_a_delegate_and_his_principal_are_one_signature() -> None:
    rules = roles(needs=2)
    rules = replace(rules, delegations=(Delegation("anna", "tom", TODAY, TODAY),))
    life = asked_about(rules=rules)
    life.step(answer("yes", by="tom", at=life.now))
    life.now += timedelta(minutes=1)

    life.step(answer("yes", by="anna", at=life.now))

    assert life.heard[0].sentence == (
        "Your yes for Acme does not count: it takes several people, and Anna Bos or whoever stands in has "
        "signed already."
    )


def test_where_all_holders_must_sign_one_yes_is_not_enough() -> None:
    life = asked_about(rules=roles(needs=None))
    assert who(life) == [("anna", "jan")]
    assert life.standing.signoffs[0].needs == 2
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="anna", at=life.now))
    assert state(life) == "requested"
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="jan", at=life.now))
    assert state(life) == "approved"


def test_a_role_that_needs_more_people_than_there_are_stays_shut_and_alarms() -> None:
    life = asked_about(rules=roles(needs=3))

    assert who(life) == []
    assert life.verdict is not None
    assert life.verdict.alarms == ("nobody-can-sign operations",)


def several(quorum: int | None = None, *, in_order: bool = False) -> Policy:
    """One row wants Operations and the sales manager's function."""
    both = row("both", Ruling.SIGN_OFF, ["operations", "sales-manager"], discount="> 10%")
    both = replace(both, quorum=quorum, in_order=in_order)
    made = matrix("discounts", row("small", Ruling.SALES, discount="<= 10%"), both)
    return policy(gate(matrices=("discounts",)), matrices={"discounts": made})


def test_all_of_a_row_must_sign_and_are_asked_at_once() -> None:
    life = asked_about(rules=several())
    assert who(life) == [("anna",), ("eva",)]
    life.step(answer("yes", by="anna", at=life.now))
    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF
    life.now += timedelta(minutes=1)
    life.step(answer("yes", by="eva", at=life.now))
    assert life.show(OurField.READINESS) == Readiness.READY


def test_any_of_a_row_is_enough_and_the_other_is_asked_no_more() -> None:
    life = asked_about(rules=several(1))
    life.step(answer("yes", by="eva", at=life.now))

    assert life.show(OurField.READINESS) == Readiness.READY
    assert [one.state.value for one in life.standing.signoffs] == ["withdrawn", "approved"]


def test_told_too_early_nobody_is_the_second_waits_for_its_turn() -> None:
    life = asked_about(rules=several(in_order=True))
    assert who(life) == [("anna",)]
    assert [one.state for one in life.standing.signoffs] == [SignoffState.REQUESTED, SignoffState.WAITING]
    life.now += timedelta(hours=1)

    effects = life.step(answer("yes", by="anna", at=life.now))

    assert [one.owner for one in decisions(effects)] == ["110"]
    assert who(life) == [("eva",)]
    assert life.standing.signoffs[1].requested_at == life.now


@pytest.mark.parametrize("kind", ["yes", "no", "question"])
def test_whoever_answers_before_his_turn_is_told_whom_to_wait_for(kind: str) -> None:
    life = asked_about(rules=several(in_order=True))
    asked = life.standing.signoffs
    life.now += timedelta(hours=1)

    life.step(answer(kind, by="eva", at=life.now, note="Why?"))

    assert life.heard[0].sentence.endswith(
        "does not count: it is the turn of Operations first, and you are asked then."
    )
    assert life.standing.signoffs == asked


def test_of_two_turns_in_one_person_the_one_that_has_come_is_answered_and_another_is_asked_next() -> None:
    both = replace(
        row("both", Ruling.SIGN_OFF, ["sales-manager", "operations"], discount="> 10%"), in_order=True
    )
    more = {**ROLES, "operations": replace(ROLES["operations"], holders=("eva", "anna"))}
    rules = policy(
        gate(matrices=("discounts",)), roles=more, matrices={"discounts": matrix("discounts", both)}
    )
    life = asked_about(rules=rules)
    life.standing = replace(
        life.standing,
        signoffs=tuple(replace(one, asked=("eva",)) for one in life.standing.signoffs),  # both were his
    )
    life.now += timedelta(hours=1)

    life.step(answer("yes", by="eva", at=life.now))

    assert [(one.role, one.state.value, one.asked) for one in life.standing.signoffs] == [
        ("operations", "superseded", ("eva",)),
        ("operations", "requested", ("anna",)),
        ("sales-manager", "approved", ("eva",)),
    ]


def test_two_roles_in_one_person_count_once() -> None:
    rules = several()
    rules = replace(rules, roles={**rules.roles, "sales-manager": replace(ROLES["sales-manager"], holders=("ruth",)),
                                  "operations": replace(ROLES["operations"], holders=("ruth", "anna"))})  # fmt: skip
    life = asked_about(rules=rules)
    assert who(life) == [("anna",), ("ruth",)]  # Ruth alone can be the sales manager
    life.step(answer("yes", by="ruth", at=life.now))
    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF
    alone = replace(rules.roles["operations"], holders=("ruth",))
    nobody = asked_about(rules=replace(rules, roles={**rules.roles, "operations": alone}))
    assert nobody.verdict is not None
    assert len(nobody.verdict.alarms) == 1


# --- answers ---


def test_a_colleague_does_not_overrule_a_yes_and_is_told() -> None:
    life = asked_about()
    life.step(answer("yes", by="anna", at=life.now))
    life.now += timedelta(minutes=1)

    life.step(answer("no", by="jan", at=life.now, note="I would not"))

    assert life.show(OurField.READINESS) == Readiness.READY
    assert life.heard[0].sentence == (
        "Your no for Acme does not count: Anna Bos has said yes already, and decides at your level."
    )


def test_only_the_roles_named_lift_a_no() -> None:
    life = asked_about(rules=roles(lifted_by=("founder",)))
    life.step(answer("no", by="anna", at=life.now, note="Too much work"))
    life.now += timedelta(minutes=1)
    life.step(answer("yes", by="anna", at=life.now))
    assert life.heard[0].sentence == (
        "Your yes for Acme does not count: Anna Bos has said no, and only the founder may lift that."
    )
    assert life.show(OurField.READINESS) == Readiness.BLOCKED
    life.now += timedelta(minutes=1)

    life.step(answer("yes", by="ruth", at=life.now))

    assert life.show(OurField.READINESS) == Readiness.READY


def test_a_condition_is_an_exception_then_a_task_then_amber() -> None:
    life = asked_about()
    note = "Fine.\nCondition: customer delivers data by 15 December"
    life.step(answer("yes", at=life.now, note=note))
    assert life.show(OurField.READINESS) == Readiness.EXCEPTION
    assert "On condition: customer delivers data by 15 December." in life.sentence
    life.now = datetime(2026, 12, 15, 23, tzinfo=UTC)  # midnight in Amsterdam
    assert life.verdict is not None
    assert life.verdict.valid_until == life.now

    effects = life.step()

    assert told(effects) == ["Acme: not done yet: customer delivers data"]
    assert life.show(OurField.READINESS) == Readiness.EXCEPTION
    life.now = datetime(2026, 12, 16, 16, tzinfo=UTC)  # eight working hours later
    life.step()
    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF


def test_a_condition_that_is_met_is_forgotten() -> None:
    life = asked_about()
    life.step(answer("yes", at=life.now, note="Condition: customer delivers data by 2026-12-15"))
    life.now += timedelta(hours=1)

    life.step(replace(answer("condition-met", by="mia", at=life.now), note=""))

    assert life.show(OurField.READINESS) == Readiness.READY


def test_a_condition_without_a_day_does_not_count() -> None:
    life = asked_about()

    life.step(answer("yes", at=life.now, note="condition: they pay first"))

    assert life.show(OurField.READINESS) == Readiness.NEEDS_SIGN_OFF
    assert life.heard[0].sentence.endswith('Write it as "condition: ... by 15 February".')


def test_a_yes_has_a_last_day() -> None:
    life = asked_about()

    life.step(answer("yes", at=life.now, note="Valid until 31 January"))

    assert life.standing.signoffs[0].valid_until == date(2027, 1, 31)
    assert "until 31 January 2027" in life.sentence


# --- the rep's half ---


def test_a_question_is_the_reps_task_with_a_clock_and_the_reply_goes_on() -> None:
    life = asked_about()
    life.now += timedelta(hours=1)

    effects = life.step(answer("question", at=life.now, note="Who does the migration?"))

    assert told(effects) == ["Acme: Anna Bos (Operations) asks you something"]
    assert life.sentence.startswith(
        "Contract: your turn. Anna Bos (Operations) asks: Who does the migration?"
    )
    assert state(life) == "info-requested"
    before = life.standing.signoffs[0].due_at
    life.now += timedelta(hours=2)

    effects = life.step(answer("reply", by="mia", at=life.now, note="We do"))

    assert state(life) == "requested"
    assert life.standing.signoffs[0].due_at == before + timedelta(hours=1, minutes=60)
    assert mails(effects) == [("anna", "Acme: the answer to your question")]
    assert life.step() == ()


def test_taken_back_it_is_not_asked_again_by_itself_but_on_request() -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    life.step(answer("withdraw", by="mia", at=life.now))
    assert state(life) == "withdrawn"
    life.price(19)
    life.step()
    assert who(life) == []
    life.deal = replace(life.deal, shown={**life.deal.shown, OurField.REQUEST: "yes"})

    life.step()

    assert who(life) == [("anna",)]


# --- the task in the CRM ---


def done_to(life: Life, kind: str, task: str, owner: str = "") -> tuple[Effect, ...]:
    """Let somebody do something else to the task than deciding."""
    life.now += timedelta(minutes=5)
    return life.step(Answer(f"{kind}{task}{owner}", "7", AnswerKind(kind), life.now, note=owner, task=task))


def cards(effects: Iterable[Effect]) -> list[tuple[str, str]]:
    return [(one.key, one.owner) for one in decisions(effects)]


def test_closed_without_a_decision_it_is_asked_once_more_and_then_escalated() -> None:
    life = asked_about()

    assert cards(done_to(life, "closed-undecided", "main:7:anna:1")) == [("main:7:anna:1.1", "120")]
    assert cards(done_to(life, "closed-undecided", "main:7:anna:1.1")) == [("main:7:ruth:1.1", "130")]
    assert cards(done_to(life, "closed-undecided", "main:7:anna:1.1")) == []
    life.step(answer("yes", by="anna", at=life.now, task="main:7:anna:1.1"))
    assert life.show(OurField.READINESS) == Readiness.READY


def test_passed_on_to_a_colleague_who_may_sign_he_is_asked() -> None:
    life = asked_about()

    effects = done_to(life, "passed-on", "main:7:anna:1", "121")

    assert cards(effects) == [("main:7:jan:1", "121")]
    assert [one.key for one in effects if isinstance(one, CloseTask)] == ["main:7:anna:1"]
    assert life.show(OurField.WAITING_ON) == "Jan Smit (Operations)"


def test_passed_on_to_somebody_who_may_not_he_reads_why_and_it_is_asked_again() -> None:
    life = asked_about()

    effects = done_to(life, "passed-on", "main:7:anna:1", "101")

    assert cards(effects) == [("main:7:anna:1.1", "120")]
    assert life.heard[0].sentence == (
        "The question about Acme was passed to you, but you cannot answer it: you own this deal. "
        "Asked instead: Anna Bos"
    )
    assert [one.key for one in effects if isinstance(one, CloseTask)] == ["main:7:anna:1"]


def test_a_task_that_nobody_waits_for_any_more_may_be_closed_or_passed_on() -> None:
    life = asked_about()
    life.step(answer("yes", at=life.now))

    assert done_to(life, "closed-undecided", "main:7:anna:1") == ()
    assert done_to(life, "passed-on", "main:7:anna:1", "101") == ()


# --- time ---


TIMED = Waiting(remind_after=4, escalate_after=8, expire_after=16, pause_at_most=10)


def timed(**changes: object) -> Life:
    return asked_about(rules=policy(gate(), waiting=replace(TIMED, **changes)))  # type: ignore[arg-type]


def test_reminded_once_escalated_once_and_lapsed_once() -> None:
    life = timed()
    seen: list[tuple[datetime, str]] = []
    for _ in range(24 * 12):
        life.now += timedelta(hours=1)
        effects = life.step()
        seen += [(life.now, f"mail {name}") for name, _ in mails(effects)]
        seen += [(life.now, title) for title in told(effects)]
    # Asked on Tuesday 14:00 in Amsterdam, working days 9 to 17.
    assert seen == [
        (datetime(2026, 11, 25, 9, tzinfo=UTC), "mail anna"),
        (datetime(2026, 11, 25, 13, tzinfo=UTC), "mail ruth"),
        (datetime(2026, 11, 26, 13, tzinfo=UTC), "Acme: nobody answered in time"),
    ]
    assert state(life) == "expired"


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/New_York", "Decide by Tue 17:00 (New York): "),  # asked at eight there
        ("Europe/Berlin", "Decide by Wed 14:00: "),
    ],
)
def test_an_approver_elsewhere_reads_the_hour_of_his_own_clock(zone: str, due: str) -> None:
    people = {**PEOPLE, "anna": replace(PEOPLE["anna"], zone=zone)}
    effects = Life(
        deal("proposal", 18), policy(gate(), people=people), history=moved("discovery", "proposal"),
        context={"directory": Directory.join(people, USERS)},
    ).step()  # fmt: skip
    [task], [(_, subject)] = decisions(effects), mails(effects)
    assert task.title.startswith(due)
    assert subject == task.title


def test_whoever_is_asked_because_somebody_has_not_answered_reads_so() -> None:
    life = timed()
    life.now = after(NOW, 8 * 60, life.policy.calendar)
    [task] = decisions(life.step())
    assert "Asked first, without an answer yet: Anna Bos (Operations)." in task.body


def test_a_leap_of_the_clock_escalates_and_does_not_remind_as_well() -> None:
    life = timed(expire_after=None)
    life.now += timedelta(days=9)

    assert [name for name, _ in mails(life.step())] == ["ruth"]
    assert life.step() == ()
    assert life.standing.signoffs[0].asked == ("anna", "ruth")


def test_with_nobody_above_the_admin_hears_of_it_once() -> None:
    alone = {"operations": ROLES["operations"]}
    rows = matrix("discounts", row("any", Ruling.SIGN_OFF, ["operations"], discount="> 10%"))
    rules = policy(
        gate(matrices=("discounts",)), roles=alone, waiting=replace(TIMED, expire_after=None),
        matrices={"discounts": rows},
    )  # fmt: skip
    life = asked_about(rules=rules)
    life.now += timedelta(days=3)
    life.step()
    assert life.verdict is not None
    assert life.verdict.alarms == ("nobody-above operations",)
    life.step()
    assert life.verdict.alarms == ()


def test_an_answer_ends_every_timer() -> None:
    life = timed()
    life.now += timedelta(hours=1)
    life.step(answer("yes", at=life.now))
    life.now += timedelta(days=30)

    assert life.step() == ()
    assert life.verdict is not None
    assert life.verdict.valid_until is None


def test_a_clock_that_is_turned_back_repeats_nothing() -> None:
    life = timed(expire_after=None)
    life.now += timedelta(hours=20)
    assert [name for name, _ in mails(life.step())] == ["anna"]
    life.now -= timedelta(hours=3)
    assert life.step() == ()
    life.now += timedelta(hours=3)
    assert life.step() == ()


def test_a_pause_for_the_customer_is_capped_and_cannot_be_reset() -> None:
    life = timed(remind_after=None, escalate_after=None, expire_after=None)
    life.step(answer("wait-for-customer", at=life.now))
    life.now += timedelta(days=5)
    life.step()
    [paused] = life.standing.signoffs
    assert (paused.paused_at, paused.paused) == (None, 600)
    life.price(19)  # a worse deal: asked anew
    life.step()
    assert life.standing.signoffs[-1].cycle == 2

    life.step(answer("wait-for-customer", at=life.now))

    assert life.heard[0].sentence == (
        "Your pause for Acme does not count: the 10 working hours that the customer may have are used up. "
        "Say yes or no."
    )


def test_urgent_deals_are_answered_sooner() -> None:
    rules = policy(gate(), waiting=Waiting(urgent_days=3, urgent_hours=2))
    soon = asked_about(rules=rules)
    assert soon.standing.signoffs[0].due_at == datetime(2026, 11, 25, 13, tzinfo=UTC)
    life = Life(deal("proposal", 18, values={"close-date": TODAY + timedelta(days=3)}), rules)
    life.history = moved("discovery", "proposal")
    life.step()
    assert life.standing.signoffs[0].due_at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    needed = Life(deal("proposal", 18, shown={OurField.NEEDED_BY: "2026-11-26"}), rules)
    needed.history = moved("discovery", "proposal")
    needed.step()
    assert needed.standing.signoffs[0].due_at == datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_an_approver_elsewhere_has_his_own_hours() -> None:
    there = {**PEOPLE, "anna": replace(PEOPLE["anna"], zone="America/New_York")}
    life = asked_about(rules=policy(gate(), people=there))

    assert life.standing.signoffs[0].due_at == datetime(2026, 11, 24, 22, tzinfo=UTC)  # 9:00 to 17:00 there


AMSTERDAM = Calendar("Europe/Amsterdam", holidays=frozenset({date(2026, 12, 25)}))


@pytest.mark.parametrize(
    ("asked", "hours", "due_at"),
    [
        ("2026-12-23T09:00Z", 15, "2026-12-24T16:00Z"),
        ("2026-12-24T15:00Z", 2, "2026-12-28T09:00Z"),  # holiday, then a weekend
        ("2026-03-27T15:00Z", 2, "2026-03-30T08:00Z"),  # the hour that is lost on Sunday is nobody's work
        ("2026-10-23T14:00Z", 2, "2026-10-26T09:00Z"),  # nor the one that is won
        ("2026-11-28T12:00Z", 1, "2026-11-30T09:00Z"),  # asked on a Saturday
        ("2026-11-24T20:00Z", 8, "2026-11-25T16:00Z"),  # asked in the evening
    ],
)
def test_clocks_ignore_weekends_holidays_and_the_change_of_time(asked: str, hours: int, due_at: str) -> None:
    start, end = datetime.fromisoformat(asked), datetime.fromisoformat(due_at)

    assert after(start, hours * 60, AMSTERDAM) == end
    assert worked(start, end, AMSTERDAM) == hours * 60


def test_the_last_days_of_a_quarter_have_their_own_hours() -> None:
    end = QuarterEnd(5, 8, 20, 2, frozenset(range(6)))
    year = replace(AMSTERDAM, quarter_end=end, first_month=2)  # quarters end with January, April, ...

    assert due(datetime(2027, 1, 28, 18, tzinfo=UTC), year) == datetime(2027, 1, 29, 8, tzinfo=UTC)
    assert due(datetime(2027, 1, 26, 9, tzinfo=UTC), year) == datetime(2027, 1, 27, 8, tzinfo=UTC)
    assert due(datetime(2026, 12, 29, 9, tzinfo=UTC), year) == datetime(2026, 12, 30, 9, tzinfo=UTC)


# --- a question that stands open goes on, whoever decides now (ADR 283) ---


def published(life: Life, rules: Policy) -> tuple[Effect, ...]:
    """Publish another policy: touches until then start nothing."""
    life.now += timedelta(minutes=5)
    life.policy, life.context = rules, {**life.context, "quiet_until": life.now}
    life.now += timedelta(minutes=1)
    return life.step()


def renamed() -> Policy:
    """The policy in which the desk decides what Operations did."""
    desk = replace(ROLES["operations"], id="desk", label="the desk", holders=("jan",))
    known = {name: one for name, one in ROLES.items() if name != "operations"}
    large = matrix("m", row("large", Ruling.SIGN_OFF, ["desk"], discount="> 10%"))
    gates = (gate(matrices=("m",), checklist=None),)
    return replace(policy(*gates), roles={**known, "desk": desk}, matrices={"m": large})


def test_a_new_policy_leaves_no_open_question_with_nobody() -> None:
    life = asked_about()
    effects = published(life, renamed())
    assert who(life) == [("jan",)]
    assert [one.owner for one in decisions(effects)] == ["121"]
    assert any(isinstance(one, CloseTask) for one in effects)


def test_whoever_a_new_policy_takes_the_role_from_is_not_waited_for() -> None:
    life = asked_about()
    published(life, roles(holders=("jan",)))
    assert who(life) == [("jan",)]


def test_whoever_left_is_replaced_though_nobody_touched_the_deal_since_the_last_policy() -> None:
    life = asked_about()
    published(life, life.policy)
    assert who(life) == [("anna",)]
    life.context["directory"] = Directory.join(PEOPLE, [one for one in USERS if one.owner != "120"])
    life.step()
    assert who(life) == [("jan",)]


def test_what_a_machine_made_worse_meanwhile_still_troubles_nobody() -> None:
    life = asked_about()
    worse = deal("proposal", 25)
    life.deal = replace(life.deal, line_items=worse.line_items)
    life.history = (Change("amount", "36000", life.now, MACHINE), *(life.history or ()))
    assert decisions(published(life, roles(holders=("jan",)))) == []


def test_a_new_policy_that_asks_another_function_asks_nobody_until_a_person_touches_the_deal() -> None:
    life = asked_about(5)
    manager = matrix("m", row("m", Ruling.SIGN_OFF, ["sales-manager"], discount="> 0%"))
    assert decisions(published(life, policy(gate(matrices=("m",)), matrices={"m": manager}))) == []


# --- a deal that changes hands ---


def test_a_deal_that_is_given_to_whoever_is_asked_about_it_is_asked_of_somebody_else() -> None:
    life = asked_about()
    life.deal = replace(life.deal, owner="120")
    life.history = (Change("owner", "120", life.now, person()), *(life.history or ()))
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="anna", at=life.now))
    assert who(life) == [("jan",)]
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="anna", at=life.now, task="main:7:anna:1"))
    assert "you own this deal. Asked instead: Jan Smit" in life.heard[0].sentence


@pytest.mark.parametrize("passed", [False, True])
def test_whoever_is_given_a_deal_that_he_agreed_to_has_not_agreed_to_his_own(passed: bool) -> None:
    life = asked_about()
    life.now += timedelta(minutes=5)
    life.step(answer("yes", by="anna", at=life.now))
    if passed:
        life.move("contract")
        life.step()
    life.deal = replace(life.deal, owner="120")
    life.now += timedelta(minutes=5)
    life.history = (Change("owner", "120", life.now, person()), *(life.history or ()))
    life.step()
    # what was passed by a right that held that day stays passed; ahead of the gate it is asked of another
    assert (life.show(OurField.READINESS) == Readiness.READY) is passed
    assert who(life) == ([] if passed else [("jan",)])


def test_a_question_about_a_deal_that_we_moved_back_far_goes_on_too() -> None:
    life = Life(deal("contract", 18), policy(gate()), history=moved("discovery", "contract"))
    life.step()
    assert (life.deal.stage, who(life)) == ("discovery", [("anna",)])
    life.now += timedelta(minutes=5)
    life.deal = replace(life.deal, owner="120")
    life.step()
    assert who(life) == [("jan",)]


def test_a_question_about_a_deal_that_people_took_back_does_not_go_on() -> None:
    life = asked_about()
    life.move("discovery")
    life.deal = replace(life.deal, owner="120")
    assert decisions(life.step()) == []
    assert who(life) == []
