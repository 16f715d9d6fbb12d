"""Tidying: what nobody needs any more goes, a few rows at a time. The ledger and deals' standing stay."""

from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Table, and_, delete, exists, select, tuple_

from connector.standing import SignoffState
from connector.store.database import Database
from connector.store.tables import alarms, answers, bells, deals, done, outbox, signoffs


class Tidying:
    """Remove, account by account, what is past its time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tidy(self, account: str, before: datetime, limit: int) -> int:
        """Remove up to `limit` rows of each kind; return how many that were, 0 when nothing is left.

        Bells that are answered; of deals at which nobody looked since `before` and about which nobody is
        asked: the keys of what was done once, answers that were counted, effects that the CRM refused; alarms
        that did not ring since.
        """
        removals = (
            _some(bells, and_(bells.c.account == account, _ANSWERED), limit),
            _some(done, and_(_idle(done, account, before), done.c.at < before), limit),
            _some(answers, and_(_idle(answers, account, before), answers.c.consumed_at < before), limit),
            _some(outbox, and_(_idle(outbox, account, before), outbox.c.parked_at < before), limit),
            _some(alarms, and_(alarms.c.account == account, alarms.c.last_at < before), limit),
        )
        with self._database.write() as transaction:
            return sum(transaction.execute(removal).rowcount for removal in removals)


_ANSWERED = and_(bells.c.done >= bells.c.wanted, bells.c.token.is_(None), bells.c.parked_at.is_(None))


def _idle(table: Table, account: str, before: datetime) -> ColumnElement[bool]:
    """Say whether the row's deal is one at which nobody looked since, and about which nobody is asked."""
    last = and_(deals.c.account == table.c.account, deals.c.deal == table.c.deal, deals.c.at < before)
    waiting = and_(
        signoffs.c.account == table.c.account,
        signoffs.c.deal == table.c.deal,
        signoffs.c.state == SignoffState.REQUESTED,
    )
    return and_(table.c.account == account, exists().where(last), ~exists().where(waiting))


def _some(table: Table, condition: ColumnElement[bool], limit: int) -> Delete:
    """Return the removal of a few such rows; one that somebody is just writing to is left for later."""
    key = tuple(table.primary_key)
    few = select(*key).where(condition).limit(limit).with_for_update(skip_locked=True, of=table)
    return delete(table).where(tuple_(*key).in_(few))
