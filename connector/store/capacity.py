"""Capacity in the store: the imported plan, and what each deal takes by our own estimate."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache, partial

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update

from connector.capacity.records import Commitment, Estimate, Leave, Snapshot, Supply
from connector.deals import ObjectType
from connector.store.bells import Bells
from connector.store.bulk import Row
from connector.store.database import Database, Transaction
from connector.store.encode import decode, encode
from connector.store.tables import capacity_snapshots, commitments, deals, estimates, supply

_SUPPLY, _LEAVE = "supply", "leave"
_REMEMBERED = 20_000


class Capacity:
    """The plan and the estimates of each account."""

    def __init__(self, database: Database, ringer: Bells) -> None:
        self._database = database
        self._ringer = ringer
        self._supply = database.bulk(supply, supply.c.keys())
        self._commitment = database.bulk(commitments, commitments.c.keys())
        self._estimate = database.upsert(estimates, estimates.c.keys())
        # All are read for each batch of deals and few have changed; to decode 5,000 takes 0.2 s.
        self._decoded = lru_cache(_REMEMBERED)(partial(decode, Estimate))

    def replace(self, account: str, plan: Snapshot, now: datetime) -> int:
        """Make this the account's plan, whole or not at all; return its number."""
        newest = select(func.coalesce(func.max(capacity_snapshots.c.number), 0)).where(
            capacity_snapshots.c.account == account
        )
        with self._database.write() as transaction:
            number = int(transaction.scalar(newest) or 0) + 1
            row = {"account": account, "number": number, "as_of": plan.as_of.isoformat(), "imported_at": now}
            transaction.execute(insert(capacity_snapshots), row)
            self._supply.run(transaction, list(_supply_rows(account, number, plan)))
            self._commitment.run(transaction, list(_commitment_rows(account, number, plan)))
            for table in (supply, commitments, capacity_snapshots):
                transaction.execute(delete(table).where(_of(table, account), table.c.number < number - 1))
        return number

    def plan(self, account: str) -> Snapshot | None:
        """Return the newest plan, None before the first import."""
        newest = (
            select(capacity_snapshots.c.number, capacity_snapshots.c.as_of, capacity_snapshots.c.imported_at)
            .where(capacity_snapshots.c.account == account)
            .order_by(capacity_snapshots.c.number.desc())
            .limit(1)
        )
        with self._database.read() as transaction:
            found = transaction.execute(newest).first()
            if found is None:
                return None
            number, as_of, imported_at = found
            hours, leave = _read_supply(transaction, account, number)
            work = _read_commitments(transaction, account, number)
        return Snapshot(date.fromisoformat(as_of), hours, leave, work, imported_at, number)

    def newest(self, account: str) -> int:
        """Return the number of the newest plan, 0 before the first import."""
        query = select(func.max(capacity_snapshots.c.number)).where(capacity_snapshots.c.account == account)
        with self._database.read() as transaction:
            return int(transaction.scalar(query) or 0)

    def estimates(self, account: str) -> tuple[Estimate, ...]:
        """Return what every deal takes."""
        query = select(estimates.c.body).where(estimates.c.account == account).order_by(estimates.c.deal)
        with self._database.read() as transaction:
            return tuple(self._decoded(body) for body in transaction.scalars(query))

    def keep(
        self, account: str, found: Iterable[Estimate], gone: Collection[str], within: Transaction
    ) -> None:
        """Keep these estimates and forget those of deals that take nothing any more."""
        rows = [
            {"account": account, "deal": one.deal, "claim": one.claim, "body": encode(one)} for one in found
        ]
        self._estimate.run(within, rows)
        if gone:
            among = self._database.among(estimates.c.deal, gone)
            within.execute(delete(estimates).where(_of(estimates, account), among))

    def ring_quietly(self, account: str, deal_ids: Collection[str], now: datetime) -> None:
        """Ring these deals; what people did before now is no reason to ask anybody (design 1.3)."""
        if not deal_ids:
            return
        these = and_(_of(deals, account), self._database.among(deals.c.deal, deal_ids))
        with self._database.write() as transaction:
            transaction.execute(update(deals).where(these).values(quiet_until=now))
            rings = [(account, ObjectType.DEAL, deal) for deal in deal_ids]
            self._ringer.ring(rings, now, within=transaction)


def _of(table: Table, account: str) -> ColumnElement[bool]:
    return table.c.account == account


def _supply_rows(account: str, number: int, plan: Snapshot) -> Iterable[Row]:
    rows: tuple[Supply | Leave, ...] = (*plan.supply, *plan.leave)
    for line, one in enumerate(rows):
        hours = (
            {"kind": _SUPPLY, "role": one.role, "minutes": one.minutes, "days": _digits(one.days)}
            if isinstance(one, Supply)
            else {"kind": _LEAVE, "role": "", "minutes": 0, "days": ""}
        )
        yield {
            "account": account,
            "number": number,
            "line": line,
            "who": one.who,
            "first": one.first.isoformat(),
            "last": None if one.last is None else one.last.isoformat(),
            **hours,
        }


def _digits(days: Iterable[int]) -> str:
    return "".join(str(day) for day in sorted(days))


def _commitment_rows(account: str, number: int, plan: Snapshot) -> Iterable[Row]:
    for line, one in enumerate(plan.commitments):
        yield {
            "account": account,
            "number": number,
            "line": line,
            "role": one.role,
            "first": one.first.isoformat(),
            "last": one.last.isoformat(),
            "minutes": one.minutes,
            "deal": one.deal,
            "label": one.label,
        }


def _read_supply(
    transaction: Transaction, account: str, number: int
) -> tuple[tuple[Supply, ...], tuple[Leave, ...]]:
    columns = (supply.c.kind, supply.c.role, supply.c.who, supply.c.first, supply.c.last)
    query = (
        select(*columns, supply.c.minutes, supply.c.days)
        .where(_of(supply, account), supply.c.number == number)
        .order_by(supply.c.line)
    )
    hours: list[Supply] = []
    leave: list[Leave] = []
    for kind, role, who, first, last, minutes, days in transaction.execute(query):
        start, end = date.fromisoformat(first), None if last is None else date.fromisoformat(last)
        if kind == _SUPPLY:
            hours.append(Supply(role, who, start, end, minutes, frozenset(map(int, days))))
        else:
            leave.append(Leave(who, start, end or start))
    return tuple(hours), tuple(leave)


def _read_commitments(transaction: Transaction, account: str, number: int) -> tuple[Commitment, ...]:
    columns = (commitments.c.role, commitments.c.first, commitments.c.last)
    query = (
        select(*columns, commitments.c.minutes, commitments.c.deal, commitments.c.label)
        .where(_of(commitments, account), commitments.c.number == number)
        .order_by(commitments.c.line)
    )
    return tuple(
        Commitment(role, date.fromisoformat(first), date.fromisoformat(last), minutes, deal, label)
        for role, first, last, minutes, deal, label in transaction.execute(query)
    )
