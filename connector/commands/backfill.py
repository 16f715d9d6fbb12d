"""Back-fill: assess all open deals, first as a forecast, then for real. Machines don't start trouble."""

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import ceil

import click
from rich.console import Console
from rich.progress import Progress

from connector import values
from connector.commands.common import account_option, agreed, at_desk, json_option, print_json, say_left
from connector.desk import Desk
from connector.effects import WriteFields
from connector.picture import Picture, Pictures
from connector.policy.model import Mode
from connector.verdicts import Readiness
from connector.worker.backfill import back_fill, pages
from connector.worker.look import look

_WRITES_A_CALL = 100
_SHORT = 2  # minutes; nobody needs to know it closer


@dataclass(slots=True)
class Forecast:
    """What a back-fill would do: badges by readiness, calls made for the look, calls still to make."""

    deals: int = 0
    badges: Counter[Readiness] = field(default_factory=Counter)
    writes: int = 0
    failed: int = 0
    read_calls: int = 0

    @property
    def calls(self) -> int:
        """All calls of the real run: the same reads again, and the writes in batches."""
        return self.read_calls + ceil(self.writes / _WRITES_A_CALL)


class _Quietly(Pictures):
    """The account as it would be under the quiet mark of a back-fill that a forecast does not set."""

    def now(self, now: datetime) -> Picture:
        picture = super().now(now)
        return replace(picture, context=replace(picture.context, quiet_until=now))


@click.command()
@account_option
@json_option
@click.option("--yes", is_flag=True, help="Don't ask after the forecast.")
@click.option("--dry-run", is_flag=True, help="Only the forecast; nothing is written.")
def backfill(account: str | None, *, as_json: bool, yes: bool, dry_run: bool) -> None:
    """Assess every open deal: badges are written, nobody is asked and no deal is moved.

    With --json nothing is asked: --yes says that it may write.
    """
    with at_desk(account) as desk:
        ids = sorted({deal for page in desk.crm.open_deals() for deal in page})
        forecast = _forecast(desk, ids)
        if not as_json:
            _show(desk, forecast)
        write = not dry_run and agreed("Write these badges?", yes=yes, as_json=as_json)
        left = _write(desk, ids) if write else 0
    if as_json:
        print_json({**_row(desk, forecast), "written": write, "left": left})
    elif write:
        click.echo("Done.")
        say_left(left)
    raise SystemExit(1 if left or forecast.failed else 0)


def _forecast(desk: Desk, ids: list[str]) -> Forecast:
    quietly = replace(desk)
    quietly.pictures = _Quietly(desk.account, desk.policy_file, desk.crm, desk.store)
    before = desk.calls()
    forecast = Forecast(deals=len(ids))
    for page in pages(ids, desk.crm.batch):
        looked = look(quietly, page)
        forecast.failed += len(looked.failed)
        for record in looked.records:
            forecast.badges[record.verdict.readiness] += 1
            forecast.writes += any(isinstance(effect, WriteFields) for effect in record.effects)
    forecast.read_calls = desk.calls() - before
    return forecast


def _write(desk: Desk, ids: list[str]) -> int:
    """Write the badges under a progress bar; return how many deals wait for later."""
    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        bar = progress.add_task("Back-fill", total=len(ids))
        return back_fill(desk, ids, lambda left: progress.update(bar, completed=len(ids) - left)).later


def _minutes(desk: Desk, forecast: Forecast) -> float:
    return forecast.calls / desk.crm.calls_a_minute


def _row(desk: Desk, forecast: Forecast) -> dict[str, object]:
    return {
        "deals": forecast.deals,
        "badges": {readiness.value: forecast.badges[readiness] for readiness in Readiness},
        "writes": forecast.writes,
        "calls": forecast.calls,
        "minutes": round(_minutes(desk, forecast), 1),
        "failed": forecast.failed,
    }


def _show(desk: Desk, forecast: Forecast) -> None:
    click.echo(
        f"{values.counted(forecast.deals, 'open deal')}, {values.counted(forecast.writes, 'badge')} to write:"
    )
    for readiness, count in forecast.badges.most_common():
        click.echo(f"  {count:>7}  {readiness.value}")
    if forecast.failed:
        click.echo(f"  {forecast.failed:>7}  could not be assessed")
    if all(gate.mode is Mode.OBSERVE for gate in desk.pictures.policy(desk.now()).gates):
        click.echo(
            "Every gate only observes, so no deal shows a badge. Write `mode: flag` at one, and publish."
        )
    minutes = _minutes(desk, forecast)
    time = f"{minutes:.0f} minutes" if minutes >= _SHORT else f"less than {_SHORT} minutes"
    click.echo(f"About {values.counted(forecast.calls, 'call')}, {time}. Nobody is asked, no deal is moved.")
