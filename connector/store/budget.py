"""The rate budget: one token bucket for each account and limit, shared by all workers."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, and_, bindparam, case, false, true, update
from sqlalchemy.sql.dml import ReturningUpdate

from connector.store.database import Database
from connector.store.tables import budgets, milliseconds


class Budget:
    """Ask before every call; in any `t` seconds at most capacity + t x refill calls are granted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open = database.insert(budgets).on_conflict_do_nothing()
        self._take = _take()
        self._block = database.upsert(budgets, ["account", "bucket", "tokens", "at", "blocked_until"])

    def take(  # noqa: PLR0917  a bucket is known by its name, its size and its flow
        self,
        account: str,
        bucket: str,
        capacity: float,
        refill_per_second: float,
        now: datetime,
        tokens: int = 1,
    ) -> float:
        """Take so many tokens: 0 is granted, anything else the seconds after which to ask again."""
        at = milliseconds(now)
        limits = {"of": account, "named": bucket, "capacity": float(capacity), "wanted": float(tokens)}
        limits |= {"refill": refill_per_second / 1000, "now": at}
        with self._database.write() as transaction:
            row = transaction.execute(self._take, limits).one_or_none()
            if row is None:
                transaction.execute(self._open, _full(account, bucket, capacity, at))
                row = transaction.execute(self._take, limits).one()
        if row.granted:
            return 0.0
        wait: float = max((tokens - row.tokens) / refill_per_second, (row.blocked_until - at) / 1000, 0.001)
        return wait

    def block_until(self, account: str, bucket: str, until: datetime, now: datetime) -> None:
        """Grant nothing before `until`: the CRM said so (429, daily limit). What was saved up is gone."""
        row = _full(account, bucket, 0, milliseconds(now)) | {"blocked_until": milliseconds(until)}
        with self._database.write() as transaction:
            self._block.run(transaction, [row])


def _full(account: str, bucket: str, tokens: float, at: int) -> dict[str, object]:
    return {"account": account, "bucket": bucket, "tokens": tokens, "at": at, "blocked_until": 0}


def _take() -> ReturningUpdate[bool, float, int]:
    """Refill for the milliseconds since the last time, then take the wanted tokens if they are there."""
    now = bindparam("now", type_=BigInteger)
    capacity = bindparam("capacity", type_=Float)
    gone = case((budgets.c.at < now, now - budgets.c.at), else_=0)
    filled = budgets.c.tokens + gone * bindparam("refill", type_=Float)
    saved = case((filled > capacity, capacity), else_=filled)
    wanted = bindparam("wanted", type_=Float)
    granted = and_(saved >= wanted, budgets.c.blocked_until <= now)
    return (
        update(budgets)
        .where(budgets.c.account == bindparam("of"), budgets.c.bucket == bindparam("named"))
        .values(
            tokens=case((granted, saved - wanted), else_=saved),
            granted=case((granted, true()), else_=false()),
            at=case((budgets.c.at < now, now), else_=budgets.c.at),
        )
        .returning(budgets.c.granted, budgets.c.tokens, budgets.c.blocked_until)
    )
