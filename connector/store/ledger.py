"""The ledger: append-only, hash-chained for each account, personal values beside the chain.

An entry's body names each personal value only by a salted hash, so erasing the value leaves the chain whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from sqlalchemy import ColumnElement, Select, Update, and_, delete, false, func, or_, select, update

from connector.store.bulk import Row
from connector.store.chain import (
    GENESIS,
    Beside,
    Head,
    LedgerEntry,
    Note,
    beside_problem,
    erased_of,
    problem_of,
    seal,
)
from connector.store.database import Database, Transaction
from connector.store.tables import ledger, ledger_heads, ledger_personal

_PAGE = 1000
_COLUMNS = (
    *(ledger.c.seq, ledger.c.at, ledger.c.kind, ledger.c.deal),
    *(ledger.c.body, ledger.c.prev, ledger.c.hash),
)


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer of `verify`: how many entries are whole, how many personal values were erased; the first
    bad entry and what is wrong with it."""

    entries: int
    first_bad: int | None = None
    problem: str = ""
    erased: int = 0


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

    def since(self, account: str, kind: str, at: datetime) -> Iterator[LedgerEntry]:
        """Yield the entries of one kind from that time on, in order."""
        after = 0
        while True:
            query = (
                select(*_COLUMNS)
                .where(ledger.c.account == account, ledger.c.kind == kind, ledger.c.at >= at)
                .where(ledger.c.seq > after)
                .order_by(ledger.c.seq)
                .limit(_PAGE)
            )
            with self._database.read() as transaction:
                page = [LedgerEntry(*row) for row in transaction.execute(query)]
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].seq

    def personal(self, account: str, seq: int) -> Mapping[str, str]:
        """Return the personal values of one entry that were not erased."""
        query = select(ledger_personal.c.name, ledger_personal.c.value).where(
            ledger_personal.c.account == account, ledger_personal.c.seq == seq
        )
        with self._database.read() as transaction:
            return dict(transaction.execute(query).all())

    def mentions(self, account: str, words: Collection[str]) -> int:
        """Return how many personal values hold one of these words, capitals or not."""
        query = select(func.count()).select_from(ledger_personal).where(_mentioning(account, words))
        with self._database.read() as transaction:
            return transaction.scalar(query) or 0

    def erase(self, account: str, words: Collection[str], within: Transaction | None = None) -> int:
        """Erase the personal values that hold one of these words; the chain stays whole. Returns how many."""
        return self._erase(_mentioning(account, words), within)

    def erase_deal(self, account: str, deal: str, within: Transaction | None = None) -> int:
        """Erase all personal values of a deal's entries; the chain stays whole. Returns how many."""
        entries = select(ledger.c.seq).where(ledger.c.account == account, ledger.c.deal == deal)
        mine = and_(ledger_personal.c.account == account, ledger_personal.c.seq.in_(entries))
        return self._erase(mine, within)

    def _erase(self, which: ColumnElement[bool], within: Transaction | None) -> int:
        with self._database.write(within) as transaction:
            return transaction.execute(delete(ledger_personal).where(which)).rowcount

    def head(self, account: str) -> Head:
        """Return the end of the chain as it is on record, for keeping it outside the database."""
        with self._database.read() as transaction:
            found = transaction.execute(_head_query(account)).one_or_none()
        return Head(account) if found is None else Head(account, found.seq, found.hash)

    def verify(self, account: str, anchors: Iterable[Head] = ()) -> Verified:
        """Walk the whole chain and name the first entry that was changed, removed, added or moved.

        `anchors` are heads that were kept outside the database: whoever rewrote everything, head included,
        cannot have rewritten those.
        """
        kept = {anchor.seq: anchor.hash for anchor in anchors}
        end, head, erased = self.head(account), Head(account), 0
        for entry, beside in self.told(account):
            problem = problem_of(entry, head) or beside_problem(entry, beside)
            if not problem and kept.get(entry.seq, entry.hash) != entry.hash:
                problem = "is not the one whose anchor was kept outside the database"
            if problem:
                return Verified(head.seq, head.seq + 1, problem, erased)
            erased += erased_of(entry, beside)
            head = Head(account, entry.seq, entry.hash)
        if head.seq < max(end.seq, *kept, 0):
            problem = "is missing: the chain ends before its recorded head"
            return Verified(head.seq, head.seq + 1, problem, erased)
        return Verified(head.seq, erased=erased)

    def told(self, account: str, deal: str | None = None) -> Iterator[tuple[LedgerEntry, tuple[Beside, ...]]]:
        """Yield every entry in order, with the personal values that were not erased."""
        after = 0
        while page := self.entries(account, deal, after):
            beside = self._beside_of(account, [entry.seq for entry in page])
            yield from ((entry, tuple(beside.get(entry.seq, ()))) for entry in page)
            after = page[-1].seq

    def _beside_of(self, account: str, seqs: Sequence[int]) -> Mapping[int, list[Beside]]:
        columns = (ledger_personal.c.name, ledger_personal.c.salt, ledger_personal.c.value)
        query = select(ledger_personal.c.seq, *columns).where(
            ledger_personal.c.account == account, ledger_personal.c.seq.in_(seqs)
        )
        found: dict[int, list[Beside]] = {}
        with self._database.read() as transaction:
            for seq, *rest in transaction.execute(query):
                found.setdefault(seq, []).append(Beside(*rest))
        return found

    def _head(self, transaction: Transaction, account: str) -> Head:
        query = _head_query(account).with_for_update()
        found = transaction.execute(query).one_or_none()
        if found is None:
            transaction.execute(self._first, {"account": account, "seq": 0, "hash": GENESIS})
            found = transaction.execute(query).one()
        return Head(account, found.seq, found.hash)


def _head_query(account: str) -> Select[int, str]:
    return select(ledger_heads.c.seq, ledger_heads.c.hash).where(ledger_heads.c.account == account)


def _mentioning(account: str, words: Collection[str]) -> ColumnElement[bool]:
    held = (ledger_personal.c.value.icontains(word, autoescape=True) for word in words)
    return and_(ledger_personal.c.account == account, or_(false(), *held))


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
