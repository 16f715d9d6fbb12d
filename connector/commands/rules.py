"""The policy in words."""

from pathlib import Path

import click

from connector.commands.common import account_option, configured_policy, json_option, print_json
from connector.drafts import read_draft
from connector.errors import ConfigurationError
from connector.explain.rules import in_words
from connector.policy.problems import one_of


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--gate", metavar="ID", help="One gate of it.")
@account_option
@json_option
def explain(file: Path | None, gate: str | None, account: str | None, *, as_json: bool) -> None:
    """Say FILE in words.

    FILE is the account's policy where none is named. It tells what each gate wants, and who decides what.
    """
    policy = read_draft(file or configured_policy(account)).policy
    known = [one.id for one in policy.gates]
    if gate is not None and gate not in known:
        hint = f"Allowed: {one_of(gate, known)}"
        raise ConfigurationError(f"The policy has no gate {gate!r}.", where="--gate", hint=hint)
    lines = list(in_words(policy, gate))
    if as_json:
        print_json({"policy": policy.version, "lines": lines})
        return
    for line in lines:
        click.echo(line)
