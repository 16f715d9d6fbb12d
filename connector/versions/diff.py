"""What changed between two policies, in words: rules added, removed and changed, and whether that asks for
less or for more."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.policy.model import Gate, Mode, Policy, Row, Ruling
from connector.versions.answer import Direction
from connector.versions.at_gate import later
from connector.versions.cells import Reach, reach
from connector.versions.outline import Outline, outline, summary

Path = tuple[str, ...]

_MILD = frozenset({Ruling.SALES, Ruling.NOTIFY})
_STRENGTH = (Ruling.SALES, Ruling.NOTIFY, Ruling.SIGN_OFF, Ruling.UNKNOWN, Ruling.FORBIDDEN)
_MODES = tuple(mode.value for mode in (Mode.OBSERVE, Mode.FLAG, Mode.BLOCK))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `was` or `now` is empty where it is new or gone."""

    path: Path
    was: str
    now: str
    direction: Direction = Direction.NEITHER

    @property
    def place(self) -> str:
        """Name the place: "authority.commercial.rows.small"."""
        return ".".join(self.path)

    @property
    def words(self) -> str:
        """Say it: "authority commercial, row small: discount <= 10% -> <= 12% (looser)"."""
        tail = "" if self.direction is Direction.NEITHER else f" ({self.direction})"
        if not self.was:
            return f"{_spoken(self.path)}: added: {self.now}{tail}"
        if not self.now:
            return f"{_spoken(self.path)}: removed: {self.was}{tail}"
        return f"{_spoken(self.path)}: {self.was} -> {self.now}{tail}"


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Return what changed, in the order of the sections; where a rule stands in its file is no change."""
    found = _compare((), outline(before), outline(after))
    return tuple(_weighed(change, before, after) for change in found)


def _compare(path: Path, was: Outline, now: Outline) -> Iterator[Change]:
    if isinstance(was, str) or isinstance(now, str):
        if was != now:
            yield Change(path, summary(was), summary(now))
        return
    for name in dict.fromkeys((*was, *now)):
        if name not in was or name not in now:
            gone, new = was.get(name), now.get(name)
            yield Change((*path, name), summary(gone) if gone else "", summary(new) if new else "")
        else:
            yield from _compare((*path, name), was[name], now[name])


def _spoken(path: Path) -> str:
    match path:
        case ("authority", matrix, "rows", row, *rest):
            return ", ".join((f"authority {matrix}", f"row {row}", *rest))
        case ("checklists", checklist, "checks", check, *rest):
            return ", ".join((f"checklist {checklist}", check.removeprefix(f"{checklist}."), *rest))
        case ("gates" | "fields" | "people" | "roles", name, *rest):
            return ", ".join((f"{path[0].rstrip('s')} {name}", *rest))
        case _:
            return " ".join(path)


def _weighed(change: Change, before: Policy, after: Policy) -> Change:
    return Change(change.path, change.was, change.now, _direction(change, before, after))


def _direction(change: Change, before: Policy, after: Policy) -> Direction:
    match change.path:
        case ("authority", matrix, "rows", row, *_):
            return _row(_find(before, matrix, row), _find(after, matrix, row))
        case ("gates", _):
            return _there(change)
        case ("gates", gate, key, *_):
            return _of_gate(key, change, _gate(before, gate), _gate(after, gate))
        case ("checklists", _, "checks", _) | ("checklists", _, "checks", _, "fields", _):
            return _there(change)
        case ("offering", "products", _):
            return _more(1 if change.was else -1)
        case _:
            return Direction.NEITHER


def _of_gate(key: str, change: Change, was: Gate, now: Gate) -> Direction:
    match key:
        case "mode":
            return _more(_MODES.index(change.now) - _MODES.index(change.was))
        case "move-back":
            return _more(1 if change.now == "yes" else -1)
        case "switch":
            return later(was, now)
        case "authority" | "checklist":
            return _listed(change)
        case _:
            return Direction.NEITHER


def _gate(policy: Policy, gate: str) -> Gate:
    return next(one for one in policy.gates if one.id == gate)


def _find(policy: Policy, matrix: str, row: str) -> Row | None:
    rows = policy.matrices[matrix].rows if matrix in policy.matrices else ()
    return next((one for one in rows if one.id == row), None)


def _row(was: Row | None, now: Row | None) -> Direction:
    """A mild row that reaches further asks for less; a strict row that does asks for more."""
    if was is None or now is None:
        row = was or now
        if row is None:
            return Direction.NEITHER
        mild = row.ruling in _MILD
        return _more(1 if mild == (now is None) else -1)
    if was.ruling is not now.ruling:
        return _more(_STRENGTH.index(now.ruling) - _STRENGTH.index(was.ruling))
    stopping = len(set(now.veto) - set(was.veto)) - len(set(was.veto) - set(now.veto))
    further = reach(was, now)
    if stopping and further is Reach.SAME:
        return _more(stopping)
    if further is Reach.SAME or further is Reach.OTHER:
        return Direction.NEITHER
    return _more(1 if (further is Reach.FURTHER) != (now.ruling in _MILD) else -1)


def _there(change: Change) -> Direction:
    return _more(1 if not change.was else -1)


def _listed(change: Change) -> Direction:
    was, now = set(change.was.split(", ")) - {""}, set(change.now.split(", ")) - {""}
    if was < now:
        return Direction.TIGHTER
    return Direction.LOOSER if now < was else Direction.NEITHER


def _more(sign: int) -> Direction:
    if sign == 0:
        return Direction.NEITHER
    return Direction.TIGHTER if sign > 0 else Direction.LOOSER
