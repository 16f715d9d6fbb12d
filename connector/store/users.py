"""The CRM's users as they were last read: who asks and who decides is known without a call to the CRM."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from connector.directory import CrmUser
from connector.store.database import Database
from connector.store.encode import decode, encode
from connector.store.tables import crm_users


@dataclass(frozen=True, slots=True)
class Roll:
    """All users of one account, read at `at`."""

    users: tuple[CrmUser, ...]
    at: datetime


class Users:
    """Kept by whoever reads them from the CRM, read where no CRM may be called."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._upsert = database.upsert(crm_users, crm_users.c.keys())

    def keep(self, account: str, users: Iterable[CrmUser], now: datetime) -> None:
        """Put these in the place of those on record."""
        row = {"account": account, "body": encode(_Users(tuple(users))), "at": now}
        with self._database.write() as transaction:
            self._upsert.run(transaction, [row])

    def of(self, account: str) -> Roll | None:
        """Return who was read last, None before the first read."""
        query = select(crm_users.c.body, crm_users.c.at).where(crm_users.c.account == account)
        with self._database.read() as transaction:
            found = transaction.execute(query).one_or_none()
        return None if found is None else Roll(decode(_Users, found.body).users, found.at)


@dataclass(frozen=True, slots=True)
class _Users:
    users: tuple[CrmUser, ...]
