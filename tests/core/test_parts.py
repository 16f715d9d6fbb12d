"""The small pure parts: histories, working hours, the states of a sign-off, fingerprints, the tree."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from connector import explain, gates, plan, texts, touch
from connector.deals import Actor, ActorKind, Change, Deal, OurField, Unreadable
from connector.policy.model import Bound, Calendar, Mode, Ruling, Scope, Worse
from connector.signoffs import ALLOWED, FINAL, moved
from connector.signoffs.drift import Drift, drift, within
from connector.signoffs.hours import due
from connector.standing import SignoffState, Standing
from connector.verdicts import Readiness
from tests.core.world import (
    IMPORT,
    MACHINE,
    NOW,
    context,
    deal,
    gate,
    line,
    matrix,
    person,
    policy,
    request,
    row,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("asked", "hours", "answer"),
    [
        ("2026-11-24T09:00+01:00", 8, "2026-11-24T17:00+01:00"),
        ("2026-11-24T14:00+01:00", 8, "2026-11-25T14:00+01:00"),
        ("2026-11-27T16:00+01:00", 8, "2026-11-30T16:00+01:00"),
        ("2026-11-28T12:00+01:00", 2, "2026-11-30T11:00+01:00"),
        ("2026-11-24T23:30+01:00", 1, "2026-11-25T10:00+01:00"),
        ("2026-11-24T03:00+01:00", 1, "2026-11-24T10:00+01:00"),
        ("2026-03-27T16:00+01:00", 2, "2026-03-30T10:00+02:00"),
        ("2026-10-23T16:00+02:00", 2, "2026-10-26T10:00+01:00"),
        ("2026-11-24T16:59:30+01:00", 1, "2026-11-25T09:59:30+01:00"),
        ("2026-11-24T09:00+01:00", 40, "2026-11-30T17:00+01:00"),
    ],
)
def test_answers_are_due_after_working_hours_in_the_policys_own_zone(
    asked: str, hours: int, answer: str
) -> None:
    calendar = Calendar(zone="Europe/Amsterdam", answer_hours=hours)

    assert due(at(asked), calendar) == at(answer)


def test_a_shift_through_the_night_counts_the_hours_that_pass_when_clocks_change() -> None:
    around_the_clock = Calendar("Europe/Amsterdam", 0, 24, frozenset(range(7)), answer_hours=24)

    assert due(at("2026-03-28T12:00+01:00"), around_the_clock) == at("2026-03-29T13:00+02:00")


def test_a_calendar_without_working_days_still_answers() -> None:
    assert due(NOW, Calendar(days=frozenset(), answer_hours=4)) == NOW + timedelta(hours=4)


def change(field: str, value: str, minutes: int, actor: object = None) -> Change:
    return Change(field, value, NOW - timedelta(minutes=minutes), actor or person())  # type: ignore[arg-type]


def test_a_touch_is_a_persons_and_newer_than_every_quiet_mark() -> None:
    history = (change("amount", "1", 5), change("amount", "2", 50, MACHINE))

    assert touch.touched(history) == NOW - timedelta(minutes=5)
    assert touch.touched(history, (NOW - timedelta(minutes=6), None)) is not None
    assert touch.touched(history, (NOW - timedelta(minutes=5),)) is None
    assert touch.touched((change("x", "1", 1, IMPORT), *history)) is None
    assert touch.touched(history[1:]) is None
    assert touch.touched(()) is None


def test_a_deal_entered_when_it_last_came_into_the_stages() -> None:
    history = (
        change("stage", "won", 1),
        change("amount", "1", 2),
        change("stage", "contract", 3),
        change("stage", "proposal", 4),
        change("stage", "contract", 9),
    )

    assert touch.entered(history, {"contract", "won"}) == NOW - timedelta(minutes=3)
    assert touch.entered(history, {"proposal"}) is None
    assert touch.stages_before(history) == ("contract", "proposal", "contract")


@pytest.mark.parametrize(
    ("minutes_apart", "older", "replaced"),
    [
        (0, "2027-01-31", "2027-01-31"),
        (2, "2027-01-31", "2027-01-31"),
        (3, "2027-01-31", None),
        (1, None, ""),
    ],
)
def test_a_close_date_belongs_to_the_move_within_two_minutes(
    minutes_apart: int, older: str | None, replaced: str | None
) -> None:
    dates = [change("close-date", "2026-11-24", 10 - minutes_apart)]
    if older:
        dates.append(change("close-date", older, 99))
    history = (*dates[:1], change("stage", "contract", 10), *dates[1:])

    found = touch.newest_move(history)

    assert found is not None
    assert (found.stage, found.close_date) == ("contract", replaced)


def test_every_listed_move_of_a_sign_off_works_and_every_other_is_refused() -> None:
    for one in SignoffState:
        for other in SignoffState:
            if other in ALLOWED[one]:
                assert moved(request(state=one), other).state is other
            else:
                with pytest.raises(ValueError, match="never becomes"):
                    moved(request(state=one), other)


def test_final_states_are_never_decided() -> None:
    for one in FINAL:
        assert not {SignoffState.APPROVED, SignoffState.REJECTED, SignoffState.REQUESTED} & ALLOWED[one]


@pytest.mark.parametrize(
    ("worse", "was", "now", "seen"),
    [
        (Worse.HIGHER, Decimal(18), Decimal("18.0"), Drift.SAME),
        (Worse.HIGHER, Decimal(18), Decimal(19), Drift.WORSE),
        (Worse.HIGHER, Decimal(18), Decimal(17), Drift.BETTER),
        (Worse.LOWER, date(2026, 3, 2), date(2026, 3, 1), Drift.WORSE),
        (Worse.NEITHER, Decimal(18), Decimal(17), Drift.OTHER),
        (Worse.HIGHER, Decimal(18), None, Drift.OTHER),
        (Worse.HIGHER, None, Decimal(18), Drift.OTHER),
        (Worse.HIGHER, Decimal(18), Unreadable("down", ours=True), Drift.SAME),
        (Worse.HIGHER, Decimal(18), Unreadable("no number"), Drift.OTHER),
        (Worse.HIGHER, Decimal(18), date(2026, 3, 1), Drift.OTHER),
    ],
)
def test_drift_knows_the_better_direction(worse: Worse, was: object, now: object, seen: Drift) -> None:
    assert drift(worse, was, now) is seen  # type: ignore[arg-type]


def test_a_range_includes_its_ends_and_nothing_unknown() -> None:
    limits = Bound("discount", low=Decimal(1), high=Decimal(18))

    assert within(limits, Decimal(18))
    assert within(limits, Decimal(1))
    assert not within(limits, Decimal("18.01"))
    assert not within(limits, Decimal("0.99"))
    assert not within(limits, None)
    assert not within(limits, Unreadable("no number"))
    assert within(limits, Unreadable("down", ours=True))


def test_times_are_read_as_people_say_them() -> None:
    tuesday = at("2026-11-24T14:00")

    assert texts.moment(at("2026-11-26T14:00"), tuesday) == "Thu 14:00"
    assert texts.moment(at("2026-12-03T09:05"), tuesday) == "Thu 3 Dec 09:05"
    assert texts.moment(at("2026-11-23T09:05"), tuesday) == "Mon 23 Nov 09:05"


def test_every_readiness_has_a_badge() -> None:
    assert set(texts.BADGES) == set(Readiness)


FINGERPRINT = "from tests.core.world import *; print(gates.assess(deal('contract', 18), policy(gate()), context(), NOW).fingerprint)"


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    mine = gates.assess(deal("contract", 18), policy(gate()), context(), NOW).fingerprint

    theirs = subprocess.run([sys.executable, "-c", FINGERPRINT], capture_output=True, text=True, check=True)

    assert theirs.stdout.strip() == mine


def test_the_fingerprint_follows_the_inputs_and_nothing_else() -> None:
    def mark(**changes: object) -> str:
        a_deal = deal("contract", 18, **changes)  # type: ignore[arg-type]
        return gates.assess(a_deal, policy(gate()), context(), NOW).fingerprint

    same = mark()
    assert mark(shown={OurField.READINESS: "x"}) == same
    assert mark(name="Other") == same
    assert mark(values={"amount": Decimal(1)}) == same  # weighs nothing
    assert mark(values={"number_of_users": Decimal("30.0")}) == same
    assert mark(values={"number_of_users": Decimal(31)}) != same
    assert mark(owner="102") != same


def test_the_tree_is_plain_json_and_the_table_names_rule_and_place() -> None:
    verdict = gates.assess(deal("contract", 18), policy(), context(), NOW)

    tree = json.loads(json.dumps(explain.tree(verdict)))

    assert tree["badge"] == "Waiting for sign-off"
    assert tree["gates"][0]["needs"][0]["row"] == "middle"
    assert ("", "sign-off", "18 % discount is over your 10 %", "policy.yaml:middle") in explain.table(verdict)


def test_levers_are_the_smallest_changes_and_each_really_flips_the_verdict() -> None:
    verdict = gates.assess(deal("proposal", 35), policy(gate()), context(), NOW)

    assert [(one.text, one.clears) for one in verdict.levers] == [
        ("At 10 % or less you need nobody.", True),
        ("At 30 % or less the founder decides.", False),
    ]
    at_ten = gates.assess(deal("proposal", 10), policy(gate()), context(), NOW)
    above = gates.assess(deal("proposal", "10.01"), policy(gate()), context(), NOW)
    assert (at_ten.readiness, above.readiness) == (Readiness.READY, Readiness.NEEDS_SIGN_OFF)


def test_where_nothing_clears_the_lever_names_who_would_decide_instead() -> None:
    custom = deal("proposal", 25, line_items=(line(Decimal(25), product=None),))

    verdict = gates.assess(custom, policy(gate()), context(), NOW)

    assert [one.text for one in verdict.levers] == ["At 20 % or less Operations decides."]


def test_an_approval_of_a_discount_says_nothing_about_a_product_that_came_later() -> None:
    yes = request(
        state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW,
        envelope=(Bound("discount", high=Decimal(18)), Bound("not_offered", high=Decimal(0))),
    )  # fmt: skip
    around = context(standing=Standing(signoffs=(yes,)))
    custom = deal("proposal", 18, line_items=(line(Decimal(18), product=None),))

    assert gates.assess(deal("proposal", 18), policy(gate()), around, NOW).readiness is Readiness.READY
    assert gates.assess(custom, policy(gate()), around, NOW).readiness is Readiness.NEEDS_SIGN_OFF


def test_a_founders_answer_to_a_request_for_operations_reaches_as_far_as_the_founder() -> None:
    yes = request(
        state=SignoffState.APPROVED,
        decided_by="ruth",
        decided_at=NOW,
        envelope=(Bound("discount", high=Decimal(28)),),
    )
    around = context(standing=Standing(signoffs=(yes,)))

    assert gates.assess(deal("proposal", 28), policy(gate()), around, NOW).readiness is Readiness.READY


def test_time_alone_ends_an_approval_at_midnight_of_its_last_day() -> None:
    yes = request(
        state=SignoffState.APPROVED, decided_by="anna", decided_at=NOW, valid_until=date(2026, 11, 30),
        envelope=(Bound("discount", high=Decimal(18)),),
    )  # fmt: skip
    around = context(standing=Standing(signoffs=(yes,)))

    verdict = gates.assess(deal("proposal", 18), policy(gate()), around, NOW)

    midnight = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert verdict.valid_until == midnight
    cleared = gates.after(
        around.standing, deal("contract", 18), gates.assess(deal("contract", 18), policy(gate()), around, NOW)
    )
    assert (
        gates.assess(deal("contract", 18), policy(gate()), context(standing=cleared), NOW).valid_until
        == midnight
    )
    assert (
        gates.assess(deal("proposal", 18), policy(gate()), around, midnight).readiness
        is Readiness.NEEDS_SIGN_OFF
    )


def test_a_gate_that_only_observes_is_on_record_and_nowhere_else() -> None:
    verdict = gates.assess(deal("contract", 18), policy(gate(mode=Mode.OBSERVE)), context(), NOW)

    assert verdict.readiness is Readiness.NOT_ASSESSED
    assert verdict.gates[0].readiness is Readiness.NEEDS_SIGN_OFF
    assert verdict.signoffs == ()


def test_a_gate_whose_scope_cannot_be_told_is_not_passed() -> None:
    scoped = policy(gate(scope=Scope((("region", frozenset({"EMEA"})),))))

    def gates_for(region: object) -> tuple[bool, ...]:
        a_deal = deal("proposal", 5, values={"region": region})  # type: ignore[dict-item]
        return tuple(one.clear for one in gates.assess(a_deal, scoped, context(), NOW).gates)

    assert gates_for("emea") == (True,)
    assert gates_for("APAC") == ()
    assert gates_for(None) == (False,)


def test_actors_that_are_no_person_touch_nothing() -> None:
    for kind in set(ActorKind) - {ActorKind.PERSON}:
        assert touch.touched((change("amount", "1", 1, Actor(kind)),)) is None


def test_owner_manager_is_the_owners_manager_and_nobody_without_one() -> None:
    rules = policy(
        gate(matrices=("m",)),
        matrices={"m": matrix("m", row("all", Ruling.SIGN_OFF, ["sales-manager"], discount="> 0%"))},
    )

    by_mia = gates.assess(deal("proposal", 18), rules, context(), NOW)
    by_stranger = gates.assess(deal("proposal", 18, owner="999"), rules, context(), NOW)

    assert [one.asked for one in by_mia.signoffs] == [("eva",)]
    assert by_stranger.signoffs == ()
    assert by_stranger.alarms == ("nobody-can-sign sales-manager",)


def test_a_deleted_deal_withdraws_its_questions_and_a_merged_one_supersedes_its_answers_too() -> None:
    standing = Standing(
        signoffs=(request(), request(cycle=2, state=SignoffState.APPROVED)),
        done={
            "main:7:anna:1": "t1",
            "mail:main:7:anna:1": "m",
            "main:7:anna:2": "t2",
            "close:main:7:anna:2": "t2",
        },
        known=True,
    )

    gone = gates.retire("7", standing, policy(), NOW)
    merged = gates.retire("7", standing, policy(), NOW, merged=True)

    assert [one.state for one in gone.signoffs] == ["withdrawn", "approved"]
    assert [one.state for one in merged.signoffs] == ["superseded", "superseded"]
    assert [(one.key, one.task) for one in plan.closing(gone, standing)] == [("main:7:anna:1", "t1")]


def test_a_deal_that_shows_something_else_keeps_all_that_it_is() -> None:
    full = Deal(
        "7", "Acme", "default", "proposal", "101", "EUR", NOW, {"users": Decimal(3)}, (line("DP-CORE"),),
        {OurField.READINESS: "ready"},
    )  # fmt: skip

    other = full.showing({OurField.REQUEST: "yes"})

    assert None not in [getattr(full, one.name) for one in fields(Deal)]
    assert other == replace(full, shown={OurField.REQUEST: "yes"})
