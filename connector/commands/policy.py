"""Check and publish the policy."""

from pathlib import Path

import click

from connector.commands.common import account_option, at_desk, json_option, print_json, settings_here
from connector.errors import ConfigurationError
from connector.picture import Draft, misfits, publish, read_draft
from connector.policy.model import Policy
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
    """Check FILE (default: the account's policy), prove its matrices, and name everything that is wrong."""
    path = file or _configured(account)
    problems, unproved = _problems(path, account, live=live)
    if as_json:
        told = {
            "problems": [str(problem) for problem in problems],
            "unproved": [str(one) for one in unproved],
        }
        print_json({"file": str(path), **told})
    else:
        for problem in (*problems, *unproved):
            click.echo(str(problem))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        click.echo(f"{path}: {count}." if problems else f"{path}: fine.")
    raise SystemExit(2 if problems else 0)


@policy.command(name="publish")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--author", required=True, help="Who publishes; kept for good.")
@click.option("--note", default="", help="What changes.")
@account_option
@json_option
def publish_(file: Path | None, author: str, note: str, account: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Make FILE (default: the account's policy) the one that counts. Nobody is disturbed by it."""
    if not author.strip():
        raise click.UsageError("--author is empty. Say who publishes: it is kept for good.")
    with at_desk(account) as desk:
        draft = read_draft(file or desk.policy_file)
        problems = misfits(draft.policy, desk.crm)
        if problems:
            lines = "".join(f"\n  {problem}" for problem in problems)
            raise ConfigurationError(f"The policy does not fit the account:{lines}")
        now = desk.now()
        desk.store.accounts.keep_quiet(desk.account, now)
        new = publish(desk.store, desk.account, draft, now, author=author, note=note)
    version = draft.policy.version[:8]
    if as_json:
        print_json({"version": draft.policy.version, "new": new, "gates": _gates(draft.policy)})
    else:
        for problem in draft.unproved:
            click.echo(str(problem), err=True)
        click.echo(_what_now(draft.policy) if new else f"Version {version} was live already.")


def _configured(account: str | None) -> Path:
    """Return the policy file of the account; of the deployment where no account is set up yet."""
    settings = settings_here()
    return settings.account(account).policy if settings.accounts or account else settings.policy


def _gates(policy: Policy) -> dict[str, str]:
    return {gate.id: gate.mode.value for gate in policy.gates}


def _what_now(policy: Policy) -> str:
    gates = ", ".join(f"{name} ({mode})" for name, mode in _gates(policy).items())
    return (
        f"Version {policy.version[:8]} is live. Gates: {gates}.\n"
        "Running workers use it from the next deal on. Deals that stand beyond a gate which is new or newly"
        " switched on stay clear; what was decided stays decided.\n"
        "Next: `dealgate backfill` shows what changes on the open deals, then writes their badges."
    )


def _problems(
    path: Path, account: str | None, *, live: bool
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return what is wrong with the file, and what is too large to be proved."""
    try:
        draft: Draft = read_draft(path)
    except PolicyInvalid as error:
        return error.problems, ()
    if not live:
        return (), draft.unproved
    with at_desk(account) as desk:
        return misfits(draft.policy, desk.crm), draft.unproved
