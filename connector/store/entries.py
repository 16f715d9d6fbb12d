"""What the outbox holds: effects with their kind and slot, and how long each may wait."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from connector.effects import (
    AddNote,
    CloseTask,
    CreateTask,
    Effect,
    EmptyAnswer,
    MoveBack,
    SendMail,
    WriteCase,
    WriteFields,
)
from connector.store.encode import decode


class EffectKind(StrEnum):
    FIELDS = "fields"
    CASE = "case"
    TASK = "task"
    CLOSE_TASK = "close-task"
    EMPTY_ANSWER = "empty-answer"
    NOTE = "note"
    MOVE_BACK = "move-back"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Entry:
    """One undelivered effect. `sending_at`: it was sent then and the outcome is unknown, look up by key.

    `current` is false where the newest verdict no longer names it: settle its outcome, send it only
    if it lasts (`lasts(effect)`).
    """

    deal: str
    kind: EffectKind
    slot: str
    effect: Effect
    verdict: int
    attempts: int
    due_at: datetime
    sending_at: datetime | None
    current: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """An effect that the CRM refuses for good, kept for an admin to read."""

    deal: str
    kind: EffectKind
    slot: str
    reason: str
    message: str
    at: datetime


def kind_of(effect: Effect) -> EffectKind:
    """Return the kind; of each kind and slot of a deal only the newest effect is kept."""
    match effect:
        case WriteFields():
            return EffectKind.FIELDS
        case WriteCase():
            return EffectKind.CASE
        case CreateTask():
            return EffectKind.TASK
        case CloseTask():
            return EffectKind.CLOSE_TASK
        case EmptyAnswer():
            return EffectKind.EMPTY_ANSWER
        case AddNote():
            return EffectKind.NOTE
        case MoveBack():
            return EffectKind.MOVE_BACK
        case SendMail():
            return EffectKind.MAIL
        case _:
            assert_never(effect)


def slot_of(effect: Effect) -> str:
    """Return the key of a one-time effect; the fields of a deal share one slot."""
    return "" if isinstance(effect, WriteFields) else effect.key


def done_key(effect: Effect) -> str:
    """Return the key under which a delivered effect is remembered; closing a task is not making it."""
    return f"close:{effect.key}" if isinstance(effect, CloseTask) else slot_of(effect)


def lasts(effect: Effect) -> bool:
    """Say whether the effect outlives newer verdicts.

    What only tells somebody something, or closes what is settled, was true when it was decided. Fields,
    moves and requests for a decision hold only for the verdict that they came from.
    """
    if isinstance(effect, CreateTask):
        return not effect.decision
    if isinstance(effect, SendMail):
        return effect.lasting
    return isinstance(effect, (AddNote, CloseTask, EmptyAnswer, WriteCase))


def effect_of(kind: EffectKind, body: str) -> Effect:
    """Return the effect that is kept as this JSON."""
    return decode(_CLASSES[kind], body)


_CLASSES: dict[EffectKind, type[Effect]] = {
    EffectKind.FIELDS: WriteFields,
    EffectKind.CASE: WriteCase,
    EffectKind.TASK: CreateTask,
    EffectKind.CLOSE_TASK: CloseTask,
    EffectKind.EMPTY_ANSWER: EmptyAnswer,
    EffectKind.NOTE: AddNote,
    EffectKind.MOVE_BACK: MoveBack,
    EffectKind.MAIL: SendMail,
}
