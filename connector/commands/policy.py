"""Check the policy; the group of all that is done with one."""

from pathlib import Path

import click

from connector.commands.backtest import backtest
from connector.commands.common import account_option, at_desk, configured_policy, json_option, print_json
from connector.commands.diff import diff
from connector.commands.policy_init import init
from connector.commands.policy_replay import replay
from connector.commands.publish import publish
from connector.commands.rollback import rollback, versions
from connector.commands.rules import explain
from connector.commands.trial import schema, test
from connector.drafts import proved_draft
from connector.fit import fit, misfits
from connector.policy.problems import PolicyInvalid, Problem


@click.group()
def policy() -> None:
    """Check, publish and compare policies."""


for command in (backtest, diff, explain, init, publish, replay, rollback, schema, test, versions):
    policy.add_command(command)


@policy.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--live", is_flag=True, help="Check it against the CRM account too.")
@account_option
@json_option
def check(file: Path | None, account: str | None, live: bool, as_json: bool) -> None:  # noqa: FBT001
    """Check FILE and name everything that is wrong.

    FILE is the account's policy where none is named. Its matrices are proved: a deal shows what is missing.
    """
    path = file or configured_policy(account)
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


def _problems(
    path: Path, account: str | None, *, live: bool
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return what is wrong with the file, and what is too large to be proved."""
    try:
        draft, wrong = proved_draft(path)
        if not live:
            return tuple(sorted(set(wrong))), draft.unproved
    except PolicyInvalid as error:
        return error.problems, ()
    with at_desk(account) as desk:
        draft, wrong = proved_draft(path, desk.crm.rates)
        seen = fit(draft.policy, desk.crm, desk.store.changes.heard(desk.account))
        found = {*wrong, *misfits(draft.policy, desk.crm), *seen.lost}
        unplanned = desk.pictures.boards.unplanned(draft.policy)
        return tuple(sorted(found)), (*draft.unproved, *unplanned, *seen.silent, *seen.unheard)
