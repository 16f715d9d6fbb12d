"""Of the change of which properties the CRM has told: what shows that a subscription is there."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from connector.store.database import Database
from connector.store.tables import changes


class Changes:
    """Noted by whoever hears the CRM, at most once a day for each property."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(changes, changes.c.keys())

    def note(self, account: str, named: Iterable[tuple[str, str]], at: datetime) -> None:
        """Put on record that changes of these were told, each an object type and a property."""
        rows = [{"account": account, "type": kind, "name": name, "at": at} for kind, name in sorted(named)]
        with self._database.write() as transaction:
            self._upsert.run(transaction, rows)

    def heard(self, account: str) -> Mapping[tuple[str, str], datetime]:
        """Return when a change of each was last told, to a day."""
        query = select(changes.c.type, changes.c.name, changes.c.at).where(changes.c.account == account)
        with self._database.read() as transaction:
            return {(row.type, row.name): row.at for row in transaction.execute(query)}
