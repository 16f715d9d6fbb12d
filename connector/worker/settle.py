"""Settle what is uncertain before anything is sent: effects with an unknown outcome, effects nobody wants."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from connector.deals import ObjectType
from connector.desk import Desk
from connector.effects import AddNote, MoveBack
from connector.store.claims import Claim
from connector.store.entries import EffectKind, Entry, lasts

_LOOKED_UP = frozenset({EffectKind.TASK, EffectKind.NOTE})


def settle(desk: Desk, claim: Claim, due: Sequence[Entry]) -> list[Entry]:
    """Return what is to be sent. A create found in the CRM is delivered; one that may still be under way
    waits; an effect that a newer verdict no longer names is dropped.

    A mail is sent again under the same Message-ID: a doubled mail is better than an approver not told.
    """
    unsure = [entry for entry in due if entry.sending_at is not None]
    refs = {**_tasks(desk, unsure), **_notes(desk, unsure)}
    made = [entry for entry in unsure if entry.kind in _LOOKED_UP and entry.slot in refs]
    _found(desk, claim, made, refs)
    lost = [entry for entry in unsure if entry.kind in _LOOKED_UP and entry.slot not in refs]
    waiting = [entry for entry in lost if _under_way(desk, entry)]
    for entry in waiting:
        due_at = (entry.sending_at or desk.now()) + _call_time(desk)
        desk.store.outbox.unsure(claim, [entry], due_at, "outcome-unknown", desk.now())
    settled = {id(entry) for entry in (*made, *waiting)}
    return _wanted(desk, claim, [entry for entry in due if id(entry) not in settled])


def _found(desk: Desk, claim: Claim, made: Sequence[Entry], refs: Mapping[str, str]) -> None:
    """Record the creates that are there after all; the deal of one that nobody wants is looked at again."""
    desk.store.outbox.delivered(claim, [(entry, refs[entry.slot]) for entry in made], desk.now())
    unwanted = [(desk.account, ObjectType.DEAL, entry.deal) for entry in made if not entry.current]
    desk.store.bells.ring(unwanted, desk.now())


def _tasks(desk: Desk, unsure: Sequence[Entry]) -> Mapping[str, str]:
    """Return the oldest task of each key; a younger twin is the sweep's to close."""
    deals = sorted({entry.deal for entry in unsure if entry.kind is EffectKind.TASK})
    if not deals:
        return {}
    seen = sorted(desk.crm.tasks_of(deals), key=lambda task: (str(task.created_at), task.id), reverse=True)
    return {task.key: task.id for task in seen}


def _notes(desk: Desk, unsure: Sequence[Entry]) -> Mapping[str, str]:
    notes = [entry.effect for entry in unsure if isinstance(entry.effect, AddNote)]
    return desk.crm.notes_of(notes) if notes else {}


def _under_way(desk: Desk, entry: Entry) -> bool:
    sent = entry.sending_at
    return sent is not None and desk.now() < sent + _call_time(desk)


def _wanted(desk: Desk, claim: Claim, entries: Sequence[Entry]) -> list[Entry]:
    """Return what the newest verdict names, what lasts, and moves that may have happened: the adapter looks
    where the deal stands before it moves anything. The rest is dropped."""
    old = [entry for entry in entries if not (entry.current or lasts(entry.effect))]
    moved = _arrived(desk, [entry for entry in old if entry.sending_at is not None])
    dropped = [entry for entry in old if id(entry) not in moved]
    desk.store.outbox.drop(claim, dropped)
    gone = {id(entry) for entry in dropped}
    return [entry for entry in entries if id(entry) not in gone]


def _arrived(desk: Desk, unsure: Sequence[Entry]) -> set[int]:
    """Return the moves whose deal was last seen where they would have taken it."""
    moves = [(entry, entry.effect) for entry in unsure if isinstance(entry.effect, MoveBack)]
    if not moves:
        return set()
    standings = desk.store.standings.of(desk.account, [entry.deal for entry, _ in moves])
    return {id(entry) for entry, move in moves if standings[entry.deal].stage == move.to_stage}


def _call_time(desk: Desk) -> timedelta:
    return timedelta(seconds=desk.settings.call_seconds)
