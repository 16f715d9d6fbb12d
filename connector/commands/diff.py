"""What two versions of a policy do differently: in words, on deals made up for it, and on real ones."""

from datetime import UTC, datetime
from pathlib import Path

import click

from connector.boards import Boards
from connector.commands.changes import effect_json, effect_lines
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.csv_deals import compared_in
from connector.commands.sources import LIVE, draft_named, is_file
from connector.desk import Desk
from connector.policy.model import Policy
from connector.versions.diff import Change, changes
from connector.versions.effect import Effect
from connector.versions.witness import Witness, Witnesses, witnesses
from connector.worker.preview import compared

_SHOWN = 12
_WITHOUT_PLAN = (
    "Capacity is not looked at: no plan is known here. Where one of the two is `live` or a version, the"
    " account's plan counts."
)


@click.command()
@click.argument("before")
@click.argument("after")
@click.option(
    "--deals",
    is_flag=False,
    flag_value=LIVE,
    metavar="[FILE.csv]",
    help="Show the account's own deals, or those of a file, that get another answer, too. Write it last.",
)
@account_option
@json_option
def diff(before: str, after: str, account: str | None, deals: str | None, *, as_json: bool) -> None:
    """Say what AFTER does differently from BEFORE.

    It is told rule by rule, with example deals. Each is a file, the beginning of a version's hash, or
    `live`. Exit code 1 when they differ.
    """
    in_file = _file(deals)
    if is_file(before) and is_file(after) and (in_file or not deals):
        old, new = draft_named(before, None).policy, draft_named(after, None).policy
        _tell(old, new, _of_file(in_file, old, new), blind=in_file is not None, as_json=as_json)
    with at_desk(account) as desk:
        old, new = draft_named(before, desk).policy, draft_named(after, desk).policy
        boards = desk.pictures.boards
        planned = boards.plan() is not None
        real = _of_file(in_file, old, new, boards if planned else None) or _real(
            desk, old, new, deals=deals == LIVE or LIVE in {before, after}
        )
    _tell(old, new, real, blind=in_file is not None and not planned, as_json=as_json)


def _file(deals: str | None) -> Path | None:
    if deals is None or deals == LIVE:
        return None
    if not deals.casefold().endswith(".csv"):
        hint = f"{deals!r} is no FILE.csv. For the account's own deals write --deals last."
        raise click.BadParameter(hint, param_hint="--deals")
    return Path(deals)


def _of_file(file: Path | None, old: Policy, new: Policy, boards: Boards | None = None) -> Effect | None:
    return compared_in(file, old, new, datetime.now(UTC), boards) if file is not None else None


def _real(desk: Desk, old: Policy, new: Policy, *, deals: bool) -> Effect | None:
    return compared(desk, old, new) if deals else None


def _tell(old: Policy, new: Policy, real: Effect | None, *, blind: bool, as_json: bool) -> None:
    """Tell what differs. `blind`: the real deals are those of a file, of which no capacity is known."""
    said, made = changes(old, new), witnesses(old, new)
    if as_json:
        print_json(_row(old, new, said, made, real))
    else:
        _show(old, new, said, made, real)
        if blind and (old.capacity or new.capacity):
            click.echo(f"  {_WITHOUT_PLAN}")
    raise SystemExit(1 if said else 0)


def _show(old: Policy, new: Policy, said: tuple[Change, ...], made: Witnesses, real: Effect | None) -> None:
    if not said:
        click.echo("They decide the same.")
    for one in said:
        click.echo(one.words)
    if made.found:
        click.echo("\nDeals that get another answer, made up from what the rules name:")
    for witness in made.found[:_SHOWN]:
        more = f" (and {witness.alike} more like it)" if witness.alike else ""
        click.echo(f"  {witness.gate}, {witness.direction}: {witness.words}{more}")
    if len(made.found) > _SHOWN:
        click.echo(f"  and {len(made.found) - _SHOWN} other differences: --json lists them")
    if not made.whole:
        click.echo(f"  Stopped after {made.tried:,} deals: there may be more differences.")
    if real is not None:
        click.echo("\nReal deals:")
        for line in effect_lines(real, old, new):
            click.echo(line)


def _row(
    old: Policy, new: Policy, said: tuple[Change, ...], made: Witnesses, real: Effect | None
) -> dict[str, object]:
    return {
        "before": old.version,
        "after": new.version,
        "changes": [_change(one) for one in said],
        "witnesses": [_witness(one) for one in made.found],
        "tried": made.tried,
        "whole": made.whole,
        "deals": effect_json(real, old, new) if real is not None else None,
    }


def _change(one: Change) -> dict[str, str]:
    told = {"path": one.place, "was": one.was, "now": one.now}
    return {**told, "direction": one.direction, "words": one.words}


def _witness(one: Witness) -> dict[str, object]:
    return {
        "gate": one.gate,
        "part": one.part,
        "deal": {name: str(value) for name, value in one.deal.values.items() if value is not None},
        "products": [line.name for line in one.deal.lines],
        "was": one.was,
        "now": one.now,
        "direction": one.direction,
        "words": one.words,
        "alike": one.alike,
    }
