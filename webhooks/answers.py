"""/answer/<token>: answer from a mail. GET shows and never decides, since mail scanners follow links; POST
answers, once for each link. Whether the answer counts is decided where every other answer is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any

from flask import Blueprint, Response, render_template, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from connector import links, texts
from connector.links import Link
from connector.policy.literals import NotALiteral, number
from connector.settings.records import Settings
from connector.signoffs.answers import task_key
from connector.standing import OPEN, Answer, AnswerKind, Signoff
from connector.store import Store

SOURCE = "answer"
_KINDS = (AnswerKind.YES, AnswerKind.UP_TO, AnswerKind.NO, AnswerKind.ASK)
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
    settings: Settings
    store: Store
    clock: Callable[[], datetime]

    def show(self, text: str) -> Response:
        """Show the question, or what became of it; nothing is decided."""
        link = self._link(text)
        return _ended() if link is None else self._form(link)

    def take(self, text: str) -> Response:
        """Keep the answer and ring its deal."""
        link = self._link(text)
        if link is None:
            return _ended()
        if not self._open(link):
            return self._form(link)
        try:
            given = AnswerSchema().load(request.form.to_dict())
        except ValidationError as error:
            return self._form(link, wrong=_first(error), status=HTTPStatus.BAD_REQUEST)
        return self._kept(link, given)

    def _kept(self, link: Link, given: dict[str, Any]) -> Response:
        now = self.clock()
        asks = given["answer"] is AnswerKind.ASK
        answer = Answer(
            id=f"mail:{link.digest}:{'question' if asks else 'decision'}",
            deal=link.deal,
            kind=given["answer"],
            at=now,
            limit=given["limit"] if given["answer"] is AnswerKind.UP_TO else None,
            note=given["note"].strip(),
            person=link.person,
            task=task_key(link.account, link.deal, link.person, link.cycle),
        )
        if not self.store.answers.add(link.account, [answer], now):
            return _page(texts.answered_before(), [texts.answer_elsewhere()])
        return _page(texts.answer_noted(), [texts.answer_is_heard()])

    def _link(self, text: str) -> Link | None:
        link = links.read(text, self.settings.link_secrets, self.clock())
        names = {account.name for account in self.settings.accounts}
        return link if link is not None and link.account in names else None

    def _open(self, link: Link) -> tuple[Signoff, ...]:
        record = self.store.standings.of(link.account, [link.deal])[link.deal].signoffs
        return tuple(
            one
            for one in record
            if one.cycle == link.cycle and link.person in one.asked and one.state in OPEN
        )

    def _form(self, link: Link, *, wrong: str = "", status: int = HTTPStatus.OK) -> Response:
        asked, view = self._open(link), self.store.views.deal(link.account, link.deal)
        said = [view.sentence] if view else []
        if not asked:
            return _page(texts.answer_not_needed(), said)
        levers = {one.lever for one in asked}
        lever = next(iter(levers)) if len(levers) == 1 else None
        whys = (one.why for one in asked if one.why and not any(one.why in text for text in said))
        lines = [*(f"{texts.capital(why)}." for why in whys), *said]
        return _page(
            texts.answer_wanted(link.deal), lines, status=status, form=True, lever=lever, wrong=wrong
        )


def blueprint(settings: Settings, store: Store, clock: Callable[[], datetime]) -> Blueprint:
    """Return the page behind the links in our mails."""
    page = _Page(settings, store, clock)
    routes = Blueprint(SOURCE, __name__)
    path = "/answer/<text>"
    routes.add_url_rule(path, view_func=page.show, endpoint="show", methods=["GET"])
    routes.add_url_rule(path, view_func=page.take, endpoint="take", methods=["POST"])
    return routes


def _ended() -> Response:
    return _page(texts.link_ended(), [texts.answer_elsewhere()], status=HTTPStatus.NOT_FOUND)


def _first(error: ValidationError) -> str:
    messages = error.messages_dict
    if "answer" in messages:
        return texts.answer_missing()
    return str(next(iter(messages.values()))[0])


def _page(title: str, lines: list[str], *, status: int = HTTPStatus.OK, **members: object) -> Response:
    nonce = token_urlsafe(16)
    given = {name: request.form.get(name, "") for name in ("answer", "limit", "note")}
    html = render_template(
        "answer.html", texts=texts, title=title, lines=lines, nonce=nonce, given=given, **members
    )
    answer = Response(html, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    )
    return answer
