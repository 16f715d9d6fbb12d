"""Which webhook events we act on, which we leave alone on purpose, and which we do not know.

The types are the enumeration of HubSpot's Webhooks API 2026-09, 48 in all:
https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
"""

from dataclasses import dataclass
from enum import StrEnum

from connector.deals import ObjectType


class Action(StrEnum):
    """What happened to the object: the second half of a subscription type."""

    CREATION = "creation"
    DELETION = "deletion"
    MERGE = "merge"
    RESTORE = "restore"
    PROPERTY_CHANGE = "propertyChange"
    ASSOCIATION_CHANGE = "associationChange"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A type we act on. `type` is None for the generic form, whose events say it in `objectTypeId`."""

    type: ObjectType | None
    action: Action


GENERIC = "object"

# HubSpot's names, also those inside association types such as DEAL_TO_LINE_ITEM.
OBJECT_TYPES = {
    "deal": ObjectType.DEAL,
    "line_item": ObjectType.LINE_ITEM,
    "company": ObjectType.COMPANY,
    "contact": ObjectType.CONTACT,
    "task": ObjectType.TASK,
}

OBJECT_TYPE_IDS = {
    "0-1": ObjectType.CONTACT,
    "0-2": ObjectType.COMPANY,
    "0-3": ObjectType.DEAL,
    "0-8": ObjectType.LINE_ITEM,
    "0-27": ObjectType.TASK,
}

# Tasks have no classic types: they come in the generic form alone.
HANDLED = {
    f"{name}.{action}": Subscription(kind, action)
    for name, kind in [(GENERIC, None), *OBJECT_TYPES.items()]
    if name != "task"
    for action in Action
}

# Left alone on purpose. Product: a line item keeps the price it was made with. Ticket, conversation, note and
# quote: no check reads them. Privacy deletion: we keep no contact's data. Completed events are analytics.
IGNORED = frozenset(
    {
        *(f"ticket.{action}" for action in Action),
        *(f"product.{action}" for action in Action if action is not Action.ASSOCIATION_CHANGE),
        "conversation.creation",
        "conversation.deletion",
        "conversation.newMessage",
        "conversation.privacyDeletion",
        "conversation.propertyChange",
        "contact.privacyDeletion",
        "event.completed",
    }
)
IGNORED_OBJECT_TYPE_IDS = frozenset({"0-5", "0-7", "0-14", "0-46"})  # ticket, product, quote, note

# Documented members of an event that we do not use. Any other is counted: HubSpot has added something.
UNUSED_MEMBERS = frozenset(
    {
        "appId",
        "associationCategory",
        "associationRemoved",
        "associationTypeId",
        "attemptNumber",
        "changeFlag",
        "eventId",
        "isPrimaryAssociation",
        "isSensitive",
        "messageId",
        "messageType",
        "numberOfPropertiesMoved",
        "occurredAt",
        "propertyValue",
        "subscriptionId",
    }
)
