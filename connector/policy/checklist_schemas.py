"""The shape of the checklists. Names are checked by `checklists`."""

from typing import Any

from marshmallow import INCLUDE, Schema, ValidationError

from connector.policy.checklist import Feasible
from connector.policy.problems import one_of
from connector.policy.shapes import (
    MOST_ROWS,
    Block,
    Brief,
    Choice,
    Flag,
    Identity,
    Loaded,
    Many,
    Money,
    Named,
    Of,
    Pattern,
    Said,
    Text,
    Whole,
    block,
)


class FieldName(Text):
    """The name of a field."""

    allowed = "the name of a field"


class RequiredFieldSchema(Block):
    """One field that must be filled."""

    field = Text(required=True)
    pattern = Pattern()
    may_be_unknown = Flag("may-be-unknown")
    due = Text()
    otherwise = Many(Text(), "or", lone=True)


class RequiredDataSchema(Block):
    """The required-data check."""

    fields_wanted = Many(
        Brief(RequiredFieldSchema(), "field", FieldName()), "fields", required=True, lone=True
    )
    unknown_goes_to = Text("unknown-goes-to")


class QuestionSchema(Block):
    """One technical question."""

    ask = Text(required=True)
    answered_by = Text("answered-by")


# One row: its answer, and a cell for each input it tests. The cells are checked by the builder.
FeasibleRowSchema = Schema.from_dict(
    {
        "id": Identity(),
        "answer": Choice(Feasible, required=True),
        "goes-to": Text(),
        "says": Text(),
    },
    name="FeasibleRowSchema",
)


class FeasibilitySchema(Block):
    """The feasibility check."""

    inputs = Many(Text(), lone=True)
    questions = Named(Of(QuestionSchema()))
    rows = Many(Of(FeasibleRowSchema(unknown=INCLUDE)), most=MOST_ROWS)
    otherwise = Choice(Feasible)
    role = Text("goes-to")


class CapacitySchema(Block):
    """The capacity check."""

    start = Text()
    fallback_days = Whole(0, 3650, "fallback-days")
    role = Text("goes-to")
    fresh_days = Whole(1, 366, "fresh-days")
    win_chance = Text("win-chance")
    hold_days = Whole(1, 366, "hold-days")


class BandSchema(Block):
    """One severity of deviations."""

    name = Text(required=True)
    limit = Money("up-to")


class DeviationsSchema(Block):
    """The deviations check."""

    bands = Many(Of(BandSchema()))


CHECKS: dict[str, type[Schema]] = {
    "required-data": RequiredDataSchema,
    "feasibility": FeasibilitySchema,
    "capacity": CapacitySchema,
    "deviations": DeviationsSchema,
}


class OneCheck(Said):
    """One check: its kind alone, or a block of one key with its settings."""

    allowed = f"one check: {one_of(None, CHECKS).removeprefix('one of ')}"

    def read(self, value: Any) -> Loaded:
        """Return the settings with the `kind`."""
        named = {value: {}} if isinstance(value, str) else value
        if not isinstance(named, dict) or len(named) != 1:
            raise self.refuse(value)
        kind, settings = next(iter(named.items()))
        if kind not in CHECKS:
            raise ValidationError({kind: [f"unknown check; allowed: {one_of(kind, CHECKS)}"]})
        try:
            return {"kind": kind, **Of(CHECKS[kind]()).read({} if settings is None else settings)}
        except ValidationError as error:
            raise ValidationError({kind: error.messages}, valid_data={"kind": kind}) from None

    def described(self) -> Loaded:
        """Return the kinds alone, and each with its settings."""
        empty: Loaded = {"type": "null"}
        settings = {kind: block(schema()) for kind, schema in CHECKS.items()}
        blocks = [
            {
                "type": "object",
                "properties": {kind: {"anyOf": [one, empty]}},
                "required": [kind],
                "additionalProperties": False,
            }
            for kind, one in settings.items()
        ]
        return {"anyOf": [{"enum": list(CHECKS)}, *blocks]}
