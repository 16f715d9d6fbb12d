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
    codes = Many(Text(), "findings", lone=True)
