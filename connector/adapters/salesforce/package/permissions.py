"""The permission sets: everybody reads our fields, few write them, only our own user holds the bypass."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from connector.adapters.salesforce.fields import (
    ACTIVITY_FIELDS,
    BYPASS,
    OPPORTUNITY_FIELDS,
    SETTING,
    Audience,
    CustomField,
)
from connector.adapters.salesforce.package.xml import Element, document, element

LABELS: Mapping[Audience, tuple[str, str]] = MappingProxyType(
    {
        Audience.REP: ("Dealgate: Sales", "Sees the badge and why, asks Operations."),
        Audience.OPS: ("Dealgate: Operations", "Sees the badge and why, decides on Dealgate's tasks."),
        Audience.ADMIN: ("Dealgate: Admin", "Sees everything of Dealgate, sets its switch."),
        Audience.INTEGRATION: (
            "Dealgate: Integration",
            "For the connector's own user and nobody else: writes the badge, passes the gate's rule.",
        ),
    }
)
_SETTING_READERS = frozenset({Audience.ADMIN, Audience.INTEGRATION})
_READ = ("Account", "Contact")
_OF_EVERYBODY = ("Product2", "Pricebook2")  # which nobody owns: Salesforce has no View All of them
# From a user with minimum access standard fields are hidden, too, those excepted that every record has:
# https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_fieldpermissions.htm
STANDARD = ("Opportunity.AccountId", "Opportunity.Amount")
# Tasks have no object permission: https://help.salesforce.com/s/articleView?id=sf.task_considerations.htm
_USER_PERMISSIONS = ("ActivitiesAccess", "ApiEnabled", "EditTask", "ViewAllUsers", "ViewRoles", "ViewSetup")


def permission_set(audience: Audience, limits: Iterable[CustomField], read: Iterable[str] = ()) -> str:
    """Return the file of one permission set; `limits` are the policy's fields in the agreed range, `read` the
    customer's own fields that the connector reads."""
    return document("PermissionSet", _permission_set(audience, limits, read))


def _permission_set(
    audience: Audience, limits: Iterable[CustomField], read: Iterable[str]
) -> Iterator[Element]:
    ours = audience is Audience.INTEGRATION
    if ours:
        yield element("customPermissions", _enabled(BYPASS))
    if audience in _SETTING_READERS:
        yield element("customSettingAccesses", _enabled(SETTING))
    label, description = LABELS[audience]
    yield element("description", description)
    seen = [(f"Opportunity.{one.name}", one) for one in (*OPPORTUNITY_FIELDS, *limits)]
    seen += [(f"Task.{one.name}", one) for one in ACTIVITY_FIELDS]
    named = {name: audience in one.editors for name, one in seen if audience in one.readers}
    if ours:
        named |= dict.fromkeys((*STANDARD, *read), False)
    for name, editable in sorted(named.items()):
        yield element("fieldPermissions", _field_permission(name, editable=editable))
    yield element("hasActivationRequired", content=False)
    yield element("label", label)
    if ours:
        yield from _of_integration()


def _of_integration() -> Iterator[Element]:
    for name in _READ:
        yield element("objectPermissions", _object_permission(name))
    yield element("objectPermissions", _object_permission("Opportunity", edit=True))
    for name in _OF_EVERYBODY:
        yield element("objectPermissions", _object_permission(name, view_all=False))
    for name in _USER_PERMISSIONS:
        yield element("userPermissions", _enabled(name))


def _enabled(name: str) -> tuple[Element, ...]:
    return (element("enabled", content=True), element("name", name))


def _field_permission(name: str, *, editable: bool) -> tuple[Element, ...]:
    return (element("editable", content=editable), element("field", name), element("readable", content=True))


def _object_permission(name: str, *, edit: bool = False, view_all: bool = True) -> tuple[Element, ...]:
    return (
        element("allowCreate", content=False),
        element("allowDelete", content=False),
        element("allowEdit", content=edit),
        element("allowRead", content=True),
        element("modifyAllRecords", content=False),
        element("object", name),
        element("viewAllRecords", content=view_all),
    )
