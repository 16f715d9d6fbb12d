"""The clock: what happens because time passes. Each job runs on whichever machine holds its lease row."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

import structlog

from connector.desk import Desk
from connector.errors import CrmError, DealgateError, LeaseLost, StoreUnavailable
from connector.fit import fit
from connector.store.jobs import Cursor, JobLease
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
_MOMENTS = timedelta(seconds=5)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_ANCHOR_AGAIN = timedelta(minutes=10)
_SETTLED = timedelta(days=7)  # until then most fields have just not changed yet
_A_FEW = 500  # rows of each kind at a time: bells are answered in between
_PAUSE = 60.0  # seconds until a failed job is tried again


@dataclass(frozen=True, slots=True)
class Ran:
    """A job that has come to its end: due again after `wait`, with what it leaves to its next run. `lease` is
    the one it holds now, since a long job extends it."""

    lease: JobLease
    wait: timedelta
    cursor: Cursor = field(default_factory=dict)


Job = Callable[[Desk, JobLease], Ran]


def tick(desk: Desk) -> None:
    """Run the jobs of one account that are due now and that nobody else runs."""
    for name, job in _JOBS.items():
        _run(desk, name, job)


def _run(desk: Desk, name: str, job: Job) -> None:
    lease = desk.store.jobs.due(desk.account, name, desk.settings.lease_seconds, desk.now())
    if lease is None:
        return
    try:
        ran = job(desk, lease)
        desk.store.jobs.finish(ran.lease, ran.cursor, desk.now() + ran.wait, desk.now())
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


def _due(desk: Desk, lease: JobLease) -> Ran:
    """Ring the deals whose verdict has come to its next point in time."""
    desk.store.views.ring_due(desk.account, desk.now())
    return Ran(lease, _MOMENTS)


def _digest(desk: Desk, lease: JobLease) -> Ran:
    """Mail what waits to whoever wants it once a day and has just begun to work."""
    mailed = digests(desk, lease)
    return Ran(mailed, _MINUTE, mailed.cursor)


def _planned(desk: Desk, lease: JobLease) -> Ran:
    """Publish the policies whose time has come."""
    publish_due(desk)
    return Ran(lease, _MOMENTS)


def _capacity(desk: Desk, lease: JobLease) -> Ran:
    """Look once a day what the new day changes: weeks pass, holds end, a plan grows old."""
    found = reconsider(desk)
    if found.alarm:
        desk.alarm(found.alarm)
    return Ran(lease, _DAY)


def _rates(desk: Desk, lease: JobLease) -> Ran:
    """Look every hour for other exchange rates, where the policy takes the account's."""
    return Ran(lease, _HOUR, {"rates": reprice(desk, str(lease.cursor.get("rates", "")))})


def _fields(desk: Desk, lease: JobLease) -> Ran:
    """Look once a day for words of the policy that the account does not have any more, and for those of
    whose change nothing tells."""
    seen = fit(desk.pictures.policy(desk.now()), desk.crm, desk.store.changes.heard(desk.account))
    for problem in seen.lost:
        desk.alarm("field-missing", problem.path.removeprefix("fields."))
    since = desk.store.accounts.get(desk.account).since
    if since is not None and desk.now() - since > _SETTLED:
        for problem in seen.unheard:
            desk.alarm("field-unheard", problem.path.removeprefix("fields."))
    return Ran(lease, _DAY)


def _people(desk: Desk, lease: JobLease) -> Ran:
    """Look whether those who are asked are still there; once a day the admin hears of those who left."""
    picture, day = desk.picture(), desk.now().date().isoformat()
    if lease.cursor.get("day") != day:
        desk.alarms(left(picture.policy, picture.context.directory))
        look_for_tasks(desk)
    look_at_people(desk)
    return Ran(lease, _HOUR, {"day": day})


def _sweep(desk: Desk, lease: JobLease) -> Ran:
    """Ring what changed and was not told."""
    swept: Swept = sweep(desk, lease, meanwhile=drain)
    desk.metrics.swept.labels(desk.account).inc(swept.rung)
    log.info("sweep.done", account=desk.account, rung=swept.rung, twins=swept.twins)
    return Ran(swept.lease, timedelta(seconds=desk.settings.sweep_seconds), swept.cursor)


def _anchor(desk: Desk, lease: JobLease) -> Ran:
    """Mail the head of the record once a day, to be kept outside."""
    return Ran(lease, _DAY if anchor(desk) else _ANCHOR_AGAIN)


def _tidy(desk: Desk, lease: JobLease) -> Ran:
    """Remove a few rows that are past their time; at once again where there were any, else tomorrow."""
    removed = desk.store.tidying.tidy(desk.account, desk.remembers_from(), _A_FEW)
    return Ran(lease, timedelta() if removed else _DAY)


_JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "planned-policies": _planned,
        "due-verdicts": _due,
        SWEEP: _sweep,
        "people": _people,
        "anchor": _anchor,
        "tidy": _tidy,
        "capacity": _capacity,
        "fields": _fields,
        "rates": _rates,
        "digest": _digest,
    }
)
