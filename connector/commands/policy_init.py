"""Write a first policy from the live account."""

from pathlib import Path

import click

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.errors import ConfigurationError
from connector.policy.first import first_policy
from connector.worker.sketch import sketch


@click.command(name="init")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@account_option
@json_option
def init(file: Path | None, account: str | None, *, force: bool, as_json: bool) -> None:
    """Write a first policy from the live account.

    FILE is the account's policy where none is named. It gets pipelines, stages, fields and how full they are,
    people, products. Every gate observes; comments say what to decide.
    """
    with at_desk(account) as desk:
        path = file or desk.policy_file
        if path.exists() and not force:
            raise ConfigurationError(
                "It is there already.", where=str(path), hint="Name another file, or --force."
            )
        before = desk.calls()
        told = sketch(desk)
        calls = desk.calls() - before
    if len(told.people) < 2 or not told.pipelines:
        hint = "It takes a pipeline, and two active users, each with an e-mail of his own."
        raise ConfigurationError("The account has too little to write a policy from.", hint=hint)
    try:
        path.write_text(first_policy(told), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"It cannot be written: {error.strerror}.", where=str(path)) from error
    counts = {
        "pipelines": len(told.pipelines),
        "people": len(told.people),
        "fields": len(told.fields),
        "products": len(told.products),
        "deals_looked_at": sum(told.stood.values()),
        "calls": calls,
    }
    if as_json:
        print_json({"file": str(path), **counts})
        return
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    click.echo(f"{path}: written from {said}.")
    click.echo("Next: decide where it says DECIDE, then `dealgate policy check` and `policy publish`.")
