"""The record of questions after asking: put anew, kept, taken back, or replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from connector.checks import rates
from connector.checks.derived import currency_of
from connector.gates.judge import Draft
from connector.gates.occasions import occasion
from connector.policy.model import Ask, Role
from connector.signoffs import marks, timers
from connector.signoffs.choose import signers
from connector.signoffs.cover import Demand, Settled
from connector.signoffs.ground import Ground, needed_by, requester
from connector.signoffs.states import moved
from connector.standing import OPEN, Signoff, SignoffState

_LASTING = frozenset({SignoffState.WITHDRAWN, SignoffState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Question:
    """One demand at one gate that somebody has to be asked for; `turn`: now, not after others; `stops`: it
    only tells that the deal may be stopped, and nobody waits for an answer."""

    draft: Draft
    demand: Demand
    people: tuple[str, ...]
    turn: bool = True
    stops: bool = False


def put(
    record: tuple[Signoff, ...], questions: Sequence[Question], drafts: tuple[Draft, ...], ground: Ground
) -> tuple[Signoff, ...]:
    """Return the record with these questions put anew: what they replace is superseded, what nobody needs any
    more is taken back."""
    if not record and not questions:
        return ()
    cycle = 1 + max((one.cycle for one in record), default=0)
    new = [_signoff(one, cycle, record, ground) for one in questions]
    anew = {_family(one.draft.verdict.gate, one.demand.role, stops=one.stops) for one in questions}
    signing = {(one.draft.verdict.gate, one.demand.role.id) for one in questions if not one.stops}
    people = {person for one in questions for person in one.people}
    after: list[Signoff] = []
    for one in record:
        role = ground.policy.roles.get(one.role)
        same = role is not None and _family(one.gate, role, stops=one.stops is not None) in anew
        if (same or (one.gate, one.role) in signing) and one.state not in _LASTING:
            after.append(moved(one, SignoffState.SUPERSEDED))
        elif one.state in OPEN and not _wanted(one, drafts, ground):
            after.append(moved(one, SignoffState.WITHDRAWN))
        elif one.state is SignoffState.REQUESTED and people & set(one.asked):
            after.append(moved(one, SignoffState.SUPERSEDED))
            new.append(replace(one, cycle=cycle))  # one card for one person: both questions on the new one
        else:
            after.append(_in_turn(one, drafts, ground))
    return tuple(sorted(chain(after, new), key=lambda one: (one.gate, one.role, one.cycle)))


def withdrawn(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Take every open question back: the deal is lost or gone."""
    return tuple(moved(one, SignoffState.WITHDRAWN) if one.state in OPEN else one for one in signoffs)


def superseded(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Supersede whatever was asked or decided: the deal was merged into another, which keeps its own."""
    return tuple(one if one.state in _LASTING else moved(one, SignoffState.SUPERSEDED) for one in signoffs)


def took_back(before: Sequence[Signoff], after: Iterable[Signoff]) -> bool:
    """Say whether a yes that stood before is none any more: it is asked for anew, or its time is over."""
    if not before:
        return False
    yes = {one.name for one in before if one.state is SignoffState.APPROVED}
    return not yes <= {one.name for one in after if one.state is SignoffState.APPROVED}


def _family(gate: str, role: Role, *, stops: bool) -> tuple[str, str, bool]:
    """Name what a new question replaces: all of its chain, of those who may stop the deal the role's own."""
    return gate, role.id if stops else role.chain, stops


def _in_turn(signoff: Signoff, drafts: tuple[Draft, ...], ground: Ground) -> Signoff:
    """Ask when the one before has signed; wait again where the one before is open again."""
    if not signoff.group:
        return signoff
    settled = _settled(signoff, drafts)
    if settled is None or not settled.open:
        return signoff
    if signoff.state is SignoffState.WAITING and settled.turn:
        return _put_now(replace(moved(signoff, SignoffState.REQUESTED), requested_at=ground.now), ground)
    if signoff.state is SignoffState.REQUESTED and not settled.turn and not signoff.votes:
        return moved(signoff, SignoffState.WAITING)
    return signoff


def _settled(signoff: Signoff, drafts: tuple[Draft, ...]) -> Settled | None:
    there = (one for draft in drafts if draft.verdict.gate == signoff.gate for one in draft.settled)
    return next((one for one in there if one.demand.role.id == signoff.role), None)


def _signoff(question: Question, cycle: int, record: tuple[Signoff, ...], ground: Ground) -> Signoff:
    demand = question.demand
    before = (one for one in record if (one.gate, one.role) == (question.draft.verdict.gate, demand.role.id))
    hours = demand.hours
    new = Signoff(
        gate=question.draft.verdict.gate,
        role=demand.role.id,
        cycle=cycle,
        state=SignoffState.REQUESTED if question.turn else SignoffState.WAITING,
        asked=question.people,
        requested_at=ground.now,
        due_at=ground.now,
        policy_version=ground.policy.version,
        why="; ".join(dict.fromkeys(need.why for need in demand.needs)),
        lever=next((need.lever for need in demand.needs if need.lever), None),
        seen=demand.seen,
        about=demand.about,
        group=tuple(group.id for group in demand.asked.groups),
        needs=signers(demand.role, ground, own=demand.asked.own),
        requested_by=requester(ground),
        needed_by=needed_by(ground),
        paused=max((one.paused for one in before), default=0),  # asking anew gives no new time
        rate=_rate(question.draft.verdict.gate, ground),
        rate_of=_rate_of(question.draft.verdict.gate, ground),
        rises=None if question.stops else hours,
        own=demand.asked.own,
    )
    if question.stops:
        new = replace(new, needs=1, stops=marks.hours_of(new, ground) if hours is None else hours)
    return _put_now(new, ground) if question.turn else replace(new, due_at=marks.due_at(new, ground))


def _put_now(signoff: Signoff, ground: Ground) -> Signoff:
    """Return the question as it is put: with its time, and to those above too where it goes there at once."""
    due = replace(signoff, due_at=marks.due_at(signoff, ground))
    return timers.escalated(due, ground) if due.rises == 0 else due


def _rate(gate: str, ground: Ground) -> Decimal | None:
    """Return the rate that the gate's first request fixed; this is the first where there is none."""
    known = rates.fixed(ground.context.standing.signoffs, gate)
    currency = currency_of(ground.deal, ground.policy)
    return rates.rate(currency, ground.policy) if known is None else known


def _rate_of(gate: str, ground: Ground) -> date | None:
    """Return the day that this rate is of."""
    first = rates.first(ground.context.standing.signoffs, gate)
    return first.rate_of if first else ground.policy.rates.day(currency_of(ground.deal, ground.policy))


def _wanted(signoff: Signoff, drafts: tuple[Draft, ...], ground: Ground) -> bool:
    """Say whether an open question still stands: the need is there, and the deal did not go back from it, or
    the rep asks all the same."""
    draft = next((one for one in drafts if one.verdict.gate == signoff.gate and one.place.visible), None)
    if draft is None:
        return False
    if draft.keep or draft.untold or (signoff.stops is not None and draft.old is not None):
        return True  # to pass the gate ends no right to stop the deal: nobody waited for it
    there = draft.settled if signoff.stops is None else draft.stops
    needed = any(one.open and one.demand.role.id == signoff.role for one in there)
    asks_still = occasion(draft, drafts, ground) is Ask.REQUEST
    return needed and (asks_still or not went_back(signoff, draft, ground))


def went_back(signoff: Signoff, draft: Draft, ground: Ground) -> bool:
    """Say whether people took the deal away from the gate again; our own move back does not count."""
    standing = ground.context.standing
    if draft.place.reached or draft.place.just_before:
        return False
    if any(at >= signoff.requested_at for at in standing.moves):
        return False
    last = ground.pipeline.position(standing.stage or "")
    return last is not None and last > (ground.pipeline.position(ground.deal.stage) or 0)
