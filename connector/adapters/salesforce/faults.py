"""What an error of Salesforce means: worth another try, unsure, refused, or wrong in itself.

Told by errorCode, never by HTTP status: one code comes with several, one status with many codes.
https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_calls_concepts_core_data_objects.htm
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.adapters.salesforce.budget import DAY_LIMIT_PAUSE
from connector.adapters.salesforce.parsing import Row
from connector.errors import CrmError, CrmRefused, CrmUnavailable

_BUSY_PAUSE = 5.0
_ANEW_PAUSE = 30.0  # longer than a call is tried again: the pages of a query have to be read from the first
_ADMIN_PAUSE = 600.0  # an approval process holds the record, or the org is full: hours, not seconds
_LOCK = "UNABLE_TO_LOCK_ROW"
_PAUSES: Mapping[str, float] = {
    _LOCK: 1.0,
    "SERVER_UNAVAILABLE": _BUSY_PAUSE,
    "TXN_SECURITY_RUNTIME_EXCEPTION": _BUSY_PAUSE,
    "REQUEST_RUNNING_TOO_LONG": _BUSY_PAUSE,
    "INVALID_QUERY_LOCATOR": _ANEW_PAUSE,
    "ENTITY_IS_LOCKED": _ADMIN_PAUSE,
    "STORAGE_LIMIT_EXCEEDED": _ADMIN_PAUSE,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": 0.0,
}
_LIMIT = "REQUEST_LIMIT_EXCEEDED"
_AUTOMATION = frozenset({"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "CANNOT_EXECUTE_FLOW_TRIGGER"})
UNKNOWN = frozenset({"UNKNOWN_EXCEPTION", "APEX_ERROR"})
_NO_SUCH_FIELD = frozenset({"INVALID_FIELD", "INVALID_TYPE", "INVALID_FIELD_FOR_INSERT_UPDATE"})
_RETIRED = 410
_QUOTED = re.compile(r"\A.*ERROR at Row:\d+:Column:\d+\s*", re.DOTALL)
_LONGEST = 300
_SHUT = frozenset({"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INVALID_SESSION_ID", "INVALID_LOGIN"})


@dataclass(slots=True, eq=False)
class Unsure(CrmUnavailable):
    """It was sent, and what became of it is unknown. Only raised for calls that must not be sent twice."""

    reason: str = "salesforce-unsure"


@dataclass(slots=True, eq=False)
class NotShown(CrmRefused):
    """A query names what Salesforce does not show us: no record is to blame, an admin has to mend it."""

    reason: str = "salesforce-not-shown"


@dataclass(slots=True, eq=False)
class Rejected(CrmError):
    """Salesforce refuses this request for what is in it. `code` is Salesforce's own word."""

    reason: str = "salesforce-rejected"
    code: str = ""
    fields: frozenset[str] = frozenset()

    @property
    def blames_all(self) -> bool:
        """Tell whether every record of a request is hit alike: a field that all of them name is missing."""
        return self.code in _NO_SUCH_FIELD


def judge(status: int, content: Any, *, repeatable: bool) -> CrmError:
    """Return what a refused request means. `content` is the body as simple-salesforce hands it over."""
    first = next((one for one in _listed(content) if isinstance(one, Mapping)), None)
    if first is None:
        lost = CrmUnavailable if repeatable else Unsure
        return lost(f"Salesforce answered {status}, but not in JSON.", reason="salesforce-not-json")
    code, message = str(first.get("errorCode") or ""), _said(first)
    passing = later(code, message)
    if passing is not None:
        return passing
    if status == _RETIRED:
        return _retired(message)
    if code in UNKNOWN or status >= 500:
        return (CrmUnavailable if repeatable else Unsure)(
            f"Salesforce failed with {code or status}.", reason="salesforce-down"
        )
    if code in _SHUT or status in (401, 403):
        return _refused(code, message)
    return rejection(first)


def later(code: str, message: str) -> CrmUnavailable | None:
    """Return the passing fault that this code stands for: nothing was changed, try again after a while."""
    if code == _LIMIT:
        if "Concurrent" in message:
            return CrmUnavailable(
                "Too many calls at once.", reason="salesforce-busy", retry_after=_BUSY_PAUSE
            )
        return CrmUnavailable(
            "The org's calls of the last 24 hours are used up.",
            reason="salesforce-daily-limit",
            retry_after=DAY_LIMIT_PAUSE,
        )
    if code in _AUTOMATION and _LOCK in message:  # the customer's own trigger or flow met it
        code = _LOCK
    if code in _PAUSES:
        return CrmUnavailable(f"Salesforce: {message}", reason=_reason(code), retry_after=_PAUSES[code])
    return None


def not_shown(fault: Rejected) -> NotShown:
    """Return why a query is refused whose names are not ours to see, or not there."""
    return NotShown(
        f"Salesforce does not show the integration user what we read: {fault.message}",
        hint="Assign the permission set Dealgate: Integration to the integration user. Run: dealgate doctor",
    )


def rejection(error: Row) -> Rejected:
    """Make one error of what Salesforce says of a request, or of one record of it."""
    code = str(error.get("errorCode") or error.get("statusCode") or "")
    return Rejected(
        _said(error) or "Salesforce refused without a reason.",
        reason=_reason(code),
        code=code,
        fields=frozenset(error.get("fields") or ()),
    )


def _said(error: Row) -> str:
    """Return Salesforce's words, without the piece of our query that it quotes before them."""
    return _QUOTED.sub("", str(error.get("message") or ""))[:_LONGEST]


def _refused(code: str, message: str) -> CrmRefused:
    if code in _SHUT:
        return CrmRefused(
            f"Salesforce does not accept our session. {message}".strip(),
            hint="Look at the external client app and its run-as user.",
            reason="salesforce-session-refused",
        )
    return CrmRefused(
        f"Salesforce does not let the integration user do this. {message}".strip(),
        hint="Assign the permission set Dealgate: Integration to the integration user.",
        reason="salesforce-not-allowed",
    )


def _retired(message: str) -> CrmRefused:
    return CrmRefused(
        f"Salesforce has retired the version of its API that we call. {message}".strip(),
        hint="Install a newer release of Dealgate.",
        reason="salesforce-version-retired",
    )


def _listed(content: Any) -> Sequence[Any]:
    return content if isinstance(content, list) else [content]


def _reason(code: str) -> str:
    return f"salesforce-{code.lower().replace('_', '-')}" if code else "salesforce-rejected"
