"""Erase personal texts from all that is kept: the chain holds only their hashes."""

import re
from contextlib import suppress
from functools import partial

import click

from connector.commands.common import account_option, at_desk, json_option, must_agree, print_json
from connector.desk import Desk
from connector.drafts import read_published
from connector.errors import ConfigurationError, PolicyUnreadable
from connector.policy.model import Person
from connector.policy.problems import one_of
from connector.store.erasing import Whom

_SHORTEST = 2


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
    """Erase personal texts for good.

    The chain stays whole, since it holds only their hashes.
    """
    given = [
        name for name, value in (("person", person), ("mentioning", mentioning), ("deal", deal)) if value
    ]
    if len(given) != 1:
        raise ConfigurationError(
            "say whose texts: one of --person, --mentioning, --deal.", where="ledger erase"
        )
    if mentioning is not None and len(mentioning.strip()) < _SHORTEST:
        hint = "It stands in nearly every text. Give the whole name."
        raise ConfigurationError(f"{mentioning!r} is too short.", where="--mentioning", hint=hint)
    with at_desk(account) as desk:
        known = _person(desk, person) if person else None
        words = (known.id, known.name, known.email) if known else (mentioning or "",)
        count = "all" if deal or yes else str(desk.store.ledger.mentions(desk.account, words))
        must_agree(f"Erase {count} texts of the record for good?", yes=yes, as_json=as_json)
        erased, left = _erased(desk, Whom(() if deal else words, deal, known.id if known else None))
    if as_json:
        print_json({"erased": erased, "in_the_live_policy": left})
        return
    click.echo(f"{erased} texts erased. The chain is as whole as before: `dealgate ledger verify`.")
    if left:
        click.echo(f"{person} is in the live policy, and stays in it and in what was decided.")
        click.echo("Publish a policy without, and erase again.")


def _erased(desk: Desk, whom: Whom) -> tuple[int, bool]:
    """Erase; of somebody in the policy that counts, only what the record says of the past."""
    store, now = desk.store, desk.now()
    if whom.person is None:
        return store.erasing.erase(desk.account, whom, now), False
    if whom.person in desk.pictures.policy(now).people:
        return store.ledger.erase(desk.account, whom.words), True
    erased = store.erasing.erase(desk.account, whom, now)
    return erased + store.erasing.policies(desk.account, partial(_rewritten, whom)), False


def _rewritten(whom: Whom, text: str) -> str:
    """Return a policy's text without the person: longer words first, since an address may hold the id."""
    for word in sorted(whom.words, key=len, reverse=True):
        stands = f"{whom.stands}@example.invalid" if "@" in word else whom.stands
        text = re.sub(rf"(?<![\w@.-]){re.escape(word)}(?![\w@-])", stands, text, flags=re.IGNORECASE)
    return text


def _person(desk: Desk, person: str) -> Person:
    """Return somebody of the live policy, or of one that was published before."""
    people = dict(desk.pictures.policy(desk.now()).people)
    for one in desk.store.policies.history(desk.account) if person not in people else ():
        with suppress(PolicyUnreadable):  # the language has moved on since
            people = {**read_published(one.version, one.text).people, **people}
    if person not in people:
        raise ConfigurationError(
            f"{person!r} is not a person of the policy.",
            where="--person",
            hint=f"Known: {one_of(person, people)}. For anybody else use --mentioning.",
        )
    return people[person]
