"""The shape of a policy file, as marshmallow schemas. What its names refer to is checked by the builders."""

from marshmallow import INCLUDE, Schema

from connector.policy.checklist_schemas import OneCheck
from connector.policy.example_schemas import ExampleSchema
from connector.policy.model import Ask, HitPolicy, Mode, TellRep
from connector.policy.shapes import (
    MOST_ROWS,
    Block,
    Choice,
    Currency,
    Day,
    Flag,
    Identity,
    Like,
    Many,
    Named,
    Of,
    Text,
    Whole,
)
from connector.policy.signers import AttestSchema, Rises, Signers, Stoppers
from connector.policy.sold_schemas import ExchangeRates, OfferingSchema
from connector.policy.staff_schemas import (
    CalendarSchema,
    DelegationSchema,
    PersonSchema,
    RoleSchema,
    WaitingSchema,
    WaiversSchema,
)
from connector.policy.vocabulary import Derived, FieldType, PriceBase, Weight, Worse


class FieldSchema(Block):
    """One word of the vocabulary."""

    label = Text()
    type = Choice(FieldType)
    unit = Text()
    hubspot = Like(r"[A-Za-z]\w*", "the internal name of a property, as delivery_address")
    salesforce = Like(r"[A-Za-z][\w.]*", "the API name of a field, as Delivery_Address__c")
    on = Choice(("deal", "company"))
    contact = Text()
    file = Text()
    options = Many(Text())
    rep_may_change = Flag("rep-may-change")
    rep_may_see = Flag("rep-may-see")
    change = Choice(Weight)
    worse = Choice(Worse)
    derived = Choice(Derived)
    of = Choice(PriceBase)


# One row: what it says, and a cell for each input it tests. The cells are checked by the builder.
RowSchema = Schema.from_dict(
    {
        "id": Identity(),
        "decides": Choice(("sales",)),
        "sign-off": Signers(),
        "escalate": Rises(),
        "attest": Of(AttestSchema()),
        "notify": Many(Text(), lone=True),
        "veto": Stoppers(),
        "forbidden": Text(),
        "says": Text(),
    },
    name="RowSchema",
)


class MatrixSchema(Block):
    """One authority matrix."""

    hit = Choice(HitPolicy, required=True)
    inputs = Many(Text(), required=True, lone=True)
    rows = Many(Of(RowSchema(unknown=INCLUDE)), required=True, most=MOST_ROWS)


class SwitchSchema(Block):
    """A planned change of a gate's mode."""

    mode = Choice(Mode, required=True)
    on = Day(required=True)


class GateSchema(Block):
    """One gate."""

    id = Identity()
    pipeline = Text(required=True)
    stage = Text(required=True)
    mode = Choice(Mode, required=True)
    switch = Many(Of(SwitchSchema()), lone=True)
    move_back = Flag("move-back")
    since = Day()
    ask = Many(Choice(Ask), lone=True)
    scope = Named(Many(Text(), lone=True))
    checklist = Text()
    authority = Many(Text(), lone=True)


class TellSchema(Block):
    """How people are told."""

    rep = Choice(TellRep)
    private_tasks = Flag("private-tasks")


class BrakesSchema(Block):
    """Caps for each account and hour."""

    tasks = Whole(1, 1_000_000, "tasks-per-hour")
    mails = Whole(1, 1_000_000, "mails-per-hour")
    moves = Whole(1, 1_000_000, "moves-per-hour")
    move_back_minutes = Whole(1, 1440, "move-back-minutes")


class PolicySchema(Block):
    """The whole file."""

    title = Text("policy", required=True)
    currency = Currency()
    vocabulary = Named(Of(FieldSchema()), "fields")
    people = Named(Of(PersonSchema()), required=True)
    roles = Named(Of(RoleSchema()), required=True)
    delegations = Many(Of(DelegationSchema()))
    calendar = Of(CalendarSchema())
    waiting = Of(WaitingSchema())
    waivers = Of(WaiversSchema())
    offering = Of(OfferingSchema())
    checklists = Named(Many(OneCheck()))
    authority = Named(Of(MatrixSchema()))
    gates = Many(Of(GateSchema()), required=True)
    tell = Of(TellSchema())
    brakes = Of(BrakesSchema())
    rates = ExchangeRates()
    examples = Many(Of(ExampleSchema()))
