"""What two versions do with a gate as a whole: a deal that is held is stopped there, shown, or only
counted; at another stage; or there is no gate for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from connector import values
from connector.policy.model import Gate, Mode, Policy
from connector.versions.answer import Direction

_DOES = {Mode.OBSERVE: "only counted", Mode.FLAG: "shown, not stopped", Mode.BLOCK: "stopped"}
_STRICTNESS = tuple(_DOES)
_NO_GATE = "no gate"


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of a held deal: `beside` says which one, beside what holds it; `field` is what it then
    speaks of."""

    beside: str
    was: str
    now: str
    direction: Direction
    field: str = ""


@dataclass(frozen=True, slots=True)
class Stricter:
    """A gate that is in another mode than it was, milder ones too; `on`: only from that day on, None: now."""

    was: Mode
    now: Mode
    on: date | None = None


def stricter(before: Policy, after: Policy, today: date) -> Mapping[str, tuple[Stricter, ...]]:
    """Return, by gate, how the modes of today and of each planned day differ."""
    old = {gate.id: gate for gate in before.gates}
    return {gate.id: tuple(_modes(old[gate.id], gate, today)) for gate in after.gates if gate.id in old}


def _modes(was: Gate, now: Gate, today: date) -> Iterator[Stricter]:
    planned = sorted({one.on for one in (*was.switches, *now.switches) if one.on > today})
    said = None
    for day in (today, *planned):
        modes = was.mode_on(day), now.mode_on(day)
        if modes[0] is not modes[1] and modes != said:
            yield Stricter(*modes, None if day == today else day)
        said = modes


def turns(was: Gate | None, now: Gate | None) -> Iterator[Turn]:
    """Yield each way in which a held deal fares otherwise at the gate."""
    if was is None or now is None:
        yield _there(was, now)
        return
    if (was.pipeline.casefold(), was.stage.casefold()) != (now.pipeline.casefold(), now.stage.casefold()):
        yield Turn("", f"{_fate(was)} at {_place(was)}", f"{_fate(now)} at {_place(now)}", Direction.NEITHER)
    if was.mode is not now.mode:
        yield Turn("", _DOES[was.mode], _DOES[now.mode], _stricter(was.mode, now.mode))
    if was.switches != now.switches:
        yield Turn("", _from_day(was), _from_day(now), later(was, now))
    if was.move_back != now.move_back and Mode.BLOCK in now.modes & was.modes:
        sent = ("stays where it is", "is moved back")
        way = Direction.TIGHTER if now.move_back else Direction.LOOSER
        yield Turn("moved there all the same", sent[was.move_back], sent[now.move_back], way)
    yield from _scoped(was, now)


def _there(was: Gate | None, now: Gate | None) -> Turn:
    old, new = (_NO_GATE if one is None else f"{_fate(one)} at {_place(one)}" for one in (was, now))
    return Turn("", old, new, Direction.TIGHTER if was is None else Direction.LOOSER)


def _scoped(was: Gate, now: Gate) -> Iterator[Turn]:
    """Yield one turn for each value of a field for which the gate is there in one version only."""
    old, new = dict(was.scope.allowed), dict(now.scope.allowed)
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        lost = _words(before) - _words(after) if after is not None else set()
        won = _words(after) - _words(before) if before is not None else set()
        if lost or (before is None and after is not None):
            which = values.listing(sorted(lost), "or") if before is not None else f"other than {_said(after)}"
            yield Turn(f"{name} {which}", _fate(was), _NO_GATE, Direction.LOOSER, name)
        if won or (after is None and before is not None):
            which = values.listing(sorted(won), "or") if after is not None else f"other than {_said(before)}"
            yield Turn(f"{name} {which}", _NO_GATE, _fate(now), Direction.TIGHTER, name)


def _words(allowed: frozenset[str] | None) -> set[str]:
    return {word.casefold() for word in allowed or ()}


def _said(allowed: frozenset[str] | None) -> str:
    return values.listing(sorted(allowed or ()), "or")


def _fate(gate: Gate) -> str:
    return _DOES[gate.mode]


def _place(gate: Gate) -> str:
    return f"{gate.stage} of {gate.pipeline}"


def _from_day(gate: Gate) -> str:
    planned = (f"; {_DOES[one.mode]} from {values.day(one.on)}" for one in gate.switches)
    return "".join((_fate(gate), *planned))


def _stricter(was: Mode, now: Mode) -> Direction:
    more = _STRICTNESS.index(now) > _STRICTNESS.index(was)
    return Direction.TIGHTER if more else Direction.LOOSER


def later(was: Gate, now: Gate) -> Direction:
    """Compare what the gates are planned to become."""
    last = [one.switches[-1].mode if one.switches else one.mode for one in (was, now)]
    return Direction.NEITHER if last[0] is last[1] else _stricter(*last)
