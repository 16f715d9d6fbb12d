"""Deliver what was decided: batched by kind, within the brakes, each effect settled one by one.

What must not happen twice is marked as sending in a committed transaction before the call. Who finds the
mark afterwards looks first (settle.py), so that a worker killed between call and mark asks nobody twice.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, assert_never

from connector.adapters.base import Delivery, Fate
from connector.deals import ObjectType
from connector.desk import Desk, pause
from connector.effects import WriteFields
from connector.errors import CrmError
from connector.policy.model import Brakes, Policy
from connector.store.accounts import Braked
from connector.store.claims import Claim
from connector.store.entries import EffectKind, Entry
from connector.worker.companions import sendable
from connector.worker.post import post
from connector.worker.settle import settle

# The move first: the badge and the notices that follow tell of it.
_ORDER = (
    EffectKind.MOVE_BACK,
    EffectKind.FIELDS,
    EffectKind.CASE,
    EffectKind.TASK,
    EffectKind.CLOSE_TASK,
    EffectKind.EMPTY_ANSWER,
    EffectKind.NOTE,
    EffectKind.MAIL,
)
_MARKED = frozenset({EffectKind.MOVE_BACK, EffectKind.TASK, EffectKind.NOTE, EffectKind.MAIL})


def deliver(desk: Desk, claim: Claim, policy: Policy) -> None:
    """Deliver everything due of the claimed deals."""
    due = desk.store.outbox.pending(claim.account, claim.deals, desk.now())
    sure = settle(desk, claim, due)
    for kind in _ORDER:
        entries = [entry for entry in sure if entry.kind is kind]
        if kind is not EffectKind.MOVE_BACK:
            entries = sendable(desk, claim, entries)
        if entries:
            _send(desk, claim, _within_brakes(desk, claim, policy, kind, entries), kind)


def _send(desk: Desk, claim: Claim, entries: Sequence[Entry], kind: EffectKind) -> None:
    if not entries:
        return
    if kind in _MARKED:
        desk.store.outbox.sending(claim, entries, desk.now())
    else:
        desk.extend(claim)  # a worker that was overtaken must not write over its successor
    try:
        fates = _call(desk, kind)([entry.effect for entry in entries])
    except CrmError as error:  # nothing was sent: the CRM is away, which is no fault of these deals
        desk.alarm(error.reason)
        due_at = desk.now() + timedelta(seconds=pause(entries[0].attempts, error))
        desk.store.outbox.postpone(claim, entries, due_at, error.reason, desk.now())
        _give_back(desk, kind, len(entries))
        return
    _record(desk, claim, list(zip(entries, fates, strict=True)))
    if kind is EffectKind.MOVE_BACK:
        _look_again(desk, entries, fates)


def _look_again(desk: Desk, moves: Sequence[Entry], fates: Sequence[Delivery]) -> None:
    """Ring the deals that were moved back: where they stand now more stages lie ahead to be shut, and
    Salesforce tells nobody of what we do there ourselves."""
    back = [entry.deal for entry, told in zip(moves, fates, strict=True) if told.fate is Fate.DONE]
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in back], desk.now())


def _call(desk: Desk, kind: EffectKind) -> Callable[[list[Any]], Sequence[Delivery]]:
    match kind:
        case EffectKind.FIELDS:
            return desk.crm.write_fields
        case EffectKind.CASE:
            return lambda cases: desk.crm.write_fields([WriteFields(one.deal, one.values) for one in cases])
        case EffectKind.TASK:
            return desk.crm.create_tasks
        case EffectKind.CLOSE_TASK:
            return desk.crm.close_tasks
        case EffectKind.EMPTY_ANSWER:
            return desk.crm.empty_answers
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
    by_fate: dict[Fate, list[tuple[Entry, Delivery]]] = {fate: [] for fate in Fate}
    for entry, told in fates:
        by_fate[told.fate].append((entry, told))
    for fate, settled in by_fate.items():
        desk.metrics.effects.labels(desk.account, fates[0][0].kind.value, fate.value).inc(len(settled))
    outbox.delivered(claim, [(entry, told.ref) for entry, told in by_fate[Fate.DONE]], now)
    outbox.drop(claim, [entry for entry, _ in by_fate[Fate.STALE]])
    refused = by_fate[Fate.REFUSED]
    outbox.refuse(claim, [(entry, told.reason, told.message) for entry, told in refused], now)
    desk.alarms(f"{told.reason} {entry.deal}" for entry, told in refused)
    _try_again(desk, claim, by_fate[Fate.LATER] + by_fate[Fate.UNSURE])


def _try_again(desk: Desk, claim: Claim, failed: Sequence[tuple[Entry, Delivery]]) -> None:
    """Try for ever, ever more slowly: a passing failure ends nothing, but it raises an alarm one day."""
    groups: dict[tuple[bool, float, str], list[Entry]] = {}
    for entry, told in failed:
        groups.setdefault((_unsure(entry, told), _wait(desk, entry, told), told.reason), []).append(entry)
        if entry.attempts + 1 >= desk.settings.max_attempts:
            desk.alarm("keeps-failing", f"{entry.kind} {entry.deal}")
    now = desk.now()
    for (unsure, wait, reason), entries in groups.items():
        put_off = desk.store.outbox.unsure if unsure else desk.store.outbox.postpone
        put_off(claim, entries, now + timedelta(seconds=wait), reason, now)


def _unsure(entry: Entry, told: Delivery) -> bool:
    """Say whether it may have happened. Of a failed move nobody knows before the deal is looked at again."""
    return told.fate is Fate.UNSURE or entry.kind is EffectKind.MOVE_BACK


def _wait(desk: Desk, entry: Entry, told: Delivery) -> float:
    if told.fate is Fate.UNSURE:
        return desk.settings.call_seconds
    return max(told.retry_after, pause(entry.attempts))


def _within_brakes(
    desk: Desk, claim: Claim, policy: Policy, kind: EffectKind, entries: list[Entry]
) -> list[Entry]:
    """Return what the account may still do this hour; the rest waits, and the account falls to flag."""
    what = _brake(kind)
    if what is None:
        return entries
    now = desk.now()
    granted = desk.store.accounts.spend(desk.account, what, len(entries), _cap(what, policy.brakes), now)
    if granted < len(entries):
        desk.alarm("brake-tripped", what.value)
        hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        desk.store.outbox.postpone(claim, entries[granted:], hour, "brake-tripped", now)
    return entries[:granted]


def _give_back(desk: Desk, kind: EffectKind, unused: int) -> None:
    """Give back what was granted for effects that were never sent: tries must not trip the brake."""
    what = _brake(kind)
    if what is not None:
        desk.store.accounts.spend(desk.account, what, -unused, 0, desk.now())


def _brake(kind: EffectKind) -> Braked | None:
    match kind:
        case EffectKind.TASK:
            return Braked.TASKS
        case EffectKind.MAIL:
            return Braked.MAILS
        case EffectKind.MOVE_BACK:
            return Braked.MOVES
        case EffectKind.FIELDS | EffectKind.CASE | EffectKind.NOTE:
            return None
        case EffectKind.CLOSE_TASK | EffectKind.EMPTY_ANSWER:
            return None
        case _:
            assert_never(kind)


def _cap(what: Braked, brakes: Brakes) -> int:
    match what:
        case Braked.TASKS:
            return brakes.tasks
        case Braked.MAILS:
            return brakes.mails
        case Braked.MOVES:
            return brakes.moves
        case _:
            assert_never(what)
