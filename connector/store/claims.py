"""Claims: a worker's lease on the bells of one account, fenced by a token.

A worker that lost its lease raises LeaseLost at the next write, and nothing of that write remains.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from sqlalchemy import Select, Update, and_, case, exists, literal, null, or_, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from connector.deals import ObjectType
from connector.errors import LeaseLost
from connector.store.bells import Bells, Ring
from connector.store.database import Database, Transaction
from connector.store.tables import NEVER, Moment, accounts, bells, claimable, leased, outbox

_KEY = (bells.c.account, bells.c.type, bells.c.id)


@dataclass(frozen=True, slots=True)
class Bell:
    """One claimed bell. `wanted` is the count that was seen, `attempts` the failures before this one."""

    type: ObjectType
    id: str
    wanted: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The bells that one worker holds until `until`; `token` fences its writes."""

    account: str
    token: str
    until: datetime
    bells: tuple[Bell, ...]

    @property
    def deals(self) -> tuple[str, ...]:
        """The ids of the claimed deals."""
        return tuple(bell.id for bell in self.bells if bell.type is ObjectType.DEAL)


class Claims:
    """Take, keep and give back leases."""

    def __init__(self, database: Database, ringer: Bells) -> None:
        self._database = database
        self._ringer = ringer

    def take(
        self, account: str, kinds: frozenset[ObjectType], limit: int, seconds: float, now: datetime
    ) -> Claim | None:
        """Lease up to `limit` due bells of these kinds, longest due first; None where there are none."""
        if not self._anything(account, kinds, now):
            return None
        token, until = uuid4().hex, now + timedelta(seconds=seconds)
        due = _due(account, kinds, limit, now)
        with self._database.write() as transaction:
            transaction.execute(_abandoned(account, now))
            taken = transaction.execute(_lease(due, token, until)).all()
            if not taken:
                return None
            transaction.execute(update(accounts).where(accounts.c.account == account).values(served_at=now))
        return Claim(
            account, token, until, tuple(Bell(ObjectType(kind), id_, *counts) for kind, id_, *counts in taken)
        )

    def _anything(self, account: str, kinds: frozenset[ObjectType], now: datetime) -> bool:
        """Look before writing: most of the time one kind, or all, have nothing to claim."""
        mine = and_(bells.c.account == account, bells.c.type.in_(sorted(kinds)))
        due = exists().where(mine, claimable, bells.c.due_at <= now)
        ended = exists().where(mine, leased, bells.c.lease_until <= now)
        with self._database.read() as transaction:
            return bool(transaction.scalar(select(or_(due, ended))))

    def extend(self, claim: Claim, seconds: float, now: datetime) -> Claim:
        """Keep what is still held for `seconds` from now."""
        until = now + timedelta(seconds=seconds)
        with self._database.write() as transaction:
            if not transaction.execute(_mine(claim).values(lease_until=until)).rowcount:
                raise _lost(claim)
        return replace(claim, until=until)

    def finish(
        self,
        claim: Claim,
        finished: Sequence[Bell],
        now: datetime,
        ring: Iterable[Ring] = (),
        within: Transaction | None = None,
    ) -> None:
        """Give back answered bells. Those rung meanwhile stay due; deals with effects that still wait are
        due when those are. `ring` rings others (a child's deals)."""
        with self._database.write(within) as transaction:
            self._ringer.ring(ring, now, within=transaction)
            self._release(transaction, claim, finished, done=bells.c.claimed, attempts=0)
            self._ring_undelivered(transaction, claim, finished, now)

    def retry(self, claim: Claim, failed: Sequence[Bell], due_at: datetime, reason: str) -> None:
        """Give back bells to be tried again at `due_at`; counts an attempt."""
        with self._database.write() as transaction:
            self._release(
                transaction, claim, failed, due_at=due_at, attempts=bells.c.attempts + 1, reason=reason
            )

    def park(self, claim: Claim, failed: Sequence[Bell], reason: str, message: str, now: datetime) -> None:
        """Give back bells that nobody should try again before they are rung; one rung meanwhile stays due."""
        rung = bells.c.wanted > bells.c.claimed
        with self._database.write() as transaction:
            self._release(
                transaction,
                claim,
                failed,
                attempts=bells.c.attempts + 1,
                reason=reason,
                message=message,
                parked_at=case((rung, null()), else_=literal(now, Moment)),
            )

    def _ring_undelivered(
        self, transaction: Transaction, claim: Claim, finished: Sequence[Bell], now: datetime
    ) -> None:
        ids = [bell.id for bell in finished if bell.type is ObjectType.DEAL]
        waiting = (
            select(outbox.c.due_at, outbox.c.deal)
            .where(outbox.c.account == claim.account, outbox.c.parked_at.is_(None))
            .where(self._database.among(outbox.c.deal, ids))
            .order_by(outbox.c.due_at)
        )
        for due_at, rows in groupby(transaction.execute(waiting), lambda row: row.due_at):
            rings = [(claim.account, ObjectType.DEAL, row.deal) for row in rows]
            self._ringer.ring(rings, now, due_at, within=transaction)

    def _release(
        self, transaction: Transaction, claim: Claim, given: Sequence[Bell], **values: object
    ) -> None:
        statement = _mine(claim).values(token=None, lease_until=None, **values)
        released = 0
        for kind, ids in _by_kind(given):
            these = and_(bells.c.type == kind, self._database.among(bells.c.id, ids))
            released += transaction.execute(statement.where(these)).rowcount
        if released != len(given):
            raise _lost(claim)


def fence(transaction: Transaction, claim: Claim, deals: Iterable[str]) -> None:
    """Lock the claim's bells until the transaction ends; LeaseLost unless all these deals are held."""
    query = (
        select(bells.c.id)
        .where(bells.c.token == claim.token, bells.c.type == ObjectType.DEAL)
        .order_by(bells.c.id)
        .with_for_update()
    )
    if not set(deals) <= set(transaction.scalars(query)):
        raise _lost(claim)


def _abandoned(account: str, now: datetime) -> Update:
    """Free what dead workers left, skipping what a slow one is just writing to."""
    ended = (
        select(*_KEY)
        .where(bells.c.account == account, leased, bells.c.lease_until <= now)
        .with_for_update(skip_locked=True)
    )
    return update(bells).where(tuple_(*_KEY).in_(ended)).values(token=None, lease_until=None, due_at=now)


def _due(account: str, kinds: frozenset[ObjectType], limit: int, now: datetime) -> Select[str, str, str]:
    return (
        select(*_KEY)
        .where(bells.c.account == account, claimable, bells.c.due_at <= now, bells.c.type.in_(sorted(kinds)))
        .order_by(bells.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def _lease(due: Select[str, str, str], token: str, until: datetime) -> ReturningUpdate[str, str, int, int]:
    """Lease these. They leave the index of due bells, and are due again only if rung."""
    return (
        update(bells)
        .where(tuple_(*_KEY).in_(due))
        .values(token=token, lease_until=until, claimed=bells.c.wanted, due_at=NEVER)
        .returning(bells.c.type, bells.c.id, bells.c.wanted, bells.c.attempts)
    )


def _mine(claim: Claim) -> Update:
    return update(bells).where(bells.c.token == claim.token)


def _by_kind(given: Iterable[Bell]) -> list[tuple[ObjectType, list[str]]]:
    ordered = sorted(given, key=lambda bell: (bell.type, bell.id))
    return [(kind, [bell.id for bell in some]) for kind, some in groupby(ordered, lambda bell: bell.type)]


def _lost(claim: Claim) -> LeaseLost:
    return LeaseLost(
        "Another worker has taken over; nothing of this batch is kept.",
        where=f"account {claim.account}",
        hint="Raise the lease time if this happens often.",
    )
