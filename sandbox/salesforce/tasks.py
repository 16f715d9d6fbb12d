"""What Salesforce itself works out of a task."""

from sandbox.salesforce.drafts import Draft
from sandbox.salesforce.errors import bad_request
from sandbox.salesforce.records import Record, Records


def settle(draft: Draft, records: Records) -> None:
    """Fill in status, owner and what follows from them."""
    changes = draft.changes
    if draft.is_new:
        changes.setdefault("Status", _default_status(records))
        changes.setdefault("Priority", "Normal")
        changes.setdefault("TaskSubtype", "Task")
        changes.setdefault("OwnerId", draft.user)
    if "OwnerId" in changes:
        _check_owner(draft.text("OwnerId"), records)
    if draft.is_new or draft.is_changed("Status"):
        status = _status(draft.text("Status"), records)
        changes["IsClosed"] = status.values["IsClosed"]
        changes["CompletedDateTime"] = draft.at if status.values["IsClosed"] else None
    if "Priority" in changes:
        changes["IsHighPriority"] = changes["Priority"] == "High"
    if "WhatId" in changes:
        changes["AccountId"] = _account(draft.text("WhatId"), records)


def _status(name: str, records: Records) -> Record:
    found = next((one for one in records.all("TaskStatus") if one.values["ApiName"] == name), None)
    if found is None:
        message = f"Status: bad value for restricted picklist field: {name}"
        raise bad_request("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, "Status")
    return found


def _default_status(records: Records) -> str:
    return next(one.text("ApiName") for one in records.all("TaskStatus") if one.values["IsDefault"])


def _check_owner(owner: str, records: Records) -> None:
    """A task may belong to a user or to a queue that takes tasks."""
    if not owner.startswith("00G"):
        return
    kinds = {one.text("SobjectType") for one in records.children("QueueSobject", "QueueId", owner)}
    if "Task" not in kinds:
        message = "Queue not associated with this SObject type"
        raise bad_request("INVALID_OPERATION", message, "OwnerId")


def _account(what: str, records: Records) -> str | None:
    if what.startswith("001"):
        return what
    deal = records.find(what)
    return deal.text("AccountId") or None if deal else None
