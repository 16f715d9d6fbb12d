"""Deliver what was decided: batched by kind, within the brakes, each effect settled one by one.

Creates are marked as sending in a committed transaction before the call. Who finds the mark afterwards
looks up by key first, so that a worker killed between call and mark asks nobody twice.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, assert_never

from connector.adapters.base import Delivery, Fate
from connector.desk import Desk, pause
from connector.errors import CrmError
from connector.policy.model import Policy
from connector.store.accounts import Braked
from connector.store.claims import Claim
from connector.store.entries import EffectKind, Entry
from connector.worker.post import post
from connector.worker.settle import settle

# The move first: the badge that follows tells of it.
_ORDER = (
    EffectKind.MOVE_BACK,
    EffectKind.FIELDS,
    EffectKind.TASK,
    EffectKind.CLOSE_TASK,
    EffectKind.NOTE,
    EffectKind.MAIL,
)
_MARKED = frozenset({EffectKind.TASK, EffectKind.NOTE, EffectKind.MAIL})


def deliver(desk: Desk, claim: Claim, policy: Policy) -> Claim:
    """Deliver everything due of the claimed deals; return the claim with its lease as extended."""
    due = desk.store.outbox.pending(claim.account, claim.deals, desk.now())
    sure = settle(desk, claim, due)
    for kind in _ORDER:
        entries = [entry for entry in sure if entry.kind is kind]
        if entries:
            claim = desk.extend(claim)
            _send(desk, claim, _within_brakes(desk, claim, policy, kind, entries), kind)
    return claim


def _send(desk: Desk, claim: Claim, entries: Sequence[Entry], kind: EffectKind) -> None:
    if not entries:
        return
    if kind in _MARKED:
        desk.store.outbox.sending(claim, entries, desk.now())
    try:
        fates = _call(desk, kind)([entry.effect for entry in entries])
    except CrmError as error:  # nothing was sent: the CRM is away, which is no fault of these deals
        desk.alarm(error.reason)
        due_at = desk.now() + timedelta(seconds=pause(entries[0].attempts, error))
        desk.store.outbox.postpone(claim, entries, due_at, error.reason, desk.now())
        return
    _record(desk, claim, list(zip(entries, fates, strict=True)))


def _call(desk: Desk, kind: EffectKind) -> Callable[[Any], Sequence[Delivery]]:
    match kind:
        case EffectKind.FIELDS:
            return desk.crm.write_fields
        case EffectKind.TASK:
            return desk.crm.create_tasks
        case EffectKind.CLOSE_TASK:
            return desk.crm.close_tasks
        case EffectKind.NOTE:
            return desk.crm.add_notes
        case EffectKind.MOVE_BACK:
            return desk.crm.move_back
        case EffectKind.MAIL:
            return lambda mails: post(desk, mails)
        case _:
            assert_never(kind)


def _record(desk: Desk, claim: Claim, fates: Sequence[tuple[Entry, Delivery]]) -> None:
    """Record what became of each effect: done, refused for good, later, unknown, or overtaken."""
    outbox, now = desk.store.outbox, desk.now()
    for entry, fate in fates:
        desk.metrics.effects.labels(desk.account, entry.kind.value, fate.fate.value).inc()
    outbox.delivered(claim, [(entry, fate.ref) for entry, fate in fates if fate.fate is Fate.DONE], now)
    outbox.drop(claim, [entry for entry, fate in fates if fate.fate is Fate.STALE])
    refused = [(entry, fate) for entry, fate in fates if _gives_up(desk, entry, fate)]
    outbox.refuse(claim, [(entry, fate.reason, fate.message) for entry, fate in refused], now)
    desk.alarms(f"{fate.reason} {entry.deal}" for entry, fate in refused)
    for entry, fate in fates:
        if fate.fate in (Fate.LATER, Fate.UNSURE) and not _gives_up(desk, entry, fate):
            _later(desk, claim, entry, fate)


def _later(desk: Desk, claim: Claim, entry: Entry, fate: Delivery) -> None:
    outbox, now = desk.store.outbox, desk.now()
    if fate.fate is Fate.UNSURE:
        outbox.unsure(claim, [entry], now + timedelta(seconds=desk.settings.call_seconds), fate.reason, now)
        return
    wait = max(fate.retry_after, pause(entry.attempts))
    outbox.postpone(claim, [entry], now + timedelta(seconds=wait), fate.reason, now)


def _gives_up(desk: Desk, entry: Entry, fate: Delivery) -> bool:
    if fate.fate is Fate.LATER:
        return entry.attempts + 1 >= desk.settings.max_attempts
    return fate.fate is Fate.REFUSED


def _within_brakes(
    desk: Desk, claim: Claim, policy: Policy, kind: EffectKind, entries: list[Entry]
) -> list[Entry]:
    """Return what the account may still do this hour; the rest waits, and the account falls to flag."""
    braked = _brake(kind, policy)
    if braked is None:
        return entries
    what, cap = braked
    now = desk.now()
    granted = desk.store.accounts.spend(desk.account, what, len(entries), cap, now)
    if granted < len(entries):
        desk.alarm("brake-tripped", what.value)
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        desk.store.outbox.postpone(claim, entries[granted:], hour, "brake-tripped", now)
    return entries[:granted]


def _brake(kind: EffectKind, policy: Policy) -> tuple[Braked, int] | None:
    match kind:
        case EffectKind.TASK:
            return Braked.TASKS, policy.brakes.tasks
        case EffectKind.MAIL:
            return Braked.MAILS, policy.brakes.mails
        case EffectKind.MOVE_BACK:
            return Braked.MOVES, policy.brakes.moves
        case EffectKind.FIELDS | EffectKind.CLOSE_TASK | EffectKind.NOTE:
            return None
        case _:
            assert_never(kind)
