"""The shape of the examples. Names are checked by `examples`."""

from connector.policy.shapes import (
    Block,
    Choice,
    Currency,
    Day,
    Identity,
    Many,
    Money,
    Named,
    Number,
    Of,
    Text,
    Words,
)
from connector.policy.signers import Rises

NOBODY = "nobody"
BESIDE = ("veto", "attest", "notify")
EXPECTED = ("ready", "needs-info", "needs-sign-off", "blocked", "not-assessed")


class ExampleLineSchema(Block):
    """One product line of an example deal."""

    product = Text(required=True)
    quantity = Number()
    price = Money()


class ExampleSchema(Block):
    """One example."""

    id = Identity()
    says = Text()
    gate = Text(required=True)
    deal = Named(Words())
    lines = Many(Of(ExampleLineSchema()))
    currency = Currency()
    today = Day()
    owner = Text()
    expect = Choice(EXPECTED, required=True)
    roles = Many(Text(), "sign-off", lone=True)
    veto = Many(Text(), lone=True)
    attest = Many(Text(), lone=True)
    notify = Many(Text(), lone=True)
    rises = Rises("escalate")
    codes = Many(Text(), "findings", lone=True)
