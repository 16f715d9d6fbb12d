"""What a decision makes of a sign-off: approved with its range, rejected, or one yes of several."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from connector.policy.model import Bound, Worse
from connector.policy.reads import counts_days
from connector.signoffs import conditions
from connector.signoffs.drift import better, bound
from connector.signoffs.ground import Ground
from connector.signoffs.hours import today
from connector.signoffs.people import Seat
from connector.signoffs.reach import most
from connector.signoffs.states import moved
from connector.standing import Answer, AnswerKind, Signoff, SignoffState, Vote


def decided(signoff: Signoff, answer: Answer, seat: Seat, ground: Ground) -> Signoff:
    """Return the sign-off with its answer: what was seen is the better of the question and the deal now.

    Raise `conditions.Undated` where the note names a condition without a day.
    """
    seen = {
        name: better(_worse(name, ground), was, ground.facts.get(name, was))
        for name, was in signoff.seen.items()
    }
    closed = replace(signoff, seen=seen, note=answer.note, question="", paused_at=None)
    if answer.kind is AnswerKind.NO:
        rejected = _by(moved(closed, SignoffState.REJECTED), answer.at, seat)
        return replace(rejected, envelope=(), conditions=(), valid_until=None)
    return _yes(closed, answer, seat, ground)


def _yes(signoff: Signoff, answer: Answer, seat: Seat, ground: Ground) -> Signoff:
    on = today(seat.person, ground.policy, answer.at)
    envelope = _envelope(signoff, answer, seat, ground)
    vote = Vote(seat.person, answer.at, seat.authority, envelope, answer.note)
    votes = (*(one for one in signoff.votes if one.person != seat.person), vote)
    agreed = replace(
        signoff,
        conditions=(*signoff.conditions, *conditions.written(answer.note, on)),
        valid_until=_earliest(signoff.valid_until, answer.until or conditions.last_day(answer.note, on)),
    )
    if len(votes) < signoff.needs and not _outranks(seat, signoff, ground):
        return replace(agreed, votes=votes)
    several = votes if signoff.needs > 1 else ()
    bounds = tightest(one.envelope for one in votes)
    return _by(replace(moved(agreed, SignoffState.APPROVED), votes=several, envelope=bounds), answer.at, seat)


def fresh(signoff: Signoff) -> Signoff:
    """Return a decided sign-off as it was before its answer: a new answer replaces the old one whole."""
    if signoff.decided_at is None:
        return signoff
    return replace(signoff, conditions=(), valid_until=None, votes=())


def _by(signoff: Signoff, at: datetime, seat: Seat) -> Signoff:
    return replace(signoff, decided_by=seat.person, decided_at=at, authority=seat.authority)


def _outranks(seat: Seat, signoff: Signoff, ground: Ground) -> bool:
    """Say whether one yes is enough: given by a higher role that decides alone."""
    used, asked = ground.policy.roles.get(seat.authority.role), ground.policy.roles.get(signoff.role)
    return used is not None and asked is not None and used.level > asked.level and used.needs == 1


def tightest(envelopes: Iterable[tuple[Bound, ...]]) -> tuple[Bound, ...]:
    """Return the range that lies inside all of these."""
    found: dict[str, Bound] = {}
    for one in (each for envelope in envelopes for each in envelope):
        known = found.get(one.field)
        found[one.field] = one if known is None else _inside(known, one)
    return tuple(found.values())


def _inside(one: Bound, other: Bound) -> Bound:
    lows = [each for each in (one.low, other.low) if each is not None]
    highs = [each for each in (one.high, other.high) if each is not None]
    return Bound(one.field, max(lows, default=None), min(highs, default=None))


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _envelope(signoff: Signoff, answer: Answer, seat: Seat, ground: Ground) -> tuple[Bound, ...]:
    """Return the range: each value as seen and better; for "up to", the lever up to its limit, and never
    further than whoever answers may decide: nobody gives what he has not."""
    values = dict(signoff.seen)
    if answer.kind is AnswerKind.UP_TO and signoff.lever is not None and answer.limit is not None:
        role = ground.policy.roles.get(seat.authority.role)
        values[signoff.lever] = most(answer.limit, signoff, role, ground) if role else answer.limit
    fields = ground.policy.fields
    lasting = (one for one in values.items() if not counts_days(fields.get(one[0])))
    bounds = (bound(name, _worse(name, ground), value) for name, value in lasting)
    return tuple(one for one in bounds if one is not None)


def _worse(name: str, ground: Ground) -> Worse:
    field = ground.policy.fields.get(name)
    return field.worse if field else Worse.NEITHER
