"""A record on its way to being saved, and what is told when it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sandbox.salesforce.records import Record
from sandbox.salesforce.schema import SObject
from sandbox.salesforce.values import Value

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(slots=True)
class Draft:
    """`before` is the record as it stands (None: a new one), `changes` what shall be written to it.

    `asked` names the fields that the client sent; whatever else is in `changes` was added on the way.
    """

    sobject: SObject
    before: Record | None
    changes: dict[str, Value]
    user: str
    at: datetime
    asked: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def value(self, name: str) -> Value:
        """Return a value as it will be."""
        return self.changes[name] if name in self.changes else self.prior(name)

    def prior(self, name: str) -> Value:
        """Return a value as it is."""
        return self.before.values.get(name) if self.before else None

    def is_changed(self, name: str) -> bool:
        """Say whether an existing record's value changes; never of a new one (reference 2.1)."""
        return not self.is_new and self.value(name) != self.prior(name)

    def text(self, name: str) -> str:
        value = self.value(name)
        return value if isinstance(value, str) else ""


class Action(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    UNDELETED = "undeleted"


@dataclass(frozen=True, slots=True)
class Change:
    """A record was saved. `before` holds its old values, `changed` the names of those that differ."""

    action: Action
    record: Record
    before: Mapping[str, Value]
    changed: frozenset[str]
    user: str
