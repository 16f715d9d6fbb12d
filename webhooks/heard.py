"""When each account's CRM last spoke and of what, on record for the doctor: a webhook a minute and each
property once a day, so that it costs nothing."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from connector.errors import StoreUnavailable
from connector.store.accounts import Accounts
from connector.store.changes import Changes

_EVERY = timedelta(minutes=1)
_DAILY = timedelta(days=1)
_MOST = 5_000  # properties of all accounts, so that nobody fills the table


Change = tuple[str, str, str]  # account, object type, property


class Heard:
    """Note each webhook; two threads that note at once write the same twice."""

    def __init__(self, accounts: Accounts, changes: Changes) -> None:
        self._accounts = accounts
        self._changes = changes
        self._noted: dict[str, datetime] = {}
        self._told: dict[Change, datetime] = {}

    def note(self, account: str, now: datetime) -> None:
        """Put it on record where the last note is older than a minute."""
        last = self._noted.get(account)
        if last is not None and now - last < _EVERY:
            return
        self._noted[account] = now
        with suppress(StoreUnavailable):  # the events themselves are stored: they are accepted
            self._accounts.heard(account, now)

    def changed(self, named: Iterable[Change], now: datetime) -> None:
        """Put on record that a change of these was told, where the last note is older than a day."""
        fresh = {one for one in named if now - self._told.get(one, now - _DAILY) >= _DAILY}
        if not fresh or len(self._told) > _MOST:
            return
        self._told.update(dict.fromkeys(fresh, now))
        with suppress(StoreUnavailable):
            for account in {account for account, _, _ in fresh}:
                mine = [(kind, name) for whose, kind, name in fresh if whose == account]
                self._changes.note(account, mine, now)
