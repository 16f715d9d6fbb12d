"""Publish a policy after showing what it changes, now or at a planned time."""

from datetime import datetime
from pathlib import Path

import click

from connector.commands.changes import effect_json, effect_lines
from connector.commands.common import account_option, agreed, at_desk, json_option, print_json
from connector.desk import Desk
from connector.drafts import Draft, plan, read_draft
from connector.errors import PolicyUnreadable
from connector.policy.model import Policy
from connector.signoffs.hours import local, wall
from connector.versions.diff import changes
from connector.worker.preview import preview
from connector.worker.publish import call_off, make_live, refuse_misfits


def _named(_ctx: click.Context, _param: click.Parameter, author: str) -> str:
    if author.strip():
        return author
    raise click.BadParameter("it is empty. Say who publishes: it is kept for good.")


author_option = click.option(
    "--author", required=True, callback=_named, metavar="NAME", help="Who publishes; kept for good."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@author_option
@click.option("--note", default="", help="What changes, and why.")
@click.option(
    "--at", "moment", metavar="TIME", help="Publish then, as 2026-12-01T08:00 in the policy's time zone."
)
@click.option("--yes", is_flag=True, help="Don't ask after the preview.")
@account_option
@json_option
def publish(
    file: Path | None,
    author: str,
    note: str,
    moment: str | None,
    account: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Show what FILE changes, ask, and make it count.

    FILE is the account's policy where none is named. Nobody is disturbed by it; only questions that are
    open go on to whoever decides them now. With --json nothing is asked: --yes says that it may be published.
    """
    with at_desk(account) as desk:
        draft = read_draft(file or desk.policy_file, desk.crm.rates)
        for problem in (*draft.unproved, *desk.pictures.boards.unplanned(draft.policy)):
            click.echo(str(problem), err=True)
        at = _when(moment, draft.policy, desk) if moment else None
        refuse_misfits(desk, draft)
        told = _row(draft.policy)
        known = desk.store.policies.live(desk.account)
        if known is not None and known.version == draft.policy.version:
            print_json(told) if as_json else click.echo(f"Version {known.version[:8]} was live already.")
            return
        if known is not None:
            told |= shown(desk, draft.policy, as_json=as_json)
        asked = "Publish it?" if at is None else f"Publish it on {_moment(at, draft.policy)}?"
        if agreed(asked, yes=yes, as_json=as_json):
            earlier = _publish(desk, draft, at, author, note)
            told |= {"new": True, "at": at, "instead_of": earlier}
    if as_json:
        print_json(told)
    elif not told["new"]:
        click.echo("Nothing is published.")
    else:
        click.echo(_what_now(draft.policy) if at is None else _planned(draft.policy, at))
        for before in earlier:
            click.echo(f"It was planned for {_moment(before, draft.policy)}; that is called off.")


def _when(text: str, policy: Policy, desk: Desk) -> datetime:
    """Read a time; one without a zone is that of the policy's own calendar."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; write 2026-12-01T08:00.", param_hint="--at") from None
    at = at if at.tzinfo else wall(at, policy.calendar)
    if at <= desk.now():
        raise click.BadParameter(f"{text} is over; leave --at out to publish now.", param_hint="--at")
    return at


def shown(desk: Desk, draft: Policy, *, as_json: bool) -> dict[str, object]:
    """Show what the draft changes: in the rules, and on the deals."""
    try:
        live = desk.picture().policy
    except PolicyUnreadable as error:
        click.echo(f"{error.placed}\nWhat changes is not shown.", err=True)
        return {}
    found, said = preview(desk, draft), changes(live, draft)
    if not as_json:
        for one in said:
            click.echo(f"  {one.words}")
        for line in effect_lines(found, live, draft):
            click.echo(line)
    return {"changes": [one.words for one in said], "preview": effect_json(found, live, draft)}


def _publish(desk: Desk, draft: Draft, at: datetime | None, author: str, note: str) -> tuple[datetime, ...]:
    """Publish it, or plan it; return for when this version was planned before: it has one time at most."""
    before = [one for one in desk.store.policies.planned(desk.account) if one.version == draft.policy.version]
    earlier = tuple(one.at for one in before if call_off(desk, one))
    if at is None:
        make_live(desk, draft, author=author, note=note)
    else:
        plan(desk.store, desk.account, draft, at, desk.now(), author=author, note=note)
    return earlier


def _row(policy: Policy) -> dict[str, object]:
    return {"version": policy.version, "new": False, "gates": _gates(policy)}


def _gates(policy: Policy) -> dict[str, str]:
    return {gate.id: gate.mode.value for gate in policy.gates}


def _what_now(policy: Policy) -> str:
    gates = ", ".join(f"{name} ({mode})" for name, mode in _gates(policy).items())
    return (
        f"Version {policy.version[:8]} is live. Gates: {gates}.\n"
        "Running workers use it from the next deal on, and bring the badges of known deals in line. Deals"
        " that stand beyond a gate which is new or newly switched on stay clear; what was decided stays"
        " decided.\n"
        "Next: `dealgate backfill` looks at every open deal, also those never seen."
    )


def _moment(at: datetime, policy: Policy) -> str:
    """Say a time as the policy's people read it on the wall."""
    return f"{local(at, policy.calendar):%d %B %Y at %H:%M} ({policy.calendar.zone})"


def _planned(policy: Policy, at: datetime) -> str:
    return (
        f"Version {policy.version[:8]} goes live on {_moment(at, policy)}, by any running worker. "
        f"`dealgate policy versions --call-off {policy.version[:8]}` calls it off."
    )
