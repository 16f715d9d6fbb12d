"""A call that Salesforce did not answer: was it sent, and may it be sent again."""

import requests

from connector.adapters.salesforce.faults import Unsure
from connector.errors import CrmUnavailable


def unanswered(fault: requests.RequestException, *, repeatable: bool) -> CrmUnavailable:
    """Return what became of a request: nothing, or nobody knows and it must not be sent twice."""
    message = f"Salesforce did not answer ({type(fault).__name__})."
    if isinstance(fault, requests.ConnectTimeout | requests.exceptions.ProxyError) or _refused(fault):
        return CrmUnavailable(message, reason="salesforce-unreachable")
    if repeatable:
        return CrmUnavailable(message, reason="salesforce-no-answer")
    return Unsure(message, reason="salesforce-no-answer")


def _refused(fault: requests.RequestException) -> bool:
    """Tell whether no connection came about, so that nothing was sent."""
    cause = getattr(fault.args[0], "reason", None) if fault.args else None
    return type(cause).__name__ in {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}
