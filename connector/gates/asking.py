"""Who is asked now (design 1.2, 1.3, 1.11): what is open at each gate, is not being asked, and may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connector.gates.judge import Draft
from connector.gates.occasions import askable, occasion, stirred
from connector.gates.questions import Question, put, went_back, withdrawn
from connector.policy.model import Ask
from connector.signoffs import timers
from connector.signoffs.choose import signed_for, signers
from connector.signoffs.cover import Demand, moves
from connector.signoffs.drift import Drift
from connector.signoffs.ground import Ground
from connector.signoffs.people import eligible
from connector.standing import OPEN, Signoff, SignoffState

_CLOSED = frozenset({SignoffState.WITHDRAWN, SignoffState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Asked:
    """The record after asking. `wants_history`: only the history says if a person touched it and who asks."""

    signoffs: tuple[Signoff, ...]
    wants_history: bool = False


def asked(drafts: tuple[Draft, ...], ground: Ground) -> Asked:
    """Return the whole record: questions kept, taken back and put anew."""
    context = ground.context
    if context.observe_only:
        kept = context.standing.signoffs
        return Asked(withdrawn(kept) if context.leaving else kept)
    untold = bool([one for one in drafts if one.untold and one.place.visible])
    if not context.standing.signoffs and not [one for one in drafts if one.settled or one.stops]:
        return Asked((), untold)
    record = tuple([timers.by_time(one, ground) for one in context.standing.signoffs])
    new = [question for draft in drafts for question in _open(draft, record, ground)]
    allowed = [one for one in new if _allowed(one, record, drafts, ground)]
    unread = context.history is None  # it says whether a person touched the deal, and who asks
    wants = untold or (unread and bool(allowed))
    if wants:
        return Asked(put(record, [], drafts, ground), wants_history=True)
    now = [
        one
        for one in allowed
        if stirred(one.draft, drafts, ground, _closed_at(one, record)) or _goes_on(one, record, ground)
    ]
    return Asked(put(record, now, drafts, ground))


def _open(draft: Draft, record: tuple[Signoff, ...], ground: Ground) -> Iterable[Question]:
    """Yield what is open at the gate and not being asked already."""
    if not (draft.settled or draft.stops) or not askable(draft):
        return
    signing = [one for one in record if one.stops is None]
    stopping = [one for one in record if one.stops is not None]
    for one in draft.settled:
        people = draft.chosen.people.get(one.demand.role.id, ())
        enough = len(people) >= signers(one.demand.role, ground, own=one.demand.asked.own)
        if one.open and enough and not any(_asks(signoff, draft, one.demand, ground) for signoff in signing):
            yield Question(draft, one.demand, people, one.turn)
    for one in draft.stops:
        people = eligible(one.demand.role, ground)[:1]
        if one.open and people and not any(_asks(signoff, draft, one.demand, ground) for signoff in stopping):
            yield Question(draft, one.demand, people, stops=True)


def _asks(signoff: Signoff, draft: Draft, demand: Demand, ground: Ground) -> bool:
    """Say whether this open request puts the very question: role, findings, and values no worse than told."""
    if signoff.state not in OPEN or (signoff.gate, signoff.role) != (draft.verdict.gate, demand.role.id):
        return False
    able = set(eligible(demand.role, ground, own=demand.asked.own))
    if demand.asked.groups:
        able -= signed_for(draft.settled, {group.id for group in demand.asked.groups})
    able |= {vote.person for vote in signoff.votes}
    # of those who may stop the deal one is told, however many of the role would have to sign
    enough = signers(demand.role, ground, own=demand.asked.own) if signoff.stops is None else 1
    return (
        len(able.intersection(signoff.asked)) >= enough
        and set(demand.about) <= set(signoff.about)
        and moves(signoff, demand, ground) <= {Drift.SAME, Drift.BETTER}
    )


def _allowed(
    question: Question, record: tuple[Signoff, ...], drafts: tuple[Draft, ...], ground: Ground
) -> bool:
    """Say whether there is an occasion, or was; what the rep let go waits until it is asked for, or owed."""
    if _goes_on(question, record, ground):
        return True
    rise = occasion(question.draft, drafts, ground)
    last = _last(question, record)
    return rise is not None and not (last is not None and _let_go(last) and rise is Ask.BEFORE)


def _goes_on(question: Question, record: tuple[Signoff, ...], ground: Ground) -> bool:
    """Say whether it takes the place of a question that people gave rise to, and that stands open: nothing of
    the deal is worse, only who decides is another, by a new policy or because somebody left (ADR 283)."""
    gate, demand = question.draft.verdict.gate, question.demand
    return any(
        one.state in OPEN
        and one.gate == gate
        and (one.stops is not None) == question.stops
        and _was_for(one, demand, ground)
        and moves(one, demand, ground) <= {Drift.SAME, Drift.BETTER}
        and not went_back(one, question.draft, ground)
        for one in record
    )


def _was_for(signoff: Signoff, demand: Demand, ground: Ground) -> bool:
    """Say whether it asked the same chain, or a role that the policy no longer has."""
    role = ground.policy.roles.get(signoff.role)
    return role is None or role.chain == demand.role.chain


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
