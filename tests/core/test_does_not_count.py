"""Why an answer does not count: one case for each reason that there is, with the sentence that is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector import signoffs
from connector.policy.model import Delegation, Policy, Role
from connector.signoffs import Hearing
from connector.standing import Answer, Authority, Right, Signoff, SignoffState, Standing, Vote
from tests.core.world import NOW, ROLES, answer, context, deal, gate, policy, request

SOURCES = ("obstacles.py", "talk.py", "answers.py")
ROOM = Path(signoffs.__file__).parent
DAYS = (date(2026, 11, 1), date(2026, 12, 31))
BEFORE = NOW - timedelta(minutes=30)


def by(person: str, holder: str | None = None, right: Right = Right.HOLDER) -> dict[str, Any]:
    return {
        "decided_by": person,
        "decided_at": BEFORE,
        "authority": Authority("operations", holder or person, right),
    }


def rules(*given: Delegation, **operations: Any) -> Policy:
    roles = {
        **ROLES,
        "operations": replace(ROLES["operations"], **operations),
        "legal": Role("legal", "Legal", ("anna", "jan"), "legal", 1, "Legal"),
    }
    return policy(gate(), roles=roles, delegations=given)


def stands_in(giver: str, to: str, **more: Any) -> Delegation:
    return Delegation(giver, to, *DAYS, **more)


@dataclass(frozen=True)
class Case:
    said: Answer
    sentence: str
    asked: tuple[Signoff, ...] = (request(),)
    policy: Policy = field(default_factory=rules)


NO = answer("no", "jan", note="Too much.")
CASES: Mapping[str, Case] = {
    "no_actor": Case(answer("yes", None), "nobody can prove who made it"),
    "nothing_asked": Case(answer("yes"), "nothing is waiting for a decision on this deal.", ()),
    "question_is_gone": Case(
        answer("yes"), "the question was withdrawn.", (request(state=SignoffState.WITHDRAWN),)
    ),
    "too_late_to_stop": Case(
        answer("no", note="Stop."), "time in which you could have stopped this deal is over",
        (request(stops=4, due_at=NOW - timedelta(hours=1)),),
    ),
    "not_your_turn": Case(
        answer("yes"), "it is the turn of the founder first, and you are asked then.",
        (
            request(state=SignoffState.WAITING, group=("row",)),
            request("founder", group=("row",), asked=("ruth",)),
        ),
    ),
    "own_deal": Case(answer("yes", "mia"), "you own this deal. Asked instead: Anna Bos"),
    "own_request": Case(
        answer("yes", "jan"), "you asked for this decision. Asked instead: Anna Bos", (request(requested_by="jan"),)
    ),
    "stands_in": Case(
        answer("yes", "jan"), "you stand in for whoever owns this deal or asked. Asked instead: Anna Bos",
        policy=rules(stands_in("mia", "jan")),
    ),
    "not_a_holder": Case(answer("yes", "tom"), "it takes Operations. Asked instead: Anna Bos"),
    "delegation_does_not_cover": Case(
        answer("yes", "eva"), "you stand in for Anna Bos from 1 November 2026 to 31 December 2026, within limits",
        policy=rules(stands_in("anna", "eva", up_to=Decimal(100), currency="EUR")),
    ),
    "already_decided": Case(
        NO, "Anna Bos has said yes already, and decides at your level.",
        (request(state=SignoffState.APPROVED, **by("anna")),),
    ),
    "may_not_lift": Case(
        answer("yes", "jan"), "Anna Bos has said no, and only the founder may lift that.",
        (request(state=SignoffState.REJECTED, **by("anna")),), rules(lifted_by=("founder",)),
    ),
    "signed_in_that_name": Case(
        answer("yes", "eva"), "it takes several people, and Anna Bos or whoever stands in has signed already.",
        (request(needs=2, votes=(Vote("anna", BEFORE, Authority("operations", "anna", Right.HOLDER)),)),),
        rules(stands_in("anna", "eva"), needs=2),
    ),
    "signed_for_another": Case(
        replace(answer("yes"), task="main:7:anna:2"),
        "you have signed for another function, and Legal must be somebody else. Asked instead: Anna Bos",
        (
            request(state=SignoffState.APPROVED, group=("row",), **by("anna")),
            request("legal", cycle=2, group=("row",)),
        ),
    ),
    "day_is_over": Case(
        replace(answer("yes"), until=NOW.date() - timedelta(days=1)), "the day until which it should hold was over."
    ),
    "no_limit": Case(answer("yes-up-to"), "it says up to a limit, but names none."),
    "nothing_to_limit": Case(
        answer("yes-up-to", limit=15), "there is no single value here that a limit could be set on.",
        (request(lever=None),),
    ),
    "no_reason": Case(answer("no"), "it does not say why, and the rep has to read that."),
    "no_question": Case(answer("question"), "it asks the rep, but not what."),
    "pause_used_up": Case(
        answer("wait-for-customer"), "the 40 working hours that the customer may have are used up.",
        (request(paused=40 * 60),),
    ),
    "condition_without_day": Case(
        answer("yes", note="condition: they pay"), 'the condition "they pay" names no day to come.'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_whoever_is_not_heard_reads_why(name: str) -> None:
    case = CASES[name]
    around = context(standing=Standing(signoffs=case.asked))
    counted = signoffs.count([case.said], around.standing, deal("proposal", 18), case.policy, around, NOW)
    (heard,) = counted.heard
    assert heard.hearing is Hearing.REFUSED
    assert case.sentence in heard.sentence
    assert counted.standing.signoffs == case.asked


def test_there_is_a_case_for_each_reason() -> None:
    called = {
        name
        for source in SOURCES
        for name in re.findall(r"texts\.(\w+)\(", (ROOM / source).read_text(encoding="utf-8"))
    }
    assert called - {"does_not_count", "cannot_be_passed_on"} == set(CASES)
