"""What a publication would change on the deals that are there: answers by gate, and who is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.capacity.board import Board
from connector.capacity.records import Estimate
from connector.deals import Deal
from connector.directory import Directory
from connector.gates import under
from connector.inputs import Inputs
from connector.policy.model import Mode, Policy
from connector.signoffs.hours import local
from connector.standing import Signoff, SignoffState, Standing
from connector.verdicts import Verdict
from connector.versions.answer import CLEAR, Answer, Kind, of_gate
from connector.versions.at_gate import Stricter, stricter


@dataclass(frozen=True, slots=True)
class Changed:
    """One deal that gets another answer at one gate; None where the gate is not there in that version."""

    deal: str
    name: str
    gate: str
    was: Answer | None
    now: Answer | None


@dataclass(slots=True)
class Effect:
    """`asked` and `withdrawn` count by gate and role: a question is put when somebody touches the deal, and
    taken back at the next look at it. `modes` counts, by gate, held deals whose gate is or will be stricter
    or milder than it was; `unsure` are deals of which too little is known, `holes` the rules that cannot be
    answered for them."""

    deals: int = 0
    changed: list[Changed] = field(default_factory=list)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    withdrawn: Counter[tuple[str, str]] = field(default_factory=Counter)
    modes: Counter[tuple[str, Stricter]] = field(default_factory=Counter)
    unsure: int = 0
    holes: Counter[str] = field(default_factory=Counter)

    @property
    def by_gate(self) -> Counter[str]:
        """Count the changed answers by gate."""
        return Counter(one.gate for one in self.changed)

    @property
    def deals_changed(self) -> int:
        return len({one.deal for one in self.changed})


@dataclass(frozen=True, slots=True)
class Side:
    """A policy with its people joined to the account's users, and its capacity where it looks at that."""

    policy: Policy
    directory: Directory
    board: Board | None = None


def effect(
    cases: Iterable[Inputs], standings: Mapping[str, Standing], live: Side, draft: Side, now: datetime
) -> Effect:
    """Assess each deal under both policies as if the draft were published now."""
    found = Effect()
    turned = stricter(live.policy, draft.policy, local(now, draft.policy.calendar).date())
    for inputs in cases:
        found.deals += 1
        standing = standings.get(inputs.deal.id, inputs.standing)
        was, then = (_judged(inputs, standing, side, now) for side in (live, draft))
        found.changed += changed(inputs.deal, answers(was), answers(then))
        held = (gate.gate for gate in then.gates if not gate.clear)
        found.modes.update((gate, one) for gate in held for one in turned.get(gate, ()))
        _count(found, standing, was, then)
    return found


def estimates(
    cases: Iterable[Inputs], standings: Mapping[str, Standing], side: Side, now: datetime
) -> Iterator[tuple[str, Estimate | None]]:
    """Yield the hours that each deal takes under a policy, None where it takes none."""
    for inputs in cases:
        standing = standings.get(inputs.deal.id, inputs.standing)
        yield inputs.deal.id, _judged(inputs, standing, side, now).estimate


def _judged(inputs: Inputs, standing: Standing, side: Side, now: datetime) -> Verdict:
    return under(inputs, standing, side.policy, side.directory, now, board=side.board)


def answers(verdict: Verdict) -> dict[str, Answer]:
    """Return the answer of each gate that somebody hears of."""
    return {gate.gate: of_gate(gate) for gate in verdict.gates if gate.mode is not Mode.OBSERVE}


def changed(deal: Deal, was: Mapping[str, Answer], now: Mapping[str, Answer]) -> Iterator[Changed]:
    """Yield the gates at which a deal gets another answer; no gate and a gate that asks nothing are one."""
    for gate in dict.fromkeys((*was, *now)):
        if (was.get(gate) or CLEAR) != (now.get(gate) or CLEAR):
            yield Changed(deal.id, deal.name, gate, was.get(gate), now.get(gate))


def _count(found: Effect, standing: Standing, was: Verdict, then: Verdict) -> None:
    open_before = {_key(one) for one in standing.signoffs if one.state is SignoffState.REQUESTED}
    open_after = {_key(one) for one in then.signoffs if one.state is SignoffState.REQUESTED}
    found.withdrawn.update(open_before - open_after)
    old, new = _roles(was), _roles(then)
    found.asked.update(new - old - open_before)


def _roles(verdict: Verdict) -> set[tuple[str, str]]:
    told = answers(verdict).items()
    return {(gate, role) for gate, one in told if one.kind is Kind.SIGN_OFF for role in one.roles}


def _key(signoff: Signoff) -> tuple[str, str]:
    return signoff.gate, signoff.role
