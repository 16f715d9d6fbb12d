"""The outbox: what the CRM shall show and does not show yet. The newest effect of each kind for each deal.

A create is marked as sending, and that is committed, before it is sent. So whoever finds the mark later
knows that the outcome is unknown, and looks up by key (no earlier than the call timeout after the mark).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select, update

from connector.store.bulk import Row
from connector.store.claims import Claim, fence
from connector.store.database import Database, Transaction, run
from connector.store.entries import EffectKind, Entry, Refused, done_key, effect_of
from connector.store.tables import deals, done, outbox

_THIS = and_(
    outbox.c.account == bindparam("of"),
    outbox.c.deal == bindparam("of_deal"),
    outbox.c.kind == bindparam("of_kind"),
    outbox.c.slot == bindparam("of_slot"),
)
_REMOVE = delete(outbox).where(_THIS)
_ITS_DEAL = and_(outbox.c.account == deals.c.account, outbox.c.deal == deals.c.deal)


class Outbox:
    """Read what is to be delivered and record what became of it, always under the deals' lease."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._done = database.upsert(done, done.c.keys())

    def pending(self, account: str, deal_ids: Sequence[str], now: datetime) -> tuple[Entry, ...]:
        """Return the effects of these deals that are due and not refused, longest due first."""
        query = (
            select(
                *(outbox.c.deal, outbox.c.kind, outbox.c.slot, outbox.c.body, outbox.c.verdict),
                *(outbox.c.attempts, outbox.c.due_at, outbox.c.sending_at),
                outbox.c.verdict >= deals.c.verdict,
            )
            .join_from(outbox, deals, _ITS_DEAL)
            .where(outbox.c.account == account, self._database.among(outbox.c.deal, deal_ids))
            .where(outbox.c.due_at <= now, outbox.c.parked_at.is_(None))
            .order_by(outbox.c.due_at, outbox.c.deal, outbox.c.kind, outbox.c.slot)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        return tuple(
            Entry(deal, EffectKind(kind), slot, effect_of(EffectKind(kind), body), *rest)
            for deal, kind, slot, body, *rest in rows
        )

    def sending(self, claim: Claim, entries: Sequence[Entry], now: datetime) -> None:
        """Mark creates as sending; send only after this returned."""
        with self._fenced(claim, entries) as transaction:
            run(transaction, update(outbox).where(_THIS).values(sending_at=now), _these(claim, entries))

    def delivered(self, claim: Claim, made: Sequence[tuple[Entry, str | None]], now: datetime) -> None:
        """Remove what is delivered; one-time effects are remembered by key with the id of what was made."""
        if not made:
            return
        entries = [entry for entry, _ in made]
        keyed = [
            {"account": claim.account, "deal": entry.deal, "key": done_key(entry.effect), "kind": entry.kind}
            | {"ref": ref or "", "at": now}
            for entry, ref in made
            if entry.slot
        ]
        with self._fenced(claim, entries) as transaction:
            self._done.run(transaction, keyed)
            self._remove(transaction, claim, entries)

    def drop(self, claim: Claim, entries: Sequence[Entry]) -> None:
        """Remove effects that are wanted no more: the deal moved on, or nothing came of an old one."""
        if not entries:
            return
        with self._fenced(claim, entries) as transaction:
            self._remove(transaction, claim, entries)

    def postpone(
        self, claim: Claim, entries: Sequence[Entry], due_at: datetime, reason: str, now: datetime
    ) -> None:
        """Deliver later what certainly did not arrive; `claims.finish` rings the deals for then."""
        self._later(claim, entries, due_at, now, {"reason": reason, "sending_at": None})

    def unsure(
        self, claim: Claim, entries: Sequence[Entry], due_at: datetime, reason: str, now: datetime
    ) -> None:
        """Look up later what may have arrived: like postpone, but the sending mark stays."""
        self._later(claim, entries, due_at, now, {"reason": reason})

    def refuse(self, claim: Claim, refused: Sequence[tuple[Entry, str, str]], now: datetime) -> None:
        """Park (entry, reason, message): not tried again before a new verdict wants it."""
        if not refused:
            return
        statement = (
            update(outbox)
            .where(_THIS)
            .values(
                parked_at=now,
                sending_at=None,
                attempts=outbox.c.attempts + 1,
                reason=bindparam("why"),
                message=bindparam("words"),
            )
        )
        rows = [
            {**_this(claim, entry), "why": reason, "words": message} for entry, reason, message in refused
        ]
        with self._fenced(claim, [entry for entry, *_ in refused]) as transaction:
            run(transaction, statement, rows)

    def refused(self, account: str, limit: int = 100) -> tuple[Refused, ...]:
        """Return what the CRM refused, newest first."""
        query = (
            select(
                *(outbox.c.deal, outbox.c.kind, outbox.c.slot),
                *(outbox.c.reason, outbox.c.message, outbox.c.parked_at),
            )
            .where(outbox.c.account == account, outbox.c.parked_at.is_not(None))
            .order_by(outbox.c.parked_at.desc(), outbox.c.deal)
            .limit(limit)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        return tuple(Refused(deal, EffectKind(kind), *rest) for deal, kind, *rest in rows)

    def _later(
        self, claim: Claim, entries: Sequence[Entry], due_at: datetime, now: datetime, values: Row
    ) -> None:
        tried = outbox.c.attempts + 1
        later = max(due_at, now)
        statement = update(outbox).where(_THIS).values(due_at=later, attempts=tried, **values)
        with self._fenced(claim, entries) as transaction:
            run(transaction, statement, _these(claim, entries))

    def _remove(self, transaction: Transaction, claim: Claim, entries: Sequence[Entry]) -> None:
        """Remove the fields of all deals, which are the many, in one statement; the keyed ones by key."""
        run(transaction, _REMOVE, _these(claim, [entry for entry in entries if entry.slot]))
        of_deals = [entry.deal for entry in entries if not entry.slot]
        if of_deals:
            mine = and_(outbox.c.account == claim.account, self._database.among(outbox.c.deal, of_deals))
            transaction.execute(delete(outbox).where(mine, outbox.c.slot == ""))

    @contextmanager
    def _fenced(self, claim: Claim, entries: Iterable[Entry]) -> Iterator[Transaction]:
        with self._database.write() as transaction:
            fence(transaction, claim, {entry.deal for entry in entries})
            yield transaction


def _this(claim: Claim, entry: Entry) -> dict[str, object]:
    return {"of": claim.account, "of_deal": entry.deal, "of_kind": entry.kind, "of_slot": entry.slot}


def _these(claim: Claim, entries: Iterable[Entry]) -> list[Row]:
    return [_this(claim, entry) for entry in entries]
