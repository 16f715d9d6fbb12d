"""Settle what is uncertain before anything is sent: creates with an unknown outcome, effects nobody wants."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from connector.desk import Desk
from connector.effects import CreateTask
from connector.store.claims import Claim
from connector.store.entries import EffectKind, Entry, lasts

UNKNOWN_REF = "unknown"


def settle(desk: Desk, claim: Claim, due: Sequence[Entry]) -> list[Entry]:
    """Return what is to be sent. A create found in the CRM is delivered; one that may still be under way
    waits; an effect that a newer verdict no longer names is dropped."""
    unsure = [entry for entry in due if entry.sending_at is not None]
    found = _found(desk, unsure)
    desk.store.outbox.delivered(claim, found, desk.now())
    made = [entry for entry, _ in found]
    waiting = [entry for entry in unsure if entry not in made and _under_way(desk, entry)]
    for entry in waiting:
        due_at = (entry.sending_at or desk.now()) + _call_time(desk)
        desk.store.outbox.unsure(claim, [entry], due_at, "outcome-unknown", desk.now())
    settled = {id(entry) for entry in (*made, *waiting)}
    rest = [entry for entry in due if id(entry) not in settled]
    desk.store.outbox.drop(claim, [entry for entry in rest if not _wanted(entry)])
    return [entry for entry in rest if _wanted(entry)]


def _wanted(entry: Entry) -> bool:
    return entry.current or lasts(entry.effect)


def _found(desk: Desk, unsure: Sequence[Entry]) -> list[tuple[Entry, str]]:
    tasks = [entry for entry in unsure if entry.kind is EffectKind.TASK]
    keys = _task_ids(desk, {entry.deal for entry in tasks}) if tasks else {}
    return [(entry, ref) for entry in unsure if (ref := _ref(entry, keys)) is not None]


def _ref(entry: Entry, keys: Mapping[str, str]) -> str | None:
    """Return what the create made, None if it is not there.

    Notes carry no key to look up by: one whose outcome is unknown counts as made, since the badge says the
    same. A mail is sent again under the same Message-ID: a doubled mail is better than an approver not told.
    """
    match entry.kind:
        case EffectKind.TASK:
            return keys.get(entry.effect.key) if isinstance(entry.effect, CreateTask) else None
        case EffectKind.NOTE:
            return UNKNOWN_REF
        case EffectKind.MAIL | EffectKind.FIELDS | EffectKind.CLOSE_TASK | EffectKind.MOVE_BACK:
            return None
        case _:
            assert_never(entry.kind)


def _task_ids(desk: Desk, deals: set[str]) -> dict[str, str]:
    """Return the oldest task of each key; a younger twin is the sweep's to close."""
    tasks = sorted(
        desk.crm.tasks_of(sorted(deals)), key=lambda task: (str(task.created_at), task.id), reverse=True
    )
    return {task.key: task.id for task in tasks}


def _under_way(desk: Desk, entry: Entry) -> bool:
    sent = entry.sending_at
    return entry.kind is EffectKind.TASK and sent is not None and desk.now() < sent + _call_time(desk)


def _call_time(desk: Desk) -> timedelta:
    return timedelta(seconds=desk.settings.call_seconds)
