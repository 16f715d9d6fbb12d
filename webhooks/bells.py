"""What the edge needs of the store, and of the time."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from connector.store.bells import Backlog, Ring

Clock = Callable[[], datetime]


class BellStore(Protocol):
    """Both raise StoreUnavailable where the database does not answer."""

    def ring(self, rings: Iterable[Ring], now: datetime) -> int:
        """Ring these bells, all or none, in one sorted upsert."""
        ...

    def backlog(self, account: str, now: datetime) -> Backlog:
        """Count the work that waits."""
        ...
