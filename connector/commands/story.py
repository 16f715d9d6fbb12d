"""A deal's story from the record, and who might sign what on a day."""

from datetime import date

import click

from connector import values
from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.drafts import read_published
from connector.errors import ConfigurationError
from connector.explain.rights import rights
from connector.explain.story import Names, sentence
from connector.policy.model import Policy
from connector.policy.problems import one_of
from connector.recall import told
from connector.signoffs.hours import local
from connector.store.policies import Publication


@click.command()
@click.option("--deal", required=True, metavar="ID", help="The CRM's id of the deal.")
@account_option
@json_option
def show(deal: str, account: str | None, *, as_json: bool) -> None:
    """Tell a deal's story in sentences, in order.

    What was decided, by whom, and by which right.
    """
    with at_desk(account) as desk:
        policy = desk.pictures.policy(desk.now())
        names = Names.of(policy)
        lines = [
            (entry.seq, local(entry.at, policy.calendar), sentence(told(entry, beside), names))
            for entry, beside in desk.store.ledger.told(desk.account, deal)
        ]
    if not lines:
        hint = "Give the CRM's id of a deal that Dealgate has seen."
        raise ConfigurationError(f"Nothing is on record about deal {deal!r}.", where="--deal", hint=hint)
    if as_json:
        print_json({"deal": deal, "story": [{"seq": seq, "at": at, "said": said} for seq, at, said in lines]})
        return
    for _, at, said in lines:
        click.echo(f"{at:%Y-%m-%d %H:%M}  {said}")


@click.command()
@click.argument("person")
@click.option("--on", "day", required=True, metavar="DATE", help="The day, as 2026-03-02.")
@account_option
@json_option
def authority(person: str, day: str, account: str | None, *, as_json: bool) -> None:
    """Say what PERSON might sign on a day.

    PERSON is an id of the policy, and counts by each policy that was live then. Exit code 1: nothing.
    """
    on = _day(day)
    with at_desk(account) as desk:
        desk.pictures.policy(desk.now())
        counted = [(one, read_published(one.version, one.text)) for one in _counted(desk, on)]
    if not any(person in policy.people for _, policy in counted):
        hint = f"Known: {one_of(person, sorted(counted[-1][1].people))}."
        raise ConfigurationError(f"{person!r} was no person of the policy then.", where="PERSON", hint=hint)
    found = [(one, _rights(person, on, policy)) for one, policy in counted]
    if as_json:
        print_json(
            {
                "person": person,
                "on": on,
                "policies": [
                    {"version": one.version, "since": one.at, "rights": said} for one, said in found
                ],
            }
        )
    for one, said in () if as_json else found:
        told = values.listing(said) if said else "might sign nothing"
        click.echo(f"Policy {one.version[:8]}, published {one.at:%Y-%m-%d %H:%M} UTC: {person} {told}.")
    raise SystemExit(0 if any(said for _, said in found) else 1)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is no date.", where="--on", hint="Write 2026-03-02.") from None


def _counted(desk: Desk, day: date) -> list[Publication]:
    """Return the policies that counted on some part of the day, oldest first."""
    history = desk.store.policies.history(desk.account)
    later = [one for one in history if one.at.date() <= day]
    of_the_day = [one for one in later if one.at.date() == day]
    before = [one for one in later if one.at.date() < day][:1]
    if not later:
        first = min((one.at for one in history), default=None)
        hint = f"The first was published on {first:%Y-%m-%d}." if first else "None was published yet."
        raise ConfigurationError(f"No policy counted on {day}.", where="--on", hint=hint)
    return [*before, *reversed(of_the_day)]


def _rights(person: str, day: date, policy: Policy) -> tuple[str, ...]:
    return rights(person, day, policy) if person in policy.people else ()
