"""The vocabulary of a policy: the fields that its rules may name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class FieldType(StrEnum):
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"
    ENUM = "enum"
    TEXT = "text"
    BOOLEAN = "boolean"
    PERSON = "person"


# The smallest step in which people write values of a type.
STEP: Mapping[FieldType, Decimal] = MappingProxyType(
    {
        FieldType.PERCENT: Decimal("0.01"),
        FieldType.MONEY: Decimal("0.01"),
        FieldType.NUMBER: Decimal(1),
    }
)


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
    """Which CRM record a field lives on; derived fields are computed from the deal and the offering.

    CONTACT and FILE fields hold how many there are: contacts of the deal with a role, files with a name.
    """

    DEAL = "deal"
    COMPANY = "company"
    CONTACT = "contact"
    FILE = "file"
    DERIVED = "derived"


class Derived(StrEnum):
    """What Dealgate computes itself from the deal's lines, its amount and the offering."""

    DISCOUNT = "discount-against-list-price"
    PRODUCTS_NOT_OFFERED = "products-not-offered"
    DEVIATION_COUNT = "deviation-count"
    DEVIATION_WORTH = "deviation-worth"
    CONTRACT_VALUE = "contract-value"
    MARGIN = "margin"
    DAYS_TO_START = "days-to-start"
    EFFORT = "effort"


OF_DEVIATIONS = frozenset({Derived.DEVIATION_COUNT, Derived.DEVIATION_WORTH})


class PriceBase(StrEnum):
    # which price is held against the list prices
    LINES = "lines"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Field:
    """One word of the vocabulary. `hubspot` and `salesforce` are the vendors' property names.

    Percent values are percent points everywhere inside: Decimal("18") is 18 %. `options` are an enum's
    values, where the policy names them. `derived` and `of` only for Home.DERIVED. `unit` is said after a
    number. `hidden`: reps are not told the value. `match`: the role of Home.CONTACT as the CRM spells it, the
    file name of Home.FILE, in which * stands for anything.
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
    unit: str = ""
    hidden: bool = False
    match: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields by what the engine asks of them for every deal: sorted once for a policy.

    `read` from the CRM, `computed` here, `of_deviations` computed from the others; `weighing` on a verdict,
    `watched` by people whoever reads them, `hidden` from reps. `discount` is the one that deviations are
    measured by; `counts_strangers` the words that count products that are not offered.
    """

    read: tuple[Field, ...]
    computed: tuple[Field, ...]
    of_deviations: tuple[Field, ...]
    weighing: tuple[str, ...]
    watched: tuple[str, ...]
    hidden: frozenset[str]
    discount: Field | None
    counts_strangers: tuple[str, ...]

    @classmethod
    def of(cls, fields: Iterable[Field]) -> "Vocabulary":
        """Sort the fields, each group in the policy's order."""
        known = tuple(fields)
        derived = [one for one in known if one.home is Home.DERIVED]
        discounts = (one for one in known if one.derived is Derived.DISCOUNT)
        return cls(
            read=tuple(one for one in known if one.home is not Home.DERIVED),
            computed=tuple(one for one in derived if one.derived not in OF_DEVIATIONS),
            of_deviations=tuple(one for one in derived if one.derived in OF_DEVIATIONS),
            weighing=tuple(one.name for one in known if one.weight is not Weight.IGNORE),
            watched=tuple(one.name for one in known if one.weight is Weight.NOTIFY),
            hidden=frozenset(one.name for one in known if one.hidden),
            discount=next(discounts, None),
            counts_strangers=tuple(
                one.name for one in derived if one.derived is Derived.PRODUCTS_NOT_OFFERED
            ),
        )
