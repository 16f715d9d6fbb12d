"""Count answers: from what somebody wrote down to a sign-off that is decided, or a reason why it is not.

An answer is never dropped silently: `Heard` says what became of each, in a sentence for the person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from connector import texts
from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, Pipeline, Value
from connector.policy.model import Bound, Policy, Worse
from connector.signoffs.cover import Ground
from connector.signoffs.drift import better, bound
from connector.signoffs.hours import local
from connector.signoffs.people import eligible, owns, upwards
from connector.signoffs.states import FINAL, moved
from connector.standing import Answer, AnswerKind, Signoff, SignoffState, Standing

_STATE = {
    AnswerKind.YES: SignoffState.APPROVED,
    AnswerKind.UP_TO: SignoffState.APPROVED,
    AnswerKind.NO: SignoffState.REJECTED,
}


class Hearing(StrEnum):
    """KNOWN was counted or refused before: nobody is told again."""

    COUNTED = "counted"
    REFUSED = "refused"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one answer. `person` gave it (policy person id), `signoffs` are what it decided,
    `sentence` says to the person why it did not count."""

    answer: Answer
    hearing: Hearing
    person: str | None = None
    signoffs: tuple[Signoff, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The record after the answers, and what became of each of them."""

    standing: Standing
    heard: tuple[Heard, ...] = ()


def count(  # noqa: PLR0917  one question, six things that it depends on
    answers: Iterable[Answer], standing: Standing, deal: Deal, policy: Policy, context: Context, now: datetime
) -> Counted:
    """Fold the answers into the deal's record, oldest first.

    Every decision is dated when it was made, never later than `now`. The new record goes into the context
    that `gates.assess` gets.
    """
    pending = sorted(answers, key=lambda one: (one.at, one.id))
    pipeline = context.pipelines.get(deal.pipeline, Pipeline(deal.pipeline, deal.pipeline, ()))
    facts = derive(deal, policy, local(now, policy.calendar).date()) if pending else {}
    ground = Ground(deal, facts, pipeline, policy, context, now)
    heard: list[Heard] = []
    for answer in pending:
        one = _hear(replace(answer, at=min(answer.at, now)), standing, ground)
        standing = _with(standing, one.signoffs)
        heard.append(replace(one, answer=answer))  # as it was written, whatever the clocks say
    return Counted(standing, tuple(heard))


def task_key(account: str, deal: str, person: str, cycle: int) -> str:
    """Return the key of the one task by which a person is asked about a deal in one cycle."""
    return f"{account}:{deal}:{person}:{cycle}"


def refusal_key(account: str, answer: Answer) -> str:
    """Return the key under which the person is told, once, that the answer does not count."""
    return f"refused:{account}:{answer.deal}:{answer.id}"


def _hear(answer: Answer, standing: Standing, ground: Ground) -> Heard:
    if refusal_key(ground.context.account, answer) in standing.done:
        return Heard(answer, Hearing.KNOWN)
    asked = _asked(answer, standing, ground)
    fresh = [one for one in asked if one.decided_at is None or one.decided_at < answer.at]
    if any(one.decided_at == answer.at for one in asked) or (asked and not fresh):
        return Heard(answer, Hearing.KNOWN)
    person = _person(answer, ground)
    if person is None:
        return _refused(answer, None, texts.no_actor())
    mine = [one for one in fresh if one.state not in FINAL and _may_sign(person, one, ground)]
    reason = _obstacle(answer, person, fresh, mine, ground)
    if reason is not None:
        return _refused(answer, person, texts.does_not_count(answer.kind, ground.deal.name, reason))
    settled = tuple(_decided(one, answer, person, ground) for one in _meant(mine))
    return Heard(answer, Hearing.COUNTED, person, settled)


def _refused(answer: Answer, person: str | None, sentence: str) -> Heard:
    return Heard(answer, Hearing.REFUSED, person, (), sentence)


def _asked(answer: Answer, standing: Standing, ground: Ground) -> list[Signoff]:
    """Return the sign-offs that the answer is about: its task's, or all that were asked for before it."""
    if answer.task is None:
        return [one for one in standing.signoffs if one.requested_at <= answer.at]
    names = {answer.task, *(key for key, task in standing.done.items() if task == answer.task)}
    return [
        one
        for one in standing.signoffs
        for person in one.asked
        if task_key(ground.context.account, ground.deal.id, person, one.cycle) in names
    ]


def _person(answer: Answer, ground: Ground) -> str | None:
    if answer.person is not None:
        return answer.person if answer.person in ground.policy.people else None
    return ground.context.directory.by_user.get(answer.user) if answer.user else None


def _may_sign(person: str, signoff: Signoff, ground: Ground) -> bool:
    role = ground.policy.roles.get(signoff.role)
    if role is None:
        return False
    owner, directory = ground.deal.owner, ground.context.directory
    return any(person in eligible(other, owner, directory) for other in upwards(role, ground.policy))


def _meant(mine: list[Signoff]) -> list[Signoff]:
    """Return the open requests; where there are none, the answers on record that a new one changes."""
    return [one for one in mine if one.state is SignoffState.REQUESTED] or mine


def _obstacle(
    answer: Answer, person: str, fresh: list[Signoff], mine: list[Signoff], ground: Ground
) -> str | None:
    """Return why the answer does not count, None if it does. The first reason found is the one to tell."""
    if not fresh:
        return texts.nothing_asked()
    if all(one.state in FINAL for one in fresh):
        return texts.question_is_gone()
    if owns(person, ground.deal.owner, ground.context.directory):
        return texts.own_deal(_instead(fresh[0], ground))
    if not mine:
        return texts.not_a_holder(_role_label(fresh[0], ground), _instead(fresh[0], ground))
    if answer.kind is AnswerKind.UP_TO:
        return _limit_fault(answer, _meant(mine), ground)
    return None


def _limit_fault(answer: Answer, meant: list[Signoff], ground: Ground) -> str | None:
    if answer.limit is None or not answer.limit.is_finite():
        return texts.no_limit()
    lever = ground.policy.fields.get(meant[0].lever or "")
    same = lever is not None and all(one.lever == lever.name for one in meant)
    fit = same and lever is not None and bound(lever.name, lever.worse, answer.limit) is not None
    return None if fit else texts.nothing_to_limit()


def _decided(signoff: Signoff, answer: Answer, person: str, ground: Ground) -> Signoff:
    """Return the sign-off with its answer: what was seen is the better of the question and the deal now."""
    seen = {
        name: better(_worse(name, ground), was, ground.facts.get(name, was))
        for name, was in signoff.seen.items()
    }
    return replace(
        moved(signoff, _STATE[answer.kind]),
        seen=seen,
        envelope=() if answer.kind is AnswerKind.NO else _envelope(signoff, seen, answer, ground),
        decided_by=person,
        decided_at=answer.at,
        note=answer.note,
    )


def _envelope(
    signoff: Signoff, seen: Mapping[str, Value], answer: Answer, ground: Ground
) -> tuple[Bound, ...]:
    """Return the range: each value as seen and better; for "up to", the lever up to its limit."""
    values = dict(seen)
    if answer.kind is AnswerKind.UP_TO and signoff.lever is not None:
        values[signoff.lever] = answer.limit
    bounds = (bound(name, _worse(name, ground), value) for name, value in values.items())
    return tuple(one for one in bounds if one is not None)


def _worse(name: str, ground: Ground) -> Worse:
    field = ground.policy.fields.get(name)
    return field.worse if field else Worse.NEITHER


def _with(standing: Standing, decided: tuple[Signoff, ...]) -> Standing:
    """Put decided sign-offs in the place of what they were. Identity: gate, role, cycle."""
    if not decided:
        return standing
    new = {(one.gate, one.role, one.cycle): one for one in decided}
    kept = tuple(new.get((one.gate, one.role, one.cycle), one) for one in standing.signoffs)
    return replace(standing, signoffs=kept)


def _instead(signoff: Signoff, ground: Ground) -> str | None:
    role = ground.policy.roles.get(signoff.role)
    able = eligible(role, ground.deal.owner, ground.context.directory) if role else ()
    return ground.policy.people[able[0]].name if able else None


def _role_label(signoff: Signoff, ground: Ground) -> str:
    role = ground.policy.roles.get(signoff.role)
    return role.label if role else signoff.role
