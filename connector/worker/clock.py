"""The clock: what happens because time passes. Each job runs on whichever machine holds its lease row."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from connector.desk import Desk
from connector.errors import CrmError, LeaseLost
from connector.store.jobs import JobLease
from connector.worker.sweep import Swept, sweep

log = structlog.get_logger()
SWEEP = "sweep"
DUE = "due-verdicts"
_DUE_SECONDS = 5.0


def tick(desk: Desk) -> None:
    """Run the jobs of one account that are due now and that nobody else runs."""
    _run(desk, DUE, _due)
    _run(desk, SWEEP, _sweep)


def _run(desk: Desk, name: str, job: Callable[[Desk, JobLease], None]) -> None:
    lease = desk.store.jobs.due(desk.account, name, desk.settings.lease_seconds, desk.now())
    if lease is None:
        return
    try:
        job(desk, lease)
    except LeaseLost:
        log.warning("job.lost", account=desk.account, job=name)
    except CrmError as error:
        desk.alarm(error.reason, name)
        wait = timedelta(seconds=max(60.0, getattr(error, "retry_after", 0.0)))
        desk.store.jobs.finish(lease, lease.cursor, desk.now() + wait, desk.now())


def _due(desk: Desk, lease: JobLease) -> None:
    """Ring the deals whose verdict has come to its next point in time."""
    desk.store.views.ring_due(desk.account, desk.now())
    desk.store.jobs.finish(lease, {}, desk.now() + timedelta(seconds=_DUE_SECONDS), desk.now())


def _sweep(desk: Desk, lease: JobLease) -> None:
    swept: Swept = sweep(desk, lease)
    desk.metrics.swept.labels(desk.account).inc(swept.rung)
    log.info("sweep.done", account=desk.account, rung=swept.rung, twins=swept.twins)
    next_at = desk.now() + timedelta(seconds=desk.settings.sweep_seconds)
    desk.store.jobs.finish(swept.lease, swept.cursor, next_at, desk.now())
