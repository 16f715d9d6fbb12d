"""Custom fields, objects and settings of a package."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sandbox.salesforce.catalogue.make import system_fields
from sandbox.salesforce.org import Org
from sandbox.salesforce.package import metadata
from sandbox.salesforce.package.metadata import DeployError, Node
from sandbox.salesforce.schema import SHORT_TEXT, Choice, Field, SObject, Type
from sandbox.salesforce.values import Value

_TYPES: Mapping[str, tuple[Type, int]] = MappingProxyType(
    {
        "Text": (Type.STRING, SHORT_TEXT),
        "TextArea": (Type.TEXTAREA, SHORT_TEXT),
        "LongTextArea": (Type.TEXTAREA, 32_768),
        "Html": (Type.TEXTAREA, 32_768),
        "Number": (Type.DOUBLE, 0),
        "Currency": (Type.CURRENCY, 0),
        "Percent": (Type.PERCENT, 0),
        "Checkbox": (Type.BOOLEAN, 0),
        "Date": (Type.DATE, 0),
        "DateTime": (Type.DATETIME, 0),
        "Picklist": (Type.PICKLIST, SHORT_TEXT),
        "Lookup": (Type.REFERENCE, 18),
        "Email": (Type.EMAIL, 80),
        "Phone": (Type.PHONE, 40),
        "Url": (Type.URL, SHORT_TEXT),
    }
)


def deploy_objects(org: Org, folder: Path) -> None:
    """Make the package's own objects and settings exist."""
    for node in metadata.every(folder, "object", "CustomObject"):
        name = node.path.name.partition(".")[0]
        if not name.endswith("__c") or org.schema.find(name) is not None:
            continue
        setting = node.text("customSettingsType") == "Hierarchy"
        made = SObject(name, _prefix(org), node.text("label"), setting=setting)
        for one in (*system_fields(), Field("Name", Type.STRING, length=80)):
            made.add(one)
        if setting:
            owners = ("Organization", "Profile", "User")
            made.add(Field("SetupOwnerId", Type.REFERENCE, refers=owners, relation="SetupOwner"))
        org.schema.add(made)


def deploy_fields(org: Org, folder: Path) -> None:
    """Make the package's fields exist; those of Activity on tasks."""
    for node in metadata.every(folder, "field", "CustomField"):
        owner = node.path.parent.parent.name
        sobject = org.schema.find("Task" if owner == "Activity" else owner)
        if sobject is None:
            raise DeployError(node.path, f"there is no object {owner}")
        # Settings have no field-level security: whoever may read one reads all of it.
        field = _field(node, guarded=not sobject.setting)
        sobject.add(field)
        if field.default is not None and field.type is Type.BOOLEAN:
            for record in org.records.all(sobject.name):
                record.values.setdefault(field.name, field.default)


def _field(node: Node, *, guarded: bool) -> Field:
    name, kind = node.needed("fullName"), node.needed("type")
    if kind not in _TYPES:
        raise DeployError(node.path, f"the sandbox knows no field type {kind}")
    type_, length = _TYPES[kind]
    formula = node.text("formula")
    return Field(
        name,
        type_,
        node.text("label"),
        node.number("length", length),
        node.number("scale"),
        _choices(node),
        restricted=node.says("valueSet/restricted"),
        refers=(node.needed("referenceTo"),) if type_ is Type.REFERENCE else (),
        relation=f"{name.removesuffix('__c')}__r" if type_ is Type.REFERENCE else "",
        inverse=_inverse(node),
        required=node.says("required"),
        creatable=not formula,
        updatable=not formula,
        default=_default(node, type_),
        external_id=node.says("externalId"),
        package=guarded and not node.says("required"),
        formula=formula,
        help=node.text("inlineHelpText"),
    )


def _inverse(node: Node) -> str:
    name = node.text("relationshipName")
    return f"{name}__r" if name else ""


def _choices(node: Node) -> tuple[Choice, ...]:
    if not node.has("valueSet/valueSetDefinition"):
        return ()
    values = node.child("valueSet").child("valueSetDefinition").all("value")
    return tuple(Choice(one.needed("fullName"), one.text("label"), one.says("default")) for one in values)


def _default(node: Node, type_: Type) -> Value:
    if type_ is Type.BOOLEAN and not node.text("formula"):
        return node.text("defaultValue") == "true"
    return next((one.value for one in _choices(node) if one.default), None)


def _prefix(org: Org) -> str:
    taken = {one.prefix for one in org.schema}
    return next(f"a{n:02d}" for n in range(100) if f"a{n:02d}" not in taken)
