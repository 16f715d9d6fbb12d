"""What Dealgate knows of one deal: the vocabulary's values as read, checked for their type, and the derived
ones computed from the lines, the amount and the offering."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from connector.checks import rates
from connector.checks.distance import Code, Deviation, Sold, distances, unmeasured
from connector.checks.effort import effort_of
from connector.checks.lines import Line, lines_of, net_of
from connector.deals import Deal, Unreadable, Value
from connector.policy.model import (
    Capacity,
    Derived,
    Deviations,
    Feasibility,
    Field,
    FieldType,
    Home,
    Policy,
    PriceBase,
)
from connector.standing import Signoff
from connector.texts import unknown

_DIGITS = 18  # before the point: more than either CRM keeps
_LINED = Deviations | Feasibility | Capacity
_OF_TIME = frozenset({Derived.DAYS_TO_START})
_UNREAD = Unreadable(unknown.lines_not_read(), ours=True)
_NUMBERS = frozenset({FieldType.MONEY, FieldType.PERCENT, FieldType.NUMBER})
_WORDS = frozenset({FieldType.ENUM, FieldType.TEXT, FieldType.PERSON})
_EMPTY = (None, "", ())


def derive(
    deal: Deal, policy: Policy, today: date | None = None, signoffs: Iterable[Signoff] = ()
) -> Mapping[str, Value]:
    """Return a value for every word of the policy's vocabulary.

    Empty is None; what is not of the field's type is Unreadable and says so. Percent values are percent
    points, money is in the deal's currency (`currency_of`). `today` in the policy's time zone: without it
    the days to a date are not known. `signoffs` is the deal's record: its first request has fixed the rate.
    """
    currency = currency_of(deal, policy)
    policy = rates.priced(policy, currency, signoffs)
    facts = _read(deal, policy)
    measured = Sold(policy, lines_of(deal, policy, currency), facts, currency, today)
    read = deal.line_items is not None
    for field in policy.vocabulary.computed:
        facts[field.name] = _computed(field, measured) if read or field.derived in _OF_TIME else _UNREAD
    found = distances(measured) if policy.vocabulary.of_deviations and read else ()
    for field in policy.vocabulary.of_deviations:
        facts[field.name] = _of_deviations(field, measured, found) if read else _UNREAD
    return facts


def _of_deviations(field: Field, sold: Sold, found: tuple[Deviation, ...]) -> Value:
    """Return the count or the worth of what deviates, Unreadable where something cannot be measured."""
    discount = sold.policy.vocabulary.discount
    overall = sold.facts.get(discount.name) if discount is not None else None
    if isinstance(overall, Unreadable):
        return overall
    for _, name, value in unmeasured(sold):
        return replace(value, reason=unknown.of_field(sold.policy.fields[name].label, value.reason))
    return Decimal(len(found)) if field.derived is Derived.DEVIATION_COUNT else _worth(found)


def _worth(found: Iterable[Deviation]) -> Decimal | Unreadable:
    """Add up; the overall discount holds those of the products, so that nothing counts twice."""
    total = Decimal(0)
    for one in found:
        if isinstance(one.worth, Unreadable):
            return one.worth
        if one.code is not Code.PRODUCT_DISCOUNT:
            total += one.worth or Decimal(0)
    return total


def currency_of(deal: Deal, policy: Policy) -> str | None:
    """Return the deal's currency, else the policy's own, else None: then no money can be compared."""
    return deal.currency or policy.currency


def discount_base(deal: Deal, policy: Policy, signoffs: Iterable[Signoff] = ()) -> Decimal | None:
    """Return the sum of the list prices that a discount is measured against, None where there is none;
    `signoffs` as in `derive`."""
    currency = currency_of(deal, policy)
    lines = lines_of(deal, rates.priced(policy, currency, signoffs), currency)
    full = _full([line for line in lines if line.list_price is not None])
    return full if isinstance(full, Decimal) else None


def reads_lines(policy: Policy) -> bool:
    """Say whether any gate needs the deals' product lines: only then are they read from the CRM."""
    checklists = [policy.checklists[gate.checklist] for gate in policy.gates if gate.checklist]
    if any(isinstance(check, _LINED) for checklist in checklists for check in checklist.checks):
        return True
    inputs = {
        name
        for gate in policy.gates
        for matrix in gate.matrices
        for row in policy.matrices[matrix].rows
        for name in (cell.field for cell in row.cells)
    }
    return any(policy.fields[name].home is Home.DERIVED for name in inputs)


def _read(deal: Deal, policy: Policy) -> dict[str, Value]:
    """Return the values that the CRM gave."""
    facts: dict[str, Value] = {}
    besides = {"name": deal.name, "owner": deal.owner}
    for field in policy.vocabulary.read:
        value = deal.values.get(field.name)
        if value is None:
            value = besides.get(field.name)
        if isinstance(value, str):
            value = value.strip()
        if not value and value in _EMPTY:
            facts[field.name] = None
        elif (isinstance(value, str) and field.type in _WORDS) or _fits(value, field.type):
            facts[field.name] = value
        else:
            facts[field.name] = Unreadable(unknown.is_not(str(value), field.type))
    return facts


def _fits(value: Value, kind: FieldType) -> bool:
    """Say whether it can stay as it is; what is told to be unreadable does."""
    if isinstance(value, Decimal):
        return kind in _NUMBERS and value.is_finite() and value.adjusted() < _DIGITS
    if isinstance(value, tuple):
        return kind in _WORDS
    if isinstance(value, bool):
        return kind is FieldType.BOOLEAN
    if isinstance(value, Unreadable):
        return True
    return kind is FieldType.DATE and isinstance(value, date) and not isinstance(value, datetime)


def _computed(field: Field, sold: Sold) -> Value:
    lines, amount = sold.lines, sold.facts.get("amount")
    match field.derived:
        case Derived.DISCOUNT:
            return _discount(lines, amount, field.of)
        case Derived.PRODUCTS_NOT_OFFERED:
            return Decimal(sum([not line.offered for line in lines]))
        case Derived.CONTRACT_VALUE:
            return sold.value
        case Derived.MARGIN:
            return _margin(lines)
        case Derived.EFFORT:
            return effort_of(lines)
        case Derived.DAYS_TO_START:
            return _days(sold.facts.get(sold.policy.offering.start or ""), sold.today)
        case None | Derived.DEVIATION_COUNT | Derived.DEVIATION_WORTH:
            return Unreadable(unknown.not_computed(), ours=True)
        case _:
            assert_never(field.derived)


def _days(start: Value, today: date | None) -> Value:
    if today is None:
        return Unreadable(unknown.no_today(), ours=True)
    if isinstance(start, date):
        return Decimal((start - today).days)
    return start if isinstance(start, Unreadable) else None


def _margin(lines: tuple[Line, ...]) -> Decimal | Unreadable:
    """Return what is left of the lines' net prices after their cost, in percent points of the former."""
    net = net_of(lines)
    if isinstance(net, Unreadable):
        return net
    if net <= 0:
        return Unreadable(unknown.lines_add_up_to_nothing())
    cost = Decimal(0)
    for line in lines:
        if line.cost is None:
            return Unreadable(unknown.no_cost(line.label))
        cost += line.item.quantity * line.cost
    return (net - cost) * 100 / net


def _discount(lines: tuple[Line, ...], amount: Value, base: PriceBase) -> Decimal | Unreadable:
    """Return percent points under list price, negative above it."""
    priced = [line for line in lines if line.list_price is not None]
    if base is PriceBase.AMOUNT and len(priced) < len(lines):
        return Unreadable(unknown.no_list_price(_first(lines, priced)))
    full = _full(priced)
    net = amount if base is PriceBase.AMOUNT else net_of(priced)
    if isinstance(full, Unreadable):
        return full
    if isinstance(net, Decimal):
        return (full - net) * 100 / full
    return net if isinstance(net, Unreadable) else Unreadable(unknown.amount_empty())


def _full(priced: list[Line]) -> Decimal | Unreadable:
    """Return the sum of the list prices, if it can be a base to measure against."""
    if not priced:
        return Unreadable(unknown.no_list_prices())
    total = Decimal(0)
    for line in priced:
        if line.item.quantity < 0:
            return Unreadable(unknown.negative_quantity())
        total += line.list_total or 0
    return total if total > 0 else Unreadable(unknown.list_prices_add_up_to_nothing())


def _first(lines: tuple[Line, ...], known: list[Line]) -> str:
    return next(line.label for line in lines if line not in known)
