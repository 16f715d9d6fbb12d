"""The rep's request as it comes from the card: it counts as if it stood in the CRM's request fields.

The fields stay the one place where a case is kept: it is written into them once. Until the request is dealt
with, each look puts it over what the CRM shows, with the person who signed for it as its author.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connector.context import Context
from connector.deals import Actor, ActorKind, Change, Deal, OurField
from connector.effects import Effect, WriteCase, WriteFields
from connector.standing import Answer, AnswerKind
from connector.store.chain import Note
from connector.touch import newest

_WRITTEN = (OurField.REQUEST_NOTE, OurField.NEEDED_BY)


@dataclass(frozen=True, slots=True)
class Request:
    """The newest request that waits, and all that is settled with it."""

    answer: Answer
    all: tuple[Answer, ...]


def waiting(answers: Iterable[Answer]) -> tuple[Request | None, tuple[Answer, ...]]:
    """Return the request that stands, and the other answers."""
    found = tuple(answers)
    asked = tuple(one for one in found if one.kind is AnswerKind.REQUEST)
    others = tuple(one for one in found if one.kind is not AnswerKind.REQUEST)
    return (Request(asked[-1], asked) if asked else None), others


def over(deal: Deal, request: Request, history: Sequence[Change]) -> tuple[Deal, tuple[Change, ...]]:
    """Return the deal and its history as if the person had filled in the request fields. What somebody wrote
    into one of them later stands."""
    answer = request.answer
    texts = {field: text for field, text in _texts(answer).items() if not _later(field, answer.at, history)}
    entry = Change(OurField.REQUEST, "yes", answer.at, Actor(ActorKind.PERSON, answer.user))
    asked = {**deal.shown, **texts, OurField.REQUEST: "yes"}
    return replace(deal, shown=asked), (entry, *history)


def kept(deal: Deal, request: Request, context: Context) -> tuple[WriteCase, ...]:
    """Return the write that puts the case into the CRM's fields, once; `deal` is the one of `over`."""
    key = f"case:{context.account}:{deal.id}:{request.answer.id}"
    if key in context.standing.done or context.observe_only:
        return ()
    values = {field: deal.shown.get(field, "") for field in _WRITTEN if field in context.shows}
    return (WriteCase(deal.id, key, values),) if values else ()


def dealt_with(effects: Iterable[Effect], *, assessed: bool) -> bool:
    """Say whether the request is settled: the plan empties it, or nobody looks at this deal any more."""
    writes = (one.values for one in effects if isinstance(one, WriteFields))
    return not assessed or any(values.get(OurField.REQUEST) == "" for values in writes)


def note(request: Request, context: Context) -> Note:
    """Return what goes on record of a request that was dealt with."""
    answer = request.answer
    body: dict[str, object] = {"answer": answer.id, "at": answer.at, "needed_by": answer.until}
    person = context.directory.by_user.get(answer.user or "", "")
    personal = {"person": person, "note": answer.note}
    return Note("request", answer.deal, body, {name: text for name, text in personal.items() if text})


def _texts(answer: Answer) -> dict[OurField, str]:
    needed_by = answer.until.isoformat() if answer.until else ""
    return {OurField.REQUEST_NOTE: answer.note, OurField.NEEDED_BY: needed_by}


def _later(field: OurField, at: datetime, history: Iterable[Change]) -> bool:
    """Say whether a person wrote into the field after the request."""
    written = (one.at for one in history if one.field == field and one.actor.kind is ActorKind.PERSON)
    last = newest(written)
    return last is not None and last > at
