"""Notices of a move back: they tell of something that happened, so they wait until it has."""

from datetime import UTC, datetime

from connector.desk import Desk
from connector.store.claims import Claim
from connector.store.entries import EffectKind, Entry

_MOVE = "move:"
_EVER = datetime.max.replace(tzinfo=UTC)


def sendable(desk: Desk, claim: Claim, entries: list[Entry]) -> list[Entry]:
    """Return what may be sent now. A notice whose move is still to come waits for it; one whose move did not
    happen is dropped: a verdict that wants the move again brings the notices with it."""
    notices = [entry for entry in entries if entry.slot.startswith(_MOVE)]
    if not notices:
        return entries
    deals = sorted({entry.deal for entry in notices})
    standings = desk.store.standings.of(desk.account, deals)
    untold = [entry for entry in notices if _move(entry) not in standings[entry.deal].done]
    if untold:
        _set_aside(desk, claim, untold, deals)
    aside = {id(entry) for entry in untold}
    return [entry for entry in entries if id(entry) not in aside]


def _set_aside(desk: Desk, claim: Claim, notices: list[Entry], deals: list[str]) -> None:
    outbox, now = desk.store.outbox, desk.now()
    waiting = {
        entry.slot: entry.due_at
        for entry in outbox.pending(desk.account, deals, _EVER)
        if entry.kind is EffectKind.MOVE_BACK
    }
    outbox.drop(claim, [entry for entry in notices if _move(entry) not in waiting])
    for entry in notices:
        if _move(entry) in waiting:
            outbox.postpone(claim, [entry], waiting[_move(entry)], "waits-for-its-move", now)


def _move(notice: Entry) -> str:
    """Return the key of the move that the notice tells of."""
    return notice.slot.rpartition(":")[0]
