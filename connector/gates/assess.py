"""The one evaluator. Live, sweep, simulation and command line all come through `assess`; it does no I/O."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from connector import explain, texts
from connector.checks.derived import derive
from connector.context import Context
from connector.deals import Deal, Pipeline, Stage, StageKind
from connector.directory import Directory
from connector.gates import asking, badge, informing, moves, questions, record, taking
from connector.gates.alarms import alarms
from connector.gates.before import Existed, existed
from connector.gates.judge import Draft, asked_back, exempt, judge
from connector.gates.place import Place, pipeline_of, places
from connector.gates.way_out import NO_WAY, find
from connector.policy.model import Policy
from connector.signoffs import waivers
from connector.signoffs.ground import Ground
from connector.signoffs.hours import local
from connector.standing import Clearance, Standing, Waiver
from connector.verdicts import Readiness, Verdict


def assess(deal: Deal, policy: Policy, context: Context, now: datetime, *, way_out: bool = True) -> Verdict:
    """Judge one deal at one time: every gate of its pipeline, who is asked, and what the badge says.

    Level-triggered: it looks at the deal, the record and the policy, never at what was rung. Never raises
    for what a CRM can hold. `now` must be aware. Without `way_out` nobody looks for levers and the clear
    range, which cost more than all the rest: for many deals that nobody reads one by one.
    """
    pipeline = pipeline_of(deal, context)
    stage = pipeline.stage(deal.stage)
    if stage is None or stage.kind is StageKind.LOST:
        return _left_alone(
            Ground(deal, {}, pipeline, policy, context, now), _why_not(stage), lost=stage is not None
        )
    facts = derive(deal, policy, local(now, policy.calendar).date(), context.standing.signoffs)
    ground = Ground(deal, facts, pipeline, policy, context, now)
    return judged(ground, way_out=way_out)


def judged(ground: Ground, *, way_out: bool = True) -> Verdict:
    """Judge a case whose facts are given, those of a deal that is only thought of among them."""
    drafts, asked = _asked(ground)
    if asked.signoffs:
        drafts = tuple([asked_back(draft, asked.signoffs) for draft in drafts])
    return _verdict(drafts, asked, ground, way_out=way_out)


def retire(deal: str, standing: Standing, policy: Policy, now: datetime, *, merged: bool = False) -> Verdict:
    """Judge a deal that was deleted (its questions are taken back) or merged into another (its answers are
    superseded too); nothing is shown (design 1.9)."""
    if merged:
        standing = replace(standing, signoffs=questions.superseded(standing.signoffs))
    gone = Deal(deal, "", standing.pipeline or "", standing.stage or "")
    pipeline = Pipeline(gone.pipeline, gone.pipeline, ())
    context = Context("", {}, Directory(), standing)
    return _left_alone(Ground(gone, {}, pipeline, policy, context, now), texts.gone(), lost=True)


def _asked(ground: Ground) -> tuple[tuple[Draft, ...], asking.Asked]:
    """Judge the gates and ask. Where a yes is none any more, all are judged without it: what one gate asks
    anew may have been the answer of another (ADR 260)."""
    drafts = tuple([_draft(place, ground) for place in places(ground)])
    asked = asking.asked(drafts, ground)
    if not questions.took_back(ground.context.standing.signoffs, asked.signoffs):
        return drafts, asked
    return _asked(_as_it_will_be(ground, asked, record.reopened(drafts, ground)))


def _draft(place: Place, ground: Ground) -> Draft:
    answer = existed(place, ground)
    if answer is Existed.NO:
        return exempt(place)
    draft = judge(place, ground)
    untold = answer is Existed.ASK_HISTORY and draft.owed
    return draft._replace(untold=True) if untold else draft


def _verdict(drafts: tuple[Draft, ...], asked: asking.Asked, ground: Ground, *, way_out: bool) -> Verdict:
    speaking = badge.speaking(drafts)
    worst = badge.worst(speaking)
    clearances = record.clearances(drafts, ground)
    waived = _waivers(drafts, ground) if ground.context.standing.waivers else ()
    notices, untold = informing.news(drafts, ground)
    wants_history = asked.wants_history or untold or moves.history_decides(drafts, ground)
    blocked = badge.blocked_stages(drafts, ground)
    way = NO_WAY
    if way_out:
        there = _as_it_will_be(ground, asked, clearances)
        way = find(drafts, None if wants_history else worst, blocked, there)
    gates = tuple([draft.verdict for draft in drafts])
    gate, readiness = worst.verdict if worst else None, _readiness(drafts, worst)
    keep = bool([draft for draft in speaking if draft.keep])
    decided = explain.Decided(readiness, gate, gates, asked.signoffs, way.levers, keep)
    sentence = explain.sentence(decided, ground)
    fingerprint = record.fingerprint(ground, drafts, asked.signoffs)
    until = badge.valid_until(drafts, asked.signoffs, waived, ground)
    told = alarms(speaking, asked.signoffs, ground)
    estimate = taking.estimate(ground, clearances)
    return Verdict(  # by place: made for every deal, and by name it would take three times as long
        ground.deal.id, ground.now, ground.policy.version, readiness, gate.gate if gate else None, gates,
        sentence, asked.signoffs, clearances, blocked, way.levers, fingerprint, until, wants_history, keep,
        told, notices, way.range, way.open_now, estimate, waived,
    )  # fmt: skip


def _waivers(drafts: tuple[Draft, ...], ground: Ground) -> tuple[Waiver, ...]:
    used = [one for draft in drafts for one in draft.verdict.waived]
    return waivers.after(ground.context.standing.waivers, used, ground)


def _as_it_will_be(ground: Ground, asked: asking.Asked, cleared: Mapping[str, Clearance]) -> Ground:
    """Return the ground as it is once this verdict is on record: there a change of the rep's would land."""
    standing = replace(ground.context.standing, signoffs=asked.signoffs, clearances=cleared)
    return replace(ground, context=replace(ground.context, standing=standing))


def _readiness(drafts: tuple[Draft, ...], worst: Draft | None) -> Readiness:
    if worst is not None:
        return worst.verdict.readiness
    seen = any(draft.place.visible for draft in drafts)
    return Readiness.READY if seen else Readiness.NOT_ASSESSED


def _why_not(stage: Stage | None) -> str:
    return texts.stage_unknown() if stage is None else texts.closed_lost()


def _left_alone(ground: Ground, why: str, *, lost: bool) -> Verdict:
    """Leave the deal as it is: nothing is shown, only questions that nobody needs answered are taken back."""
    standing, over = ground.context.standing, lost or ground.context.leaving
    signoffs = questions.withdrawn(standing.signoffs) if over else standing.signoffs
    return Verdict(
        deal=ground.deal.id,
        at=ground.now,
        policy_version=ground.policy.version,
        readiness=Readiness.NOT_ASSESSED,
        gate=None,
        gates=(),
        sentence=texts.not_checked(why),
        signoffs=signoffs,
        clearances=standing.clearances,
        waivers=standing.waivers,
        blocked_stages=(),
        levers=(),
        fingerprint=record.fingerprint(ground, (), signoffs),
        assessed=False,
    )
