"""What becomes of one record that Salesforce did not save."""

from collections.abc import Sequence

from connector.adapters.base import Delivery, Fate
from connector.adapters.salesforce.faults import UNKNOWN, Rejected, later, rejection
from connector.adapters.salesforce.parsing import Row
from connector.errors import CrmError, CrmUnavailable

_GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND"})
_GONE_UNLESS_IN_A_FIELD = frozenset({"INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID"})


def record_fate(errors: Sequence[Row], *, repeatable: bool) -> Delivery:
    """Return the fate of one record that Salesforce did not save."""
    fault = rejection(errors[0] if errors else {})
    passing = later(fault.code, fault.message)
    if passing is not None:
        return delay(passing)
    if fault.code in UNKNOWN:
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
