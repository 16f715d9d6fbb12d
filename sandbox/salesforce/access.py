"""Who may see and change which fields: permission sets. Fields without a package are open to everybody from
whom they are not hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.salesforce.schema import Field, SObject


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """`readable` and `editable` hold names such as `Opportunity.Ops_Readiness__c`; `custom` and `system`
    permissions."""

    name: str
    label: str = ""
    readable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()
    system: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Held:
    """What somebody's permission sets come to."""

    names: tuple[str, ...] = ()
    readable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()
    system: frozenset[str] = frozenset()


_NOTHING = _Held()


@dataclass(slots=True)
class Access:
    """Permission sets of an org and who holds them, by user id."""

    sets: dict[str, PermissionSet] = field(default_factory=dict)
    blind: set[tuple[str, str]] = field(default_factory=set)  # users and the objects that they do not see
    hidden: set[tuple[str, str]] = field(default_factory=set)  # users and fields that only a set shows them
    _held: dict[str, _Held] = field(default_factory=dict)

    def grant(self, user: str, name: str) -> None:
        """Assign a permission set; KeyError where the org has none of that name."""
        held = [one for one in self._of(user).names if one != name]
        self._hold(user, (*held, self.sets[name].name))

    def revoke(self, user: str, name: str) -> None:
        self._hold(user, tuple(one for one in self._of(user).names if one != name))

    def replace(self, sets: Mapping[str, PermissionSet]) -> None:
        """Take over sets of a package; those who hold one of the same name hold the new one."""
        self.sets |= sets
        for user, held in self._held.items():
            self._hold(user, held.names)

    def sees(self, user: str, sobject: SObject, one: Field) -> bool:
        """Say whether the user may read the field."""
        return self._open(user, sobject, one) or f"{sobject.name}.{one.name}" in self._of(user).readable

    def edits(self, user: str, sobject: SObject, one: Field) -> bool:
        """Say whether the user may change the field."""
        return self._open(user, sobject, one) or f"{sobject.name}.{one.name}" in self._of(user).editable

    def _open(self, user: str, sobject: SObject, one: Field) -> bool:
        return not one.package and (user, f"{sobject.name}.{one.name}") not in self.hidden

    def holds(self, user: str, permission: str) -> bool:
        """Say whether the user has a custom permission."""
        return permission in self._of(user).custom

    def may(self, user: str, permission: str) -> bool:
        """Say whether the user has a permission of Salesforce's own, as ViewSetup."""
        return permission in self._of(user).system

    def _of(self, user: str) -> _Held:
        return self._held.get(user, _NOTHING)

    def _hold(self, user: str, names: tuple[str, ...]) -> None:
        sets = [self.sets[name] for name in names]
        self._held[user] = _Held(
            names,
            frozenset().union(*(one.readable for one in sets)),
            frozenset().union(*(one.editable for one in sets)),
            frozenset().union(*(one.custom for one in sets)),
            frozenset().union(*(one.system for one in sets)),
        )
