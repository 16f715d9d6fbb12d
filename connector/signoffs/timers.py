"""What time does to a question: it is escalated, lapses; a pause ends, and so does the rep's silence. Each
once, at the moments of `marks`, and nothing of it once somebody has answered."""

from dataclasses import replace
from datetime import datetime

from connector.policy.model import Role
from connector.signoffs import marks
from connector.signoffs.cover import expired
from connector.signoffs.ground import Ground
from connector.signoffs.hours import worked
from connector.signoffs.people import eligible, next_above
from connector.signoffs.states import moved
from connector.standing import CLOCK, Signoff, SignoffState


def by_time(signoff: Signoff, ground: Ground) -> Signoff:
    """Return the sign-off as time alone has made it until now."""
    if signoff.state is SignoffState.APPROVED and expired(signoff, ground.policy, ground.now):
        return moved(signoff, SignoffState.EXPIRED)
    if signoff.state not in marks.ASKED:
        return signoff
    signoff = _silence_over(_pause_over(signoff, ground), ground)
    lapses, rises = marks.expires_at(signoff, ground), marks.escalates_at(signoff, ground)
    if lapses is not None and ground.now >= lapses:
        return _lapsed(signoff, ground)
    if rises is not None and ground.now >= rises and signoff.escalated_at is None:
        return escalated(signoff, ground)
    return signoff


def _lapsed(signoff: Signoff, ground: Ground) -> Signoff:
    return replace(moved(signoff, SignoffState.EXPIRED), decided_by=CLOCK, decided_at=ground.now)


def escalated(signoff: Signoff, ground: Ground) -> Signoff:
    """Ask those above too: the next role of the chain, at its top the last resort. Whoever was asked before
    may still answer; where there is nobody above, the question stays with him."""
    above = _above(signoff, ground)
    more = tuple(one for one in eligible(above, ground) if one not in signoff.asked)[:1] if above else ()
    return replace(signoff, escalated_at=ground.now, asked=(*signoff.asked, *more))


def _above(signoff: Signoff, ground: Ground) -> Role | None:
    role = ground.policy.roles.get(signoff.role)
    if role is None:
        return None
    last = next((one for one in ground.policy.roles.values() if one.last_resort), None)
    return next_above(role, ground.policy) or last


def _pause_over(signoff: Signoff, ground: Ground) -> Signoff:
    ends = marks.pause_ends_at(signoff, ground)
    return resumed(signoff, ends, ground) if ends is not None and ground.now >= ends else signoff


def _silence_over(signoff: Signoff, ground: Ground) -> Signoff:
    """End the rep's silence (ADR 235): what he wants lapses, but nobody loses by it the right to stop it."""
    if signoff.state is not SignoffState.INFO or ground.now < marks.silence_ends_at(signoff, ground):
        return signoff
    unanswered = replace(signoff, unanswered=True)
    if signoff.stops is None:
        return _lapsed(unanswered, ground)
    return replied(unanswered, marks.silence_ends_at(signoff, ground), ground)


def resumed(signoff: Signoff, at: datetime, ground: Ground) -> Signoff:
    """Let a paused question go on. What the customer had counts once and for all, whoever asks again."""
    if signoff.paused_at is None:
        return signoff
    spent = worked(signoff.paused_at, at, marks.calendar(signoff, ground))
    later = replace(signoff, paused_at=None, paused=signoff.paused + spent, stood=signoff.stood + spent)
    return replace(later, due_at=marks.due_at(later, ground))


def replied(signoff: Signoff, at: datetime, ground: Ground) -> Signoff:
    """Give the question back to the approver: the rep's time was not his."""
    spent = worked(signoff.asked_at or at, at, marks.calendar(signoff, ground))
    later = replace(moved(signoff, SignoffState.REQUESTED), stood=signoff.stood + spent)
    return replace(later, due_at=marks.due_at(later, ground))
