"""Provision the CRM, and leave it free."""

from collections.abc import Iterable

import click

from connector.adapters.base import Provisioned
from connector.commands.common import account_option, at_desk, json_option, print_json


@click.command()
@click.argument("crm", type=click.Choice(["hubspot"]))
@account_option
@json_option
def install(crm: str, account: str | None, as_json: bool) -> None:  # noqa: ARG001, FBT001
    """Make or find the fields that Dealgate needs in CRM; safe to run again. Says what is left to do."""
    with at_desk(account) as desk:
        steps = desk.crm.install(desk.picture().wanted)
    _show(steps, as_json=as_json)
    raise SystemExit(1 if any(step.state == "failed" for step in steps) else 0)


@click.command()
@click.argument("crm", type=click.Choice(["hubspot"]))
@account_option
@json_option
@click.confirmation_option(prompt="Pause the account, open all blocked stages and close all our tasks?")
def uninstall(crm: str, account: str | None, as_json: bool) -> None:  # noqa: ARG001, FBT001
    """Leave CRM free: nothing is blocked, no task stays open. Data stays in our database."""
    with at_desk(account) as desk:
        desk.store.accounts.pause(desk.account)
        steps = desk.crm.uninstall()
    _show(steps, as_json=as_json)
    raise SystemExit(1 if any(step.state == "unfinished" for step in steps) else 0)


def _show(steps: Iterable[Provisioned], *, as_json: bool) -> None:
    known = list(steps)
    if as_json:
        print_json({"steps": [{"name": one.name, "state": one.state, "todo": one.todo} for one in known]})
        return
    for one in known:
        click.echo(f"{one.state:>10}  {one.name}")
    todo = [one for one in known if one.todo]
    if todo:
        click.echo("Left for you:")
    for one in todo:
        click.echo(f"  - {one.name}: {one.todo}")
