"""Make every recorded verdict again, to show that the policy alone decides."""

from collections.abc import Iterator

import click

from connector import values
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.worker.remade import Remade, remade

_SHOWN = 10


@click.command(name="replay")
@account_option
@json_option
def replay(account: str | None, *, as_json: bool) -> None:
    """Make every recorded verdict again, and compare.

    Each is made from what it was made from, by the live policy. Nothing is written; exit code 1 when one
    comes out otherwise.
    """
    with at_desk(account) as desk:
        version = desk.picture().policy.version
        counted, otherwise = _counted(remade(desk))
    told = {"policy": version, "verdicts": counted, "same": counted - len(otherwise)}
    if as_json:
        print_json({**told, "otherwise": [{"deal": one.deal, "differs": one.differs} for one in otherwise]})
    else:
        click.echo(_said(counted, counted - len(otherwise), version[:8]))
        for one in otherwise[:_SHOWN]:
            click.echo(f"  {one.deal}: {values.listing(one.differs)} otherwise")
        if len(otherwise) > _SHOWN:
            click.echo(f"  and {len(otherwise) - _SHOWN} more: --json lists them")
    raise SystemExit(1 if otherwise else 0)


def _said(counted: int, same: int, version: str) -> str:
    if not counted:
        return f"No verdict of policy {version} is on record yet."
    verdicts = values.counted(counted, "recorded verdict")
    return f"{100 * same / counted:.1f} % of {verdicts} of policy {version} reproduced."


def _counted(made: Iterator[Remade]) -> tuple[int, list[Remade]]:
    """Count them, and keep only those that come out otherwise."""
    count, otherwise = 0, []
    for one in made:
        count += 1
        if one.differs:
            otherwise.append(one)
    return count, otherwise
