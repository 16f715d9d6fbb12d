"""Permission sets of a package."""

from collections.abc import Mapping
from pathlib import Path

from sandbox.salesforce.access import PermissionSet
from sandbox.salesforce.org import Org
from sandbox.salesforce.package import metadata
from sandbox.salesforce.package.metadata import DeployError, Node


def deploy_permissions(org: Org, folder: Path) -> Mapping[str, PermissionSet]:
    """Take the permission sets over; whoever held one holds what it says now."""
    custom = {
        node.path.name.partition(".")[0]
        for node in metadata.every(folder, "customPermission", "CustomPermission")
    }
    sets = {
        one.name: one
        for one in (
            _permission_set(org, node, custom)
            for node in metadata.every(folder, "permissionset", "PermissionSet")
        )
    }
    known = {one.text("Name") for one in org.records.all("PermissionSet")}
    for one in sets.values():
        if one.name not in known:
            org.add("PermissionSet", {"Name": one.name, "Label": one.label})
    org.access.replace(sets)
    return sets


def _permission_set(org: Org, node: Node, custom: set[str]) -> PermissionSet:
    fields = list(node.all("fieldPermissions"))
    for one in fields:
        _check_field(org, one)
    granted = {one.needed("name") for one in node.all("customPermissions") if one.says("enabled")}
    if granted - custom:
        raise DeployError(node.path, f"there is no custom permission {min(granted - custom)}")
    return PermissionSet(
        node.path.name.partition(".")[0],
        node.text("label"),
        frozenset(_named(one) for one in fields if one.says("readable")),
        frozenset(_named(one) for one in fields if one.says("editable")),
        frozenset(granted),
        frozenset(one.needed("name") for one in node.all("userPermissions") if one.says("enabled")),
    )


def _named(node: Node) -> str:
    """Return the field's full name; those of Activity are seen on tasks."""
    owner, _, name = node.needed("field").partition(".")
    return f"{'Task' if owner == 'Activity' else owner}.{name}"


def _check_field(org: Org, node: Node) -> None:
    named = _named(node)
    owner, _, name = named.partition(".")
    sobject = org.schema.find(owner)
    field = sobject.find(name) if sobject else None
    if field is None:
        raise DeployError(node.path, f"there is no field {named}")
    if field.required:
        raise DeployError(node.path, f"You cannot deploy to a required field: {named}")
    if field.formula and node.says("editable"):
        raise DeployError(node.path, f"a formula cannot be edited: {named}")
