"""`dealgate report founder-load`: how much of what is decided ends at the top."""

from datetime import UTC, datetime
from decimal import Decimal

import click

from connector import values
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.periods import Since, since_option
from connector.commands.relief import Found, target_of
from connector.errors import ConfigurationError
from connector.worker.load import Load, load, made

_EVER = datetime.fromtimestamp(0, UTC)


@click.command("founder-load")
@since_option
@click.option("--target", metavar="SHARE", help="Find the smallest change that brings it to this, e.g. 20%.")
@account_option
@json_option
def founder_load(since: Since | None, target: str | None, account: str | None, *, as_json: bool) -> None:
    """Say how much ends with the roles at the top.

    Those are the roles with `top: true`. Decisions, money, working time of waiting there, and how many
    are a plain yes to what was asked. With --target, which limit to move, or which row to give to the
    level below; exit code 1 when nothing reaches it.
    """
    wanted = target_of(target)
    with at_desk(account) as desk:
        if not any(role.top for role in desk.pictures.policy(desk.now()).roles.values()):
            hint = "Write `top: true` at the founder's role."
            raise ConfigurationError("No role of the policy is at the top.", where="roles", hint=hint)
        decided = made(desk, since.before(desk.now()) if since else _EVER)
        told = load(decided)
        found = Found(decided, wanted, desk) if wanted is not None and told.all else None
    if as_json:
        print_json(_json(told) | ({"relief": found.json()} if found else {}))
    else:
        _show(told)
        if found is not None:
            found.show()
    if found is not None and not (found.met or found.reached):
        raise SystemExit(1)


def _json(told: Load) -> dict[str, object]:
    return {
        "decisions": told.all,
        "at_the_top": told.top,
        "money": {currency: str(amount) for currency, amount in told.money.items()},
        "money_at_the_top": {currency: str(amount) for currency, amount in told.top_money.items()},
        "median_working_hours": None if told.median_hours is None else str(told.median_hours),
        "working_hours": str(told.hours),
        "yes": told.yes,
        "yes_unchanged": told.unchanged,
        "decided_below_too": told.below,
        "agreed_with_below": told.agreed,
    }


def _show(told: Load) -> None:
    if not told.all:
        click.echo("Nothing was decided in that time.")
        return
    decisions = values.counted(told.all, "decision")
    click.echo(f"{told.top} of {decisions} ({_share(told.top, told.all)}) at the top.")
    for currency, whole in sorted(told.money.items()):
        part = told.top_money.get(currency, Decimal(0))
        both = f"{values.money(part, currency)} of {values.money(whole, currency)}"
        click.echo(f"{both} ({_share(part, whole)}).")
    if told.median_hours is not None:
        click.echo(
            f"Half of them waited {told.median_hours} working hours at most, all {told.hours} together."
        )
    if told.yes:
        plain = f"{told.unchanged} of {told.yes} yes ({_share(told.unchanged, told.yes)})"
        click.echo(f"{plain} added nothing: no word, no condition, no other limit.")
    if told.below:
        alike = f"{told.agreed} of {told.below} ({_share(told.agreed, told.below)})"
        click.echo(f"Where the level below had decided too, the top agreed: {alike}.")


def _share(part: Decimal | int, whole: Decimal | int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"
