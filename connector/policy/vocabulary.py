"""The vocabulary of a policy: the fields that its rules may name."""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"
    ENUM = "enum"
    TEXT = "text"
    BOOLEAN = "boolean"
    PERSON = "person"


class Weight(StrEnum):
    """What a change of the field does to a gate that is already cleared."""

    MATERIAL = "material"
    NOTIFY = "notify"
    IGNORE = "ignore"


class Worse(StrEnum):
    """The direction in which a value gets worse for Operations."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Home(StrEnum):
    """Which CRM record a field lives on; derived fields are computed from the deal and the offering."""

    DEAL = "deal"
    COMPANY = "company"
    DERIVED = "derived"


class Derived(StrEnum):
    """What Dealgate computes itself from the deal's lines, its amount and the offering."""

    DISCOUNT = "discount-against-list-price"
    PRODUCTS_NOT_OFFERED = "products-not-offered"
    DEVIATION_COUNT = "deviation-count"
    CONTRACT_VALUE = "contract-value"


class PriceBase(StrEnum):
    # which price is held against the list prices
    LINES = "lines"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Field:
    """One word of the vocabulary. `hubspot` and `salesforce` are the vendors' property names.

    Percent values are percent points everywhere inside: Decimal("18") is 18 %. `options` are an enum's
    values, where the policy names them. `derived` and `of` only for Home.DERIVED.
    """

    name: str
    label: str
    type: FieldType
    home: Home = Home.DEAL
    hubspot: str | None = None
    salesforce: str | None = None
    rep_may_change: bool = False
    weight: Weight = Weight.MATERIAL
    worse: Worse = Worse.NEITHER
    where: str = ""
    options: tuple[str, ...] = ()
    derived: Derived | None = None
    of: PriceBase = PriceBase.LINES
