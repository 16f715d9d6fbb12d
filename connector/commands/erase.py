"""Erase personal texts from the record: the chain holds only their hashes."""

import click

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.policy.problems import one_of


@click.command()
@click.option("--person", metavar="ID", help="A person of the policy: id, name and e-mail.")
@click.option("--mentioning", metavar="TEXT", help="Every text that holds this, capitals or not.")
@click.option("--deal", metavar="ID", help="All texts of this deal.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@account_option
@json_option
def erase(
    person: str | None,
    mentioning: str | None,
    deal: str | None,
    account: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase personal texts for good; the chain stays whole, since it holds only their hashes."""
    given = [
        name for name, value in (("person", person), ("mentioning", mentioning), ("deal", deal)) if value
    ]
    if len(given) != 1:
        raise ConfigurationError(
            "say whose texts: one of --person, --mentioning, --deal.", where="ledger erase"
        )
    with at_desk(account) as desk:
        words = _words(desk, person) if person else (mentioning or "",)
        if not yes and not as_json:
            count = "all" if deal else str(desk.store.ledger.mentions(desk.account, words))
            click.confirm(f"Erase {count} texts for good?", abort=True, err=True)
        erased = (
            desk.store.ledger.erase_deal(desk.account, deal)
            if deal
            else desk.store.ledger.erase(desk.account, words)
        )
    if as_json:
        print_json({"erased": erased})
    else:
        click.echo(f"{erased} texts erased. The chain is as whole as before: `dealgate ledger verify`.")


def _words(desk: Desk, person: str) -> tuple[str, ...]:
    people = desk.pictures.policy(desk.now()).people
    if person not in people:
        raise ConfigurationError(
            f"{person!r} is not a person of the policy.",
            where="--person",
            hint=f"Known: {one_of(person, people)}. For anybody else use --mentioning.",
        )
    found = people[person]
    return found.id, found.name, found.email
