"""Back-fill: look at many deals without starting anything (design 1.3: machines don't start trouble)."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from connector.deals import ObjectType
from connector.desk import Desk
from connector.store.bells import Backlog
from connector.worker.drain import drain

_PAUSE = 0.1  # seconds until the next look, while other workers have what is left in hand

Progress = Callable[[int], None]


def back_fill(desk: Desk, ids: Iterable[str], progress: Progress = lambda _: None) -> Backlog:
    """Look at all these deals, quietly; `progress` hears how many are left."""
    desk.store.accounts.keep_quiet(desk.account, desk.now())
    return work_through(desk, ids, progress)


def work_through(desk: Desk, ids: Iterable[str], progress: Progress = lambda _: None) -> Backlog:
    """Ring these deals page by page, so that what webhooks ring meanwhile waits behind one page and not all,
    and work until all are done; return what waits for later."""
    left = sorted(set(ids))
    while left:
        page, left = left[: desk.crm.batch], left[desk.crm.batch :]
        desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in page], desk.now())
        while left and drain(desk):
            waiting = desk.store.bells.backlog(desk.account, desk.now())
            progress(len(left) + waiting.due + waiting.leased)
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


def pages(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield the ids in runs of at most `size`."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
