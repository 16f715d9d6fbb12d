"""The shape of a policy file, as marshmallow schemas. What its names refer to is checked by the builders."""

from marshmallow import INCLUDE, Schema, ValidationError

from connector.policy.model import Ask, HitPolicy, Mode, TellRep
from connector.policy.problems import one_of
from connector.policy.shapes import (
    Block,
    Choice,
    Day,
    Flag,
    Like,
    Loaded,
    Many,
    Money,
    Named,
    Of,
    Pattern,
    Said,
    Text,
    Whole,
)
from connector.policy.staff_schemas import (
    CalendarSchema,
    DelegationSchema,
    PersonSchema,
    RoleSchema,
    WaitingSchema,
    WaiversSchema,
)
from connector.policy.vocabulary import Derived, FieldType, PriceBase, Weight, Worse


def _currency() -> Like:
    return Like(r"[A-Z]{3}", "a currency code as EUR")


class FieldSchema(Block):
    """One word of the vocabulary."""

    label = Text()
    type = Choice(FieldType)
    hubspot = Like(r"[A-Za-z]\w*", "the internal name of a property, as delivery_address")
    salesforce = Like(r"[A-Za-z][\w.]*", "the API name of a field, as Delivery_Address__c")
    on = Choice(("deal", "company"))
    options = Many(Text())
    rep_may_change = Flag("rep-may-change")
    change = Choice(Weight)
    worse = Choice(Worse)
    derived = Choice(Derived)
    of = Choice(PriceBase)


class ProductSchema(Block):
    """One product of the standard offering."""

    label = Text("name", required=True)
    sku = Text()
    also = Many(Text(), lone=True)
    list_price = Money("list-price")


class OfferingSchema(Block):
    """What the company sells as its standard."""

    currency = _currency()
    products = Many(Of(ProductSchema()), required=True)


class RequiredFieldSchema(Block):
    """One field that must be filled."""

    field = Text(required=True)
    pattern = Pattern()
    may_be_unknown = Flag("may-be-unknown")


class _RequiredField(Said):
    allowed = "the name of a field, or a block with `field`"

    def read(self, value: object) -> Loaded:
        if isinstance(value, dict):
            loaded: Loaded = Of(RequiredFieldSchema()).read(value)
            return loaded
        return {"field": Text().deserialize(value)}


class RequiredDataSchema(Block):
    """The required-data check."""

    fields_wanted = Many(_RequiredField(), "fields", required=True, lone=True)
    unknown_goes_to = Text("unknown-goes-to")


class DeviationsSchema(Block):
    """The deviations check has nothing to set yet."""


CHECKS: dict[str, type[Schema]] = {"required-data": RequiredDataSchema, "deviations": DeviationsSchema}


class _Check(Said):
    """One check: its kind alone, or a block of one key with its settings."""

    allowed = f"one check: {' or '.join(CHECKS)}"

    def read(self, value: object) -> Loaded:
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


# One row: what it says, and a cell for each input it tests. The cells are checked by the builder.
RowSchema = Schema.from_dict(
    {
        "id": Like(Named.spelling.pattern, "small letters, digits and hyphens", required=True),
        "decides": Choice(("sales",)),
        "sign-off": Many(Text(), lone=True),
        "notify": Many(Text(), lone=True),
        "forbidden": Text(),
        "says": Text(),
    },
    name="RowSchema",
)


class MatrixSchema(Block):
    """One authority matrix."""

    hit = Choice(HitPolicy, required=True)
    inputs = Many(Text(), required=True, lone=True)
    rows = Many(Of(RowSchema(unknown=INCLUDE)), required=True)


class GateSchema(Block):
    """One gate."""

    id = Like(Named.spelling.pattern, "small letters, digits and hyphens", required=True)
    pipeline = Text(required=True)
    stage = Text(required=True)
    mode = Choice(Mode, required=True)
    move_back = Flag("move-back")
    since = Day()
    ask = Many(Choice(Ask), lone=True)
    scope = Named(Many(Text(), lone=True))
    checklist = Text()
    authority = Many(Text(), lone=True)


class TellSchema(Block):
    """How people are told."""

    rep = Choice(TellRep)


class BrakesSchema(Block):
    """Caps for each account and hour."""

    tasks = Whole(1, 1_000_000, "tasks-per-hour")
    mails = Whole(1, 1_000_000, "mails-per-hour")
    moves = Whole(1, 1_000_000, "moves-per-hour")
    move_back_minutes = Whole(1, 1440, "move-back-minutes")


class PolicySchema(Block):
    """The whole file."""

    title = Text("policy", required=True)
    currency = _currency()
    vocabulary = Named(Of(FieldSchema()), "fields")
    people = Named(Of(PersonSchema()), required=True)
    roles = Named(Of(RoleSchema()), required=True)
    delegations = Many(Of(DelegationSchema()))
    calendar = Of(CalendarSchema())
    waiting = Of(WaitingSchema())
    waivers = Of(WaiversSchema())
    offering = Of(OfferingSchema())
    checklists = Named(Many(_Check()))
    authority = Named(Of(MatrixSchema()))
    gates = Many(Of(GateSchema()), required=True)
    tell = Of(TellSchema())
    brakes = Of(BrakesSchema())
