"""Sign-offs from the command line: list the open ones, approve, reject."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from uuid import uuid4

import click
import orjson

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.desk import Desk
from connector.errors import ConfigurationError
from connector.standing import Answer, AnswerKind, Signoff
from connector.worker.drain import drain


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was typed."""

    deal: str
    person: str
    kind: AnswerKind
    limit: Decimal | None
    note: str


@click.group()
def signoff() -> None:
    """List open sign-offs; approve or reject one."""


@signoff.command("list")
@account_option
@json_option
def list_(account: str | None, as_json: bool) -> None:  # noqa: FBT001
    """List the open sign-offs, soonest due first."""
    with at_desk(account) as desk:
        rows = [_row(deal, one) for deal, one in desk.store.views.signoffs(desk.account)]
    if as_json:
        print_json({"signoffs": rows})
        return
    for row in rows:
        click.echo(f"{row['deal']}  {row['gate']}  {row['asked']}  due {row['due']}  {row['why']}")
    click.echo(f"{len(rows)} open.")


@signoff.command()
@click.argument("deal")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who decides: a person of the policy.")
@click.option("--up-to", metavar="LIMIT", help="Yes up to this limit, e.g. 15.")
@click.option("--note", default="", help="Why; the rep reads it.")
@account_option
def approve(deal: str, person: str, up_to: str | None, note: str, account: str | None) -> None:
    """Say yes to what is asked about DEAL."""
    kind = AnswerKind.UP_TO if up_to else AnswerKind.YES
    _decide(account, Given(deal, person, kind, _limit(up_to), note))


@signoff.command()
@click.argument("deal")
@click.option("--as", "person", required=True, metavar="PERSON", help="Who decides: a person of the policy.")
@click.option("--note", required=True, help="Why not; the rep reads it.")
@account_option
def reject(deal: str, person: str, note: str, account: str | None) -> None:
    """Say no to what is asked about DEAL."""
    _decide(account, Given(deal, person, AnswerKind.NO, None, note))


def _row(deal: str, one: Signoff) -> dict[str, object]:
    return {
        "deal": deal,
        "gate": one.gate,
        "role": one.role,
        "asked": ", ".join(one.asked),
        "due": one.due_at.isoformat(timespec="minutes"),
        "why": one.why,
    }


def _limit(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        limit = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite():
        raise ConfigurationError(f"{text!r} is not a number.", where="--up-to", hint="Write e.g. 15 or 15%.")
    return limit


def _decide(account: str | None, given: Given) -> None:
    with at_desk(account) as desk:
        _known(desk, given.person)
        answer = _answer(given, desk)
        desk.store.answers.add(desk.account, [answer], answer.at)
        while drain(desk):
            pass
        counted, sentence = _heard(desk, answer)
        view = desk.store.views.deal(desk.account, given.deal)
    if not counted:
        click.echo(sentence or "The answer does not count: nothing is asked about this deal.")
        raise SystemExit(1)
    click.echo(view.sentence if view else "Counted.")


def _answer(given: Given, desk: Desk) -> Answer:
    return Answer(
        id=f"cli:{uuid4().hex}",
        deal=given.deal,
        kind=given.kind,
        at=desk.now(),
        limit=given.limit,
        note=given.note,
        person=given.person,
    )


def _known(desk: Desk, person: str) -> None:
    people = desk.picture().policy.people
    if person in people:
        return
    near = get_close_matches(person, people, n=1)
    meant = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(people))}."
    raise ConfigurationError(f"{person!r} is not a person of the policy.", where="--as", hint=meant)


def _heard(desk: Desk, answer: Answer) -> tuple[bool, str]:
    """Return whether the answer counted, and what its giver is told, from the ledger."""
    for entry in reversed(desk.store.ledger.entries(desk.account, answer.deal)):
        if entry.kind == "decision" and answer.id in entry.body:
            counted: bool = orjson.loads(entry.body)["counted"]
            return counted, desk.store.ledger.personal(desk.account, entry.seq).get("sentence", "")
    return False, ""
