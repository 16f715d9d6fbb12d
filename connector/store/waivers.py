"""Waivers: granted and ended by people, marked and closed by the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, select, update

from connector.deals import ObjectType
from connector.standing import Waiver
from connector.store.bells import Bells
from connector.store.chain import Note
from connector.store.database import Database, Transaction, run
from connector.store.encode import decode, encode
from connector.store.ledger import Ledger
from connector.store.tables import waivers

_COLUMNS = (
    *(waivers.c.deal, waivers.c.body, waivers.c.unneeded_since),
    *(waivers.c.ended_at, waivers.c.ended_by, waivers.c.reviewed_at, waivers.c.reviewed_by),
)


class Waivers:
    """Grant, end, review and read. Whatever is done rings the deal and stands in the ledger."""

    def __init__(self, database: Database, ringer: Bells, ledger: Ledger) -> None:
        self._database = database
        self._ringer = ringer
        self._ledger = ledger
        self._insert = database.insert(waivers)

    def grant(self, account: str, deal: str, waiver: Waiver, now: datetime) -> None:
        """Put a new waiver on record."""
        row = {"account": account, "deal": deal, "id": waiver.id, "body": encode(waiver)}
        body = {
            "waiver": waiver.id, "event": "granted", "rule": waiver.rule, "until": waiver.until,
            "reason": waiver.reason, "role": waiver.role, "break_glass": waiver.break_glass,
            "bounds": [{"field": one.field, "high": one.high, "low": one.low} for one in waiver.bounds],
        }  # fmt: skip
        personal = {"person": waiver.by, "note": waiver.note}
        with self._database.write() as transaction:
            transaction.execute(self._insert, row)
            self._told(transaction, account, deal, Note("waiver", deal, body, _filled(personal)), now)

    def end(self, account: str, deal: str, waiver: str, person: str, now: datetime) -> bool:
        """End a waiver now; False where it has ended already."""
        values = {"ended_at": now, "ended_by": person}
        return self._settle(account, deal, waiver, values, waivers.c.ended_at, "ended", person, now)

    def review(self, account: str, deal: str, waiver: str, person: str, now: datetime) -> bool:
        """Put on record that somebody has reviewed it; False where that was done before."""
        values = {"reviewed_at": now, "reviewed_by": person}
        return self._settle(account, deal, waiver, values, waivers.c.reviewed_at, "reviewed", person, now)

    def _settle(  # noqa: PLR0917  one update, all that tells it apart
        self,
        account: str,
        deal: str,
        waiver: str,
        values: Mapping[str, object],
        once: ColumnElement[datetime | None],
        event: str,
        person: str,
        now: datetime,
    ) -> bool:
        this = and_(waivers.c.account == account, waivers.c.deal == deal, waivers.c.id == waiver)
        note = Note("waiver", deal, {"waiver": waiver, "event": event}, {"person": person})
        with self._database.write() as transaction:
            done = transaction.execute(update(waivers).where(this, once.is_(None)).values(**values)).rowcount
            if done:
                self._told(transaction, account, deal, note, now)
        return bool(done)

    def _told(self, transaction: Transaction, account: str, deal: str, note: Note, now: datetime) -> None:
        self._ringer.ring([(account, ObjectType.DEAL, deal)], now, within=transaction)
        self._ledger.append(account, [note], now, within=transaction)

    def all(self, account: str, deal: str | None = None) -> tuple[tuple[str, Waiver], ...]:
        """Return (deal, waiver) of one deal or of all, oldest first."""
        query = select(*_COLUMNS).where(waivers.c.account == account)
        if deal is not None:
            query = query.where(waivers.c.deal == deal)
        with self._database.read() as transaction:
            found = [(row.deal, waiver_of(row)) for row in transaction.execute(query)]
        return tuple(sorted(found, key=lambda one: (one[1].at, one[0], one[1].id)))

    def open_deals(self, account: str) -> tuple[str, ...]:
        """Return the deals with a waiver that has not ended."""
        query = (
            select(waivers.c.deal)
            .where(waivers.c.account == account, waivers.c.ended_at.is_(None))
            .distinct()
            .order_by(waivers.c.deal)
        )
        with self._database.read() as transaction:
            return tuple(transaction.scalars(query))


def waiver_of(
    row: Row[str, str, datetime | None, datetime | None, str | None, datetime | None, str | None],
) -> Waiver:
    """Return the waiver of one row of `_COLUMNS`."""
    return replace(
        decode(Waiver, row.body),
        unneeded_since=row.unneeded_since,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
    )


def of_deals(transaction: Transaction, where: ColumnElement[bool]) -> dict[str, list[Waiver]]:
    """Return the waivers by deal, oldest first."""
    found: dict[str, list[Waiver]] = {}
    for row in transaction.execute(select(*_COLUMNS).where(where).order_by(waivers.c.deal, waivers.c.id)):
        found.setdefault(row.deal, []).append(waiver_of(row))
    return found


def mark(transaction: Transaction, account: str, changed: Iterable[tuple[str, Waiver]]) -> None:
    """Keep what the engine found: since when it is unneeded, and that it closed it; an end that a person set
    meanwhile stays."""
    rows = [
        {
            "of": account,
            "of_deal": deal,
            "of_id": one.id,
            "since": one.unneeded_since,
            "at": one.ended_at,
            "by": one.ended_by,
        }
        for deal, one in changed
    ]
    run(transaction, _MARK, rows)


_MARK = (
    update(waivers)
    .where(
        waivers.c.account == bindparam("of"),
        waivers.c.deal == bindparam("of_deal"),
        waivers.c.id == bindparam("of_id"),
    )
    .values(
        unneeded_since=bindparam("since"),
        ended_at=func.coalesce(waivers.c.ended_at, bindparam("at", type_=waivers.c.ended_at.type)),
        ended_by=func.coalesce(waivers.c.ended_by, bindparam("by")),
    )
)


def _filled(personal: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in personal.items() if text}
