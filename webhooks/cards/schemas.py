"""What the card sends and gets, as marshmallow sees it: the forms are loaded, all of it makes the OpenAPI."""

from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from connector.texts import BADGES
from connector.verdicts import Readiness
from webhooks.answers import AnswerSchema
from webhooks.cards.health import STATUSES

LONGEST = 2000
MOST_VALUES = 20
_TEXT = validate.And(validate.Length(max=LONGEST), validate.Regexp(r"(?s).*\S", error="Write something."))


class Form(Schema):
    """A JSON object that a card sends; a member that nobody knows is a mistake."""

    class Meta:
        unknown = RAISE

    @pre_load
    def is_an_object(self, data: object, **_: object) -> object:
        """Refuse what is no object, and text that no database can keep."""
        if not isinstance(data, dict):
            raise ValidationError("Send a JSON object.")
        return {name: _kept(value) for name, value in data.items()}


class AskSchema(Form):
    """The rep asks for a decision."""

    case = fields.String(required=True, validate=_TEXT)
    needed_by = fields.Date(load_default=None)


class ReplySchema(Form):
    """The rep answers a question."""

    text = fields.String(required=True, validate=_TEXT)


class WithdrawSchema(Form):
    """The rep takes the questions back."""


class DecideSchema(AnswerSchema, Form):
    """Somebody decides: as the page behind a mail's link takes it, and for how long."""

    class Meta:
        unknown = RAISE

    until = fields.Date(load_default=None)


class Scalar(fields.Field[str]):
    """A value as people write it: text, a number, true or false. Null is no value."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            text = format(Decimal(str(value)), "f")
            return f"{text}0" if "." in text else text  # 1.234 reads two ways, 1.2340 does not
        if isinstance(value, str) and len(value) <= LONGEST:
            return value
        raise ValidationError("Give a text, a number, true, false or null.")


class WhatIfSchema(Form):
    """Other values of fields that a rep may change."""

    values = fields.Dict(
        keys=fields.String(validate=validate.Length(max=100)),
        values=Scalar(allow_none=True),
        required=True,
        validate=validate.Length(min=1, max=MOST_VALUES),
    )


class ErrorSchema(Schema):
    """Why a call was refused."""

    reason = fields.String(required=True, metadata={"description": "For machines: kebab-case, stable."})
    message = fields.String(required=True, metadata={"description": "For people: what to do."})


class NotedSchema(Schema):
    """What will happen next. Whether the answer counts is decided a moment later."""

    id = fields.String(required=True)
    next = fields.String(required=True)


class QuestionSchema(Schema):
    """A question that the viewer may decide."""

    gate = fields.String(required=True)
    role = fields.String(required=True)
    state = fields.String(required=True)
    limit_on = fields.String(required=True, allow_none=True)
    due = fields.DateTime(required=True)


class ViewerSchema(Schema):
    """What the user who looks may do now."""

    name = fields.String(required=True)
    may_ask = fields.Boolean(required=True)
    may_reply = fields.Boolean(required=True)
    may_withdraw = fields.Boolean(required=True)
    may_decide = fields.List(fields.Nested(QuestionSchema), required=True)


class GateSchema(Schema):
    """One gate, for the rep."""

    gate = fields.String(required=True)
    stage = fields.String(required=True)
    readiness = fields.String(required=True, validate=validate.OneOf([one.value for one in Readiness]))
    clear = fields.Boolean(required=True)
    findings = fields.List(fields.String(), required=True)
    fine = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)


class SignoffSchema(Schema):
    """One question that was put."""

    role = fields.String(required=True)
    state = fields.String(required=True)
    asked = fields.List(fields.String(), required=True)
    due = fields.DateTime(required=True)
    by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    question = fields.String(required=True)
    limit_on = fields.String(required=True, allow_none=True)
    stops = fields.Boolean(required=True)


class EventSchema(Schema):
    """One thing that happened."""

    at = fields.DateTime(required=True)
    text = fields.String(required=True)


class ChangeableSchema(Schema):
    """A field whose other values the viewer may try."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    type = fields.String(required=True)
    options = fields.List(fields.String(), required=True)
    value = fields.Raw(required=True, allow_none=True, metadata={"description": "Text, true, false or null."})


class OperationsSchema(Schema):
    """One gate as Operations reads it."""

    gate = fields.String(required=True)
    findings = fields.List(fields.String(), required=True)
    waiting = fields.List(fields.String(), required=True)


class CardSchema(Schema):
    """All that the card shows: the panel (docs/panel.md), and what only a card has."""

    gate = fields.String(required=True, allow_none=True)
    badge = fields.String(required=True, validate=validate.OneOf(list(BADGES.values())))
    sentence = fields.String(required=True)
    alone = fields.String(required=True)
    levers = fields.List(fields.String(), required=True)
    gates = fields.List(fields.Nested(GateSchema), required=True)
    signoffs = fields.List(fields.Nested(SignoffSchema), required=True)
    deal = fields.String(required=True)
    readiness = fields.String(required=True, validate=validate.OneOf([one.value for one in Readiness]))
    checked_at = fields.DateTime(required=True)
    pending = fields.Boolean(required=True, metadata={"description": "A newer look is due: ask again."})
    supposed = fields.Boolean(required=True, metadata={"description": "Of values that are only thought of."})
    fields_ = fields.List(
        fields.Nested(ChangeableSchema), required=True, data_key="fields", attribute="fields"
    )
    history = fields.List(fields.Nested(EventSchema), required=True)
    viewer = fields.Nested(ViewerSchema, required=True)
    operations = fields.List(
        fields.Nested(OperationsSchema), required=True, allow_none=True,
        metadata={"description": "For whoever is asked about the deal, else null."},
    )  # fmt: skip


class HealthSchema(Schema):
    """How the connection is."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    policy = fields.String(required=True, allow_none=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    heard_at = fields.DateTime(required=True, allow_none=True)
    people_read_at = fields.DateTime(required=True, allow_none=True)
    backlog_seconds = fields.Float(required=True)
    parked = fields.Integer(required=True)
    viewer = fields.String(required=True, metadata={"description": "The caller by the policy, or empty."})


def _kept(value: object) -> object:
    return value.replace("\0", "") if isinstance(value, str) else value
