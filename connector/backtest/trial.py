"""Judge crossings under one policy, each by itself: every gate existed, and nobody had decided anything but
what was excused."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connector.backtest.crossing import Crossing, World
from connector.capacity.board import Board
from connector.checks.derived import derive
from connector.context import Context
from connector.gates.judge import judge
from connector.gates.place import places
from connector.policy.model import Gate, Mode, Policy
from connector.signoffs.ground import Ground
from connector.signoffs.hours import due, local
from connector.signoffs.people import eligible
from connector.standing import Standing
from connector.verdicts import GateVerdict
from connector.versions.answer import Answer, Kind, of_gate, rules

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Ruled:
    """One gate of one crossing. `rules` are what holds the deal there; `asked` who would be asked, by role.
    Not `decidable`: the answer hangs on a value without history at that time."""

    gate: str
    mode: Mode
    answer: Answer
    rules: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    decidable: bool


class Trial:
    """One policy in one world. A gate is as strict as it is planned to be, and exists from the start.
    `board`: the hours that there are, where the crossings are of today."""

    def __init__(
        self, policy: Policy, world: World, decision_hours: int | None = None, board: Board | None = None
    ) -> None:
        gates = tuple(_as_planned(gate) for gate in policy.gates)
        hours = decision_hours or policy.calendar.answer_hours
        self.calendar = replace(policy.calendar, answer_hours=hours)
        self.policy = replace(policy, gates=gates)
        self.world = world
        self._context = Context("", world.pipelines, world.directory, board=board)

    def rulings(self, crossing: Crossing) -> tuple[Ruled, ...]:
        """Return what each gate says that this crossing goes through."""
        ground = self._ground(crossing)
        return tuple(
            _ruled(place.gate, judge(place, ground).verdict, ground)
            for place in places(ground)
            if crossing.before < place.at and place.reached
        )

    def waiting(self, asked_at: datetime) -> timedelta:
        """Return how long a deal waits for a decision that takes the calendar's hours of work."""
        return due(asked_at, self.calendar) - asked_at

    def _ground(self, crossing: Crossing) -> Ground:
        deal, policy = crossing.deal, self.policy
        facts = derive(deal, policy, local(crossing.at, policy.calendar).date())
        if crossing.given:
            facts = {**facts, **crossing.given}
        context = self._context
        if crossing.waivers:
            context = replace(context, standing=Standing(waivers=crossing.waivers))
        return Ground(deal, facts, self.world.pipeline(deal.pipeline), policy, context, crossing.at)


def _as_planned(gate: Gate) -> Gate:
    mode = gate.switches[-1].mode if gate.switches else gate.mode
    return replace(gate, mode=mode, switches=(), since=None)


def _ruled(gate: Gate, verdict: GateVerdict, ground: Ground) -> Ruled:
    answer = of_gate(verdict)
    unsure = any(one.ours for one in verdict.findings) or any(one.ours for one in verdict.needs)
    return Ruled(
        gate=gate.id,
        mode=gate.mode,
        answer=answer,
        rules=() if answer.kind is Kind.CLEAR else rules(verdict),
        asked=tuple((role, holder(role, ground)) for role in answer.roles),
        decidable=answer.kind is Kind.FORBIDDEN or not unsure,
    )


def holder(role: str, ground: Ground) -> str:
    """Return the person who would be asked for a role, NOBODY where nobody may sign."""
    known = ground.policy.roles.get(role)
    able = eligible(known, ground) if known else ()
    return able[0] if able else NOBODY
