"""What a deal's history says: if a person touched it, its newest move, since when it stands where it does.

Histories are newest first, as `Context.history` holds them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connector.deals import Actor, ActorKind, Change, OurField

STAGE = "stage"
CLOSE_DATE = "close-date"
_SAME_MOVE = timedelta(minutes=2)
_DECISIONS = frozenset({OurField.DECISION.value, OurField.DECISION_NOTE.value})


@dataclass(frozen=True, slots=True)
class Move:
    """The newest stage change. `close_date` is what the move replaced ("" was empty), None if it did not."""

    stage: str
    at: datetime
    actor: Actor
    close_date: str | None = None


def touched(history: Sequence[Change], quiet: Iterable[datetime | None] = ()) -> datetime | None:
    """Return when a person last touched the deal, None if not since every quiet mark and the newest import.

    An approver's decision is no touch of the deal.
    """
    hushed = newest((*quiet, *(change.at for change in history if change.actor.kind is ActorKind.IMPORT)))
    touches = (change.at for change in history if _is_touch(change))
    last = newest(touches)
    if last is None or (hushed is not None and last <= hushed):
        return None
    return last


def newest(marks: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the marks that are set."""
    return max((mark for mark in marks if mark is not None), default=None)


def newest_move(history: Sequence[Change]) -> Move | None:
    """Return the newest stage change, and the close date it replaced in the same stroke."""
    change = next((change for change in history if change.field == STAGE), None)
    if change is None:
        return None
    return Move(change.value or "", change.at, change.actor, _replaced_close_date(history, change.at))


def entered(history: Sequence[Change], stages: Collection[str]) -> datetime | None:
    """Return when the deal came into these stages, which it has not left since; None if it is elsewhere."""
    since: datetime | None = None
    for change in history:
        if change.field != STAGE:
            continue
        if change.value not in stages:
            break
        since = change.at
    return since


def stages_before(history: Sequence[Change]) -> tuple[str, ...]:
    """Return the stages the deal stood in before its newest move, newest first."""
    return tuple(change.value for change in history if change.field == STAGE and change.value)[1:]


def _is_touch(change: Change) -> bool:
    return change.actor.kind is ActorKind.PERSON and change.field not in _DECISIONS


def _replaced_close_date(history: Sequence[Change], moved_at: datetime) -> str | None:
    dates = [change for change in history if change.field == CLOSE_DATE]
    with_move = [change for change in dates if abs(change.at - moved_at) <= _SAME_MOVE]
    if not with_move:
        return None
    older = dates[dates.index(with_move[-1]) + 1 :]
    return (older[0].value or "") if older else ""
