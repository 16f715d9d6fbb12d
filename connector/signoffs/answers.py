"""Count answers: from what somebody wrote down to a sign-off that has moved, or a reason why it has not.

An answer is never dropped silently: `Heard` says what became of each, in a sentence for the person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from connector import texts
from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, Pipeline
from connector.policy.model import Policy
from connector.signoffs import deciding, obstacles, talk, tasks
from connector.signoffs.conditions import Undated
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.obstacles import Given
from connector.standing import FINAL, Answer, AnswerKind, Signoff, Standing

_TICK = timedelta(microseconds=1)
DECIDING = frozenset({AnswerKind.YES, AnswerKind.UP_TO, AnswerKind.NO})


class Hearing(StrEnum):
    """KNOWN was counted or refused before: nobody is told again."""

    COUNTED = "counted"
    REFUSED = "refused"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one answer. `person` gave it (policy person id), `signoffs` are what it moved,
    `sentence` says to the person why it did not count. `again`: he had said the same before."""

    answer: Answer
    hearing: Hearing
    person: str | None = None
    signoffs: tuple[Signoff, ...] = ()
    sentence: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """The record after the answers, and what became of each of them."""

    standing: Standing
    heard: tuple[Heard, ...] = ()


def count(  # noqa: PLR0917  one question, six things that it depends on
    answers: Iterable[Answer], standing: Standing, deal: Deal, policy: Policy, context: Context, now: datetime
) -> Counted:
    """Fold the answers into the deal's record, oldest first.

    Every decision is dated when it was made, never later than `now` unless the one before was. The new record
    goes into the context that `gates.assess` gets.
    """
    pending = sorted(answers, key=lambda one: (one.at, one.id))
    if not pending:
        return Counted(standing)
    pipeline = context.pipelines.get(deal.pipeline, Pipeline(deal.pipeline, deal.pipeline, ()))
    facts = derive(deal, policy, local(now, policy.calendar).date(), standing.signoffs)
    heard: list[Heard] = []
    for answer in pending:
        ground = Ground(deal, facts, pipeline, policy, replace(context, standing=standing), now)
        one = _hear(replace(answer, at=_dated(answer, ground)), ground)
        standing = _with(standing, one.signoffs)
        heard.append(replace(one, answer=answer))  # as it was written, whatever the clocks say
    return Counted(standing, tuple(heard))


def _dated(answer: Answer, ground: Ground) -> datetime:
    """A CRM's clock may be ahead, and its seconds whole: a later decision stays the later one."""
    before = [one.decided_at for one in ground.context.standing.signoffs if one.decided_at is not None]
    before += [vote.at for one in ground.context.standing.signoffs for vote in one.votes]
    return min(answer.at, max([ground.now, *(at + _TICK for at in before)]))


def task_key(account: str, deal: str, person: str, card: str | int) -> str:
    """Return the key of the one task by which a person is asked about a deal in one cycle."""
    return f"{account}:{deal}:{person}:{card}"


def refusal_key(account: str, answer: Answer) -> str:
    """Return the key under which the person is told, once, that the answer does not count."""
    return f"refused:{account}:{answer.deal}:{answer.id}"


def _hear(answer: Answer, ground: Ground) -> Heard:
    standing = ground.context.standing
    if refusal_key(ground.context.account, answer) in standing.done:
        return Heard(answer, Hearing.KNOWN)
    asked = _asked(answer, ground)
    if talk.is_for_the_rep(answer.kind):
        return _from_the_rep(answer, asked, ground)
    if answer.kind in tasks.KINDS:
        return _about_the_task(answer, asked, ground)
    person = _person(answer, ground)
    if _is_known(answer, person, asked):
        return Heard(answer, Hearing.KNOWN)
    if person is None:
        return _refused(answer, None, texts.no_actor())
    fresh = tuple(one for one in asked if not _answered_since(one, person, answer))
    in_time = tuple(one for one in fresh if not obstacles.is_late(one, answer))
    given = Given(answer, person, fresh, obstacles.rights(person, in_time, ground))
    return _decide(given, ground) if answer.kind in DECIDING else _talk(given, ground)


def _decide(given: Given, ground: Ground) -> Heard:
    reason = obstacles.obstacle(given, ground)
    if reason is not None:
        return _in_vain(given, reason, ground)
    meant = obstacles.meant_by(given)
    try:
        settled = tuple(
            deciding.decided(deciding.fresh(one), given.answer, seat, ground) for one, seat in meant
        )
    except Undated as fault:
        return _in_vain(given, obstacles.undated(fault), ground)
    again = all(_said(one) == _said(was) for one, (was, _) in zip(settled, meant, strict=True))
    return Heard(given.answer, Hearing.COUNTED, given.person, settled, again=again)


def _said(signoff: Signoff) -> tuple[object, ...]:
    """Return what was answered, without when."""
    covered = (signoff.envelope, signoff.conditions, signoff.valid_until)
    return (signoff.state, signoff.decided_by, signoff.note, *covered)


def _talk(given: Given, ground: Ground) -> Heard:
    """A word of the approver that decides nothing yet."""
    reason = obstacles.obstacle(given, ground) or talk.obstacle(given, ground)
    if reason is not None:
        return _in_vain(given, reason, ground)
    return Heard(given.answer, Hearing.COUNTED, given.person, talk.moves(given, ground))


def _from_the_rep(answer: Answer, asked: tuple[Signoff, ...], ground: Ground) -> Heard:
    """A word of whoever sells: the answer to a question, or that the questions are taken back."""
    who = _person(answer, ground) or (f"user:{answer.user}" if answer.user else None)
    if who is None:
        return _refused(answer, None, texts.no_actor())
    changed = talk.rep_moves(answer, who, asked, ground)
    if not changed:
        return Heard(answer, Hearing.KNOWN)
    return Heard(answer, Hearing.COUNTED, who, changed)


def _about_the_task(answer: Answer, asked: tuple[Signoff, ...], ground: Ground) -> Heard:
    """What was done to a task that should have carried a decision."""
    done = tasks.done_to(answer, asked, ground)
    if done is None:
        return Heard(answer, Hearing.KNOWN)
    if done.reason is not None:
        sentence = texts.cannot_be_passed_on(ground.deal.name, done.reason)
        return Heard(answer, Hearing.REFUSED, done.person, done.signoffs, sentence)
    return Heard(answer, Hearing.COUNTED, done.person, done.signoffs)


def _in_vain(given: Given, reason: str, ground: Ground) -> Heard:
    sentence = texts.does_not_count(given.answer.kind, ground.deal.name, reason)
    return _refused(given.answer, given.person, sentence)


def _refused(answer: Answer, person: str | None, sentence: str) -> Heard:
    return Heard(answer, Hearing.REFUSED, person, (), sentence)


def _is_known(answer: Answer, person: str | None, asked: tuple[Signoff, ...]) -> bool:
    """Say whether this very answer was counted before, or its giver has answered all of it anew since."""
    if any(_has_counted(one, person, answer) for one in asked):
        return True
    living = [one for one in asked if one.state not in FINAL] or asked
    return bool(asked) and all(_answered_since(one, person, answer) for one in living)


def _has_counted(signoff: Signoff, person: str | None, answer: Answer) -> bool:
    votes = ((one.person, one.at) for one in signoff.votes)
    return (person, answer.at) in {(signoff.decided_by, signoff.decided_at), *votes}


def _answered_since(signoff: Signoff, person: str | None, answer: Answer) -> bool:
    mine = [one.at for one in signoff.votes if one.person == person]
    if signoff.decided_at is not None and signoff.decided_by == person:
        mine.append(signoff.decided_at)
    return any(at >= answer.at for at in mine)


def _asked(answer: Answer, ground: Ground) -> tuple[Signoff, ...]:
    """Return the sign-offs that the answer is about: its task's, or all that were asked for before it."""
    standing = ground.context.standing
    if answer.task is None:
        return tuple(one for one in standing.signoffs if one.requested_at <= answer.at)
    names = {answer.task, *(key for key, task in standing.done.items() if task == answer.task)}
    return tuple(one for one in standing.signoffs if names.intersection(_keys(one, ground)))


def _keys(signoff: Signoff, ground: Ground) -> Iterable[str]:
    """Yield the keys of the tasks that ask for this sign-off, earlier ones too."""
    for person in (*signoff.asked, *signoff.formerly):
        for card in {signoff.card, str(signoff.cycle)}:
            yield task_key(ground.context.account, ground.deal.id, person, card)


def _person(answer: Answer, ground: Ground) -> str | None:
    if answer.person is not None:
        return answer.person if answer.person in ground.policy.people else None
    return ground.context.directory.by_user.get(answer.user) if answer.user else None


def _with(standing: Standing, changed: tuple[Signoff, ...]) -> Standing:
    """Put changed sign-offs in the place of what they were. Identity: gate, role, cycle."""
    if not changed:
        return standing
    new = {(one.gate, one.role, one.cycle): one for one in changed}
    kept = tuple(new.get((one.gate, one.role, one.cycle), one) for one in standing.signoffs)
    return replace(standing, signoffs=kept)
