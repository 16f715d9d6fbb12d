"""The ledger: append-only, hash-chained for each account, personal values beside the chain.

An entry's body names each personal value only by a salted hash, so erasing the value leaves the chain whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import Select, Update, delete, select, update

from connector.store.bulk import Row
from connector.store.chain import GENESIS, Head, LedgerEntry, Note, problem_of, seal
from connector.store.database import Database, Transaction
from connector.store.tables import ledger, ledger_heads, ledger_personal

_PAGE = 1000
_COLUMNS = (
    *(ledger.c.seq, ledger.c.at, ledger.c.kind, ledger.c.deal),
    *(ledger.c.body, ledger.c.prev, ledger.c.hash),
)


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer of `verify`: how many entries are whole; the first bad one and what is wrong with it."""

    entries: int
    first_bad: int | None = None
    problem: str = ""


class Ledger:
    """Append, read and verify."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries = database.bulk(ledger, ledger.c.keys())
        self._beside = database.bulk(ledger_personal, ledger_personal.c.keys())
        self._first = database.insert(ledger_heads).on_conflict_do_nothing()

    def append(
        self, account: str, notes: Sequence[Note], now: datetime, within: Transaction | None = None
    ) -> None:
        """Put these on record, in order. Call it last in a transaction: it locks the account's head."""
        if not notes:
            return
        with self._database.write(within) as transaction:
            head = self._head(transaction, account)
            rows: list[Row] = []
            personal: list[Row] = []
            for note in notes:
                salts = {name: token_hex(16) for name in note.personal}
                entry = seal(head, now, note, salts)
                head = Head(account, entry.seq, entry.hash)
                rows.append(_row(account, entry))
                personal += _beside(account, entry.seq, note, salts)
            self._entries.run(transaction, rows)
            self._beside.run(transaction, personal)
            transaction.execute(_moved(head))

    def entries(
        self, account: str, deal: str | None = None, after: int = 0, limit: int = _PAGE
    ) -> tuple[LedgerEntry, ...]:
        """Return entries in order, of one deal or of all, from the one after `after`."""
        query = (
            select(*_COLUMNS)
            .where(ledger.c.account == account, ledger.c.seq > after)
            .order_by(ledger.c.seq)
            .limit(limit)
        )
        if deal is not None:
            query = query.where(ledger.c.deal == deal)
        with self._database.read() as transaction:
            return tuple(LedgerEntry(*row) for row in transaction.execute(query))

    def personal(self, account: str, seq: int) -> Mapping[str, str]:
        """Return the personal values of one entry that were not erased."""
        query = select(ledger_personal.c.name, ledger_personal.c.value).where(
            ledger_personal.c.account == account, ledger_personal.c.seq == seq
        )
        with self._database.read() as transaction:
            return dict(transaction.execute(query).all())

    def erase(self, account: str, seq: int) -> int:
        """Erase the personal values of one entry; the chain stays whole. Returns how many there were."""
        statement = delete(ledger_personal).where(
            ledger_personal.c.account == account, ledger_personal.c.seq == seq
        )
        with self._database.write() as transaction:
            return transaction.execute(statement).rowcount

    def verify(self, account: str) -> Verified:
        """Walk the whole chain and name the first entry that was changed, removed, added or moved."""
        with self._database.read() as transaction:
            end = transaction.execute(_head_query(account)).one_or_none()
        head = Head(account)
        for entry in self._all(account):
            problem = problem_of(entry, head)
            if problem:
                return Verified(head.seq, head.seq + 1, problem)
            head = Head(account, entry.seq, entry.hash)
        if end is not None and head.seq < end.seq:
            return Verified(head.seq, head.seq + 1, "is missing: the chain ends before its recorded head")
        return Verified(head.seq)

    def _all(self, account: str) -> Iterator[LedgerEntry]:
        after = 0
        while page := self.entries(account, after=after):
            yield from page
            after = page[-1].seq

    def _head(self, transaction: Transaction, account: str) -> Head:
        query = _head_query(account).with_for_update()
        found = transaction.execute(query).one_or_none()
        if found is None:
            transaction.execute(self._first, {"account": account, "seq": 0, "hash": GENESIS})
            found = transaction.execute(query).one()
        return Head(account, found.seq, found.hash)


def _head_query(account: str) -> Select[int, str]:
    return select(ledger_heads.c.seq, ledger_heads.c.hash).where(ledger_heads.c.account == account)


def _moved(head: Head) -> Update:
    this = ledger_heads.c.account == head.account
    return update(ledger_heads).where(this).values(seq=head.seq, hash=head.hash)


def _row(account: str, entry: LedgerEntry) -> Row:
    return {
        "account": account,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "deal": entry.deal,
        "body": entry.body,
        "prev": entry.prev,
        "hash": entry.hash,
    }


def _beside(account: str, seq: int, note: Note, salts: Mapping[str, str]) -> list[Row]:
    return [
        {"account": account, "seq": seq, "name": name, "salt": salts[name], "value": value}
        for name, value in note.personal.items()
    ]
