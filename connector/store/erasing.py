"""Erase somebody from everything that is kept: the texts beside the ledger, the record of deals, the plan,
the users, and the policies that do not count any more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Table, and_, delete, false, or_, select, update

from connector.capacity.records import Estimate
from connector.deals import ObjectType
from connector.standing import ERASED_PERSON, Answer, Clearance, Signoff, Waiver
from connector.store.bells import Bells
from connector.store.database import Database, Transaction
from connector.store.encode import decode, encode
from connector.store.ledger import Ledger
from connector.store.redact import ERASED, Eraser
from connector.store.tables import (
    absences,
    alarms,
    answers,
    bells,
    clearances,
    commitments,
    deals,
    done,
    estimates,
    jobs,
    outbox,
    planned_policies,
    policies,
    signoffs,
    supply,
    waivers,
)
from connector.store.users import Roll, Users
from connector.verdicts import Verdict

_BODIES: Mapping[Table, type] = {
    signoffs: Signoff, clearances: Clearance, waivers: Waiver, answers: Answer, estimates: Estimate,
}  # fmt: skip
_LINES: Sequence[tuple[Table, str]] = (
    *((bells, "message"), (jobs, "message"), (outbox, "message"), (commitments, "label")),
    *((policies, "author"), (policies, "note"), (planned_policies, "author"), (planned_policies, "note")),
)


@dataclass(frozen=True, slots=True)
class Whom:
    """Texts with one of `words`, or all of one `deal`. `person` is the policy id of somebody who has left the
    policy: `stands` comes in its place, which is another each time."""

    words: tuple[str, ...] = ()
    deal: str | None = None
    person: str | None = None
    stands: str = field(default_factory=lambda: f"{ERASED_PERSON}{token_hex(4)}")

    @property
    def eraser(self) -> Eraser:
        """Return what takes it out of records."""
        folded = [word.casefold() for word in self.words]
        holds: Callable[[str], bool] = (
            (lambda _: True) if self.deal else (lambda text: any(word in text.casefold() for word in folded))
        )
        return Eraser(holds, self.person, self.stands, values=self.deal is None)


class Erasing:
    """Erase, in one transaction. The chain stays whole: it holds only hashes of what was erased."""

    def __init__(self, database: Database, ringer: Bells, ledger: Ledger) -> None:
        self._database = database
        self._ringer = ringer
        self._ledger = ledger
        self._users = Users(database)

    def erase(self, account: str, whom: Whom, now: datetime) -> int:
        """Erase, and ring the deals whose verdict lost its words; return how many texts are gone."""
        eraser = whom.eraser
        with self._database.write() as transaction:
            erased = self._ledger.erase(account, whom.words, within=transaction) if whom.words else 0
            if whom.deal:
                erased += self._ledger.erase_deal(account, whom.deal, within=transaction)
            bare = self._verdicts(transaction, account, whom, eraser)
            erased += len(bare) + self._bodies(transaction, account, whom, eraser)
            self._waiting(transaction, account, whom)
            if whom.words:
                erased += self._lines(transaction, account, whom)
            if whom.person:
                self._person(transaction, account, whom.person, eraser)
            rings = [(account, ObjectType.DEAL, deal) for deal in bare]
            self._ringer.ring(rings, now, within=transaction)
        self._forget_users(account, whom)
        return erased

    def _verdicts(
        self, transaction: Transaction, account: str, whom: Whom, eraser: Eraser
    ) -> tuple[str, ...]:
        """Take the words out of each verdict that has them; what it was made from goes as a whole."""
        query = select(deals.c.deal, deals.c.body).where(
            deals.c.account == account, _mentions(whom, deals, "sentence", "body", "inputs")
        )
        found = transaction.execute(query).all()
        for deal, body in found:
            bare = encode(eraser.verdict(decode(Verdict, body)))
            values = {"body": bare, "sentence": "", "gate": None, "inputs": None}
            transaction.execute(
                update(deals).where(deals.c.account == account, deals.c.deal == deal).values(values)
            )
        return tuple(deal for deal, _ in found)

    def _bodies(self, transaction: Transaction, account: str, whom: Whom, eraser: Eraser) -> int:
        count = 0
        for table, kind in _BODIES.items():
            mine = and_(table.c.account == account, _mentions(whom, table, "body"))
            for row in transaction.execute(select(table).where(mine)).mappings().all():
                body = encode(eraser.record(decode(kind, row["body"])))
                count += body != row["body"]
                transaction.execute(update(table).where(_this(table, row)).values(body=body))
        return count

    def _waiting(self, transaction: Transaction, account: str, whom: Whom) -> None:
        """Drop effects that say it and were not delivered; the look that was rung for plans them anew."""
        mine = and_(outbox.c.account == account, _mentions(whom, outbox, "body"))
        transaction.execute(delete(outbox).where(mine))

    def _lines(self, transaction: Transaction, account: str, whom: Whom) -> int:
        count = 0
        for table, name in _LINES:
            mine = and_(table.c.account == account, _mentions(whom, table, name))
            count += transaction.execute(update(table).where(mine).values({name: ERASED})).rowcount
        told = and_(alarms.c.account == account, _mentions(whom, alarms, "about"))
        who = and_(supply.c.account == account, _mentions(whom, supply, "who"))
        count += transaction.execute(update(supply).where(who).values(who=ERASED)).rowcount
        return count + transaction.execute(delete(alarms).where(told)).rowcount

    def _person(self, transaction: Transaction, account: str, person: str, eraser: Eraser) -> None:
        """Put the stand-in in the place of the id where it stands by itself."""
        for table, name in ((done, "ref"), (done, "key"), (outbox, "slot"), (answers, "id")):
            column: ColumnElement[str] = table.c[name]
            mine = and_(table.c.account == account, column.contains(person, autoescape=True))
            for row in transaction.execute(select(table).where(mine)).mappings().all():
                values = {name: eraser.key(row[name])}
                transaction.execute(update(table).where(_this(table, row)).values(values))
        for name in ("ended_by", "reviewed_by"):
            mine = and_(waivers.c.account == account, waivers.c[name] == person)
            transaction.execute(update(waivers).where(mine).values({name: eraser.stands}))
        away = absences.c.account == account
        transaction.execute(delete(absences).where(away, absences.c.person == person))
        transaction.execute(update(absences).where(away, absences.c.stand_in == person).values(stand_in=None))
        transaction.execute(
            update(absences).where(away, absences.c.set_by == person).values(set_by=eraser.stands)
        )
        self._cursors(transaction, account, person)

    def _cursors(self, transaction: Transaction, account: str, person: str) -> None:
        rows = transaction.execute(select(jobs.c.name, jobs.c.cursor).where(jobs.c.account == account)).all()
        for name, cursor in rows:
            known: dict[str, Any] = orjson.loads(cursor)
            if person in known:
                known.pop(person)
                this = and_(jobs.c.account == account, jobs.c.name == name)
                transaction.execute(update(jobs).where(this).values(cursor=orjson.dumps(known).decode()))

    def _forget_users(self, account: str, whom: Whom) -> None:
        """Take whoever bears one of the words off the list of users, until the CRM is read again."""
        roll: Roll | None = self._users.of(account) if whom.words else None
        if roll is None:
            return
        kept = [one for one in roll.users if not whom.eraser.holds(f"{one.name} {one.email}")]
        if len(kept) < len(roll.users):
            self._users.keep(account, kept, roll.at)

    def policies(self, account: str, rewritten: Callable[[str], str]) -> int:
        """Rewrite the texts of all published policies but the live one; the version stays the one it had."""
        newest_first = select(policies.c.number, policies.c.text).where(policies.c.account == account)
        with self._database.write() as transaction:
            rows = transaction.execute(newest_first.order_by(policies.c.number.desc())).all()
            changed = [(number, rewritten(text)) for number, text in rows[1:]]
            old = dict(rows[1:])
            for number, text in changed:
                transaction.execute(update(policies).where(policies.c.number == number).values(text=text))
        return sum(old[number] != text for number, text in changed)


def _this(table: Table, row: Mapping[Any, Any]) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key))


def _mentions(whom: Whom, table: Table, *names: str) -> ColumnElement[bool]:
    """Say that the row is one of the deal, or holds one of the words in these columns."""
    if whom.deal is not None:
        return table.c.deal == whom.deal if "deal" in table.c else false()
    held = (table.c[name].icontains(word, autoescape=True) for name in names for word in _spellings(whom))
    return or_(false(), *held)


def _spellings(whom: Whom) -> Iterator[str]:
    """Yield each word as it stands in a text, and as JSON has it."""
    for word in whom.words:
        yield from dict.fromkeys((word, orjson.dumps(word).decode()[1:-1]))
