"""Move back (design 1.7): only what a person has just moved past a gate that blocks, and only twice a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from connector import texts, touch, values
from connector.deals import ActorKind, StageKind
from connector.effects import AddNote, CloseTask, CreateTask, Effect, MoveBack
from connector.explain.who import named, open_ones, when
from connector.gates.moves import moves_left
from connector.gates.occasions import quiet_marks
from connector.plan.case import Case
from connector.plan.facts import fact_of, needs_of
from connector.policy.model import Mode
from connector.signoffs.spoken import for_rep
from connector.standing import Signoff
from connector.verdicts import GateVerdict, Readiness

_TASK = "task"
_THROUGH = frozenset({Readiness.READY, Readiness.EXCEPTION})


def back(case: Case) -> MoveBack | None:
    """Return the move back that is due, None where the deal stays."""
    ground, history = case.ground, case.ground.context.history
    gate = _first_blocking(case)
    if gate is None or case.verdict.keep or history is None or not moves_left(ground):
        return None
    move = touch.newest_move(history)
    if move is None or not _takes_back(case, move):
        return None
    target = _target(case, gate)
    if target is None:
        return None
    return MoveBack(
        deal=ground.deal.id,
        key=case.key("move", int(move.at.timestamp() * 1000)),
        from_pipeline=ground.deal.pipeline,
        from_stage=ground.deal.stage,
        to_pipeline=ground.deal.pipeline,
        to_stage=target,
        moved_at=move.at,
        close_date=move.close_date,
    )


def told(case: Case, move: MoveBack | None) -> Iterable[Effect]:
    """Yield the move with its note on the deal and the one notice to the rep."""
    gate = _first_blocking(case)
    if move is None or gate is None:
        return
    stage = case.ground.pipeline.stage(move.to_stage)
    label = stage.label if stage else move.to_stage
    body = texts.back_in(label, f"{case.local(case.ground.now):%H:%M}", _reason(case, gate))
    yield move
    yield AddNote(move.deal, f"{move.key}:note", body)
    if case.ground.deal.owner is not None:  # else the note is all there is
        told = case.tell_rep(f"{move.key}:rep", texts.back_title(case.ground.deal.name, label), body)
        yield replace(told, key=f"{move.key}:{_TASK}") if isinstance(told, CreateTask) else told


def over(case: Case) -> Iterable[CloseTask]:
    """Yield the closing of the rep's notices once nothing holds the deal any more: what they say of whom the
    stage needs is over, be it by an answer, a change, or a policy that was taken back."""
    if case.verdict.readiness not in _THROUGH:
        return
    done, mine = case.ground.context.standing.done, f"{case.key('move')}:"
    for key, task in done.items():
        if key.startswith(mine) and key.endswith(f":{_TASK}") and f"close:{key}" not in done:
            yield CloseTask(case.ground.deal.id, key, task)


def _first_blocking(case: Case) -> GateVerdict | None:
    """Return the first block gate that is owed, if one of those owed moves back."""
    owed = [one for one in case.verdict.gates if one.owed and one.mode is Mode.BLOCK]
    moving = {gate.id for gate in case.ground.policy.gates if gate.move_back}
    return owed[0] if any(one.gate in moving for one in owed) else None


def _takes_back(case: Case, move: touch.Move) -> bool:
    """Say whether this is a person's own recent move, made after every quiet mark."""
    ground = case.ground
    window = timedelta(minutes=ground.policy.move_back_minutes)
    quiet = touch.newest(quiet_marks(ground.context))
    return (
        move.actor.kind is ActorKind.PERSON
        and move.stage == ground.deal.stage
        and ground.now - move.at <= window
        and (quiet is None or move.at > quiet)
    )


def _target(case: Case, gate: GateVerdict) -> str | None:
    """Return the newest open stage before the gate where the deal stood, else the one just before it."""
    pipeline = case.ground.pipeline
    before = pipeline.stages[: pipeline.position(gate.stage) or 0]
    open_before = [stage.id for stage in before if stage.kind is StageKind.OPEN]
    stood = touch.stages_before(case.ground.context.history or ())
    known = (stage for stage in stood if stage in open_before)
    return next(known, open_before[-1] if open_before else None)


def _reason(case: Case, gate: GateVerdict) -> str:
    """Say why in the words of the gate that sent it back."""
    requests = [one for one in open_ones(case.verdict.signoffs) if one.gate == gate.gate]
    if not requests or gate.gate != case.verdict.gate:
        return case.verdict.sentence
    first = requests[0]
    who = named(first.asked[0] if first.asked else None, first.role, case.ground.policy)
    said = [
        _needs(first, gate.label, who, case),
        texts.answer_by(when(first, case.ground)),
        *_yourself(case),
    ]
    return " ".join(said)


def _needs(first: Signoff, stage: str, who: str, case: Case) -> str:
    """Say whom the stage needs: for what, or because of what where no value of the rep's tells it all."""
    needs = needs_of(first, case)
    facts = dict.fromkeys(fact_of(need, case) for need in needs)
    if facts and all(facts):
        return texts.gate_needs(stage, who, values.listing(list(facts)))
    whys = dict.fromkeys(for_rep(need, case.ground) for need in needs)
    return texts.gate_needs_because(stage, who, "; ".join(whys) or texts.held_by_figures())


def _yourself(case: Case) -> Iterable[str]:
    for lever in case.verdict.levers[:1]:
        if lever.clears:
            yield texts.move_it_yourself(lever.terms)
