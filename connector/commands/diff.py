"""What two versions of a policy do differently: in words, on deals made up for it, and on real ones."""

import click

from connector.commands.changes import effect_json, effect_lines
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.sources import LIVE, draft_named, is_file
from connector.desk import Desk
from connector.policy.model import Policy
from connector.versions.answer import words
from connector.versions.diff import Change, changes
from connector.versions.effect import Effect
from connector.versions.witness import Witness, Witnesses, witnesses
from connector.worker.preview import compared

_SHOWN = 12


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--deals", is_flag=True, help="Show the account's own deals that get another answer, too.")
@account_option
@json_option
def diff(before: str, after: str, account: str | None, *, deals: bool, as_json: bool) -> None:
    """Say what AFTER does differently from BEFORE, rule by rule, with example deals.

    Each is a file, the beginning of a version's hash, or `live`. Exit code 1 when they differ.
    """
    if is_file(before) and is_file(after) and not deals:
        _tell(draft_named(before, None).policy, draft_named(after, None).policy, None, as_json=as_json)
    with at_desk(account) as desk:
        old, new = draft_named(before, desk).policy, draft_named(after, desk).policy
        real = _real(desk, old, new, deals=deals or LIVE in (before, after))
    _tell(old, new, real, as_json=as_json)


def _real(desk: Desk, old: Policy, new: Policy, *, deals: bool) -> Effect | None:
    return compared(desk, old, new) if deals else None


def _tell(old: Policy, new: Policy, real: Effect | None, *, as_json: bool) -> None:
    said, made = changes(old, new), witnesses(old, new)
    if as_json:
        print_json(_row(old, new, said, made, real))
    else:
        _show(old, new, said, made, real)
    raise SystemExit(1 if said else 0)


def _show(old: Policy, new: Policy, said: tuple[Change, ...], made: Witnesses, real: Effect | None) -> None:
    if not said:
        click.echo("They decide the same.")
    for one in said:
        click.echo(one.words)
    if made.found:
        click.echo("\nDeals that get another answer, made up from the rows' limits:")
    for witness in made.found[:_SHOWN]:
        more = f" (and {witness.alike} more like it)" if witness.alike else ""
        click.echo(f"  {witness.gate}, {witness.direction}: {witness.words}{more}")
    if len(made.found) > _SHOWN:
        click.echo(f"  and {len(made.found) - _SHOWN} other differences: --json lists them")
    if not made.whole:
        click.echo(f"  Stopped after {made.tried:,} deals: there may be more differences.")
    if real is not None:
        click.echo("\nYour own deals:")
        for line in effect_lines(real, old, new):
            click.echo(line)


def _row(
    old: Policy, new: Policy, said: tuple[Change, ...], made: Witnesses, real: Effect | None
) -> dict[str, object]:
    return {
        "before": old.version,
        "after": new.version,
        "changes": [
            {
                "path": one.place,
                "was": one.was,
                "now": one.now,
                "direction": one.direction,
                "words": one.words,
            }
            for one in said
        ],
        "witnesses": [_witness(one, old, new) for one in made.found],
        "tried": made.tried,
        "whole": made.whole,
        "deals": effect_json(real, old, new) if real is not None else None,
    }


def _change(one: Change) -> dict[str, str]:
    told = {"path": one.place, "was": one.was, "now": one.now}
    return {**told, "direction": one.direction, "words": one.words}


def _witness(one: Witness, old: Policy, new: Policy) -> dict[str, object]:
    return {
        "gate": one.gate,
        "deal": {name: str(value) for name, value in one.deal.items() if value is not None},
        "was": words(one.was, old),
        "now": words(one.now, new),
        "direction": one.direction,
        "words": one.words,
        "alike": one.alike,
    }
