"""Who is asked now, and which open questions are taken back (design 1.2, 1.3, 1.11)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from connector import touch
from connector.checks import rates
from connector.checks.derived import currency_of
from connector.context import Context
from connector.deals import OurField
from connector.gates.judge import HOLDS, Draft
from connector.policy.model import Ask, Role, Ruling
from connector.signoffs import marks, timers
from connector.signoffs.choose import signers
from connector.signoffs.cover import Demand, Settled
from connector.signoffs.drift import Drift, drifts
from connector.signoffs.ground import WITHDRAW, Ground, needed_by, requester
from connector.signoffs.people import eligible
from connector.signoffs.states import moved
from connector.standing import OPEN, Signoff, SignoffState
from connector.verdicts import Readiness

_NO_REQUEST = frozenset({"", "false", "no", WITHDRAW})
_CLOSED = frozenset({SignoffState.WITHDRAWN, SignoffState.EXPIRED})
_LASTING = frozenset({SignoffState.WITHDRAWN, SignoffState.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Asked:
    """The record after asking. `wants_history`: only the history says if a person touched it and who asks."""

    signoffs: tuple[Signoff, ...]
    wants_history: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One demand at one gate that somebody has to be asked for; `turn`: now, not after others; `stops`: it
    only tells that the deal may be stopped, and nobody waits for an answer."""

    draft: Draft
    demand: Demand
    people: tuple[str, ...]
    turn: bool = True
    stops: bool = False


def asked(drafts: tuple[Draft, ...], ground: Ground) -> Asked:
    """Return the whole record: questions kept, taken back and put anew."""
    context = ground.context
    if context.observe_only:
        kept = context.standing.signoffs
        return Asked(withdrawn(kept) if context.leaving else kept)
    record = tuple([timers.by_time(one, ground) for one in context.standing.signoffs])
    untold = any(draft.untold and draft.place.visible for draft in drafts)
    if not record and not any(draft.settled or draft.stops for draft in drafts):
        return Asked((), untold)
    new = [question for draft in drafts for question in _questions(draft, record, ground)]
    allowed = [one for one in new if _allowed(one, record, drafts, ground)]
    unread = context.history is None  # it says whether a person touched the deal, and who asks
    wants = untold or (unread and bool(allowed))
    if wants:
        return Asked(_put(record, [], drafts, ground), wants_history=True)
    now = [one for one in allowed if stirred(one.draft, drafts, ground, _closed_at(one, record))]
    return Asked(_put(record, now, drafts, ground))


def withdrawn(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Take every open question back: the deal is lost or gone."""
    return tuple(moved(one, SignoffState.WITHDRAWN) if one.state in OPEN else one for one in signoffs)


def superseded(signoffs: Iterable[Signoff]) -> tuple[Signoff, ...]:
    """Supersede whatever was asked or decided: the deal was merged into another, which keeps its own."""
    return tuple(one if one.state in _LASTING else moved(one, SignoffState.SUPERSEDED) for one in signoffs)


def _questions(draft: Draft, record: tuple[Signoff, ...], ground: Ground) -> Iterable[Question]:
    """Yield what is open at the gate and not being asked already."""
    if not (draft.settled or draft.stops) or not askable(draft):
        return
    signing = [one for one in record if one.stops is None]
    stopping = [one for one in record if one.stops is not None]
    for one in draft.settled:
        people = draft.chosen.people.get(one.demand.role.id, ())
        enough = len(people) >= signers(one.demand.role, ground, own=one.demand.own)
        if one.open and enough and not any(_asks(signoff, draft, one.demand, ground) for signoff in signing):
            yield Question(draft, one.demand, people, one.turn)
    for one in draft.stops:
        people = eligible(one.demand.role, ground)[:1]
        if one.open and people and not any(_asks(signoff, draft, one.demand, ground) for signoff in stopping):
            yield Question(draft, one.demand, people, stops=True)


def askable(draft: Draft) -> bool:
    """Say whether the gate may trouble people: not while it observes, is stopped, or data is missing."""
    gate = draft.verdict
    if not draft.place.visible or draft.untold or draft.keep or gate.readiness is Readiness.BLOCKED:
        return False
    if [one for one in gate.findings if one.outcome in HOLDS]:
        return False
    return not [need for need in gate.needs if need.ruling is Ruling.UNKNOWN]


def _asks(signoff: Signoff, draft: Draft, demand: Demand, ground: Ground) -> bool:
    """Say whether this open request puts the very question: role, findings, and values no worse than told."""
    if signoff.state not in OPEN or (signoff.gate, signoff.role) != (draft.verdict.gate, demand.role.id):
        return False
    able = {*eligible(demand.role, ground, own=demand.own), *(vote.person for vote in signoff.votes)}
    # of those who may stop the deal one is told, however many of the role would have to sign
    enough = signers(demand.role, ground, own=demand.own) if signoff.stops is None else 1
    moves = set(drifts(ground.policy, signoff.seen, ground.facts))
    return (
        len(able.intersection(signoff.asked)) >= enough
        and set(demand.about) <= set(signoff.about)
        and moves <= {Drift.SAME, Drift.BETTER}
    )


def occasion(draft: Draft, drafts: tuple[Draft, ...], ground: Ground) -> Ask | None:
    """Return what gives rise to asking or telling, the rep's own request first: it needs no touch. A gate
    that is reached and still has a question is owed."""
    place = draft.place
    if Ask.REQUEST in place.gate.ask and requested(ground) and (place.reached or draft in next_ahead(drafts)):
        return Ask.REQUEST
    if Ask.OWED in place.gate.ask and place.reached:
        return Ask.OWED
    if Ask.BEFORE not in place.gate.ask or not place.just_before:
        return None
    return None if [one for one in drafts if one.owed and one.place.visible] else Ask.BEFORE


def requested(ground: Ground) -> bool:
    """Say whether the rep asks, by the request field; a tick that was taken away asks nothing."""
    shown = ground.deal.shown.get(OurField.REQUEST, "")
    return shown != "" and shown.strip().casefold() not in _NO_REQUEST


def next_ahead(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """Return the gates of the next gated stage ahead, observing ones left out."""
    ahead = [draft for draft in drafts if draft.place.visible and not draft.place.reached]
    return tuple([draft for draft in ahead if draft.place.at == ahead[0].place.at])


def stirred(draft: Draft, drafts: tuple[Draft, ...], ground: Ground, since: datetime | None = None) -> bool:
    """Say whether a person is behind it: the request itself, or a touch after every mark and `since`."""
    context = ground.context
    if occasion(draft, drafts, ground) is Ask.REQUEST:
        return True
    marks = (*quiet_marks(context), since)
    return context.history is not None and touch.touched(context.history, marks) is not None


def _allowed(
    question: Question, record: tuple[Signoff, ...], drafts: tuple[Draft, ...], ground: Ground
) -> bool:
    """Say whether there is an occasion; what the rep let go waits until it is asked for, or owed."""
    rise = occasion(question.draft, drafts, ground)
    last = _last(question, record)
    return rise is not None and not (last is not None and _let_go(last) and rise is Ask.BEFORE)


def _let_go(signoff: Signoff) -> bool:
    """Say whether the rep took the question back, or left the approver's own without an answer."""
    if signoff.state is SignoffState.EXPIRED:
        return signoff.unanswered
    return signoff.state is SignoffState.WITHDRAWN and signoff.decided_by is not None


def _closed_at(question: Question, record: tuple[Signoff, ...]) -> datetime | None:
    """Return when the same question lapsed or was taken back: only what came later may put it again."""
    last = _last(question, record)
    return last.decided_at if last is not None and last.state in _CLOSED else None


def _last(question: Question, record: tuple[Signoff, ...]) -> Signoff | None:
    """Return the newest request that was made to this role at this gate."""
    same = (
        one
        for one in record
        if (one.gate, one.role) == (question.draft.verdict.gate, question.demand.role.id)
        and (one.stops is not None) == question.stops
    )
    return max(same, key=lambda one: one.cycle, default=None)


def quiet_marks(context: Context) -> tuple[datetime | None, ...]:
    """Return the marks up to which touches start nothing."""
    return context.standing.quiet_until, context.quiet_until


def _put(
    record: tuple[Signoff, ...], questions: list[Question], drafts: tuple[Draft, ...], ground: Ground
) -> tuple[Signoff, ...]:
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
        group=tuple(group.id for group in demand.groups),
        needs=signers(demand.role, ground, own=demand.own),
        requested_by=requester(ground),
        needed_by=needed_by(ground),
        paused=max((one.paused for one in before), default=0),  # asking anew gives no new time
        rate=_rate(question.draft.verdict.gate, ground),
        rate_of=_rate_of(question.draft.verdict.gate, ground),
        rises=None if question.stops else hours,
        own=demand.own,
    )
    if question.stops:
        new = replace(new, needs=1, stops=marks.hours_of(new, ground) if hours is None else hours)
    return _put_now(new, ground) if question.turn else replace(new, due_at=marks.due_at(new, ground))


def _put_now(signoff: Signoff, ground: Ground) -> Signoff:
    """Return the question as it is put: with its time, and to those above too where it goes there at once."""
    put = replace(signoff, due_at=marks.due_at(signoff, ground))
    return timers.escalated(put, ground) if put.rises == 0 else put


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
    return needed and (asks_still or not _went_back(signoff, draft, ground))


def _went_back(signoff: Signoff, draft: Draft, ground: Ground) -> bool:
    """Say whether people took the deal away from the gate again; our own move back does not count."""
    standing = ground.context.standing
    if draft.place.reached or draft.place.just_before:
        return False
    if any(at >= signoff.requested_at for at in standing.moves):
        return False
    last = ground.pipeline.position(standing.stage or "")
    return last is not None and last > (ground.pipeline.position(ground.deal.stage) or 0)
