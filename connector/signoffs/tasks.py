"""What people do to the task that asks them, other than deciding: close it, delete it, pass it on.

Closed without a decision it is asked once more, then escalated. Passed on, the new owner is asked where he
may sign, else he reads why not, and the question stays with whoever was asked.
"""

from dataclasses import dataclass, replace

from connector.signoffs import timers
from connector.signoffs.ground import Ground
from connector.signoffs.obstacles import Given, obstacle, rights
from connector.standing import Answer, AnswerKind, Signoff, SignoffState

KINDS = frozenset({AnswerKind.CLOSED, AnswerKind.PASSED_ON})
_ASKED = frozenset({SignoffState.REQUESTED, SignoffState.INFO})


@dataclass(frozen=True, slots=True)
class Done:
    """The requests as they are now; `person` got the task, `reason` says why he may not answer it."""

    signoffs: tuple[Signoff, ...]
    person: str | None = None
    reason: str | None = None


def done_to(answer: Answer, asked: tuple[Signoff, ...], ground: Ground) -> Done | None:
    """Return what comes of it, None where nobody waits for that task any more."""
    open_ones = tuple(one for one in asked if one.state in _ASKED and answer.at >= one.requested_at)
    holder = _holder(answer, ground)
    waiting = tuple(one for one in open_ones if holder in one.asked and not _signed(holder, one))
    if not waiting:
        return None
    if answer.kind is AnswerKind.CLOSED:
        return Done(tuple(_asked_again(one, ground) for one in waiting))
    return _passed_on(answer, holder, waiting, ground)


def _passed_on(answer: Answer, holder: str, waiting: tuple[Signoff, ...], ground: Ground) -> Done | None:
    person = ground.context.directory.by_owner.get(answer.note)
    if person == holder:
        return None
    given = Given(answer, person or "", waiting, rights(person, waiting, ground) if person else ())
    reason = obstacle(given, ground)
    if person is None or reason is not None:
        return Done(tuple(_asked_again(one, ground) for one in waiting), person, reason or "")
    return Done(tuple(_given_to(person, holder, one) for one in waiting), person)


def _asked_again(signoff: Signoff, ground: Ground) -> Signoff:
    """Ask once more by a new task; the second time those above are asked instead of nagging."""
    if signoff.again == 0:
        return replace(signoff, again=1)
    return signoff if signoff.escalated_at is not None else timers.escalated(signoff, ground)


def _given_to(person: str, holder: str, signoff: Signoff) -> Signoff:
    asked = tuple(dict.fromkeys(person if one == holder else one for one in signoff.asked))
    return replace(signoff, asked=asked, formerly=(*signoff.formerly, holder))


def _holder(answer: Answer, ground: Ground) -> str:
    """Return the person whom the task asks: his place in its key, "account:deal:person:card"."""
    done = ground.context.standing.done
    key = answer.task or ""
    key = key if ":" in key else next((name for name, ref in done.items() if ref == key), "")
    inner = key.removeprefix(f"{ground.context.account}:{ground.deal.id}:")
    return inner.rpartition(":")[0]


def _signed(person: str, signoff: Signoff) -> bool:
    return any(vote.person == person for vote in signoff.votes)
