"""Who may see and change which fields: permission sets. Fields without a package are open to everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.salesforce.schema import Field, SObject


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """`readable` and `editable` hold names such as `Opportunity.Ops_Readiness__c`; `custom` permissions."""

    name: str
    label: str = ""
    readable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()


@dataclass(slots=True)
class Access:
    """Permission sets of an org and who holds them, by user id."""

    sets: dict[str, PermissionSet] = field(default_factory=dict)
    _held: dict[str, tuple[PermissionSet, ...]] = field(default_factory=dict)

    def grant(self, user: str, name: str) -> None:
        """Assign a permission set; KeyError where the org has none of that name."""
        self._held[user] = (*(one for one in self._held.get(user, ()) if one.name != name), self.sets[name])

    def revoke(self, user: str, name: str) -> None:
        self._held[user] = tuple(one for one in self._held.get(user, ()) if one.name != name)

    def replace(self, sets: Mapping[str, PermissionSet]) -> None:
        """Take over sets of a package; those who hold one of the same name hold the new one."""
        self.sets |= sets
        for user, held in self._held.items():
            self._held[user] = tuple(self.sets[one.name] for one in held)

    def sees(self, user: str, sobject: SObject, one: Field) -> bool:
        """Say whether the user may read the field."""
        if not one.package:
            return True
        return any(
            name in held.readable for held in self._held.get(user, ()) for name in _names(sobject, one)
        )

    def edits(self, user: str, sobject: SObject, one: Field) -> bool:
        """Say whether the user may change the field."""
        if not one.package:
            return True
        return any(
            name in held.editable for held in self._held.get(user, ()) for name in _names(sobject, one)
        )

    def holds(self, user: str, permission: str) -> bool:
        """Say whether the user has a custom permission."""
        return any(permission in held.custom for held in self._held.get(user, ()))


def _names(sobject: SObject, one: Field) -> tuple[str, ...]:
    own = f"{sobject.name}.{one.name}"
    return (own, f"Activity.{one.name}") if sobject.name == "Task" else (own,)
