"""Who changed a record: a Salesforce user as one of our kinds of actor.

A flow saves as the user who set it off, and a data loader as the person who signed in with it: the platform
keeps no other trace. So data loaders and sync tools count as imports where the settings name their users;
users whose profile or licence is for integrations are machines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connector.adapters.salesforce.ids import full
from connector.adapters.salesforce.parsing import Row
from connector.adapters.salesforce.people import is_machine
from connector.deals import Actor, ActorKind

_PEOPLE = frozenset({"Standard", "PowerPartner"})  # of customers who sign in to a portal we read none


@dataclass(frozen=True, slots=True)
class Crew:
    """All users by 18-character id, and which of them is the connector itself."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    ourselves: str | None = None
    importers: frozenset[str] = frozenset()  # usernames, in small letters

    @classmethod
    def of(cls, rows: Iterable[Row], ourselves: str | None, importers: Iterable[str]) -> "Crew":
        """Make the crew of an org; `importers` are the usernames of data loaders and sync tools."""
        known = {str(row["Id"]): row for row in rows}
        return cls(known, ourselves, frozenset(name.lower() for name in importers))

    def actor(self, user: str | None) -> Actor:
        """Return who a user id stands for."""
        known = full(user or "")
        if known is None:
            return Actor(ActorKind.UNKNOWN)
        if known == self.ourselves:
            return Actor(ActorKind.OURSELVES)
        row = self.rows.get(known)
        if row is None:
            return Actor(ActorKind.UNKNOWN)
        if str(row.get("Username") or "").lower() in self.importers:
            return Actor(ActorKind.IMPORT)
        if row.get("UserType") not in _PEOPLE or is_machine(row):
            return Actor(ActorKind.AUTOMATION)
        return Actor(ActorKind.PERSON, known)
