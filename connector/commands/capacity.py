"""The capacity plan: import it, show it, write it out."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from connector import values
from connector.capacity.board import Board
from connector.capacity.records import Snapshot
from connector.capacity.roles import unmet
from connector.capacity.sheet import SheetInvalid, read_sheet, write_sheet
from connector.checks.capacity import is_stale
from connector.commands.capacity_table import as_json_values, table
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.policy.literals import NotALiteral
from connector.policy.literals import day as read_day
from connector.signoffs.hours import local
from connector.worker.capacity import Reconsidered, reconsider


@click.group()
def capacity() -> None:
    """Import the capacity plan; show what is free."""


@capacity.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DATE", help="The day for which it is true, where no row says it.")
@account_option
@json_option
def import_(file: Path, as_of: str | None, account: str | None, *, as_json: bool) -> None:
    """Replace the plan by FILE, a CSV of supply and commitments.

    With anything wrong in it nothing is imported, and all that is wrong is told with its line.
    docs/capacity.md tells the columns.
    """
    day = _day(as_of)
    data = _read(file)
    with at_desk(account) as desk:
        today = local(desk.now(), desk.pictures.policy(desk.now()).calendar).date()
        plan = _parsed(data, file, day or today, as_json=as_json)
        _not_two_days(plan, day, file)
        _not_ahead(plan, today, file)
        number = desk.store.capacity.replace(desk.account, plan, desk.now())
        found = reconsider(desk)
        notes = tuple(unmet(plan, desk.pictures.policy(desk.now())))
    _told(plan, number, found, notes, as_json=as_json)


@capacity.command()
@click.option("--weeks", default=12, type=click.IntRange(1, 104), help="How many weeks (12).")
@account_option
@json_option
def show(weeks: int, account: str | None, *, as_json: bool) -> None:
    """Show the hours of each role by week.

    Supply, what is free for certain, when open deals count by their chance, and if all of them are won.
    """
    with at_desk(account) as desk:
        plan, board = _plan(desk), _board(desk)
        spec = desk.pictures.policy(desk.now()).capacity
        stale = spec is not None and is_stale(spec, board)
        told = as_json_values(plan, board, weeks)
    if as_json:
        print_json({**told, "stale": stale})
        return
    click.echo("\n".join(table(plan, board, weeks)))
    if spec is not None and stale:
        days = values.counted(spec.fresh_days, "day")
        click.echo(
            f"It may be {days} old: no deal gets a new answer before a newer plan is imported.", err=True
        )


@capacity.command()
@account_option
def export(account: str | None) -> None:
    """Write the plan as CSV, as `import` reads it."""
    with at_desk(account) as desk:
        click.echo(write_sheet(_plan(desk)), nl=False)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        said = error.strerror or "it cannot be opened"
        raise ConfigurationError(f"The plan cannot be read: {said}.", where=str(file)) from error


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else read_day(text)
    except NotALiteral as error:
        raise ConfigurationError(f"{text!r} is no day.", where="--as-of", hint=f"Write {error}.") from error


def _parsed(data: bytes, file: Path, as_of: date, *, as_json: bool) -> Snapshot:
    try:
        return read_sheet(data, str(file), as_of)
    except SheetInvalid as error:
        if as_json:
            print_json({"file": str(file), "problems": [str(one) for one in error.problems]})
        else:
            click.echo(error.message, err=True)
            count = values.counted(len(error.problems), "problem")
            click.echo(f"{count}. Nothing is imported; the plan is as it was.", err=True)
        raise SystemExit(2) from None


def _not_two_days(plan: Snapshot, day: date | None, file: Path) -> None:
    if day is not None and plan.as_of != day:
        said = f"Its as-of row says {values.day(plan.as_of)}, and --as-of says {values.day(day)}."
        raise ConfigurationError(said, where=str(file), hint="Leave one of them out. Nothing is imported.")


def _not_ahead(plan: Snapshot, today: date, file: Path) -> None:
    if plan.as_of > today:
        raise ConfigurationError(
            f"The plan is of {values.day(plan.as_of)}, which is still to come.", where=str(file),
            hint="Correct the as-of row or --as-of.",
        )  # fmt: skip


def _plan(desk: Desk) -> Snapshot:
    plan = desk.pictures.boards.plan()
    if plan is None:
        raise ConfigurationError(
            "No capacity plan is imported.",
            hint="Run `dealgate capacity import FILE.csv` (docs/capacity.md).",
        )
    return plan


def _board(desk: Desk) -> Board:
    return desk.pictures.boards.any(desk.pictures.policy(desk.now()), desk.now())


def _told(plan: Snapshot, number: int, found: Reconsidered, notes: Iterable[str], *, as_json: bool) -> None:
    counts = {"supply": len(plan.supply), "leave": len(plan.leave), "commitments": len(plan.commitments)}
    if as_json:
        print_json({"number": number, "as_of": plan.as_of, **counts, "deals": found.deals,
                    "rung": found.rung, "alarm": found.alarm, "notes": list(notes)})  # fmt: skip
        return
    rows = ", ".join(f"{count} of {name}" for name, count in counts.items())
    click.echo(f"Plan {number}, as of {values.day(plan.as_of)}: rows {rows}.")
    for note in notes:
        click.echo(f"Note: {note}")
    if found.alarm:
        click.echo("It is older than the policy lets it be: the last answers stay.", err=True)
        return
    if not found.rung:
        click.echo(_nothing_new(found.deals))
        return
    get = "gets" if found.rung == 1 else "get"
    click.echo(
        f"{values.counted(found.rung, 'deal')} of {found.deals} {get} another answer at the promised start;"
        " a worker writes their badges, and nobody is asked."
    )


def _nothing_new(deals: int) -> str:
    if not deals:
        return "No deal takes hours of it yet: `dealgate backfill` looks at every open deal."
    return "No deal gets another answer at the promised start."
