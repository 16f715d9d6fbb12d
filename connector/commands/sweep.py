"""Look for missed changes now, without waiting for the clock."""

from datetime import datetime, timedelta
from math import isfinite

import click

from connector.commands.common import account_option, at_desk, json_option, print_json, say_left
from connector.desk import Desk
from connector.errors import DealgateError
from connector.store.jobs import Cursor, JobLease
from connector.worker.backfill import work_off
from connector.worker.clock import SWEEP
from connector.worker.drain import drain
from connector.worker.sweep import Swept
from connector.worker.sweep import sweep as look_for_changes

_A_YEAR = 24 * 366


def _finite(_ctx: click.Context, _param: click.Parameter, hours: float | None) -> float | None:
    if hours is None or isfinite(hours):
        return hours
    raise click.BadParameter(f"{hours} is not a number of hours.")


@click.command()
@account_option
@json_option
@click.option(
    "--hours",
    type=click.FloatRange(0, _A_YEAR, min_open=True),
    callback=_finite,
    help="Look this far back; without it, to the last sweep.",
)
def sweep(account: str | None, hours: float | None, as_json: bool) -> None:  # noqa: FBT001
    """Ring everything that changed since the last sweep, and work until all is done."""
    with at_desk(account) as desk:
        lease = desk.store.jobs.seize(desk.account, SWEEP, desk.settings.lease_seconds, desk.now())
        if lease is None:
            click.echo("A sweep is running already. Try again when it is done.", err=True)
            raise SystemExit(1)
        swept = _swept(desk, lease, desk.now() - timedelta(hours=hours) if hours else None)
        left = work_off(desk)
    if as_json:
        print_json({"rung": swept.rung, "twins": swept.twins, "left": left.later})
    else:
        click.echo(f"{swept.rung} changes found and looked at, {swept.twins} doubled tasks closed.")
        say_left(left.later)
    raise SystemExit(1 if left.later else 0)


def _swept(desk: Desk, lease: JobLease, since: datetime | None) -> Swept:
    next_at = desk.now() + timedelta(seconds=desk.settings.sweep_seconds)
    try:
        swept = look_for_changes(desk, lease, since, meanwhile=drain)
    except DealgateError as error:  # the clock's own sweep comes soon
        desk.store.jobs.fail(lease, error.reason, error.message, desk.now(), desk.now())
        raise
    desk.store.jobs.finish(swept.lease, _cursor(lease.cursor, swept.cursor, since), next_at, desk.now())
    return swept


def _cursor(before: Cursor, after: Cursor, since: datetime | None) -> Cursor:
    """A look at the last hours only must not hide what changed before them from the next sweep."""
    last = before.get("until")
    if since is None or not isinstance(last, str) or since <= datetime.fromisoformat(last):
        return after
    return before
