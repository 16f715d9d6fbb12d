"""Who may save which record: object permissions say what may be done, sharing on which records."""

import re
from collections.abc import Set

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.records import Record

ACCESS = "UserRecordAccess"
_ASKED = re.compile(r"\bRecordId\s*=\s*'(\w{15,18})'", re.IGNORECASE)


def edits(readers: Set[str], user: str, record: Record) -> bool:
    """Say whether the user may save the record; `readers` may not save opportunities of others."""
    if record.sobject.name != "Opportunity" or user not in readers:
        return True
    return record.values.get("OwnerId") == user


def refusal() -> SalesforceError:
    return SalesforceError(400, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")


def asked(query: str) -> str | None:
    """Return the record about which a query of UserRecordAccess asks."""
    found = _ASKED.search(query) if ACCESS in query else None
    return found[1] if found else None
