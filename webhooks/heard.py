"""When each account's CRM last spoke, on record for the doctor: once a minute, so that it costs nothing."""

from contextlib import suppress
from datetime import datetime, timedelta

from connector.errors import StoreUnavailable
from connector.store.accounts import Accounts

_EVERY = timedelta(minutes=1)


class Heard:
    """Note each webhook; two threads that note at once write the same twice."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._noted: dict[str, datetime] = {}

    def note(self, account: str, now: datetime) -> None:
        """Put it on record where the last note is older than a minute."""
        last = self._noted.get(account)
        if last is not None and now - last < _EVERY:
            return
        self._noted[account] = now
        with suppress(StoreUnavailable):  # the events themselves are stored: they are accepted
            self._accounts.heard(account, now)
