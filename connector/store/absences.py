"""Who is out of office, and when: set by the person or an admin."""

from datetime import date, datetime

from sqlalchemy import delete, select

from connector.directory import Absence
from connector.store.chain import Note
from connector.store.database import Database
from connector.store.ledger import Ledger
from connector.store.tables import absences


class Absences:
    """Keep absences of one account's people; each is known by its person and first day."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._upsert = database.upsert(absences, absences.c.keys())

    def set(self, account: str, absence: Absence, by: str, now: datetime) -> None:
        """Put an absence on record; one with the same first day is replaced."""
        row = {
            "account": account,
            "person": absence.person,
            "since": absence.since.isoformat(),
            "until": absence.until.isoformat(),
            "stand_in": absence.to,
            "set_by": by,
            "at": now,
        }
        body: dict[str, object] = {"event": "set", "since": absence.since, "until": absence.until}
        personal = {"away": absence.person, "person": by, "stand_in": absence.to or ""}
        note = Note("absence", None, body, {name: text for name, text in personal.items() if text})
        with self._database.write() as transaction:
            self._upsert.run(transaction, [row])
            self._ledger.append(account, [note], now, within=transaction)

    def end(self, account: str, person: str, by: str, now: datetime) -> int:
        """Remove what the person has on record; return how many absences that were."""
        these = delete(absences).where(absences.c.account == account, absences.c.person == person)
        note = Note("absence", None, {"event": "ended"}, {"away": person, "person": by})
        with self._database.write() as transaction:
            count = transaction.execute(these).rowcount
            if count:
                self._ledger.append(account, [note], now, within=transaction)
        return count

    def all(self, account: str) -> tuple[Absence, ...]:
        """Return all absences on record, past ones too, in the order of their first days."""
        query = (
            select(absences.c.person, absences.c.since, absences.c.until, absences.c.stand_in)
            .where(absences.c.account == account)
            .order_by(absences.c.since, absences.c.person)
        )
        with self._database.read() as transaction:
            return tuple(
                Absence(person, date.fromisoformat(since), date.fromisoformat(until), to)
                for person, since, until, to in transaction.execute(query)
            )
