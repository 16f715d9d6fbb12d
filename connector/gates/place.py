"""Where each gate stands to the deal: reached, just before it, or further ahead; and with which mode."""

from collections.abc import Mapping
from operator import attrgetter
from typing import NamedTuple

from connector.context import Context
from connector.deals import Deal, Pipeline, Stage, StageKind, Unreadable, Value
from connector.policy.model import Gate, Mode, Scope
from connector.signoffs.ground import Ground


class Place(NamedTuple):
    """One gate of the deal's pipeline. `at` is its stage's position; `reached`: the deal stands there or
    beyond; `just_before`: in the stage before it. `unclear` are scope fields that are not known."""

    gate: Gate
    stage: Stage
    at: int
    mode: Mode
    reached: bool
    just_before: bool
    unclear: tuple[str, ...] = ()

    @property
    def visible(self) -> bool:
        """Say whether anybody but the ledger hears of this gate."""
        return self.mode is not Mode.OBSERVE


def pipeline_of(deal: Deal, context: Context) -> Pipeline:
    """Return the deal's pipeline, one without stages where the CRM does not name it."""
    return context.pipelines.get(deal.pipeline) or Pipeline(deal.pipeline, deal.pipeline, ())


def places(ground: Ground) -> tuple[Place, ...]:
    """Return the gates that apply to the deal, first stage first; none for a deal without a position."""
    pipeline = ground.pipeline
    position = pipeline.position(ground.deal.stage)
    if position is None:
        return ()
    before = _next_place(pipeline, position)
    found = []
    for gate in ground.policy.gates:
        at = entry_of(gate, pipeline)
        applies, unclear = _scope(gate.scope, ground.facts) if gate.scope.allowed else (True, ())
        if at is None or not applies:
            continue
        mode = _mode(gate, ground)
        found.append(Place(gate, pipeline.stages[at], at, mode, at <= position, at == before, unclear))
    return tuple(sorted(found, key=attrgetter("at")))


def entry_of(gate: Gate, pipeline: Pipeline) -> int | None:
    """Return the place of the stage at whose entry the gate sits, None where this pipeline has none."""
    at = pipeline.place(gate.stage) if pipeline.is_called(gate.pipeline) else None
    return None if at is None or pipeline.stages[at].kind is StageKind.LOST else at


def stages_from(pipeline: Pipeline, at: int) -> tuple[str, ...]:
    """Return the ids of the stages at this position and later, closed-lost left out."""
    return tuple([stage.id for stage in pipeline.stages[at:] if stage.kind is not StageKind.LOST])


def _next_place(pipeline: Pipeline, position: int) -> int | None:
    for place in range(position + 1, len(pipeline.stages)):
        if pipeline.stages[place].kind is not StageKind.LOST:
            return place
    return None


def _mode(gate: Gate, ground: Ground) -> Mode:
    if ground.context.observe_only:
        return Mode.OBSERVE
    mode = gate.mode
    if gate.switches:
        mode = gate.mode_on(ground.today)
    return Mode.FLAG if ground.context.flag_only and mode is Mode.BLOCK else mode


def _scope(scope: Scope, facts: Mapping[str, Value]) -> tuple[bool, tuple[str, ...]]:
    """Say whether the gate applies, and which fields it would take to be sure: unknown is no way out."""
    unclear = []
    for name, allowed in scope.allowed:
        value = facts.get(name)
        if value is None or isinstance(value, Unreadable):
            unclear.append(name)
        elif not _words(value) & {word.casefold() for word in allowed}:
            return False, ()
    return True, tuple(unclear)


def _words(value: Value) -> set[str]:
    words = value if isinstance(value, tuple) else (value,)
    return {str(word).casefold() for word in words}
