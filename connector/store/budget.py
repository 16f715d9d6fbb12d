"""The rate budget: one token bucket for each account and limit, shared by all workers."""

from datetime import datetime

from sqlalchemy import Update, and_, case, false, true, update

from connector.store.database import Database
from connector.store.tables import budgets, milliseconds


class Budget:
    """Ask before every call; in any `t` seconds at most capacity + t x refill calls are granted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open = database.insert(budgets).on_conflict_do_nothing()
        self._block = database.upsert(budgets, "blocked_until")

    def take(
        self, account: str, bucket: str, capacity: float, refill_per_second: float, now: datetime
    ) -> float:
        """Take one token: 0 is granted, anything else the seconds after which to ask again."""
        at = milliseconds(now)
        statement = _take(account, bucket, capacity, refill_per_second / 1000, at)
        with self._database.write() as transaction:
            row = transaction.execute(statement).one_or_none()
            if row is None:
                transaction.execute(self._open, _full(account, bucket, capacity, at))
                row = transaction.execute(statement).one()
        if row.granted:
            return 0.0
        wait: float = max((1 - row.tokens) / refill_per_second, (row.blocked_until - at) / 1000, 0.001)
        return wait

    def block_until(self, account: str, bucket: str, until: datetime, now: datetime) -> None:
        """Grant nothing before `until`: the CRM said so (429, daily limit). What was saved up is gone."""
        row = _full(account, bucket, 0, milliseconds(now)) | {"blocked_until": milliseconds(until)}
        with self._database.write() as transaction:
            transaction.execute(self._block, row)


def _full(account: str, bucket: str, tokens: float, at: int) -> dict[str, object]:
    return {"account": account, "bucket": bucket, "tokens": tokens, "at": at, "blocked_until": 0}


def _take(account: str, bucket: str, capacity: float, refill: float, at: int) -> Update:
    """Refill for the milliseconds since the last time, then take one token if there is one."""
    gone = case((budgets.c.at < at, at - budgets.c.at), else_=0)
    filled = budgets.c.tokens + gone * refill
    saved = case((filled > capacity, capacity), else_=filled)
    granted = and_(saved >= 1, budgets.c.blocked_until <= at)
    return (
        update(budgets)
        .where(budgets.c.account == account, budgets.c.bucket == bucket)
        .values(
            tokens=case((granted, saved - 1), else_=saved),
            granted=case((granted, true()), else_=false()),
            at=case((budgets.c.at < at, at), else_=budgets.c.at),
        )
        .returning(budgets.c.granted, budgets.c.tokens, budgets.c.blocked_until)
    )
