"""What an error of Salesforce means: worth another try, unsure, refused, or wrong in itself.

Told by errorCode, never by HTTP status: one code comes with several, one status with many codes.
https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_calls_concepts_core_data_objects.htm
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.adapters.base import Delivery, Fate
from connector.adapters.salesforce.budget import DAY_LIMIT_PAUSE
from connector.adapters.salesforce.parsing import Row
from connector.errors import CrmError, CrmRefused, CrmUnavailable

_BUSY_PAUSE = 5.0
_APPROVAL_PAUSE = 600.0  # an approval process holds the record: hours, not seconds
_PAUSES: Mapping[str, float] = {
    "UNABLE_TO_LOCK_ROW": 1.0,
    "SERVER_UNAVAILABLE": _BUSY_PAUSE,
    "EXCEEDED_MAX_SEMIJOIN_SUBSELECTS": _BUSY_PAUSE,
    "TXN_SECURITY_RUNTIME_EXCEPTION": _BUSY_PAUSE,
    "REQUEST_RUNNING_TOO_LONG": _BUSY_PAUSE,
    "ENTITY_IS_LOCKED": _APPROVAL_PAUSE,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": 0.0,
}
_LIMIT = "REQUEST_LIMIT_EXCEEDED"
_UNKNOWN = frozenset({"UNKNOWN_EXCEPTION", "APEX_ERROR"})
_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND"})
_GONE_UNLESS_IN_A_FIELD = frozenset(
    {"INVALID_CROSS_REFERENCE_KEY", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "MALFORMED_ID"}
)
_NO_SUCH_FIELD = frozenset({"INVALID_FIELD", "INVALID_TYPE", "INVALID_FIELD_FOR_INSERT_UPDATE"})
_SHUT = frozenset({"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INVALID_SESSION_ID", "INVALID_LOGIN"})


@dataclass(slots=True, eq=False)
class Unsure(CrmUnavailable):
    """It was sent, and what became of it is unknown. Only raised for calls that must not be sent twice."""

    reason: str = "salesforce-unsure"


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
    code, message = str(first.get("errorCode") or ""), str(first.get("message") or "")[:300]
    passing = later(code, message)
    if passing is not None:
        return passing
    if code in _UNKNOWN or status >= 500:
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
    if code in _PAUSES:
        return CrmUnavailable(f"Salesforce: {message}", reason=_reason(code), retry_after=_PAUSES[code])
    return None


def rejection(error: Row) -> Rejected:
    """Make one error of what Salesforce says of a request, or of one record of it."""
    code = str(error.get("errorCode") or error.get("statusCode") or "")
    return Rejected(
        str(error.get("message") or "Salesforce refused without a reason.")[:300],
        reason=_reason(code),
        code=code,
        fields=frozenset(error.get("fields") or ()),
    )


def record_fate(errors: Sequence[Row], *, repeatable: bool) -> Delivery:
    """Return the fate of one record that Salesforce did not save."""
    fault = rejection(errors[0] if errors else {})
    passing = later(fault.code, fault.message)
    if passing is not None:
        return delay(passing)
    if fault.code in _UNKNOWN:
        return Delivery(Fate.LATER if repeatable else Fate.UNSURE, reason=fault.reason, message=fault.message)
    return refused(fault)


def refused(fault: Rejected) -> Delivery:
    """Return the fate of a record that Salesforce refuses for what is in it."""
    elsewhere = bool(fault.fields - {"Id"})
    if fault.code in _GONE or (fault.code in _GONE_UNLESS_IN_A_FIELD and not elsewhere):
        return Delivery(Fate.STALE, reason="record-gone", message="The record is no longer in Salesforce.")
    return Delivery(Fate.REFUSED, reason=fault.reason, message=fault.message)


def delay(fault: CrmError) -> Delivery:
    """Return the fate of a record that has to wait for this fault to pass."""
    pause = fault.retry_after if isinstance(fault, CrmUnavailable) else 0.0
    return Delivery(Fate.LATER, reason=fault.reason, message=fault.message, retry_after=pause)


def _refused(code: str, message: str) -> CrmRefused:
    if code in _SHUT:
        return CrmRefused(
            f"Salesforce does not accept our session. {message}".strip(),
            hint="Look at the external client app and its run-as user.",
            reason="salesforce-session-refused",
        )
    return CrmRefused(
        f"Salesforce does not let the integration user do this. {message}".strip(),
        hint="Assign the permission set Dealgate Integration to the integration user.",
        reason="salesforce-not-allowed",
    )


def _listed(content: Any) -> Sequence[Any]:
    return content if isinstance(content, list) else [content]


def _reason(code: str) -> str:
    return f"salesforce-{code.lower().replace('_', '-')}" if code else "salesforce-rejected"
