"""How won deals passed each gate, from the record: by themselves, by a signature, by an exception, or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from connector.deals import StageKind
from connector.desk import Desk
from connector.inputs import Inputs
from connector.policy.model import Policy
from connector.standing import Clearance, ClearedHow, Signoff, SignoffState
from connector.verdicts import GateVerdict, Verdict


class Way(StrEnum):
    """BEFORE: the gate came after the deal. OPEN: it was passed, and what that rests on has changed.
    NOT_PASSED: the deal was won though the gate was not clear, which observing and flagging let happen."""

    ALONE = "nobody was asked"
    SIGNED = "signed"
    EXCEPTION = "by an exception"
    BEFORE = "before the gate existed"
    OPEN = "open again"
    NOT_PASSED = "not passed"


@dataclass(frozen=True, slots=True)
class Passing:
    """How one won deal passed one gate; `roles` are those that signed, by label."""

    deal: str
    gate: str
    way: Way
    roles: tuple[str, ...] = ()


def passings(desk: Desk) -> tuple[Passing, ...]:
    """Return how every won deal on record passed each gate of its pipeline, by deal and gate."""
    policy, views = desk.pictures.policy(desk.now()), desk.store.views
    won = [inputs.deal.id for inputs in views.inputs(desk.account) if _is_won(inputs)]
    kept = (views.kept(desk.account, deal) for deal in won)
    return tuple(_passing(gate, one.verdict, policy) for one in kept if one for gate in one.verdict.gates)


def _is_won(inputs: Inputs) -> bool:
    stage = inputs.pipeline.stage(inputs.deal.stage)
    return stage is not None and stage.kind is StageKind.WON


def _passing(gate: GateVerdict, verdict: Verdict, policy: Policy) -> Passing:
    clearance = verdict.clearances.get(gate.gate)
    own = (one for one in verdict.signoffs if one.gate == gate.gate and one.state is SignoffState.APPROVED)
    signed = (*gate.approvals, *own)  # a yes may have been given at an earlier gate
    way = Way.NOT_PASSED if clearance is None else _way(clearance, signed)
    roles = signed if way is Way.SIGNED else ()
    labels = (policy.roles[one.role].label if one.role in policy.roles else one.role for one in roles)
    return Passing(verdict.deal, gate.gate, way, tuple(dict.fromkeys(labels)))


def _way(clearance: Clearance, signed: Sequence[Signoff]) -> Way:
    match clearance.how:
        case ClearedHow.BEFORE_THE_GATE:
            return Way.BEFORE
        case ClearedHow.LAPSED | ClearedHow.REOPENED | ClearedHow.LEFT:
            return Way.OPEN
        case ClearedHow.PASSED if clearance.waived:
            return Way.EXCEPTION
        case ClearedHow.PASSED:
            return Way.SIGNED if signed else Way.ALONE
        case _:
            assert_never(clearance.how)
