"""What a card may do. A read and a what-if come from the record, so they never wait for a CRM; what somebody
says is kept, and whether it counts is decided where every other answer is."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response
from marshmallow import Schema, ValidationError

from connector import texts
from connector.signoffs.hours import local
from connector.standing import AnswerKind
from connector.verdicts import Readiness
from webhooks.cards.caller import Refused
from webhooks.cards.calls import Call, Desk
from webhooks.cards.health import health
from webhooks.cards.schemas import AskSchema, DecideSchema, ReplySchema, WhatIfSchema, WithdrawSchema
from webhooks.cards.view import NotAllowed, card, what_if
from webhooks.replies import reply

_WORDS = HTTPStatus.UNPROCESSABLE_ENTITY


class Actions:
    """The views, one for each route."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def health(self) -> Response:
        """Say how the connection is."""
        store, recalls = self._desk.store, self._desk.recalls
        return self._desk.guarded(
            lambda who, _, now: reply(
                HTTPStatus.OK,
                **health(who.account.name, who.user, recalls[who.account.name].house(), store, now),
            )
        )

    def read(self, deal: str) -> Response:
        """Show the deal as it was last seen."""
        return self._desk.about(deal, lambda call: reply(HTTPStatus.OK, **card(call)))

    def what_if(self, deal: str) -> Response:
        """Show the deal with other values; nothing is written."""
        return self._desk.about(deal, _thought)

    def ask(self, deal: str) -> Response:
        """Ask for a decision."""

        def ask(call: Call) -> Response:
            given = _said(call, AskSchema())
            waits = call.recalled.verdict.readiness is Readiness.NEEDS_INFO
            said = call.answer(AnswerKind.REQUEST, note=given["case"], until=given["needed_by"])
            return self._desk.noted(call, said, texts.card_waits_for_data() if waits else texts.card_asks())

        return self._desk.about(deal, ask)

    def reply(self, deal: str) -> Response:
        """Answer a question."""

        def answer(call: Call) -> Response:
            said = call.answer(AnswerKind.REPLY, note=_said(call, ReplySchema())["text"])
            return self._desk.noted(call, said, texts.card_replied())

        return self._desk.about(deal, answer)

    def withdraw(self, deal: str) -> Response:
        """Take the questions back."""

        def take_back(call: Call) -> Response:
            _said(call, WithdrawSchema())
            return self._desk.noted(call, call.answer(AnswerKind.WITHDRAW), texts.card_withdrawn())

        return self._desk.about(deal, take_back)

    def decide(self, deal: str) -> Response:
        """Decide, or ask the rep."""

        def decide(call: Call) -> Response:
            given = _loaded(DecideSchema(), call.body)
            if call.viewer.person is None:
                raise Refused(HTTPStatus.FORBIDDEN, "no-person", texts.card_nobody())
            until, kind = given["until"], given["answer"]
            if until is not None and until < local(call.now, call.house.policy.calendar).date():
                raise Refused(_WORDS, "body-invalid", "until: That day is over.")
            limit = given["limit"] if kind is AnswerKind.UP_TO else None
            said = call.answer(kind, limit=limit, note=given["note"].strip(), until=until)
            return self._desk.noted(call, said, texts.answer_is_heard())

        return self._desk.about(deal, decide)


def _thought(call: Call) -> Response:
    verdict = call.recalled.verdict
    if not verdict.assessed:
        raise Refused(HTTPStatus.CONFLICT, "not-assessed", verdict.sentence)
    wished = _loaded(WhatIfSchema(), call.body)["values"]
    try:
        return reply(HTTPStatus.OK, **what_if(call, wished))
    except NotAllowed as error:
        raise Refused(_WORDS, "value-invalid", f"{error.field}: {error.message}") from error


def _said(call: Call, schema: Schema) -> dict[str, Any]:
    """Return the words of whoever may speak for the deal."""
    given = _loaded(schema, call.body)
    if not call.viewer.sells(call.recalled.ground.deal):
        raise Refused(HTTPStatus.FORBIDDEN, "not-yours", texts.card_not_yours())
    return given


def _loaded(schema: Schema, body: bytes) -> dict[str, Any]:
    try:
        given = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "body-invalid", "The body is no JSON.") from error
    try:
        loaded: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise Refused(_WORDS, "body-invalid", _first(error)) from error
    return loaded


def _first(error: ValidationError) -> str:
    """Say what is wrong with the first member, by its name."""
    name, told = next(iter(error.messages_dict.items()))
    while isinstance(told, dict):
        told = next(iter(told.values()))
    text = told[0] if isinstance(told, list) else str(told)
    return text if name == "_schema" else f"{name}: {text}"
