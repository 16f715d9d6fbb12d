"""Look for missed changes now, without waiting for the clock."""

from datetime import timedelta

import click

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.errors import ConfigurationError
from connector.worker.clock import SWEEP
from connector.worker.drain import drain
from connector.worker.sweep import sweep as look_for_changes


@click.command()
@account_option
@json_option
@click.option("--hours", type=click.FloatRange(0, 24 * 366, min_open=True), help="Look this far back.")
def sweep(account: str | None, hours: float | None, as_json: bool) -> None:  # noqa: FBT001
    """Ring everything that changed since the last sweep, and work until all is done."""
    with at_desk(account) as desk:
        lease = desk.store.jobs.seize(desk.account, SWEEP, desk.settings.lease_seconds, desk.now())
        if lease is None:
            raise ConfigurationError("A sweep is running.", hint="Try again when it is done.")
        since = desk.now() - timedelta(hours=hours) if hours else None
        swept = look_for_changes(desk, lease, since)
        next_at = desk.now() + timedelta(seconds=desk.settings.sweep_seconds)
        desk.store.jobs.finish(swept.lease, swept.cursor, next_at, desk.now())
        answered = 0
        while done := drain(desk):
            answered += done
    if as_json:
        print_json({"rung": swept.rung, "twins": swept.twins, "answered": answered})
    else:
        click.echo(f"Rung {swept.rung}, answered {answered}, doubled tasks closed {swept.twins}.")
