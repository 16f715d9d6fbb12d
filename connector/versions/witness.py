"""Example deals that two versions of a policy answer differently, made from the limits that the rows name:
at the matrices, at each check of the checklist, and at the gate as a whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from connector.policy.model import Gate, Policy
from connector.versions.answer import CLEAR, Answer, Direction, direction, words
from connector.versions.at_gate import Turn, turns
from connector.versions.corners import Sides, corners
from connector.versions.made_up import MadeUp, describe
from connector.versions.parts import parts

GATE = "gate"
_MOST_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Witness:
    """A deal made up to show a difference at one gate: in which `part`, or GATE for where and how strict it
    is. `alike` more of those tried differ in the same way."""

    gate: str
    part: str
    deal: MadeUp
    said: str
    was: str
    now: str
    direction: Direction
    alike: int = 0

    @property
    def words(self) -> str:
        """Say it: "discount 11 %: Operations signs -> nobody is needed"."""
        return f"{self.said}: {self.was} -> {self.now}"


@dataclass(frozen=True, slots=True)
class Witnesses:
    """`whole` is false where there were more deals to try than the budget allows."""

    found: tuple[Witness, ...]
    tried: int
    whole: bool = True


def witnesses(before: Policy, after: Policy, most: int = _MOST_TRIED) -> Witnesses:
    """Return one deal for each way in which an answer differs, the loosened ones first; none where the
    versions say the same."""
    found: list[Witness] = []
    tried, whole = 0, True
    for sides in _sides(before, after):
        here, used = _tried(sides, most - tried)
        found += here
        tried += used
        whole = whole and tried < most
    found += _of_gates(before, after)
    return Witnesses(tuple(sorted(found, key=lambda one: list(Direction).index(one.direction))), tried, whole)


def loosened(found: Iterable[Witness]) -> tuple[str, ...]:
    """Return the words of those that ask for less than before."""
    return tuple(f"{one.gate}: {one.words}" for one in found if one.direction is Direction.LOOSER)


def _sides(before: Policy, after: Policy) -> Iterator[Sides]:
    old = {gate.id: gate for gate in before.gates}
    for gate in after.gates:
        if gate.id in old:
            was, now = parts(before, old[gate.id]), parts(after, gate)
            yield from (Sides(name, was[name], now[name]) for name in now)


def _tried(sides: Sides, budget: int) -> tuple[list[Witness], int]:
    seen: dict[tuple[Answer, Answer], list[MadeUp]] = {}
    tried = 0
    for deal in corners(sides):
        if tried >= budget:
            break
        tried += 1
        was, now = sides.was.answer(deal), sides.now.answer(deal)
        if was != now:
            seen.setdefault((was, now), []).append(deal)
    return [_witness(sides, was, now, deals) for (was, now), deals in seen.items()], tried


def _witness(sides: Sides, was: Answer, now: Answer, deals: Sequence[MadeUp]) -> Witness:
    before, after = sides.was.policy, sides.now.policy
    return Witness(
        gate=sides.now.gate.id,
        part=sides.name,
        deal=deals[0],
        said=describe(deals[0], {**before.fields, **after.fields}, after.currency),
        was=words(was, before),
        now=words(now, after),
        direction=direction(was, now, before, after),
        alike=len(deals) - 1,
    )


def _of_gates(before: Policy, after: Policy) -> Iterator[Witness]:
    old, new = ({gate.id: gate for gate in policy.gates} for policy in (before, after))
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        policy = after if now is not None else before
        turned = tuple(turns(was, now))
        held = _held(policy, now or old[name]) if turned else None
        if held is not None:
            yield from (_turned(name, one, *held, policy) for one in turned)


def _held(policy: Policy, gate: Gate) -> tuple[MadeUp, str] | None:
    """Return a deal that this gate does not let through by itself, and why; None where there is none."""
    for name, part in parts(policy, gate).items():
        for deal in corners(Sides(name, part, part)):
            answer = part.answer(deal)
            if answer != CLEAR:
                return deal, words(answer, policy)
    return None


def _turned(gate: str, turn: Turn, deal: MadeUp, why: str, policy: Policy) -> Witness:
    shown = replace(deal, values={name: one for name, one in deal.values.items() if name != turn.field})
    said = ", ".join(filter(None, (describe(shown, policy.fields, policy.currency), turn.beside)))
    return Witness(gate, GATE, shown, f"{said} ({why})", turn.was, turn.now, turn.direction)
