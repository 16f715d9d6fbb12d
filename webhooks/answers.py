"""/answer/<token>: answer from a mail. GET shows and never decides, since mail scanners follow links; POST
answers, once for each link. Whether the answer counts is decided where every other answer is. /away beside it
is `webhooks.away`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from connector import texts
from connector.links import Link
from connector.policy.literals import NotALiteral, number
from connector.recall import Recall
from connector.settings.records import Settings
from connector.signoffs.answers import task_key
from connector.standing import OPEN, Answer, AnswerKind, Signoff
from connector.store import Store
from webhooks import away
from webhooks.letters import Letters, ended, page

SOURCE = "answer"
_UNDECIDED = frozenset({AnswerKind.ASK, AnswerKind.PAUSE})
_KINDS = (AnswerKind.YES, AnswerKind.UP_TO, AnswerKind.NO, *_UNDECIDED)
_NEEDS_WORDS = frozenset({AnswerKind.NO, AnswerKind.ASK})
_LONGEST = 2000


class Limit(fields.Field[Decimal | None]):
    """A limit as people write it: 15, "15 %", or nothing."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal | None:
        text = str(value).strip().removesuffix("%").strip()
        if not text:
            return None
        try:
            return number(text)
        except NotALiteral as error:
            raise ValidationError(texts.answer_no_limit(str(value), str(error))) from error


class AnswerSchema(Schema):
    """The form as it is posted."""

    class Meta:
        unknown = EXCLUDE

    answer = fields.Enum(AnswerKind, by_value=True, required=True, validate=validate.OneOf(_KINDS))
    limit = Limit(load_default=None)
    note = fields.String(load_default="", validate=validate.Length(max=_LONGEST))

    @validates_schema
    def says_enough(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a limit that is missing and a no or a question without words."""
        if data["answer"] is AnswerKind.UP_TO and data.get("limit") is None:
            raise ValidationError(texts.answer_without_limit())
        if data["answer"] in _NEEDS_WORDS and not data["note"].strip():
            raise ValidationError(texts.answer_without_words())


@dataclass(frozen=True, slots=True)
class _Page:
    letters: Letters

    def show(self, text: str) -> Response:
        """Show the question, or what became of it; nothing is decided."""
        link = self.letters.link(text)
        return ended() if link is None else self._form(link)

    def take(self, text: str) -> Response:
        """Keep the answer and ring its deal."""
        link = self.letters.link(text)
        if link is None:
            return ended()
        asked_as = self._asked_as(link)
        if asked_as is None:
            return self._form(link)
        try:
            given = AnswerSchema().load(request.form.to_dict())
        except ValidationError as error:
            return self._form(link, wrong=_first(error), status=HTTPStatus.BAD_REQUEST)
        return self._kept(link, asked_as, given)

    def _kept(self, link: Link, asked_as: str, given: dict[str, Any]) -> Response:
        now = self.letters.clock()
        answer = Answer(
            id=f"mail:{link.digest}:{given['answer'] if given['answer'] in _UNDECIDED else 'decision'}",
            deal=link.deal,
            kind=given["answer"],
            at=now,
            limit=given["limit"] if given["answer"] is AnswerKind.UP_TO else None,
            note=given["note"].strip(),
            person=link.person,
            task=task_key(link.account, link.deal, asked_as, link.cycle),
        )
        if not self.letters.store.answers.add(link.account, [answer], now):
            return page(texts.answered_before(), [texts.answer_elsewhere()])
        return page(texts.answer_noted(), [texts.answer_is_heard()])

    def _asked_as(self, link: Link) -> str | None:
        """Return the name by which the link's person is asked; None where nothing is open."""
        return next((self.letters.asked_as(link, one) for one in self._open(link)), None)

    def _open(self, link: Link) -> tuple[Signoff, ...]:
        record = self.letters.store.standings.of(link.account, [link.deal])[link.deal].signoffs
        here = (one for one in record if one.cycle == link.cycle and one.state in OPEN)
        return tuple(one for one in here if self.letters.asked_as(link, one) is not None)

    def _form(self, link: Link, *, wrong: str = "", status: int = HTTPStatus.OK) -> Response:
        asked, view = self._open(link), self.letters.store.views.deal(link.account, link.deal)
        said = [view.sentence] if view else []
        if not asked:
            return page(texts.answer_not_needed(), said, away.said(self.letters, link))
        levers = {one.lever and self.letters.label(link, one.lever) for one in asked}
        lever = next(iter(levers)) if len(levers) == 1 else None
        title, lines = self.letters.question(link)
        lines = [*lines, *self.letters.answers_as(link)]
        shows = {**away.said(self.letters, link), "form": True, "lever": lever, "wrong": wrong}
        return page(title, lines, shows, status=status)


def blueprint(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Blueprint:
    """Return the page behind the links in our mails."""
    recalls = {account.name: Recall(account.name, store) for account in settings.accounts}
    letters = Letters(settings, store, clock, recalls)
    page = _Page(letters)
    routes = Blueprint(SOURCE, __name__)
    path = "/answer/<text>"
    routes.add_url_rule(path, view_func=page.show, endpoint="show", methods=["GET"])
    routes.add_url_rule(path, view_func=page.take, endpoint="take", methods=["POST"])
    routes.add_url_rule(f"{path}/away", view_func=page.show, endpoint="show-away", methods=["GET"])
    routes.add_url_rule(
        f"{path}/away", view_func=partial(away.take, letters), endpoint="take-away", methods=["POST"]
    )
    return routes


def _first(error: ValidationError) -> str:
    messages = error.messages_dict
    if "answer" in messages:
        return texts.answer_missing()
    return str(next(iter(messages.values()))[0])
