"""What the company sells as its standard: products, what they cost and take, and their terms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connector.policy.cell import Cell


@dataclass(frozen=True, slots=True)
class Effort:
    """The work of one delivery role that one unit takes: it begins `lead_in` whole weeks after the start and
    is spread evenly over `weeks` weeks."""

    role: str
    hours: Decimal
    lead_in: int = 0
    weeks: int = 1


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the standard offering. `names` are all spellings and SKUs by which a line is known.

    `list_price` and `cost` are for one unit, in `currency`; `discount` is what every rep may give away, in
    percent points; `options` are the standard choices of a field where this product is sold; `requires` and
    `excludes` are ids of other products of the deal; `lead_days` calendar days from today to the start;
    `least` and `most` the standard scope, in units.
    """

    id: str
    label: str
    names: frozenset[str]
    list_price: Decimal | None = None
    currency: str | None = None
    discount: Decimal | None = None
    cost: Decimal | None = None
    effort: tuple[Effort, ...] = ()
    options: tuple[Cell, ...] = ()
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    lead_days: int | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One standard term: the field that holds it and what is standard. A deviation is worth `each` (money in
    `currency`) or `share` (percent points of the contract value) for each unit outside; a term without units
    is worth it once."""

    field: str
    standard: Cell
    each: Decimal | None = None
    currency: str | None = None
    share: Decimal | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Offering:
    """The standard. `start` is the field that holds the promised start, `lead_days` the calendar days that
    every start needs from today."""

    products: tuple[Product, ...] = ()
    by_name: Mapping[str, Product] = field(default_factory=dict)  # by folded name
    terms: tuple[Term, ...] = ()
    lead_days: int | None = None
    start: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Rates:
    """What one unit of a currency is worth in the policy's own, as of a day. `from_crm`: the account's rates
    count for all that the policy does not name; `dated` are those, each with the day that it is of."""

    as_of: date | None = None
    worth: Mapping[str, Decimal] = field(default_factory=dict)
    from_crm: bool = False
    dated: Mapping[str, date | None] = field(default_factory=dict)

    def day(self, currency: str | None) -> date | None:
        """Return the day that the rate of a currency is of."""
        return self.dated.get(currency or "", self.as_of)


@dataclass(frozen=True, slots=True)
class Quotes:
    """The rates of a CRM account: what one unit is worth in its `home` currency, as of a day."""

    home: str
    worth: Mapping[str, Decimal] = field(default_factory=dict)
    as_of: date | None = None


def folded(name: str) -> str:
    """Fold a product's name: case and spaces make no difference, so "GTXPro" is "GTX Pro"."""
    return "".join(name.casefold().split())
