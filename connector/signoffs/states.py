"""The states of a sign-off and the moves between them. Part of the record for good: nothing is deleted."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from connector.standing import Signoff, SignoffState

_S = SignoffState
ALLOWED: Mapping[SignoffState, frozenset[SignoffState]] = MappingProxyType(
    {
        _S.REQUESTED: frozenset({_S.APPROVED, _S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.SUPERSEDED}),
        _S.APPROVED: frozenset({_S.APPROVED, _S.REJECTED, _S.EXPIRED, _S.SUPERSEDED}),
        _S.REJECTED: frozenset({_S.APPROVED, _S.REJECTED, _S.SUPERSEDED}),
        _S.WITHDRAWN: frozenset(),
        _S.EXPIRED: frozenset({_S.SUPERSEDED}),
        _S.SUPERSEDED: frozenset(),
    }
)
FINAL = frozenset({_S.WITHDRAWN, _S.EXPIRED, _S.SUPERSEDED})


def moved(signoff: Signoff, state: SignoffState) -> Signoff:
    """Return the sign-off in its new state; a move that the table does not list is a fault of ours."""
    if state not in ALLOWED[signoff.state]:
        raise ValueError(f"a sign-off that is {signoff.state} never becomes {state}")
    return replace(signoff, state=state)
