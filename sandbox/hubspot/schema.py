"""The account's properties and groups: created, changed, archived, and asked whether a write may pass."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sandbox.hubspot.catalogue import standard_properties
from sandbox.hubspot.errors import HubSpotError, PropertyProblem, invalid, invalid_properties, not_found
from sandbox.hubspot.kinds import KINDS, TASK, Kind
from sandbox.hubspot.properties import Property, Unacceptable

CUSTOM_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    display_order: int = -1


class Schema:
    """All definitions of one account. `task_properties` False: an account whose tasks take no custom ones."""

    def __init__(self, *, task_properties: bool = True) -> None:
        self.task_properties = task_properties
        self._properties: dict[str, dict[str, Property]] = {kind.name: {} for kind in KINDS}
        self._groups: dict[str, dict[str, Group]] = {kind.name: {} for kind in KINDS}
        for kind, prop in standard_properties():
            self._properties[kind.name][prop.name] = prop
            self._groups[kind.name].setdefault(prop.group, Group(prop.group, f"{kind.name} information"))
        self._unique = {kind.name: self._find_unique(kind) for kind in KINDS}

    def find(self, kind: Kind, name: str) -> Property | None:
        """Return a property that is not archived."""
        prop = self._properties[kind.name].get(name)
        return None if prop is None or prop.archived else prop

    def get(self, kind: Kind, name: str, *, archived: bool = False) -> Property:
        """Return the property or answer 404."""
        prop = self._properties[kind.name].get(name)
        if prop is None or prop.archived != archived:
            raise not_found(f'Property "{name}" does not exist', subCategory="PROPERTY_NOT_FOUND")
        return prop

    def unique_names(self, kind: Kind) -> tuple[str, ...]:
        """Return the properties whose values no two records share."""
        return self._unique[kind.name]

    def all(self, kind: Kind, *, archived: bool = False) -> tuple[Property, ...]:
        return tuple(prop for prop in self._properties[kind.name].values() if prop.archived == archived)

    def create(self, kind: Kind, prop: Property) -> Property:
        """Add a property; a name in use is a conflict, an archived one comes back to life."""
        if self.find(kind, prop.name) is not None:
            raise HubSpotError(
                409,
                f'Property named "{prop.name}" already exists.',
                "OBJECT_ALREADY_EXISTS",
                {"subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS"},
            )
        if kind is TASK and not self.task_properties:
            raise invalid("Custom properties are not supported for object type TASK.")
        if prop.group not in self._groups[kind.name]:
            raise invalid(f'Property group "{prop.group}" does not exist.')
        if sum(not known.defined_by_hubspot for known in self.all(kind)) >= CUSTOM_LIMIT:
            raise invalid(f"The limit of {CUSTOM_LIMIT} custom properties has been reached.")
        self._properties[kind.name][prop.name] = prop
        self._unique[kind.name] = self._find_unique(kind)
        return prop

    def replace(self, kind: Kind, prop: Property) -> None:
        """Put a changed definition in the place of the old one."""
        if prop.group not in self._groups[kind.name]:
            raise invalid(f'Property group "{prop.group}" does not exist.')
        self._properties[kind.name][prop.name] = prop

    def archive(self, kind: Kind, name: str) -> None:
        prop = self.get(kind, name)
        if prop.defined_by_hubspot:
            raise invalid(f'Property "{name}" is defined by HubSpot and cannot be archived.')
        self._properties[kind.name][name] = replace(prop, archived=True)

    def groups(self, kind: Kind) -> tuple[Group, ...]:
        return tuple(self._groups[kind.name].values())

    def group(self, kind: Kind, name: str) -> Group:
        group = self._groups[kind.name].get(name)
        if group is None:
            raise not_found(f'Property group "{name}" does not exist')
        return group

    def create_group(self, kind: Kind, group: Group) -> Group:
        if group.name in self._groups[kind.name]:
            raise HubSpotError(
                409,
                f'Property group named "{group.name}" already exists.',
                "OBJECT_ALREADY_EXISTS",
                {"subCategory": "Properties.GROUP_WITH_NAME_EXISTS"},
            )
        self._groups[kind.name][group.name] = group
        return group

    def replace_group(self, kind: Kind, group: Group) -> None:
        self._groups[kind.name][group.name] = group

    def archive_group(self, kind: Kind, name: str) -> None:
        self.group(kind, name)
        if any(prop.group == name for prop in self.all(kind)):
            raise invalid(f'Property group "{name}" still holds properties.')
        del self._groups[kind.name][name]

    def accept(self, kind: Kind, values: Mapping[str, str], owners: Iterable[str]) -> dict[str, str]:
        """Return the values as they are stored, or refuse all problems at once."""
        taken: dict[str, str] = {}
        problems: list[PropertyProblem] = []
        for name, value in values.items():
            try:
                taken[name] = self._accept_one(kind, name, value, owners)
            except Unacceptable as refused:
                problems.append(refused.problem)
        if problems:
            raise invalid_properties(problems)
        return taken

    def _accept_one(self, kind: Kind, name: str, value: str, owners: Iterable[str]) -> str:
        prop = self.find(kind, name)
        if prop is None:
            message = f'Property "{name}" does not exist'
            raise Unacceptable(PropertyProblem(name, "PROPERTY_DOESNT_EXIST", message))
        if prop.read_only:
            raise prop.refusal(
                f'"{name}" is a read only property; its value cannot be set.', "READ_ONLY_VALUE"
            )
        if name == "hubspot_owner_id" and value and value not in owners:
            raise prop.refusal(f"{value} was not a valid owner id.", "INVALID_OWNER_ID")
        return prop.accept(value)

    def _find_unique(self, kind: Kind) -> tuple[str, ...]:
        return tuple(prop.name for prop in self.all(kind) if prop.unique)
