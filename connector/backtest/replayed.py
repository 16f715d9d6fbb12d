"""Whether a change comes out as computed: the decisions that it moves, judged again by the whole engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connector.backtest.crossing import Crossing, World
from connector.backtest.relief import Decided, Relief
from connector.backtest.trial import Ruled, Trial
from connector.deals import Deal
from connector.gates.place import entry_of
from connector.policy.model import Policy
from connector.versions.answer import Kind


@dataclass(frozen=True, slots=True)
class Replayed:
    """`tried` decisions could be judged again on the deal as it is kept; `alike` of them end where the change
    should take them."""

    tried: int = 0
    alike: int = 0


def replayed(
    relief: Relief,
    decisions: Iterable[tuple[int, Decided, datetime]],
    deals: Mapping[str, Deal],
    world: World,
) -> Replayed:
    """Judge each decision at its gate with the values that were seen. One whose deal is not kept, or lacks
    something at the gate today, cannot be judged."""
    trial, tried, alike = Trial(relief.policy, world), 0, 0
    for place, one, at in decisions:
        crossing = _crossing(one, at, deals.get(one.deal), relief.policy, world)
        ruled = _at_gate(one.gate, trial.rulings(crossing)) if crossing else None
        if ruled is None or not ruled.decidable or ruled.answer.kind not in {Kind.CLEAR, Kind.SIGN_OFF}:
            continue
        role = relief.moved.get(place, one.role)
        tried += 1
        alike += role in ruled.answer.roles if role else one.role not in ruled.answer.roles
    return Replayed(tried, alike)


def _crossing(one: Decided, at: datetime, deal: Deal | None, policy: Policy, world: World) -> Crossing | None:
    """Return the deal as it enters the gate's stage with the values that were seen."""
    gate = next((gate for gate in policy.gates if gate.id == one.gate), None)
    pipeline = world.pipeline(deal.pipeline) if deal else None
    place = entry_of(gate, pipeline) if gate and pipeline else None
    if deal is None or pipeline is None or place is None:
        return None
    entered = replace(deal, stage=pipeline.stages[place].id)
    return Crossing(entered, at, place - 1, one.seen)


def _at_gate(gate: str, rulings: Iterable[Ruled]) -> Ruled | None:
    return next((one for one in rulings if one.gate == gate), None)
