"""What the org has: its fields by object, kept for a while."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connector.adapters.kept import KeptEach
from connector.adapters.salesforce.client import Client, Route
from connector.adapters.salesforce.faults import Rejected

OPPORTUNITY = "Opportunity"
TASK = "Task"
ACCOUNT = "Account"
LINE = "OpportunityLineItem"
_DESCRIBE = Route("GET", "sobjects describe")
_SHORT = 255
_NO_SUCH_OBJECT = frozenset({"NOT_FOUND", "INVALID_TYPE"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A field as the org shows it to us: one that the integration user may not see is not there.

    `grantable`: a permission set may show it or not; a field that every record must have is shown to all.
    """

    name: str
    type: str
    updateable: bool
    options: frozenset[str] = frozenset()
    label: str = ""
    grantable: bool = True
    length: int = 0

    @property
    def several(self) -> bool:
        """Tell whether a value may hold many options."""
        return self.type == "multipicklist"

    @property
    def long(self) -> bool:
        """Tell whether it is a text that the conditions of flows do not read."""
        return self.type == "textarea" and self.length > _SHORT


@dataclass(frozen=True, slots=True)
class Described:
    """One object: fields by their API name in small letters, for Salesforce does not tell case apart."""

    fields: Mapping[str, Definition]
    record_types: tuple[Mapping[str, Any], ...] = ()

    def field(self, name: str) -> Definition | None:
        """Return the field of this API name, in any case."""
        return self.fields.get(name.lower())

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.fields


NOTHING = Described({})


class Library:
    """The definitions of each object."""

    def __init__(self, client: Client, now: Callable[[], datetime], ttl: timedelta) -> None:
        self._client = client
        self._kept = KeptEach(self._load, now, ttl)

    def described(self, name: str) -> Described:
        """Return an object's fields; none where the org does not have the object."""
        return self._kept.get(name)

    def renewed(self, name: str) -> Described:
        """Return them as they are now, for an answer did not fit them."""
        return self._kept.of(name).renewed()

    def forget(self) -> None:
        """Read the definitions again: somebody may have changed them."""
        self._kept.forget()

    def _load(self, name: str) -> Described:
        try:
            told = self._client.rest(_DESCRIBE, f"sobjects/{name}/describe") or {}
        except Rejected as fault:
            if fault.code in _NO_SUCH_OBJECT:
                return NOTHING
            raise
        rows = told.get("fields") or ()
        types = tuple(told.get("recordTypeInfos") or ())
        return Described({row["name"].lower(): _definition(row) for row in rows}, types)


def _definition(row: Mapping[str, Any]) -> Definition:
    options = frozenset(
        str(one["value"]) for one in row.get("picklistValues") or () if one.get("active", True)
    )
    return Definition(
        row["name"],
        str(row.get("type") or ""),
        bool(row.get("updateable")),
        options,
        str(row.get("label") or ""),
        bool(row.get("permissionable", True)),
        int(row.get("length") or 0),
    )
