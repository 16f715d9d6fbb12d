"""One record and the history of its properties."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.clock import iso
from sandbox.hubspot.errors import JsonObject
from sandbox.hubspot.events import Source
from sandbox.hubspot.kinds import Kind

HISTORY_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of a property's history."""

    value: str
    at: int
    source: Source

    def shown(self) -> JsonObject:
        entry: JsonObject = {
            "value": self.value,
            "timestamp": iso(self.at),
            "sourceType": self.source.type,
            "sourceId": self.source.id,
        }
        if self.source.user is not None:
            entry["updatedByUserId"] = int(self.source.user)
        return entry


@dataclass(slots=True)
class Record:
    """One object. `values` holds what is set; `indexed` what search still sees until `index_due`."""

    kind: Kind
    id: str
    created: int
    updated: int
    values: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[Version]] = field(default_factory=dict)
    archived: bool = False
    indexed: Mapping[str, str] | None = None
    index_due: int = 0

    def shown(self, names: Iterable[str], with_history: Iterable[str] = ()) -> JsonObject:
        """Return the record as a read does: asked properties, null where unset, newest history first."""
        answer: JsonObject = {
            "id": self.id,
            "properties": {name: self.values.get(name) for name in names},
            "createdAt": self.values["hs_createdate"],
            "updatedAt": self.values[self.kind.modified],
            "archived": self.archived,
        }
        if self.archived:
            answer["archivedAt"] = answer["updatedAt"]
        told = {name: [v.shown() for v in self.versions(name)[:HISTORY_DEPTH]] for name in with_history}
        if told:
            answer["propertiesWithHistory"] = told
        return answer

    def versions(self, name: str) -> list[Version]:
        """Return the history of one property, newest first."""
        return self.history.get(name, [])[::-1]

    def searchable(self, now: int) -> Mapping[str, str] | None:
        """Return the values that the search index holds; None before it knows the record."""
        return self.values if now >= self.index_due else self.indexed
