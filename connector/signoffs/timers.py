"""What time does to a question: it is reminded of, escalated, lapses; a pause ends. Each once, in the
approver's own working hours, and nothing of it once somebody has answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from connector.policy.model import Calendar, Policy, Role
from connector.signoffs import conditions
from connector.signoffs.cover import expired
from connector.signoffs.ground import Ground
from connector.signoffs.hours import after, answer_hours, calendar_of, midnight, today, worked
from connector.signoffs.people import eligible, next_above
from connector.signoffs.states import moved
from connector.standing import CLOCK, Condition, Signoff, SignoffState

_ASKED = frozenset({SignoffState.REQUESTED, SignoffState.INFO})


def by_time(signoff: Signoff, ground: Ground) -> Signoff:
    """Return the sign-off as time alone has made it until now."""
    if signoff.state is SignoffState.APPROVED and expired(signoff, ground.policy, ground.now):
        return moved(signoff, SignoffState.EXPIRED)
    if signoff.state not in _ASKED:
        return signoff
    signoff = _pause_over(signoff, ground)
    lapses, rises = expires_at(signoff, ground), escalates_at(signoff, ground)
    if lapses is not None and ground.now >= lapses:
        return replace(moved(signoff, SignoffState.EXPIRED), decided_by=CLOCK, decided_at=ground.now)
    if rises is not None and ground.now >= rises and signoff.escalated_at is None:
        return escalated(signoff, ground)
    return signoff


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


def reminds_at(signoff: Signoff, ground: Ground) -> datetime | None:
    """Return when whoever is asked is reminded, None for never."""
    return None if signoff.stops is not None else _at(signoff, ground.policy.waiting.remind_after, ground)


def escalates_at(signoff: Signoff, ground: Ground) -> datetime | None:
    """Return when those above are asked too, None for never."""
    if signoff.stops is not None:
        return None
    usual = ground.policy.waiting.escalate_after
    return _at(signoff, usual if signoff.rises is None else signoff.rises, ground)


def expires_at(signoff: Signoff, ground: Ground) -> datetime | None:
    """Return when the question lapses unanswered, or when whoever may stop the deal lets it pass by silence;
    None for never."""
    usual = ground.policy.waiting.expire_after
    return _at(signoff, usual if signoff.stops is None else signoff.stops, ground)


def due_at(signoff: Signoff, ground: Ground) -> datetime:
    """Return when the answer is due: by the calendar of whoever is asked, sooner where it is urgent, later
    by all the time in which the question stood still."""
    hours = hours_of(signoff, ground)
    waiting = ground.policy.waiting
    if signoff.stops is None and waiting.urgent_hours is not None and is_urgent(signoff, ground):
        hours = min(hours, waiting.urgent_hours)
    return after(signoff.requested_at, hours * 60 + signoff.stood, _calendar(signoff, ground))


def hours_of(signoff: Signoff, ground: Ground) -> int:
    """Return the working hours that the question gives, urgent ones left out."""
    if signoff.stops is not None:
        return signoff.stops
    return answer_hours(signoff.requested_at, _calendar(signoff, ground))


def is_urgent(signoff: Signoff, ground: Ground) -> bool:
    """Say whether the close date or the rep's needed-by day was near when the question was put."""
    close = ground.deal.values.get("close-date")
    days = [one for one in (signoff.needed_by, close) if isinstance(one, date)]
    asked_on = today(None, ground.policy, signoff.requested_at)
    near = asked_on + timedelta(days=ground.policy.waiting.urgent_days)
    return any(asked_on <= one <= near for one in days)


def _at(signoff: Signoff, hours: int | None, ground: Ground) -> datetime | None:
    """Return when so many hours have been worked since the question; None while it stands still."""
    if hours is None or signoff.state is not SignoffState.REQUESTED or signoff.paused_at is not None:
        return None
    return after(signoff.requested_at, hours * 60 + signoff.stood, _calendar(signoff, ground))


def pause_ends_at(signoff: Signoff, ground: Ground) -> datetime | None:
    """Return when the pause for the customer is used up, None where there is none."""
    if signoff.paused_at is None:
        return None
    left = max(0, ground.policy.waiting.pause_at_most * 60 - signoff.paused)
    return after(signoff.paused_at, left, _calendar(signoff, ground)) if left else signoff.paused_at


def _pause_over(signoff: Signoff, ground: Ground) -> Signoff:
    ends = pause_ends_at(signoff, ground)
    return resumed(signoff, ends, ground) if ends is not None and ground.now >= ends else signoff


def resumed(signoff: Signoff, at: datetime, ground: Ground) -> Signoff:
    """Let a paused question go on. What the customer had counts once and for all, whoever asks again."""
    if signoff.paused_at is None:
        return signoff
    spent = worked(signoff.paused_at, at, _calendar(signoff, ground))
    later = replace(signoff, paused_at=None, paused=signoff.paused + spent, stood=signoff.stood + spent)
    return replace(later, due_at=due_at(later, ground))


def replied(signoff: Signoff, at: datetime, ground: Ground) -> Signoff:
    """Give the question back to the approver: the rep's time was not his."""
    spent = worked(signoff.asked_at or at, at, _calendar(signoff, ground))
    later = replace(moved(signoff, SignoffState.REQUESTED), stood=signoff.stood + spent)
    return replace(later, due_at=due_at(later, ground))


def reply_due(signoff: Signoff, ground: Ground) -> datetime:
    """Return until when the rep should answer the approver's question."""
    start = signoff.asked_at or ground.now
    return after(start, ground.policy.waiting.question_within * 60, ground.policy.calendar)


def shuts_at(condition: Condition, policy: Policy) -> datetime:
    """Return when a condition that is not met shuts the gate again."""
    return conditions.broken_at(condition, policy)


def points(signoff: Signoff, ground: Ground) -> Iterable[datetime]:
    """Yield the moments at which time alone changes something about this sign-off."""
    if signoff.state is SignoffState.APPROVED:
        if signoff.valid_until is not None:
            yield midnight(signoff.valid_until + timedelta(days=1), ground.policy.calendar)
        yield from conditions.points(signoff, ground.policy)
    if signoff.state is SignoffState.INFO:
        yield reply_due(signoff, ground)
    marks = (reminds_at, expires_at, pause_ends_at, *(() if signoff.escalated_at else (escalates_at,)))
    for mark in marks if signoff.state in _ASKED else ():
        moment = mark(signoff, ground)
        if moment is not None:
            yield moment


def _calendar(signoff: Signoff, ground: Ground) -> Calendar:
    return calendar_of(signoff.asked[0] if signoff.asked else None, ground.policy)
