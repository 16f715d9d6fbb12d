"""What happened in the account, before it becomes a webhook or a line of history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.hubspot.kinds import Kind


@dataclass(frozen=True, slots=True)
class Source:
    """Who did it, as property history and webhooks name it (reference 2.5)."""

    type: str
    id: str
    user: str | None = None


CALCULATED = Source("CALCULATED", "")


def person(user_id: str, surface: str = "CRM_UI") -> Source:
    """A user at the screen."""
    return Source(surface, f"userId:{user_id}", user_id)


def app(app_id: str) -> Source:
    """An app with a token."""
    return Source("INTEGRATION", app_id)


def workflow(enrolment: int) -> Source:
    """A workflow of the customer."""
    return Source("AUTOMATION_PLATFORM", f"enrollmentId:{enrolment};actionExecutionIndex:0")


class Action(StrEnum):
    """The second half of a subscription type."""

    CREATION = "creation"
    DELETION = "deletion"
    RESTORE = "restore"
    MERGE = "merge"
    PROPERTY = "propertyChange"
    ASSOCIATION = "associationChange"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one object; `details` are the members that only this action has."""

    action: Action
    kind: Kind
    id: str
    at: int
    source: Source
    name: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
