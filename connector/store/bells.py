"""Bells: "look at this object". Ringing twice is ringing once; `wanted` above `done` is work to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, and_, case, exists, func, null, or_, select

from connector.deals import ObjectType
from connector.store.bulk import Insert
from connector.store.database import CHANNEL, Database, Transaction
from connector.store.tables import accounts, bells, claimable, leased

Ring = tuple[str, ObjectType, str]  # account, type, the CRM's id


@dataclass(frozen=True, slots=True)
class Parked:
    """A bell that nobody answers until it is rung again, and why; `reason` is kebab-case."""

    type: ObjectType
    id: str
    reason: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much work waits: `due` now, `later` on purpose, `leased` in hand; `oldest` due since when."""

    due: int
    later: int
    leased: int
    parked: int
    oldest: datetime | None


class Bells:
    """The bells of all accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        say = _want_one_more_and_notify if database.postgresql else _want_one_more
        self._ring = database.bulk(bells, _RUNG, say)

    def ring(
        self,
        rings: Iterable[Ring],
        now: datetime,
        due_at: datetime | None = None,
        within: Transaction | None = None,
    ) -> int:
        """Ring these bells in one sorted upsert, due `now` or at `due_at`, the earlier one if rung before.

        A parked bell that is rung gets a fresh start. Returns the number of different bells.
        """
        due = now if due_at is None else due_at
        rows = [
            {"account": account, "type": kind.value, "id": id_, "due_at": due, **_FIRST}
            for account, kind, id_ in sorted(set(rings))  # one order for all: no deadlocks
        ]
        if not rows:
            return 0
        with self._database.write(within) as transaction:
            self._ring.run(transaction, rows)
            self._database.wake(transaction)
        return len(rows)

    def work(self, now: datetime) -> tuple[str, ...]:
        """Return the enrolled accounts that have bells to claim, least recently served first."""
        of_account = bells.c.account == accounts.c.account
        waiting = exists().where(of_account, claimable, bells.c.due_at <= now)
        abandoned = exists().where(of_account, leased, bells.c.lease_until <= now)
        query = (
            select(accounts.c.account)
            .where(or_(waiting, abandoned))
            .order_by(accounts.c.served_at.asc().nulls_first(), accounts.c.account)
        )
        with self._database.read() as transaction:
            return tuple(transaction.scalars(query))

    def parked(self, account: str, limit: int = 100) -> tuple[Parked, ...]:
        """Return the parked bells, newest first."""
        query = (
            select(bells.c.type, bells.c.id, bells.c.reason, bells.c.message, bells.c.parked_at)
            .where(bells.c.account == account, bells.c.parked_at.is_not(None))
            .order_by(bells.c.parked_at.desc(), bells.c.id)
            .limit(limit)
        )
        with self._database.read() as transaction:
            rows = transaction.execute(query).all()
        return tuple(Parked(ObjectType(kind), *rest) for kind, *rest in rows)

    def backlog(self, account: str, now: datetime) -> Backlog:
        """Count the work that waits."""
        due = and_(claimable, bells.c.due_at <= now)
        query = select(
            _count(due),
            _count(and_(claimable, bells.c.due_at > now)),
            _count(leased),
            _count(bells.c.parked_at.is_not(None)),
            func.min(case((due, bells.c.due_at), else_=null())),
        ).where(bells.c.account == account)
        with self._database.read() as transaction:
            return Backlog(*transaction.execute(query).one())


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


_FIRST = {"wanted": 1, "done": 0, "claimed": 0}
_RUNG = ("account", "type", "id", "due_at", *_FIRST)


def _want_one_more(insert: Insert) -> Insert:
    """Where the bell is there: want one more, due at the earlier time, no longer parked."""
    new = insert.excluded.due_at
    earlier = and_(bells.c.wanted > bells.c.done, bells.c.parked_at.is_(None), bells.c.due_at < new)
    return insert.on_conflict_do_update(
        index_elements=list(bells.primary_key),
        set_={
            "wanted": bells.c.wanted + 1,
            "due_at": case((earlier, bells.c.due_at), else_=new),
            "attempts": case((bells.c.parked_at.is_(None), bells.c.attempts), else_=0),
            "reason": None,
            "message": None,
            "parked_at": None,
        },
    )


def _want_one_more_and_notify(insert: Insert) -> Executable:
    """Ring and wake the listeners of every machine in one round trip; they hear it at the commit."""
    rung = _want_one_more(insert).returning(bells.c.id).cte("rung")
    return select(func.pg_notify(CHANNEL, "")).add_cte(rung)
