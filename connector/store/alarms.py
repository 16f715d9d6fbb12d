"""Alarms: what an admin should look at, one row for each reason and object, however often it rings."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from connector.store.database import Database
from connector.store.tables import alarms


@dataclass(frozen=True, slots=True)
class Alarm:
    """`reason` is kebab-case, `about` the object (a role, a field, a deal) or empty."""

    reason: str
    about: str
    first_at: datetime
    last_at: datetime
    times: int


class Alarms:
    """Ring alarms and read the recent ones."""

    def __init__(self, database: Database) -> None:
        self._database = database
        insert = database.insert(alarms)
        self._ring = insert.on_conflict_do_update(
            index_elements=list(alarms.primary_key),
            set_={"last_at": insert.excluded.last_at, "times": alarms.c.times + 1},
        )

    def ring(self, account: str, reason: str, about: str, now: datetime) -> None:
        """Put the alarm on record, or count it once more."""
        row = {
            "account": account,
            "reason": reason,
            "about": about,
            "first_at": now,
            "last_at": now,
            "times": 1,
        }
        with self._database.write() as transaction:
            transaction.execute(self._ring, row)

    def recent(self, account: str, now: datetime, within: timedelta) -> tuple[Alarm, ...]:
        """Return the alarms that rang within this time, newest first."""
        query = (
            select(alarms.c.reason, alarms.c.about, alarms.c.first_at, alarms.c.last_at, alarms.c.times)
            .where(alarms.c.account == account, alarms.c.last_at > now - within)
            .order_by(alarms.c.last_at.desc(), alarms.c.reason, alarms.c.about)
        )
        with self._database.read() as transaction:
            return tuple(Alarm(*row) for row in transaction.execute(query))
