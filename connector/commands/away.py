"""Out of office: set by the person or an admin, so that nothing waits for somebody who is not there."""

from collections.abc import Mapping
from datetime import date

import click

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.signoff import known_person
from connector.desk import Desk
from connector.directory import Absence
from connector.errors import ConfigurationError
from connector.out_of_office import come_back, leave
from connector.policy.model import Person
from connector.signoffs.hours import today


@click.command()
@click.argument("person", required=False)
@click.option("--from", "since", metavar="DAY", help="First day, as 2026-12-21. Default: today.")
@click.option("--until", metavar="DAY", help="Last day, included.")
@click.option("--to", "stand_in", metavar="PERSON", help="Who stands in, by policy id.")
@click.option("--back", is_flag=True, help="PERSON is back: remove what is on record.")
@click.option("--as", "by", metavar="PERSON", help="Who sets it; default: PERSON.")
@account_option
@json_option
def away(  # noqa: PLR0917  one parameter for each option
    person: str | None,
    since: str | None,
    until: str | None,
    stand_in: str | None,
    by: str | None,
    account: str | None,
    *,
    back: bool,
    as_json: bool,
) -> None:
    """Say that PERSON (policy id) is out of office until a day; without PERSON, list who is."""
    with at_desk(account) as desk:
        if person is None:
            if back or any((since, until, stand_in, by)):
                raise ConfigurationError("Nobody is named.", where="PERSON", hint="Say who is away, or back.")
            _list(desk, as_json=as_json)
            return
        people = desk.pictures.policy(desk.now()).people
        setter = known_person(desk, by or person, "--as" if by else "PERSON")
        known_person(desk, person, "PERSON")
        if back and any((since, until, stand_in)):
            raise ConfigurationError(
                "Whoever is back is not away.", where="--back", hint="Leave --from, --until and --to out."
            )
        if back:
            count, rung = come_back(desk.store, desk.account, person, setter, desk.now())
            said = f"{people[person].name} is back." if count else f"{people[person].name} was not away."
        else:
            absence = _absence(desk, person, since, until, stand_in)
            rung = leave(desk.store, desk.account, absence, setter, desk.now())
            said = _said(absence, people)
    if as_json:
        print_json({"person": person, "away": not back, "rung": rung})
    else:
        again = "1 open question is" if rung == 1 else f"{rung} open questions are"
        click.echo(f"{said} {again} looked at again.")


def _absence(
    desk: Desk,
    person: str,
    since: str | None,
    until: str | None,
    stand_in: str | None,
) -> Absence:
    if until is None:
        raise ConfigurationError("No last day is given.", where="--until", hint="Write it as 2026-12-31.")
    first = day(since, "--from") if since else today(person, desk.pictures.policy(desk.now()), desk.now())
    last = day(until, "--until")
    if last < first:
        raise ConfigurationError(f"{last} is before {first}.", where="--until", hint="Give a later day.")
    if stand_in is not None and known_person(desk, stand_in, "--to") == person:
        raise ConfigurationError("Nobody stands in for himself.", where="--to", hint="Name somebody else.")
    return Absence(person, first, last, stand_in)


def day(text: str, where: str) -> date:
    """Read a day; ConfigurationError where it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigurationError(
            f"{text!r} is no day.", where=where, hint="Write it as 2026-12-31."
        ) from error


def _said(absence: Absence, people: Mapping[str, Person]) -> str:
    instead = f", {people[absence.to].name} stands in" if absence.to else ""
    return f"{people[absence.person].name} is away from {absence.since} to {absence.until}{instead}."


def _list(desk: Desk, *, as_json: bool) -> None:
    policy = desk.pictures.policy(desk.now())
    rows = [
        {"person": one.person, "from": one.since.isoformat(), "until": one.until.isoformat(), "to": one.to}
        for one in desk.store.absences.all(desk.account)
        if one.until >= today(one.person, policy, desk.now())
    ]
    if as_json:
        print_json({"away": rows})
        return
    for row in rows:
        stand_in = f"  {row['to']} stands in" if row["to"] else ""
        click.echo(f"{row['person']}  {row['from']} to {row['until']}{stand_in}")
    click.echo(f"{len(rows)} away or to be.")
