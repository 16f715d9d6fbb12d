"""The shape of what a policy says about the offering. Names are checked by `company`."""

from typing import Any

from marshmallow import ValidationError

from connector.policy.problems import meant
from connector.policy.shapes import (
    Block,
    Brief,
    Currency,
    Day,
    Loaded,
    Many,
    Money,
    Named,
    Number,
    Of,
    Percent,
    Said,
    Text,
    Whole,
    Words,
)

LONGEST_LEAD = 3650  # days


class EffortSchema(Block):
    """The work of one role that one unit takes."""

    hours = Number(required=True)
    lead_in = Whole(0, 260, "lead-in-weeks")
    weeks = Whole(1, 260)


class ProductSchema(Block):
    """One product of the standard offering."""

    label = Text("name", required=True)
    sku = Text()
    also = Many(Text(), lone=True)
    list_price = Money("list-price")
    discount = Percent()
    cost = Money()
    effort = Named(Brief(EffortSchema(), "hours", Number()))
    options = Named(Words())
    requires = Many(Text(), lone=True)
    excludes = Many(Text(), lone=True)
    lead_days = Whole(0, LONGEST_LEAD, "lead-time-days")
    least = Number("at-least")
    most = Number("at-most")


class _Worth(Said):
    """What one unit outside of the standard is worth: money, or a share of the contract value."""

    allowed = "an amount as EUR 100, or a share of the contract value as 0.02%"

    def read(self, value: Any) -> Loaded:
        if isinstance(value, str) and "%" in value:
            return {"share": Percent().deserialize(value)}
        return {"each": Money().deserialize(value)}


class TermSchema(Block):
    """One standard term."""

    standard = Words(required=True)
    worth = _Worth("worth-a-unit")


class OfferingSchema(Block):
    """What the company sells as its standard."""

    currency = Currency()
    products = Many(Of(ProductSchema()))
    terms = Named(Brief(TermSchema(), "standard", Words()))
    lead_days = Whole(0, LONGEST_LEAD, "lead-time-days")
    start = Text()


_CRM = "crm"


class ExchangeRates(Said):
    """The day they are of, and for each currency what one unit is worth in the policy's own; `crm` alone, or
    under `from`: the account's rates for all others."""

    allowed = "a block as {as-of: 2026-11-01, USD: 0.92}, or crm"

    def read(self, value: Any) -> Loaded:
        """Return `as_of` and `worth`, and `from_crm` where the account's rates count."""
        if value == _CRM:
            return {"worth": {}, "from_crm": True}
        if not isinstance(value, dict) or not value:
            raise self.refuse(value)
        found: Loaded = {"worth": {}}
        bad: dict[str, Any] = {}
        for key, written in value.items():
            try:
                if key == "as-of":
                    found["as_of"] = Day().deserialize(written)
                elif key == "from":
                    found["from_crm"] = _from_crm(written)
                else:
                    code = _code(key)
                    found["worth"][code] = Number().deserialize(written)
            except ValidationError as error:
                bad[key] = error.messages
        if bad:
            raise ValidationError(bad)
        return found

    def described(self) -> Loaded:
        """Return the day and any currency codes."""
        block = {
            "type": "object", "properties": {"as-of": Day().described(), "from": {"const": _CRM}},
            "patternProperties": {"^[A-Z]{3}$": Number().described()}, "additionalProperties": False,
        }  # fmt: skip
        return {"anyOf": [{"const": _CRM}, block]}


def _from_crm(written: Any) -> bool:
    if written != _CRM:
        raise ValidationError(f"found {written!r}; allowed: crm")
    return True


def _code(key: str) -> str:
    try:
        return str(Currency().deserialize(key))
    except ValidationError:
        near = meant(key, ("as-of", "from"))
        message = f"unknown key; allowed: as-of, from, or a currency code as EUR{near}"
        raise ValidationError(message) from None
