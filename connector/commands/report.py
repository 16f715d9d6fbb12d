"""Reports on what is on record."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from connector import values
from connector.commands.backtest_table import money, signoff_table
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.founder_load import founder_load
from connector.commands.periods import Since, since_option
from connector.worker.pilot import baseline, keep, pilot
from connector.worker.ways import passings

_EVER = datetime.fromtimestamp(0, UTC)


@click.group()
def report() -> None:
    """Reports on what is on record."""


report.add_command(founder_load)


@report.command()
@since_option
@click.option("--keep", "kept", is_flag=True, help="Keep it as the baseline for later reports.")
@account_option
@json_option
def observe(since: Since | None, account: str | None, *, kept: bool, as_json: bool) -> None:
    """Say what gates that only observe would have stopped.

    Why, whose deals, in which week, and how often each person would have been asked. --keep puts it on
    record as the baseline.
    """
    with at_desk(account) as desk:
        begin = since.before(desk.now()) if since else _EVER
        before = baseline(desk)
        told = pilot(desk, begin)
        if kept:
            keep(desk, told, begin)
    if as_json:
        print_json({**told, "kept": kept, "baseline": before})
        return
    _show(told)
    if before:
        click.echo(f"The baseline of {before['at']:%d %B %Y} has {before['stops']:,} stops.")
    if kept:
        click.echo("Kept as the baseline.")


@report.command("ways-of-passing")
@click.option("--deals", "each", is_flag=True, help="List every won deal, not only the counts.")
@account_option
@json_option
def ways_of_passing(account: str | None, *, each: bool, as_json: bool) -> None:
    """Say how every won deal passed each gate.

    By itself, signed by whom, by an exception, or not at all.
    """
    with at_desk(account) as desk:
        found = passings(desk)
    counts = Counter((one.gate, one.way.value, values.listing(one.roles)) for one in found)
    if as_json:
        ways = [
            {"gate": gate, "way": way, "signed_by": who, "deals": count}
            for (gate, way, who), count in sorted(counts.items())
        ]
        listed = [
            {"deal": one.deal, "gate": one.gate, "way": one.way.value, "signed_by": list(one.roles)}
            for one in found
        ]
        print_json({"won": len({one.deal for one in found}), "ways": ways, "deals": listed})
        return
    if not found:
        click.echo("No deal on record has been won in a pipeline with a gate.")
        return
    table = Table("Gate", "How", "Signed by", "Deals", title="How won deals passed", title_justify="left")
    for (gate, way, who), count in sorted(counts.items()):
        table.add_row(gate, way, who, f"{count:,}")
    Console(width=max(100, Console().width)).print(table)
    for one in found if each else ():
        click.echo(f"{one.deal}  {one.gate}  {one.way.value}  {values.listing(one.roles)}".rstrip())


def _show(told: Mapping[str, Any]) -> None:
    if not told["stops"]:
        click.echo("Nothing on record would have been stopped by a gate that observes.")
        return
    stops = values.counted(told["stops"], "stop")
    click.echo(f"{stops} of {values.counted(told['deals'], 'deal')}: {_counts(told['ends'])}.")
    click.echo(f"Money held: {money(told['money_held']['all'])}.")
    console = Console(width=max(100, Console().width))
    causes = _table("What would have held them", "Gate", "Rule")
    for one in told["causes"]:
        causes.add_row(one["gate"], one["rule"], f"{one['stops']:,}", money(one["money"]))
    console.print(causes)
    for title, name in (("Team", "teams"), ("Week", "weeks")):
        table = _table(f"By {title.lower()}", title)
        for key, count in told[name].items():
            table.add_row(key, f"{count:,}", money(told["money_held"][name].get(key, {})))
        console.print(table)
    console.print(signoff_table(told["signoffs"]))


def _table(title: str, *heads: str) -> Table:
    table = Table(*heads, title=title, title_justify="left")
    for number in ("Stops", "Money"):
        table.add_column(number, justify="right")
    return table


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())
