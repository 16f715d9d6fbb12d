"""The clock: what happens because time passes. Each job runs on whichever machine holds its lease row."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from connector.desk import Desk
from connector.errors import CrmError, DealgateError, LeaseLost, StoreUnavailable
from connector.fit import fit
from connector.store.jobs import JobLease
from connector.worker.anchor import anchor
from connector.worker.capacity import reconsider
from connector.worker.digest import digests
from connector.worker.drain import drain
from connector.worker.people import left, look_at_people, look_for_tasks
from connector.worker.publish import publish_due
from connector.worker.rates import reprice
from connector.worker.sweep import Swept, sweep

log = structlog.get_logger()
SWEEP = "sweep"
DUE = "due-verdicts"
ANCHOR = "anchor"
TIDY = "tidy"
PEOPLE = "people"
CAPACITY = "capacity"
FIELDS = "fields"
RATES = "rates"
PLANNED = "planned-policies"
DIGEST = "digest"
_DUE_SECONDS = 5.0
_ANCHORED = timedelta(days=1)
_ANCHOR_AGAIN = timedelta(minutes=10)
_TIDIED = timedelta(days=1)
_LOOKED = timedelta(days=1)
_SETTLED = timedelta(days=7)  # until then most fields have just not changed yet
_PEOPLE_SEEN = timedelta(hours=1)
_REPRICED = timedelta(hours=1)
_DIGESTED = timedelta(minutes=1)
_A_FEW = 500  # rows of each kind at a time: bells are answered in between
_PAUSE = 60.0  # seconds until a failed job is tried again


def tick(desk: Desk) -> None:
    """Run the jobs of one account that are due now and that nobody else runs."""
    _run(desk, PLANNED, _planned)
    _run(desk, DUE, _due)
    _run(desk, SWEEP, _sweep)
    _run(desk, PEOPLE, _people)
    _run(desk, ANCHOR, _anchor)
    _run(desk, TIDY, _tidy)
    _run(desk, CAPACITY, _capacity)
    _run(desk, FIELDS, _fields)
    _run(desk, RATES, _rates)
    _run(desk, DIGEST, _digest)


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
        _failed(desk, lease, (error.reason, error.message), getattr(error, "retry_after", 0.0))
    except StoreUnavailable:
        raise
    except Exception as error:
        reason = error.reason if isinstance(error, DealgateError) else "job-failed"
        _failed(desk, lease, (reason, f"{type(error).__name__}: {error}"))
        raise


def _failed(desk: Desk, lease: JobLease, why: tuple[str, str], retry_after: float = 0.0) -> None:
    again = desk.now() + timedelta(seconds=max(_PAUSE, retry_after))
    with suppress(LeaseLost):  # whoever has it now tells how it went
        desk.store.jobs.fail(lease, *why, again, desk.now())


def _due(desk: Desk, lease: JobLease) -> None:
    """Ring the deals whose verdict has come to its next point in time."""
    desk.store.views.ring_due(desk.account, desk.now())
    desk.store.jobs.finish(lease, {}, desk.now() + timedelta(seconds=_DUE_SECONDS), desk.now())


def _digest(desk: Desk, lease: JobLease) -> None:
    """Mail what waits to whoever wants it once a day and has just begun to work."""
    mailed = digests(desk, lease)
    desk.store.jobs.finish(mailed, mailed.cursor, desk.now() + _DIGESTED, desk.now())


def _planned(desk: Desk, lease: JobLease) -> None:
    """Publish the policies whose time has come."""
    publish_due(desk)
    desk.store.jobs.finish(lease, {}, desk.now() + timedelta(seconds=_DUE_SECONDS), desk.now())


def _capacity(desk: Desk, lease: JobLease) -> None:
    """Look once a day what the new day changes: weeks pass, holds end, a plan grows old."""
    found = reconsider(desk)
    if found.alarm:
        desk.alarm(found.alarm)
    day = timedelta(days=1)
    desk.store.jobs.finish(lease, {}, desk.now() + day, desk.now())


def _rates(desk: Desk, lease: JobLease) -> None:
    """Look every hour for other exchange rates, where the policy takes the account's."""
    seen = reprice(desk, str(lease.cursor.get("rates", "")))
    desk.store.jobs.finish(lease, {"rates": seen}, desk.now() + _REPRICED, desk.now())


def _fields(desk: Desk, lease: JobLease) -> None:
    """Look once a day for words of the policy that the account does not have any more, and for those of
    whose change nothing tells."""
    seen = fit(desk.pictures.policy(desk.now()), desk.crm, desk.store.changes.heard(desk.account))
    for problem in seen.lost:
        desk.alarm("field-missing", problem.path.removeprefix("fields."))
    since = desk.store.accounts.get(desk.account).since
    if since is not None and desk.now() - since > _SETTLED:
        for problem in seen.unheard:
            desk.alarm("field-unheard", problem.path.removeprefix("fields."))
    desk.store.jobs.finish(lease, {}, desk.now() + _LOOKED, desk.now())


def _people(desk: Desk, lease: JobLease) -> None:
    """Look whether those who are asked are still there; once a day the admin hears of those who left."""
    picture, day = desk.picture(), desk.now().date().isoformat()
    if lease.cursor.get("day") != day:
        desk.alarms(left(picture.policy, picture.context.directory))
        look_for_tasks(desk)
    look_at_people(desk)
    desk.store.jobs.finish(lease, {"day": day}, desk.now() + _PEOPLE_SEEN, desk.now())


def _sweep(desk: Desk, lease: JobLease) -> None:
    swept: Swept = sweep(desk, lease, meanwhile=drain)
    desk.metrics.swept.labels(desk.account).inc(swept.rung)
    log.info("sweep.done", account=desk.account, rung=swept.rung, twins=swept.twins)
    next_at = desk.now() + timedelta(seconds=desk.settings.sweep_seconds)
    desk.store.jobs.finish(swept.lease, swept.cursor, next_at, desk.now())


def _anchor(desk: Desk, lease: JobLease) -> None:
    wait = _ANCHORED if anchor(desk) else _ANCHOR_AGAIN
    desk.store.jobs.finish(lease, {}, desk.now() + wait, desk.now())


def _tidy(desk: Desk, lease: JobLease) -> None:
    """Remove a few rows that are past their time; at once again where there were any, else tomorrow."""
    removed = desk.store.tidying.tidy(desk.account, desk.remembers_from(), _A_FEW)
    desk.store.jobs.finish(lease, {}, desk.now() + (timedelta() if removed else _TIDIED), desk.now())
