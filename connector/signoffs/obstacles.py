"""Why an answer does not count. Whoever gave it reads the first reason that is found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from connector import texts
from connector.policy.model import Worse
from connector.signoffs.conditions import Undated
from connector.signoffs.drift import bound
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.signoffs.people import Bar, Seat, bars, eligible, holders, seats_for
from connector.standing import FINAL, Answer, AnswerKind, Signoff, SignoffState
from connector.values import day, listing

_SHUT = FINAL | {SignoffState.WAITING}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with its giver and the requests that it is about, superseded ones left out where others are
    there. `right` are those that he may answer, each with the right by which he does."""

    answer: Answer
    person: str
    about: tuple[Signoff, ...]
    right: tuple[tuple[Signoff, Seat], ...]


def rights(person: str, about: Sequence[Signoff], ground: Ground) -> tuple[tuple[Signoff, Seat], ...]:
    """Return the requests that the person may answer now, each with the right by which he does."""
    found = []
    signed: set[str] = {
        group
        for one in ground.context.standing.signoffs
        if one.state is SignoffState.APPROVED and one.decided_by == person
        for group in one.group
    }
    for one in about:
        mine = _signed_here(person, one)
        seat = _seat(person, one, ground)
        if one.state in _SHUT or seat is None or (signed.intersection(one.group) and not mine):
            continue
        if decided_by_another(person, seat, one, ground) or not _may_lift(person, one, ground):
            continue
        signed |= set(one.group)
        found.append((one, seat))
    return tuple(found)


def obstacle(given: Given, ground: Ground) -> str | None:
    """Return why the answer does not count, None if it does."""
    late = any(is_late(one, given.answer) for one in given.about)
    living = [one for one in given.about if one.state not in FINAL and not is_late(one, given.answer)]
    if not given.about:
        return texts.nothing_asked()
    if not living:
        gone = texts.too_late_to_stop() if late else texts.question_is_gone()
        return _barred(given.person, given.about[-1], ground) or gone
    if not given.right:
        return _too_early(given.person, living, ground) or _no_right(given.person, living[0], ground)
    if given.answer.kind is AnswerKind.NO and not given.answer.note.strip():
        return texts.no_reason()
    until = given.answer.until
    if until is not None and until < local(given.answer.at, ground.policy.calendar).date():
        return texts.day_is_over()
    if given.answer.kind is AnswerKind.UP_TO:
        return _limit_fault(given, ground)
    return None


def is_late(signoff: Signoff, answer: Answer) -> bool:
    """Say whether the time to stop the deal was over when the answer was given, whoever has noticed yet."""
    timed = signoff.state in {SignoffState.REQUESTED, SignoffState.EXPIRED}
    return signoff.stops is not None and timed and answer.at >= signoff.due_at


def undated(fault: Undated) -> str:
    """Return what to say of a condition that has no day."""
    return texts.condition_without_day(str(fault))


def decided_by_another(person: str, seat: Seat, signoff: Signoff, ground: Ground) -> bool:
    """Say whether somebody else has decided already, whom this person does not outrank."""
    if signoff.decided_at is None or signoff.decided_by in {None, person}:
        return False
    role = ground.policy.roles.get(signoff.role)
    if signoff.state is SignoffState.REJECTED and role is not None and role.lifted_by:
        return False  # whoever may lift it is asked for below
    used = ground.policy.roles.get(signoff.authority.role) if signoff.authority else role
    mine = ground.policy.roles.get(seat.authority.role)
    return used is None or mine is None or mine.level <= used.level


def _may_lift(person: str, signoff: Signoff, ground: Ground) -> bool:
    """Say whether a no may be taken back by this person; anything but a no may."""
    role = ground.policy.roles.get(signoff.role)
    if signoff.state is not SignoffState.REJECTED or role is None or not role.lifted_by:
        return True
    owner, directory = ground.deal.owner, ground.context.directory
    lifting = (ground.policy.roles[name] for name in role.lifted_by if name in ground.policy.roles)
    return any(person in holders(one, owner, directory) for one in lifting)


def _seat(person: str, signoff: Signoff, ground: Ground) -> Seat | None:
    """Return the right by which the person signs: one in whose name nobody else has signed yet."""
    used = {one.authority.holder for one in signoff.votes if one.person != person}
    free = (one for one in seats_for(person, signoff, ground) if one.authority.holder not in used)
    seat = next(free, None)
    if seat is not None or signoff.state is not SignoffState.REJECTED:
        return seat
    return _lifting_seat(person, signoff, ground)


def _lifting_seat(person: str, signoff: Signoff, ground: Ground) -> Seat | None:
    role = ground.policy.roles.get(signoff.role)
    for name in role.lifted_by if role else ():
        lifting = ground.policy.roles.get(name)
        stand_in = Signoff(
            signoff.gate, name, signoff.cycle, signoff.state, (), signoff.requested_at, signoff.due_at,
            signoff.policy_version,
        )  # fmt: skip
        found = seats_for(person, stand_in, ground) if lifting else ()
        if found:
            return found[0]
    return None


def _signed_here(person: str, signoff: Signoff) -> bool:
    return signoff.decided_by == person or any(one.person == person for one in signoff.votes)


def _barred(person: str, signoff: Signoff, ground: Ground) -> str | None:
    """Return why the person never signs for this deal, None where he may."""
    bar = bars(ground).get(person)
    match bar:
        case Bar.OWNER:
            return texts.own_deal(_instead(signoff, ground))
        case Bar.REQUESTER:
            return texts.own_request(_instead(signoff, ground))
        case Bar.STANDS_IN:
            return texts.stands_in(_instead(signoff, ground))
        case None:
            return None
        case _:
            assert_never(bar)


def _too_early(person: str, living: Iterable[Signoff], ground: Ground) -> str | None:
    """Say whom the person has to wait for, None where his turn is not what is missing."""
    waiting = (one for one in living if one.state is SignoffState.WAITING)
    his = next((one for one in waiting if _seat(person, one, ground) is not None), None)
    if his is None:
        return None
    asked = (one for one in ground.context.standing.signoffs if one.waits and set(one.group) & set(his.group))
    return texts.not_your_turn(listing([_role_label(one, ground) for one in asked]))


def _no_right(person: str, signoff: Signoff, ground: Ground) -> str:
    barred = _barred(person, signoff, ground)
    if barred is not None:
        return barred
    seat = next(iter(seats_for(person, signoff, ground)), None)
    if seat is None:
        return _not_his(person, signoff, ground)
    another = signoff.decided_by not in {None, person} and signoff.decided_at is not None
    if another or not _may_lift(person, signoff, ground):
        return _already_decided(signoff, ground)
    if any(one.authority.holder == seat.authority.holder for one in signoff.votes):
        return texts.signed_in_that_name(_name(seat.authority.holder, ground))
    return texts.signed_for_another(_role_label(signoff, ground), _instead(signoff, ground))


def _already_decided(signoff: Signoff, ground: Ground) -> str:
    role = ground.policy.roles.get(signoff.role)
    who = _name(signoff.decided_by or "", ground)
    if signoff.state is SignoffState.REJECTED and role is not None and role.lifted_by:
        labels = [ground.policy.roles[name].label for name in role.lifted_by if name in ground.policy.roles]
        return texts.may_not_lift(who, listing(labels))
    return texts.already_decided(who, yes=signoff.state is SignoffState.APPROVED)


def _not_his(person: str, signoff: Signoff, ground: Ground) -> str:
    """Say what right it takes; to a delegate that his does not cover this deal, or not today."""
    role = ground.policy.roles.get(signoff.role)
    held = holders(role, ground.deal.owner, ground.context.directory) if role else ()
    for one in ground.policy.delegations:
        if one.to == person and one.giver in held:
            days = f"{day(one.since)} to {day(one.until)}"
            return texts.delegation_does_not_cover(_name(one.giver, ground), days)
    return texts.not_a_holder(_role_label(signoff, ground), _instead(signoff, ground))


def _limit_fault(given: Given, ground: Ground) -> str | None:
    limit, meant = given.answer.limit, meant_by(given)
    lever = ground.policy.fields.get(meant[0][0].lever or "")
    same = lever is not None and all(one.lever == lever.name for one, _ in meant)
    if limit is None or not limit.is_finite():
        return texts.no_limit()
    if not same or lever is None or bound(lever.name, lever.worse, limit) is None:
        return texts.nothing_to_limit()
    return texts.no_limit() if lever.worse is Worse.HIGHER and limit < 0 else None


def meant_by(given: Given) -> tuple[tuple[Signoff, Seat], ...]:
    """Return the open requests; where there are none, the answers on record that a new one changes."""
    waiting = {SignoffState.REQUESTED, SignoffState.INFO}
    return tuple(one for one in given.right if one[0].state in waiting) or given.right


def _instead(signoff: Signoff, ground: Ground) -> str | None:
    role = ground.policy.roles.get(signoff.role)
    able = eligible(role, ground) if role else ()
    return _name(able[0], ground) if able else None


def _role_label(signoff: Signoff, ground: Ground) -> str:
    role = ground.policy.roles.get(signoff.role)
    return role.label if role else signoff.role


def _name(person: str, ground: Ground) -> str:
    known = ground.policy.people.get(person)
    return known.name if known else person.removeprefix("queue:")
