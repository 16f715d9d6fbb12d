"""When a call to a CRM is tried again, the same for every vendor."""

from collections.abc import Callable

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    stop_any,
)
from tenacity.wait import wait_random_exponential

from connector.errors import CrmUnavailable

_ATTEMPTS = 5
_GIVE_UP = 60.0  # seconds: then no new attempt begins, so that a lease is not outlived
PATIENCE = 15.0  # seconds: a longer pause is the worker's to keep, not a thread's
_BACKOFF = wait_random_exponential(multiplier=0.25, max=5)


def again(sleep: Callable[[float], None]) -> Retrying:
    """Return what calls a function up to five times, with growing, random pauses, while the CRM is away."""
    return Retrying(
        retry=retry_if_exception(_passing),
        stop=stop_any(stop_after_attempt(_ATTEMPTS), stop_after_delay(_GIVE_UP)),
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )


def _passing(fault: BaseException) -> bool:
    return isinstance(fault, CrmUnavailable) and fault.retry_after <= PATIENCE


def _pause(state: RetryCallState) -> float:
    fault = state.outcome.exception() if state.outcome else None
    told = fault.retry_after if isinstance(fault, CrmUnavailable) else 0.0
    return told + _BACKOFF(state)
