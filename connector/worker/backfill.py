"""Back-fill: look at many deals without starting anything (design 1.3: machines don't start trouble)."""

from collections.abc import Callable, Iterable

from connector.deals import ObjectType
from connector.desk import Desk
from connector.worker.drain import drain


def back_fill(desk: Desk, ids: Iterable[str], progress: Callable[[int], None] = lambda _: None) -> None:
    """Ring all these deals, quietly, and work until all are done; `progress` hears how many more."""
    desk.store.accounts.keep_quiet(desk.account, desk.now())
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in ids], desk.now())
    while done := drain(desk):
        progress(done)
