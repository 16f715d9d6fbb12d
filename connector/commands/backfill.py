"""Back-fill: assess all open deals, first as a forecast, then for real. Machines don't start trouble."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

import click
from rich.progress import Progress

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.effects import WriteFields
from connector.verdicts import Readiness
from connector.worker.backfill import back_fill
from connector.worker.look import look

_WRITES_A_CALL = 100


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


@click.command()
@account_option
@json_option
@click.option("--yes", is_flag=True, help="Don't ask after the forecast.")
@click.option("--dry-run", is_flag=True, help="Only the forecast.")
def backfill(account: str | None, *, as_json: bool, yes: bool, dry_run: bool) -> None:
    """Assess every open deal: badges are written, nobody is asked and no deal is moved."""
    with at_desk(account) as desk:
        ids = [deal for page in desk.crm.open_deals() for deal in page]
        forecast = _forecast(desk, ids)
        _show(desk, forecast, as_json=as_json)
        if dry_run or not (yes or as_json or click.confirm("Write these badges?")):
            return
        with Progress(transient=True) as progress:
            bar = progress.add_task("Back-fill", total=len(ids))
            back_fill(desk, ids, lambda done: progress.advance(bar, done))


def _forecast(desk: Desk, ids: list[str]) -> Forecast:
    desk.store.accounts.keep_quiet(desk.account, desk.now())
    before = desk.calls()
    forecast = Forecast(deals=len(ids))
    for page in _pages(ids, desk.crm.batch):
        looked = look(desk, page)
        forecast.failed += len(looked.failed)
        for record in looked.records:
            forecast.badges[record.verdict.readiness] += 1
            forecast.writes += any(isinstance(effect, WriteFields) for effect in record.effects)
    forecast.read_calls = desk.calls() - before
    return forecast


def _pages(ids: list[str], size: int) -> Iterator[list[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def _show(desk: Desk, forecast: Forecast, *, as_json: bool) -> None:
    minutes = forecast.calls / desk.crm.calls_a_minute
    if as_json:
        print_json(
            {
                "deals": forecast.deals,
                "badges": forecast.badges,
                "writes": forecast.writes,
                "calls": forecast.calls,
                "minutes": round(minutes, 1),
                "failed": forecast.failed,
            }
        )
        return
    click.echo(f"{forecast.deals} open deals, {forecast.writes} badges to write:")
    for readiness, count in forecast.badges.most_common():
        click.echo(f"  {count:>7}  {readiness.value}")
    if forecast.failed:
        click.echo(f"  {forecast.failed:>7}  could not be assessed")
    click.echo(f"About {forecast.calls} calls, {minutes:.1f} minutes. Nobody is asked, no deal is moved.")
