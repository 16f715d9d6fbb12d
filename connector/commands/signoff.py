"""Sign-offs from the command line: approve, reject, ask, and what else is said about a question."""

import time
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from uuid import uuid4

import click
import orjson

from connector.commands.common import account_option, at_desk, json_option, print_json
from connector.commands.signoff_list import list_
from connector.desk import Desk
from connector.errors import ConfigurationError, CrmUnavailable
from connector.policy.literals import NotALiteral, number
from connector.standing import Answer, AnswerKind
from connector.worker.drain import drain

_NOTHING = {
    AnswerKind.MET: "no condition of this deal is open, or none of that name",
    AnswerKind.REPLY: "no question to the rep is open about this deal",
}
_PAUSE = 0.05
_PATIENCE = timedelta(seconds=60)  # while another worker has the deal in hand


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


signoff.add_command(list_)


_person = click.option("--as", "person", required=True, metavar="PERSON", help="Who says so, by policy id.")


@signoff.command()
@click.argument("deal")
@_person
@click.option("--up-to", metavar="LIMIT", help="Yes up to this limit, e.g. 15.")
@click.option("--note", default="", help="Why; the rep reads it.")
@account_option
@json_option
def approve(
    deal: str, person: str, up_to: str | None, note: str, account: str | None, *, as_json: bool
) -> None:
    """Say yes to what is asked about DEAL.

    Exit code 1 when the answer does not count.
    """
    limit = _limit(up_to)
    kind = AnswerKind.YES if limit is None else AnswerKind.UP_TO
    _decide(account, Given(deal, person, kind, limit, note), as_json=as_json)


@signoff.command()
@click.argument("deal")
@_person
@click.option("--note", required=True, help="Why not; the rep reads it.")
@account_option
@json_option
def reject(deal: str, person: str, note: str, account: str | None, *, as_json: bool) -> None:
    """Say no to what is asked about DEAL.

    Exit code 1 when the answer does not count.
    """
    _decide(account, Given(deal, person, AnswerKind.NO, None, _said(note)), as_json=as_json)


def _word(name: str, kind: AnswerKind, about: str, note: str = "", other: str = "What to add.") -> None:
    """Add a command that says something about a question without deciding it."""
    needed = click.option("--note", "text", required=True, help=note)
    option = needed if note else click.option("--note", "text", default="", help=other)

    def say(deal: str, person: str, text: str, account: str | None, *, as_json: bool) -> None:
        _decide(account, Given(deal, person, kind, None, _said(text) if note else text), as_json=as_json)

    say.__doc__ = f"{about}\n\nExit code 1 when it does not count."
    command = json_option(account_option(option(_person(click.argument("deal")(say)))))
    signoff.command(name)(command)


_word("ask", AnswerKind.ASK, "Ask the rep something about DEAL first.", "The question; the rep reads it.")
_word("reply", AnswerKind.REPLY, "Reply to the approver's question about DEAL.", "The reply.")
_word("wait", AnswerKind.PAUSE, "Let the question about DEAL wait for the customer.")
_word("go-on", AnswerKind.RESUME, "Go on with the question about DEAL.")
_word("withdraw", AnswerKind.WITHDRAW, "Take back what is asked about DEAL.")
_word("met", AnswerKind.MET, "Say that a condition about DEAL is met.", other="Which; default: all.")


def _said(note: str) -> str:
    """Return what was written, where something was."""
    if not note.strip():
        raise ConfigurationError("It is empty.", where="--note", hint="Write what the rep has to know.")
    return note


def _limit(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        limit = number(text.strip().removesuffix("%"))
    except NotALiteral as error:
        raise ConfigurationError(
            f"{text!r} is no limit.", where="--up-to", hint=f"Write {error}, with or without %."
        ) from error
    if limit < 0:
        raise ConfigurationError(f"{text!r} is below 0.", where="--up-to", hint="Write e.g. 15.")
    return limit


def _decide(account: str | None, given: Given, *, as_json: bool) -> None:
    with at_desk(account) as desk:
        known_person(desk, given.person)
        known_deal(desk, given.deal)
        answer = _answer(given, desk)
        desk.store.answers.add(desk.account, [answer], answer.at)
        counted, told = _heard(desk, answer)
        view = desk.store.views.deal(desk.account, given.deal)
    shown = view.sentence if view and counted else told
    if as_json:
        print_json({"deal": given.deal, "counted": counted, "sentence": shown})
    else:
        nothing = _NOTHING.get(given.kind, "nothing is asked about this deal")
        click.echo(shown or f"The answer does not count: {nothing}.")
    raise SystemExit(0 if counted else 1)


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


def known_person(desk: Desk, person: str, where: str = "--as") -> str:
    """Return the person, who must be one of the policy."""
    people = desk.pictures.policy(desk.now()).people
    if person not in people:
        near = get_close_matches(person, people, n=1)
        meant = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(people))}."
        raise ConfigurationError(f"{person!r} is not a person of the policy.", where=where, hint=meant)
    return person


def known_deal(desk: Desk, deal: str) -> None:
    """Refuse a deal that was never assessed."""
    if desk.store.views.deal(desk.account, deal) is None:
        raise ConfigurationError(
            f"Dealgate has seen no deal {deal!r}.",
            where="DEAL",
            hint="Give the CRM's id; `dealgate signoff list` shows those that are asked about.",
        )


def _heard(desk: Desk, answer: Answer) -> tuple[bool, str]:
    """Return whether the answer counted and what its giver is told, whichever worker heard it."""
    until = desk.now() + _PATIENCE
    while (found := _on_record(desk, answer)) is None:
        waiting = desk.store.bells.backlog(desk.account, desk.now())
        idle = not (waiting.due or waiting.leased)
        if idle and not waiting.later:
            return False, ""
        if idle or desk.now() > until:
            raise CrmUnavailable("The CRM does not answer.", hint="Your answer is kept for later.")
        if not drain(desk):
            time.sleep(_PAUSE)
    return found


def _on_record(desk: Desk, answer: Answer) -> tuple[bool, str] | None:
    for entry in reversed(desk.store.ledger.entries(desk.account, answer.deal)):
        if entry.kind == "decision" and answer.id in entry.body:
            counted: bool = orjson.loads(entry.body)["counted"]
            return counted, desk.store.ledger.personal(desk.account, entry.seq).get("sentence", "")
    return None
