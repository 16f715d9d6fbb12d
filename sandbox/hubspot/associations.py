"""Associations: who hangs on whom, with HubSpot's own type ids in both directions (reference 4.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sandbox.hubspot.errors import invalid
from sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, LINE_ITEM, NOTE, TASK, Kind


@dataclass(frozen=True, slots=True)
class Pair:
    """Two object types that can be associated: the default type id each way, and the primary one if any."""

    here: Kind
    there: Kind
    to_there: int
    to_here: int
    primary_to_there: int | None = None
    primary_to_here: int | None = None


PAIRS = (
    Pair(DEAL, CONTACT, 3, 4),
    Pair(DEAL, COMPANY, 341, 342, 5, 6),
    Pair(DEAL, LINE_ITEM, 19, 20),
    Pair(DEAL, TASK, 215, 216),
    Pair(DEAL, NOTE, 213, 214),
    Pair(CONTACT, COMPANY, 279, 280, 1, 2),
    Pair(CONTACT, TASK, 203, 204),
    Pair(CONTACT, NOTE, 201, 202),
    Pair(COMPANY, TASK, 191, 192),
    Pair(COMPANY, NOTE, 189, 190),
)


@dataclass(frozen=True, slots=True)
class Direction:
    """One way of a pair. `ids` maps an allowed type id to the one of the way back."""

    default: int
    primary: int | None
    ids: Mapping[int, int]


def _directions() -> Mapping[tuple[str, str], Direction]:
    found: dict[tuple[str, str], Direction] = {}
    for pair in PAIRS:
        there = {pair.to_there: pair.to_here}
        if pair.primary_to_there is not None and pair.primary_to_here is not None:
            there[pair.primary_to_there] = pair.primary_to_here
        back = {inverse: type_id for type_id, inverse in there.items()}
        found[pair.here.name, pair.there.name] = Direction(pair.to_there, pair.primary_to_there, there)
        found[pair.there.name, pair.here.name] = Direction(pair.to_here, pair.primary_to_here, back)
    return MappingProxyType(found)


_DIRECTIONS = _directions()
_FIRST_LABEL = 1001  # of the types that admins make


def direction(from_kind: Kind, to_kind: Kind) -> Direction:
    """Return the way between two object types or refuse the pair."""
    found = _DIRECTIONS.get((from_kind.name, to_kind.name))
    if found is None:
        raise invalid(f"Unable to infer object type from: {from_kind.name} to {to_kind.name}")
    return found


class Associations:
    """All edges of one account, kept in both directions."""

    def __init__(self) -> None:
        self._edges: dict[tuple[str, str, str], dict[str, set[int]]] = {}
        self._labels: dict[tuple[str, str], dict[int, str]] = {}

    def define(self, kind: Kind, to_kind: Kind, label: str) -> int:
        """Return the type id of a label that the account's admin has made, the same both ways."""
        direction(kind, to_kind)
        known = self._labels.setdefault((kind.name, to_kind.name), {})
        found = next((type_id for type_id, name in known.items() if name == label), None)
        if found is not None:
            return found
        made = _FIRST_LABEL + sum(len(labels) for labels in self._labels.values())
        known[made] = label
        self._labels.setdefault((to_kind.name, kind.name), {})[made] = label
        return made

    def labels(self, kind: Kind, to_kind: Kind) -> Mapping[int, str]:
        """Return the admin's own labels by type id."""
        return self._labels.get((kind.name, to_kind.name), {})

    def of(self, kind: Kind, record_id: str, to_kind: Kind) -> Mapping[str, set[int]]:
        """Return the ids of the other type that hang on this record, with the type ids of the edge."""
        return self._edges.get((kind.name, record_id, to_kind.name), {})

    def ids(self, kind: Kind, record_id: str, to_kind: Kind) -> tuple[str, ...]:
        return tuple(self.of(kind, record_id, to_kind))

    def add(self, kind: Kind, record_id: str, to_kind: Kind, to_id: str, type_id: int) -> bool:
        """Join two records; return whether that is new. A primary edge brings the plain one along."""
        way = direction(kind, to_kind)
        own = self.labels(kind, to_kind)
        if type_id not in way.ids and type_id not in own:
            raise invalid(f"Association type {type_id} is not valid from {kind.name} to {to_kind.name}.")
        there = self._edges.setdefault((kind.name, record_id, to_kind.name), {}).setdefault(to_id, set())
        back = self._edges.setdefault((to_kind.name, to_id, kind.name), {}).setdefault(record_id, set())
        new = {way.default, type_id} - there
        there |= new
        back |= {way.ids.get(one, one) for one in new}
        return bool(new)

    def remove(self, kind: Kind, record_id: str, to_kind: Kind, to_id: str) -> bool:
        """Part two records; return whether they were joined."""
        there = self._edges.get((kind.name, record_id, to_kind.name), {})
        if to_id not in there:
            return False
        del there[to_id]
        self._edges[to_kind.name, to_id, kind.name].pop(record_id, None)
        return True

    def everything_of(self, kind: Kind, record_id: str) -> tuple[tuple[str, str, int], ...]:
        """Return (other type, other id, type id) of all edges of a record."""
        return tuple(
            (to_name, to_id, type_id)
            for (from_name, from_id, to_name), found in self._edges.items()
            if from_name == kind.name and from_id == record_id
            for to_id, types in found.items()
            for type_id in sorted(types)
        )
