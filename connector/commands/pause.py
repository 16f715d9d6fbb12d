"""Pause and resume: the switch for a bad day."""

import click

from connector import values
from connector.commands.common import (
    account_option,
    at_desk,
    come_back,
    json_option,
    look_again,
    print_json,
    say_left,
)
from connector.desk import Desk
from connector.store.bells import Backlog


@click.command()
@account_option
@json_option
def pause(account: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Make every gate observe and empty the blocked stages of all deals, until `dealgate resume`."""
    with at_desk(account) as desk:
        desk.store.accounts.pause(desk.account)
        looked, left = look_again(desk)
        deals = values.counted(looked, "deal")
        said = f"Paused. {deals} looked at again: no stage is blocked, nobody new is asked."
        _tell(desk, looked, left, said, as_json=as_json)


@click.command()
@account_option
@json_option
def resume(account: str | None, as_json: bool) -> None:  # noqa: FBT001
    """End a pause and reset a tripped brake; deals are looked at again without asking anybody."""
    with at_desk(account) as desk:
        come_back(desk)
        desk.store.accounts.resume(desk.account)
        desk.store.accounts.keep_quiet(desk.account, desk.now())
        looked, left = look_again(desk)
        _tell(
            desk, looked, left, f"Resumed. {values.counted(looked, 'deal')} looked at again.", as_json=as_json
        )


def _tell(desk: Desk, looked: int, left: Backlog, sentence: str, *, as_json: bool) -> None:
    if as_json:
        paused = desk.store.accounts.get(desk.account).paused
        print_json({"paused": paused, "looked": looked, "left": left.later})
    else:
        click.echo(sentence)
        say_left(left.later)
    if left.later:
        raise SystemExit(1)
