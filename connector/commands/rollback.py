"""List the versions of a policy, and take the present one back."""

import click

from connector.commands.common import account_option, agreed, at_desk, json_option, print_json, say_left
from connector.commands.publish import author_option, shown
from connector.commands.rolled_back import Seen, rolled_json, rolled_lines
from connector.commands.sources import SHORTEST, published
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.store.policies import Publication
from connector.worker.publish import call_off, draft_of, refuse_misfits
from connector.worker.rollback import roll_back


@click.command()
@click.argument("version", required=False)
@author_option
@click.option("--note", default="", help="What went wrong.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@account_option
@json_option
def rollback(
    version: str | None, author: str, note: str, account: str | None, *, yes: bool, as_json: bool
) -> None:
    """Go back to an earlier version.

    VERSION is the one before where none is named. What the versions after it asked is taken back, and the
    deals that were moved back under them are listed.
    """
    with at_desk(account) as desk:
        bad, good = _live(desk), published(desk, version) if version else _before(desk)
        if good.version == bad.version:
            where, hint = f"version {good.version[:8]}", "See `dealgate policy versions`."
            raise ConfigurationError("It is live already.", where=where, hint=hint)
        draft = draft_of(good)
        refuse_misfits(desk, draft)
        told = shown(desk, draft.policy, as_json=as_json)
        asked = f"Go back from {bad.version[:8]} to {good.version[:8]}?"
        if not agreed(asked, yes=yes, as_json=as_json):
            if as_json:
                print_json({"version": bad.version, "rolled_back": False, **told})
            else:
                click.echo("Nothing is changed.")
            return
        done = roll_back(desk, good, author=author, note=note)
        seen = Seen.of(desk, done)
        planned = [one.version[:8] for one in desk.store.policies.planned(desk.account)]
    if as_json:
        told = {"version": good.version, "rolled_back": True, **rolled_json(done, seen)}
        print_json({**told, "planned": planned})
    else:
        for line in rolled_lines(done, good.version, seen):
            click.echo(line)
        say_left(done.left)
        if planned:
            click.echo(f"Still planned: {', '.join(planned)}. `dealgate policy versions` shows when.")
    raise SystemExit(1 if done.left else 0)


@click.command()
@click.option("--call-off", "called_off", metavar="VERSION", help="Take this planned publication away.")
@account_option
@json_option
def versions(called_off: str | None, account: str | None, *, as_json: bool) -> None:
    """List what was published, newest first, and what is planned."""
    with at_desk(account) as desk:
        if called_off:
            _call_off(desk, called_off)
        policies = desk.store.policies
        rows = [
            {"version": one.version, "state": state, "at": one.at, "author": one.author, "note": one.note}
            for state, several in (
                ("planned", policies.planned(desk.account)),
                ("published", policies.history(desk.account)),
            )
            for one in several
        ]
    live = next((row for row in rows if row["state"] == "published"), None)
    if live is not None:
        live["state"] = "live"
    if as_json:
        print_json({"versions": rows})
    else:
        for row in rows:
            click.echo(f"{str(row['version'])[:8]}  {row['state']:<9}  {row['at']:%Y-%m-%d %H:%M} UTC  "
                       f"{row['author']}  {row['note']}".rstrip())  # fmt: skip
    if not rows and not as_json:
        click.echo("Nothing is published yet: `dealgate policy publish` does.")


def _live(desk: Desk) -> Publication:
    live = desk.store.policies.live(desk.account)
    if live is None:
        raise ConfigurationError("Nothing is published yet.", hint="`dealgate policy publish` does it.")
    return live


def _before(desk: Desk) -> Publication:
    history = desk.store.policies.history(desk.account)
    older = [one for one in history if one.version != history[0].version]
    if not older:
        raise ConfigurationError(
            "There is no version before this one.", hint="See `dealgate policy versions`."
        )
    return older[0]


def _call_off(desk: Desk, version: str) -> None:
    named = version.casefold()
    plans = [one for one in desk.store.policies.planned(desk.account) if one.version.startswith(named)]
    if not plans or len(named) < SHORTEST:
        hint = f"Give at least {SHORTEST} characters of a version that `dealgate policy versions` lists."
        raise ConfigurationError(f"No publication of {version!r} is planned.", where="--call-off", hint=hint)
    for one in plans:
        call_off(desk, one)
