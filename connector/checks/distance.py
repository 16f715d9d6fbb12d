"""How far one deal is from the standard offering: a typed list, each entry with its size and its worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from connector.checks import rates
from connector.checks.lines import Line, net_of
from connector.deals import Unreadable, Value
from connector.policy.model import Cell, Policy, Product, Term
from connector.texts import unknown


class Code(StrEnum):
    """The stable codes: rules, reports and the ledger speak of them."""

    DISCOUNT = "discount"
    PRODUCT_DISCOUNT = "product-discount"
    PRODUCT = "product-not-offered"
    OPTION = "option-not-standard"
    SCOPE = "scope"
    TERM = "term"
    LEAD_TIME = "lead-time"


Worth = Decimal | Unreadable | None


@dataclass(frozen=True, slots=True)
class Deviation:
    """One distance. `size`: percent points, units, days; `worth`: money in the deal's currency, None where
    nothing puts a price on it, Unreadable where it cannot be said; `subject` is the product or field it is
    about; `standard` what would be none; `reads` the words of the vocabulary it depends on."""

    code: Code
    subject: str
    reads: tuple[str, ...]
    size: Decimal | None = None
    worth: Worth = None
    standard: str = ""
    where: str = ""


class Sold(NamedTuple):
    """What the distances are measured on; money is in `currency`."""

    policy: Policy
    lines: tuple[Line, ...]
    facts: Mapping[str, Value]
    currency: str | None
    today: date | None

    @property
    def value(self) -> Value:
        """Return the contract value: what the lines add up to, the amount where there are none."""
        return net_of(self.lines) if self.lines else self.facts.get("amount")


def distances(sold: Sold) -> tuple[Deviation, ...]:
    """Return every deviation from the offering that can be measured, the overall discount first."""
    return (
        *_discount(sold),
        *_products(sold),
        *(one for term in sold.policy.offering.terms for one in _term(term, sold)),
        *_lead_time(sold),
    )


def unmeasured(sold: Sold) -> tuple[tuple[Code, str, Unreadable], ...]:
    """Return the terms and options that hold something nobody can read: whether they are standard is not
    known. What is not filled in is no deviation; a checklist asks for what has to be known."""
    offering = sold.policy.offering
    terms = ((Code.TERM, term.field) for term in offering.terms)
    products = (line.product for line in sold.lines if line.product is not None)
    options = ((Code.OPTION, cell.field) for product in products for cell in product.options)
    known = ((code, name, sold.facts.get(name)) for code, name in dict.fromkeys((*terms, *options)))
    return tuple((code, name, value) for code, name, value in known if isinstance(value, Unreadable))


def short_of(sold: Sold) -> tuple[str, int, int] | None:
    """Return what needs the longest lead time, its days, and how many of them are missing; None where the
    start is far enough ahead or cannot be said."""
    offering = sold.policy.offering
    start = sold.facts.get(offering.start or "")
    if sold.today is None or isinstance(start, bool) or not isinstance(start, date):
        return None
    named = [(line.label, line.product.lead_days or 0) for line in sold.lines if line.product]
    label, needed = max([(unknown.every_start(), offering.lead_days or 0), *named], key=lambda one: one[1])
    missing = needed - (start - sold.today).days
    return (label, needed, missing) if missing > 0 else None


def _discount(sold: Sold) -> Iterable[Deviation]:
    field = sold.policy.vocabulary.discount
    if field is None:
        return
    value = sold.facts.get(field.name)
    if isinstance(value, Decimal) and value > 0 and not _all_allowed(sold.lines):
        full = sum([line.list_total or Decimal(0) for line in sold.lines], Decimal(0))
        yield Deviation(
            Code.DISCOUNT, field.name, (field.name,), size=value, worth=full * value / 100, where=field.where
        )


def _all_allowed(lines: Iterable[Line]) -> bool:
    """Say whether every discount is one that the offering gives away itself."""
    over = [_over_allowed(line) for line in lines if _points(line)]
    return bool(over) and all(one == 0 for one in over)


def _points(line: Line) -> Decimal:
    """Return by how many percent points the line is sold under its list price, 0 where it is not."""
    net, full = line.item.net_price, line.list_price
    if net is None or not full or net >= full:
        return Decimal(0)
    return (full - net) * 100 / full


def _over_allowed(line: Line) -> Decimal | None:
    """Return the percent points over the product's own allowance, None where it names none."""
    if line.product is None or line.product.discount is None:
        return None
    return max(_points(line) - line.product.discount, Decimal(0))


def _products(sold: Sold) -> Iterable[Deviation]:
    for line in sold.lines:
        if not line.offered:
            yield Deviation(
                Code.PRODUCT,
                line.label,
                ("products-not-offered",),
                size=line.item.quantity,
                worth=_price(line, line.item.quantity),
            )
        elif line.product is not None:
            yield from _of_product(line, line.product, sold)


def _of_product(line: Line, product: Product, sold: Sold) -> Iterable[Deviation]:
    over = _over_allowed(line)
    if over and line.list_total is not None:
        allowed = f"{product.discount} %"
        yield Deviation(
            Code.PRODUCT_DISCOUNT, line.label, ("deviation-worth",), size=_points(line),
            worth=line.list_total * over / 100, standard=allowed, where=product.where,
        )  # fmt: skip
    yield from _scope(line, product)
    for cell in product.options:
        value = sold.facts.get(cell.field)
        if value is not None and not isinstance(value, Unreadable) and not cell.test(value):
            yield Deviation(Code.OPTION, line.label, (cell.field,), standard=cell.text, where=product.where)


def _scope(line: Line, product: Product) -> Iterable[Deviation]:
    quantity = line.item.quantity
    if product.most is not None and quantity > product.most:
        over = quantity - product.most
        yield Deviation(
            Code.SCOPE, line.label, ("deviation-worth",), size=over, worth=_price(line, over),
            standard=unknown.at_most(str(product.most)), where=product.where,
        )  # fmt: skip
    elif product.least is not None and quantity < product.least:
        yield Deviation(
            Code.SCOPE, line.label, ("deviation-count",), size=product.least - quantity,
            standard=unknown.no_less_than(str(product.least)), where=product.where,
        )  # fmt: skip


def _price(line: Line, units: Decimal) -> Decimal | Unreadable:
    price = line.item.net_price
    return Unreadable(unknown.no_price(line.label)) if price is None else units * price


def _term(term: Term, sold: Sold) -> Iterable[Deviation]:
    value = sold.facts.get(term.field)
    if value is None or isinstance(value, Unreadable) or term.standard.test(value):
        return
    size = outside(term.standard, value)
    yield Deviation(
        Code.TERM, term.field, (term.field,), size=size, worth=_worth(term, size or Decimal(1), sold),
        standard=term.standard.text, where=term.where,
    )  # fmt: skip


def outside(cell: Cell, value: Value) -> Decimal | None:
    """Return how far the value is from the nearest limit of the cell, in units or days; None where there is
    no such distance."""
    if isinstance(value, bool):
        return None
    gaps = [
        abs(value - limit)
        for limit in cell.breakpoints
        if isinstance(value, Decimal) and isinstance(limit, Decimal)
    ]
    days = [
        Decimal(abs((value - limit).days))
        for limit in cell.breakpoints
        if isinstance(value, date) and isinstance(limit, date)
    ]
    return min((*gaps, *days), default=None)


def _worth(term: Term, units: Decimal, sold: Sold) -> Worth:
    if term.each is not None:
        worth = rates.turned(term.each * units, term.currency, sold.currency, sold.policy)
        return _no_rate(term, sold) if worth is None else worth
    if term.share is None:
        return None
    if isinstance(sold.value, Decimal):
        return sold.value * term.share * units / 100
    return sold.value if isinstance(sold.value, Unreadable) else Unreadable(unknown.no_contract_value())


def _no_rate(term: Term, sold: Sold) -> Unreadable:
    label = sold.policy.fields[term.field].label
    return Unreadable(unknown.no_rate(label, term.currency, sold.currency))


def _lead_time(sold: Sold) -> Iterable[Deviation]:
    found = short_of(sold)
    start = sold.policy.offering.start
    if found is not None and start is not None:
        label, needed, missing = found
        yield Deviation(
            Code.LEAD_TIME, label, (start,), size=Decimal(missing), standard=unknown.days(needed),
            where=sold.policy.offering.where,
        )  # fmt: skip
