"""The doctor: looks at everything that has to be well, and says what to do where it is not."""

import click

from connector.adapters.base import Symptom
from connector.app import App
from connector.commands.common import account_option, json_option, print_json, settings_here
from connector.commands.examination import examine


@click.command()
@account_option
@json_option
def doctor(account: str | None, as_json: bool) -> None:  # noqa: FBT001
    """Check token, scopes, fields, webhooks, clock, policy, people, database, backlog and parked records."""
    settings = settings_here()
    settings.account(account)
    with App.build(settings) as app:
        symptoms = examine(app, account)
    if as_json:
        print_json({"symptoms": [_row(one) for one in symptoms]})
    else:
        for one in symptoms:
            click.echo(f"{'ok ' if one.well else 'BAD'}  {one.name}: {one.message}")
            if one.hint and not one.well:
                click.echo(f"       {one.hint}")
    raise SystemExit(0 if all(one.well for one in symptoms) else 1)


def _row(one: Symptom) -> dict[str, object]:
    return {"name": one.name, "well": one.well, "message": one.message, "hint": one.hint}
