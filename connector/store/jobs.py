"""Clock jobs: whoever holds the lease row of a job runs it; its cursor outlives the holder."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

import orjson
from sqlalchemy import ColumnElement, Update, and_, or_, select, update

from connector.errors import LeaseLost
from connector.store.database import Database
from connector.store.tables import jobs

Cursor = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class JobLease:
    """The right to run one job until `until`; `cursor` is what the last holder left ({} at first)."""

    account: str
    name: str
    token: str
    until: datetime
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Ended:
    """When a job last came to its end, and when and why it last failed; `reason` is kebab-case."""

    finished_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str | None = None
    message: str | None = None


class Jobs:
    """The clock's jobs of all accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._first = database.insert(jobs).on_conflict_do_nothing()

    def due(self, account: str, name: str, lease_seconds: float, now: datetime) -> JobLease | None:
        """Lease the job if it is due and nobody holds it; a job never seen is due at once."""
        if not self._is_due(account, name, now):
            return None
        return self._lease(account, name, lease_seconds, now, and_(_free(now), jobs.c.due_at <= now))

    def seize(self, account: str, name: str, lease_seconds: float, now: datetime) -> JobLease | None:
        """Lease the job now, due or not; None while somebody runs it."""
        return self._lease(account, name, lease_seconds, now, _free(now))

    def _lease(
        self, account: str, name: str, seconds: float, now: datetime, condition: ColumnElement[bool]
    ) -> JobLease | None:
        token, until = uuid4().hex, now + timedelta(seconds=seconds)
        first = {"account": account, "name": name, "cursor": "{}", "due_at": now}
        with self._database.write() as transaction:
            transaction.execute(self._first, first)
            cursor = transaction.scalar(
                update(jobs)
                .where(jobs.c.account == account, jobs.c.name == name, condition)
                .values(token=token, lease_until=until)
                .returning(jobs.c.cursor)
            )
        return None if cursor is None else JobLease(account, name, token, until, orjson.loads(cursor))

    def keep(self, lease: JobLease, cursor: Cursor, seconds: float, now: datetime) -> JobLease:
        """Save the progress of a long job and hold it for `seconds` from now."""
        until = now + timedelta(seconds=seconds)
        self._write(lease, _mine(lease).values(cursor=orjson.dumps(cursor).decode(), lease_until=until))
        return replace(lease, cursor=cursor, until=until)

    def finish(self, lease: JobLease, cursor: Cursor, next_at: datetime, now: datetime) -> None:
        """Give the job back, due again at `next_at`."""
        self._give_back(lease, next_at, cursor=orjson.dumps(cursor).decode(), finished_at=now)

    def fail(self, lease: JobLease, reason: str, message: str, next_at: datetime, now: datetime) -> None:
        """Give the job back as it was, to be tried again at `next_at`, and keep why it did not come to its
        end."""
        self._give_back(lease, next_at, failed_at=now, reason=reason, message=message)

    def ended(self, account: str, name: str) -> Ended:
        """Return how the job went last."""
        columns = (jobs.c.finished_at, jobs.c.failed_at, jobs.c.reason, jobs.c.message)
        query = select(*columns).where(jobs.c.account == account, jobs.c.name == name)
        with self._database.read() as transaction:
            row = transaction.execute(query).one_or_none()
        return Ended(*row) if row else Ended()

    def _give_back(self, lease: JobLease, next_at: datetime, **values: object) -> None:
        self._write(lease, _mine(lease).values(due_at=next_at, token=None, lease_until=None, **values))

    def _is_due(self, account: str, name: str, now: datetime) -> bool:
        query = select(and_(jobs.c.due_at <= now, _free(now))).where(
            jobs.c.account == account, jobs.c.name == name
        )
        with self._database.read() as transaction:
            return transaction.scalar(query) is not False

    def _write(self, lease: JobLease, statement: Update) -> None:
        with self._database.write() as transaction:
            if not transaction.execute(statement).rowcount:
                raise LeaseLost("Another machine runs this job now.", where=f"{lease.account}, {lease.name}")


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(jobs.c.token.is_(None), jobs.c.lease_until <= now)


def _mine(lease: JobLease) -> Update:
    return update(jobs).where(
        jobs.c.account == lease.account, jobs.c.name == lease.name, jobs.c.token == lease.token
    )
