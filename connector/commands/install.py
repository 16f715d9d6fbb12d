"""Provision the CRM, and leave it free."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import click

from connector.adapters.base import Provisioned
from connector.commands.common import (
    account_option,
    at_desk,
    come_back,
    configured_policy,
    json_option,
    look_again,
    must_agree,
    print_json,
    settings_here,
)
from connector.desk import Desk
from connector.drafts import read_draft
from connector.errors import ConfigurationError
from connector.picture import wanted
from connector.settings import SalesforceAccount

_CRM = click.Choice(["hubspot", "salesforce"])
_UNDONE = frozenset({"differs", "failed", "missing", "read-only", "refused", "unfinished"})


@click.command()
@click.argument("crm", type=_CRM)
@account_option
@json_option
@click.option(
    "--render",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write what is deployed into CRM (package, project) into this folder, filled in for this account.",
)
def install(crm: str, account: str | None, as_json: bool, folder: Path | None) -> None:  # noqa: FBT001
    """Make or find the fields that Dealgate needs in CRM; safe to run again. Says what is left to do."""
    if crm == "hubspot" and folder is not None:
        _show((_project(account, folder),), as_json=as_json)
    with at_desk(account, crm) as desk:
        if folder is not None:
            steps: Iterable[Provisioned] = _rendered(desk, folder)
        else:
            steps = (*desk.crm.install(desk.picture().wanted), *_come_back(desk))
        _show(steps, as_json=as_json)


def _come_back(desk: Desk) -> Iterator[Provisioned]:
    """Take back what was asked before an uninstall; say that the account is still paused."""
    come_back(desk)
    if desk.store.accounts.get(desk.account).paused:
        yield Provisioned("account paused", "for-you", "Run `dealgate resume` when it may work again.")


def _project(account: str | None, folder: Path) -> Provisioned:
    """Write the HubSpot project. It needs no account: its token comes into being with the app."""
    from connector.adapters.files import write
    from connector.adapters.hubspot.project import render, sources

    policy = read_draft(configured_policy(account)).policy
    files = render(policy, sources(), settings_here().public_url)
    write(folder, files)
    return Provisioned(f"{len(files)} files", "made", f"Upload them: hs project upload, in {folder}.")


def _rendered(desk: Desk, folder: Path) -> Iterator[Provisioned]:
    """Write the package for the desk's org. It holds the webhook's token: keep it out of repositories."""
    from connector.adapters.salesforce import Salesforce
    from connector.adapters.salesforce.package import REFUSING_FLOW, write

    account = desk.settings.account(desk.account)
    if not isinstance(desk.crm, Salesforce) or not isinstance(account, SalesforceAccount):
        raise ConfigurationError(f"{desk.account} is no Salesforce account.", where="--account")
    endpoint = f"{desk.settings.public_url}/webhooks/salesforce/{account.webhook_tokens[-1]}"
    files = desk.crm.package(wanted(desk.pictures.policy(desk.now())), endpoint)
    write(folder, files)
    if not desk.crm.sees_deals:
        todo = (
            f"sh {folder}/deploy.sh ORG USERNAME: it deploys manifest/first.xml, gives that user "
            "Dealgate: Integration, has this render again, and deploys the rest."
        )
        yield Provisioned("opportunities, which the connector's user does not see yet", "missing", todo)
        return
    if not desk.settings.public_url.startswith("https:"):
        todo = (
            "Salesforce sends to https alone: set DEALGATE_PUBLIC_URL and render again. A sandbox takes it."
        )
        yield Provisioned(f"messages to {desk.settings.public_url}", "for-you", todo)
    deploy = "sf project deploy start --manifest manifest/package.xml --target-org ORG"
    yield Provisioned(f"{len(files)} files", "made", f"Deploy them: {deploy}, in {folder}.")
    if not any(REFUSING_FLOW in path for path in files):
        why = (
            "Its formula over the policy's fields is longer than Salesforce takes; refusals keep their fixed"
        )
        todo = f"{why} text. A field that no gate depends on gets `change: ignore`."
        yield Provisioned(f"flow {REFUSING_FLOW}", "left out", todo)


@click.command()
@click.argument("crm", type=_CRM)
@account_option
@json_option
@click.option("--yes", is_flag=True, help="Don't ask.")
def uninstall(crm: str, account: str | None, as_json: bool, yes: bool) -> None:  # noqa: FBT001
    """Leave CRM free: nothing is blocked, no task stays open. Data stays in our database.

    Running workers go on, but pause: they write nothing back until `dealgate resume`.
    """
    with at_desk(account, crm) as desk:
        asked = "Pause the account, open all blocked stages and close all our tasks?"
        must_agree(asked, yes=yes, as_json=as_json)
        desk.store.accounts.leave(desk.account)
        _show((_let_go(desk), *desk.crm.uninstall()), as_json=as_json)


def _let_go(desk: Desk) -> Provisioned:
    """Look at every deal as paused first, so that no worker has anything left to deliver."""
    name = "deals let go"
    try:
        looked, left = look_again(desk)
    except ConfigurationError as error:  # without a policy the CRM is freed all the same
        return Provisioned(name, "skipped", str(error))
    todo = f"{left.later} could not be looked at: run it again." if left.later else ""
    return Provisioned(f"{name}: {looked}", "unfinished" if todo else "done", todo)


def _show(steps: Iterable[Provisioned], *, as_json: bool) -> NoReturn:
    known = list(steps)
    if as_json:
        print_json({"steps": [{"name": one.name, "state": one.state, "todo": one.todo} for one in known]})
    else:
        _list(known)
    raise SystemExit(1 if any(step.state in _UNDONE for step in known) else 0)


def _list(steps: Iterable[Provisioned]) -> None:
    known = list(steps)
    for one in known:
        click.echo(f"{one.state:>10}  {one.name}")
    todo: dict[str, list[str]] = {}
    for one in known:
        if one.todo:
            todo.setdefault(one.todo, []).append(one.name)
    if todo:
        click.echo("Left for you:")
    for what, names in todo.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        click.echo(f"  - {names[0]}{more}: {what}")
