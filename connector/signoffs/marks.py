"""When something happens to a question if nobody does anything: all in the working hours of whoever is
waited for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from connector.policy.model import Calendar, Policy
from connector.signoffs import conditions
from connector.signoffs.ground import Ground
from connector.signoffs.hours import after, answer_hours, calendar_of, ended, today
from connector.standing import Condition, Signoff, SignoffState

ASKED = frozenset({SignoffState.REQUESTED, SignoffState.INFO})


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


def pause_ends_at(signoff: Signoff, ground: Ground) -> datetime | None:
    """Return when the pause for the customer is used up, None where there is none."""
    if signoff.paused_at is None:
        return None
    left = max(0, ground.policy.waiting.pause_at_most * 60 - signoff.paused)
    return after(signoff.paused_at, left, calendar(signoff, ground)) if left else signoff.paused_at


def due_at(signoff: Signoff, ground: Ground) -> datetime:
    """Return when the answer is due: by the calendar of whoever is asked, sooner where it is urgent, later
    by all the time in which the question stood still."""
    hours = hours_of(signoff, ground)
    waiting = ground.policy.waiting
    if signoff.stops is None and waiting.urgent_hours is not None and is_urgent(signoff, ground):
        hours = min(hours, waiting.urgent_hours)
    return after(signoff.requested_at, hours * 60 + signoff.stood, calendar(signoff, ground))


def hours_of(signoff: Signoff, ground: Ground) -> int:
    """Return the working hours that the question gives, urgent ones left out."""
    if signoff.stops is not None:
        return signoff.stops
    return answer_hours(signoff.requested_at, calendar(signoff, ground))


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
    return after(signoff.requested_at, hours * 60 + signoff.stood, calendar(signoff, ground))


def reply_due(signoff: Signoff, ground: Ground) -> datetime:
    """Return until when the rep should answer the approver's question."""
    return _replies(signoff, 1, ground)


def silence_ends_at(signoff: Signoff, ground: Ground) -> datetime:
    """Return when the question to the rep is over without an answer: after twice the time for it."""
    return _replies(signoff, 2, ground)


def _replies(signoff: Signoff, times: int, ground: Ground) -> datetime:
    rep = ground.context.directory.by_owner.get(ground.deal.owner or "")
    minutes = times * ground.policy.waiting.question_within * 60
    return after(signoff.asked_at or ground.now, minutes, calendar_of(rep, ground.policy))


def shuts_at(condition: Condition, policy: Policy) -> datetime:
    """Return when a condition that is not met shuts the gate again."""
    return conditions.broken_at(condition, policy)


def points(signoff: Signoff, ground: Ground) -> Iterable[datetime]:
    """Yield the moments at which time alone changes something about this sign-off."""
    if signoff.state is SignoffState.APPROVED:
        if signoff.valid_until is not None:
            yield ended(signoff.valid_until, ground.policy.calendar)
        yield from conditions.points(signoff, ground.policy)
    if signoff.state is SignoffState.INFO:
        yield from (reply_due(signoff, ground), silence_ends_at(signoff, ground))
    marks = (reminds_at, expires_at, pause_ends_at, *(() if signoff.escalated_at else (escalates_at,)))
    for mark in marks if signoff.state in ASKED else ():
        moment = mark(signoff, ground)
        if moment is not None:
            yield moment


def calendar(signoff: Signoff, ground: Ground) -> Calendar:
    """Return the calendar of whoever is asked first."""
    return calendar_of(signoff.asked[0] if signoff.asked else None, ground.policy)
