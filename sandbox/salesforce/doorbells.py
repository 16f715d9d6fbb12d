"""Which saves make an outbound message: the flows of the package, in the sandbox's own words."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.salesforce.drafts import Action, Change

Holds = Callable[[str, str], bool]
_OURS = ("Ops_", "Dealgate_")
_FROM_PEOPLE = frozenset({"Ops_Request__c", "Ops_Request_Note__c", "Ops_Decision__c", "Ops_Decision_Note__c"})
_DECISION = frozenset({"Dealgate_Decision__c", "Dealgate_Decision_Limit__c", "Dealgate_Decision_Note__c"})
_CLOCKWORK = frozenset({"ExpectedRevenue", "ForecastCategory", "LastStageChangeDate", "IsClosed", "IsWon"})


@dataclass(frozen=True, slots=True)
class Doorbell:
    """One outbound message: of which object, for which saves, with which fields."""

    name: str
    sobject: str
    fields: tuple[str, ...]
    rings: Callable[[Change], bool]


def of_the_product(holds: Holds, bypass: str) -> tuple[Doorbell, ...]:
    """Return the product's two messages: an opportunity's business fields, and a decision on a task.

    `holds` says whether a user has a custom permission; who has `bypass` rings nothing.
    """

    def opportunity(change: Change) -> bool:
        return not holds(change.user, bypass) and _business(change)

    def task(change: Change) -> bool:
        return not holds(change.user, bypass) and not _DECISION.isdisjoint(change.changed)

    fields = ("Id", "StageName", "Amount", "CloseDate", "OwnerId", "LastModifiedDate")
    return (
        Doorbell("Dealgate_Opportunity", "Opportunity", fields, opportunity),
        Doorbell("Dealgate_Task", "Task", ("Id", "WhatId", "LastModifiedDate"), task),
    )


def _business(change: Change) -> bool:
    """An outbound message never tells of a deletion (reference 1.1)."""
    if change.action is Action.CREATED:
        return True
    if change.action is not Action.UPDATED:
        return False
    return any(
        name in _FROM_PEOPLE or not (name.startswith(_OURS) or name in _CLOCKWORK) for name in change.changed
    )
