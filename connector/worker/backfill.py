"""Back-fill: look at many deals without starting anything (design 1.3: machines don't start trouble)."""

import time
from collections.abc import Callable, Iterable

from connector.deals import ObjectType
from connector.desk import Desk
from connector.store.bells import Backlog
from connector.worker.drain import drain

_PAUSE = 0.1  # seconds until the next look, while other workers have what is left in hand

Progress = Callable[[int], None]


def back_fill(desk: Desk, ids: Iterable[str], progress: Progress = lambda _: None) -> Backlog:
    """Ring all these deals, quietly, and work until all are done; `progress` hears how many are left."""
    desk.store.accounts.keep_quiet(desk.account, desk.now())
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in ids], desk.now())
    return work_off(desk, progress)


def work_off(desk: Desk, progress: Progress = lambda _: None) -> Backlog:
    """Work, beside any other workers, until nothing is due or in anybody's hand; return what waits for
    later because it failed."""
    while True:
        done = drain(desk)
        waiting = desk.store.bells.backlog(desk.account, desk.now())
        progress(waiting.due + waiting.leased)
        if not (done or waiting.due or waiting.leased):
            return waiting
        if not done:
            time.sleep(_PAUSE)
