"""Say what one deal may do now, and why."""

import click

from connector import texts
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.errors import ConfigurationError
from connector.explain import table, tree
from connector.store.records import DealRecord
from connector.verdicts import Readiness
from connector.worker.look import Looked, look

_GONE = texts.not_checked(texts.gone())
_MAY_PASS = frozenset({Readiness.READY, Readiness.EXCEPTION, Readiness.NOT_ASSESSED})


@click.command()
@click.option("--deal", required=True, metavar="ID", help="The CRM's id of the deal.")
@click.option("--all", "everything", is_flag=True, help="Show what passed, too.")
@account_option
@json_option
def assess(deal: str, account: str | None, everything: bool, as_json: bool) -> None:  # noqa: FBT001
    """Read one deal from the CRM and assess it now; nothing is written. Exit code 1 when it may not pass."""
    with at_desk(account) as desk:
        verdict = _record(look(desk, [deal]), deal).verdict
    if as_json:
        print_json(tree(verdict))
    else:
        click.echo(verdict.sentence or "Left alone: no gate concerns this deal.")
        for row in table(verdict, everything=everything):
            click.echo("  " + "  ".join(row))
    raise SystemExit(0 if verdict.readiness in _MAY_PASS else 1)


def _record(looked: Looked, deal: str) -> DealRecord:
    if deal in looked.failed:
        raise ConfigurationError(f"It cannot be assessed: {looked.failed[deal]}.", where=f"deal {deal}")
    if looked.survivors:
        (survivor,) = looked.survivors
        raise _none(deal, f"It was merged into {survivor}: give that id.")
    for record in looked.records:
        if record.verdict.deal == deal and record.verdict.sentence != _GONE:
            return record
    raise _none(deal, "Give its id, not its name.")


def _none(deal: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"The CRM has no deal {deal!r}.", where="--deal", hint=hint)
