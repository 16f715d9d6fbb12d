"""The states of a sign-off and the moves between them. Part of the record for good: nothing is deleted.

docs/signoffs.md draws this table; a test holds the two together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from connector.standing import FINAL, Signoff, SignoffState

__all__ = ["ALLOWED", "FINAL", "MOVES", "Move", "moved"]


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move, and in a few words what brings it about."""

    start: SignoffState
    end: SignoffState
    why: str


_S = SignoffState


def _from(start: SignoffState, ways: Mapping[SignoffState, str]) -> Iterable[Move]:
    return (Move(start, end, why) for end, why in ways.items())


MOVES: tuple[Move, ...] = (
    *_from(
        _S.WAITING,
        {
            _S.REQUESTED: "its turn has come",
            _S.WITHDRAWN: "no longer needed",
            _S.SUPERSEDED: "asked anew",
        },
    ),
    *_from(
        _S.REQUESTED,
        {
            _S.WAITING: "the one before it is open again",
            _S.INFO: "the approver asks the rep",
            _S.APPROVED: "yes, as it is or up to a limit",
            _S.REJECTED: "no",
            _S.WITHDRAWN: "no longer needed, or taken back by the rep",
            _S.EXPIRED: "nobody answered in time",
            _S.SUPERSEDED: "asked anew",
        },
    ),
    *_from(
        _S.INFO,
        {
            _S.REQUESTED: "the rep replies; or does not, to whoever may stop the deal",
            _S.APPROVED: "yes, without waiting for the reply",
            _S.REJECTED: "no",
            _S.WITHDRAWN: "no longer needed, or taken back by the rep",
            _S.EXPIRED: "the rep does not reply in time",
            _S.SUPERSEDED: "asked anew",
        },
    ),
    *_from(
        _S.APPROVED,
        {
            _S.APPROVED: "another limit, or a condition is met",
            _S.REJECTED: "taken back",
            _S.EXPIRED: "its last day is over",
            _S.SUPERSEDED: "asked anew",
        },
    ),
    *_from(
        _S.REJECTED,
        {
            _S.APPROVED: "lifted by whoever may lift it",
            _S.REJECTED: "said again",
            _S.SUPERSEDED: "asked anew",
        },
    ),
    *_from(_S.EXPIRED, {_S.SUPERSEDED: "asked anew"}),
)

ALLOWED: Mapping[SignoffState, frozenset[SignoffState]] = MappingProxyType(
    {state: frozenset(one.end for one in MOVES if one.start is state) for state in SignoffState}
)


def moved(signoff: Signoff, state: SignoffState) -> Signoff:
    """Return the sign-off in its new state; a move that the table does not list is a fault of ours."""
    if state not in ALLOWED[signoff.state]:
        raise ValueError(f"a sign-off that is {signoff.state} never becomes {state}")
    return replace(signoff, state=state)
