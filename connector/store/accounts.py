"""Accounts: since when each is served, whether it is paused, and the brakes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update

from connector.store.database import Database
from connector.store.tables import accounts

_HOUR = timedelta(hours=1)


class Braked(StrEnum):
    """What an account may do only so many times an hour."""

    TASKS = "tasks"
    MAILS = "mails"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Account:
    """The state of one account. `quiet_until`: touches up to then start nothing (back-fill, publish);
    `heard_at`: when its CRM last sent a webhook, about to the minute."""

    name: str
    since: datetime | None = None
    paused: bool = False
    quiet_until: datetime | None = None
    tripped_until: datetime | None = None
    tripped_reason: str | None = None
    heard_at: datetime | None = None
    uninstalled: bool = False

    def tripped(self, now: datetime) -> bool:
        """Say whether a brake has tripped, so that block acts as flag."""
        return self.tripped_until is not None and now < self.tripped_until


class Accounts:
    """The accounts of this deployment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._enrol = database.insert(accounts).on_conflict_do_nothing()

    def enrol(self, account: str, now: datetime) -> None:
        """Serve this account from now on; bells of accounts that are not enrolled wait."""
        with self._database.write() as transaction:
            transaction.execute(self._enrol, {"account": account, "since": now})

    def get(self, account: str) -> Account:
        """Return the account's state; one that is not enrolled has the default."""
        with self._database.read() as transaction:
            row = transaction.execute(select(*_COLUMNS).where(accounts.c.account == account)).one_or_none()
        return Account(account) if row is None else Account(*row)

    def pause(self, account: str) -> None:
        """Make every gate of the account observe."""
        self._change(account, paused=True)

    def leave(self, account: str) -> None:
        """Pause the account for good: what is asked there is taken back."""
        self._change(account, paused=True, uninstalled=True)

    def come_back(self, account: str) -> None:
        """Be at work in the account again, paused until it is resumed."""
        self._change(account, uninstalled=False)

    def resume(self, account: str) -> None:
        """End the pause and reset a tripped brake."""
        reset: dict[str, object] = {"hour": None, "tripped_until": None, "tripped_reason": None}
        self._change(account, paused=False, **reset)

    def keep_quiet(self, account: str, until: datetime) -> None:
        """Let touches up to `until` start nothing in this account."""
        self._change(account, quiet_until=until)

    def heard(self, account: str, at: datetime) -> None:
        """Put on record that the account's CRM sent a webhook."""
        self._change(account, heard_at=at)

    def spend(self, account: str, what: Braked, wanted: int, cap: int, now: datetime) -> int:
        """Return how many of `wanted` the account may still do this hour, and count them.

        Fewer than wanted trips the brake for an hour: raise an alarm and postpone the rest. A negative
        `wanted` gives back what was not used after all.
        """
        hour = now.replace(minute=0, second=0, microsecond=0)
        this = accounts.c.account == account
        with self._database.write() as transaction:
            transaction.execute(self._enrol, {"account": account})
            row = transaction.execute(select(accounts).where(this).with_for_update()).one()
            spent = {kind.value: getattr(row, kind) if row.hour == hour else 0 for kind in Braked}
            granted = min(wanted, max(0, cap - spent[what]))
            spent[what] += granted
            transaction.execute(update(accounts).where(this).values(hour=hour, **spent))
            if granted < wanted:
                why = f"{what}-over-{cap}-an-hour"
                tripped = update(accounts).where(this)
                transaction.execute(tripped.values(tripped_until=now + _HOUR, tripped_reason=why))
        return granted

    def _change(self, account: str, **values: object) -> None:
        with self._database.write() as transaction:
            transaction.execute(self._enrol, {"account": account})
            transaction.execute(update(accounts).where(accounts.c.account == account).values(**values))


_COLUMNS = (
    *(accounts.c.account, accounts.c.since, accounts.c.paused),
    *(accounts.c.quiet_until, accounts.c.tripped_until, accounts.c.tripped_reason),
    *(accounts.c.heard_at, accounts.c.uninstalled),
)
