"""Decisions as people write them in the CRM: on a task, or on the deal where no task can carry them."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from connector.deals import ActorKind, Change, Deal, OurField
from connector.signoffs.ground import WITHDRAW
from connector.standing import Answer, AnswerKind, SignoffState, Standing

_WRITABLE = frozenset(AnswerKind) - {AnswerKind.REQUEST}  # a request has fields of its own
_LIMIT = re.compile(r"\s*(\d{1,12}(?:[.,]\d{1,4})?)\s*%?")


def answer_kind(option: str | None) -> AnswerKind | None:
    """Return what the CRM's option stands for; None where it is empty or one of the admin's own."""
    return AnswerKind(option) if option in _WRITABLE else None


def answer_on_deal(deal: Deal, history: Iterable[Change]) -> Answer | None:
    """Return the decision written on the deal itself, with the actor of its history entry.

    Without an entry nobody is provable: the answer then has no user, and does not count.
    "yes-up-to" takes its limit from the number that the note begins with.
    """
    kind = answer_kind(deal.shown.get(OurField.DECISION))
    if kind is None:
        return None
    entry = next((change for change in history if change.field == OurField.DECISION and change.value), None)
    note = deal.shown.get(OurField.DECISION_NOTE, "")
    return Answer(
        id=f"deal:{deal.id}:{kind}:{_stamp(entry)}",
        deal=deal.id,
        kind=kind,
        at=entry.at if entry else datetime.fromtimestamp(0).astimezone(),
        limit=_limit(note) if kind is AnswerKind.UP_TO else None,
        note=note,
        user=entry.actor.user if entry and entry.actor.kind is ActorKind.PERSON else None,
    )


def word_of_rep(deal: Deal, standing: Standing, history: Iterable[Change]) -> Answer | None:
    """Return what the request field says about questions that are open: that they are taken back, or the
    reply to an approver's question, with the rep's case as its text."""
    kind = spoken(deal, standing)
    if kind is None:
        return None
    entry = next((change for change in history if change.field == OurField.REQUEST and change.value), None)
    return Answer(
        id=f"deal:{deal.id}:{kind}:{_stamp(entry)}",
        deal=deal.id,
        kind=kind,
        at=entry.at if entry else datetime.fromtimestamp(0).astimezone(),
        note=deal.shown.get(OurField.REQUEST_NOTE, "") if kind is AnswerKind.REPLY else "",
        user=entry.actor.user if entry and entry.actor.kind is ActorKind.PERSON else None,
    )


def spoken(deal: Deal, standing: Standing) -> AnswerKind | None:
    """Say whether the request field is a word about open questions; who wrote it, the history tells."""
    said = deal.shown.get(OurField.REQUEST, "").strip().casefold()
    if said == WITHDRAW:
        return AnswerKind.WITHDRAW
    asked = any(one.state is SignoffState.INFO for one in standing.signoffs)
    return AnswerKind.REPLY if said and asked else None


def _stamp(entry: Change | None) -> int:
    return int(entry.at.timestamp() * 1000) if entry else 0


def _limit(note: str) -> Decimal | None:
    found = _LIMIT.match(note)
    return Decimal(found.group(1).replace(",", ".")) if found else None
