"""Pause and resume: the switch for a bad day."""

import click

from connector.commands.common import account_option, at_desk
from connector.deals import ObjectType
from connector.desk import Desk
from connector.worker.drain import drain


@click.command()
@account_option
def pause(account: str | None) -> None:
    """Make every gate observe and empty the blocked stages of all deals, until `dealgate resume`."""
    with at_desk(account) as desk:
        desk.store.accounts.pause(desk.account)
        opened = _look_again(desk)
    click.echo(f"Paused. {opened} deals looked at again: no stage is blocked, nobody is asked.")


@click.command()
@account_option
def resume(account: str | None) -> None:
    """End a pause and reset a tripped brake; deals are looked at again without asking anybody."""
    with at_desk(account) as desk:
        desk.store.accounts.resume(desk.account)
        desk.store.accounts.keep_quiet(desk.account, desk.now())
        looked = _look_again(desk)
    click.echo(f"Resumed. {looked} deals looked at again.")


def _look_again(desk: Desk) -> int:
    """Ring every deal that shows something or is open, and work until all are done."""
    rung = set()
    for pages in (desk.crm.showing(), desk.crm.open_deals()):
        for page in pages:
            rung |= set(page)
    desk.store.bells.ring([(desk.account, ObjectType.DEAL, deal) for deal in rung], desk.now())
    while drain(desk):
        pass
    return len(rung)
