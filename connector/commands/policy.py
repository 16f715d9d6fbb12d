"""Check and publish the policy."""

from pathlib import Path

import click

from connector.commands.common import account_option, json_option, print_json, settings_here
from connector.errors import ConfigurationError
from connector.picture import Draft, misfits, publish, read_draft
from connector.policy.problems import PolicyInvalid, Problem


@click.group()
def policy() -> None:
    """Check and publish the policy."""


@policy.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--live", is_flag=True, help="Check it against the CRM account too.")
@account_option
@json_option
def check(file: Path | None, account: str | None, live: bool, as_json: bool) -> None:  # noqa: FBT001
    """Check FILE (default: DEALGATE_POLICY) and name everything that is wrong with it."""
    path = file or settings_here().policy
    problems = _problems(path, account, live=live)
    if as_json:
        print_json({"file": str(path), "problems": [str(problem) for problem in problems]})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{path}: {len(problems)} problems." if problems else f"{path}: fine.")
    raise SystemExit(2 if problems else 0)


@policy.command(name="publish")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--author", required=True, help="Who publishes; kept for good.")
@click.option("--note", default="", help="What changes.")
@account_option
def publish_(file: Path | None, author: str, note: str, account: str | None) -> None:
    """Make FILE (default: DEALGATE_POLICY) the policy that counts. Deals are looked at again quietly."""
    from connector.commands.common import at_desk

    with at_desk(account) as desk:
        draft = read_draft(file or desk.policy_file)
        problems = misfits(draft.policy, desk.crm)
        if problems:
            raise ConfigurationError(
                "\n".join(map(str, problems)), where="The policy does not fit the account"
            )
        now = desk.now()
        desk.store.accounts.keep_quiet(desk.account, now)
        new = publish(desk.store, desk.account, draft, now, author=author, note=note)
    version = draft.policy.version[:8]
    click.echo(
        f"Version {version} is live. Run `dealgate backfill`."
        if new
        else f"Version {version} was live already."
    )


def _problems(path: Path, account: str | None, *, live: bool) -> tuple[Problem, ...]:
    from connector.commands.common import at_desk

    try:
        draft: Draft = read_draft(path)
    except PolicyInvalid as error:
        return error.problems
    if not live:
        return ()
    with at_desk(account) as desk:
        return misfits(draft.policy, desk.crm)
