"""What Dealgate knows of one deal: the vocabulary's values as read, checked for their type, and the derived
ones computed from the lines, the amount and the offering."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from connector.checks.lines import Line, lines_of
from connector.deals import Deal, Unreadable, Value
from connector.policy.model import Derived, Deviations, Field, FieldType, Home, Policy, PriceBase

_NOT = {
    FieldType.MONEY: "not an amount",
    FieldType.PERCENT: "not a percentage",
    FieldType.NUMBER: "not a number",
    FieldType.DATE: "not a date",
    FieldType.BOOLEAN: "neither yes nor no",
    FieldType.ENUM: "not one of the options",
    FieldType.TEXT: "not a text",
    FieldType.PERSON: "not a person",
}

_NUMBERS = frozenset({FieldType.MONEY, FieldType.PERCENT, FieldType.NUMBER})
_WORDS = frozenset({FieldType.ENUM, FieldType.TEXT, FieldType.PERSON})


def derive(deal: Deal, policy: Policy) -> Mapping[str, Value]:
    """Return a value for every word of the policy's vocabulary.

    Empty is None; what is not of the field's type is Unreadable and says so. Percent values are percent
    points, money is in the deal's currency (`currency_of`).
    """
    lines = lines_of(deal, policy.offering, currency_of(deal, policy))
    facts = {
        field.name: _read(field, deal) for field in policy.fields.values() if field.home is not Home.DERIVED
    }
    for field in policy.fields.values():
        if field.home is Home.DERIVED:
            facts[field.name] = _computed(field, deal, lines, facts)
    return facts


def currency_of(deal: Deal, policy: Policy) -> str | None:
    """Return the deal's currency, else the policy's own, else None: then no money can be compared."""
    return deal.currency or policy.currency


def discount_base(deal: Deal, policy: Policy) -> Decimal | None:
    """Return the sum of the list prices that a discount is measured against, None where there is none."""
    lines = lines_of(deal, policy.offering, currency_of(deal, policy))
    full = _full([line for line in lines if line.list_price is not None])
    return full if isinstance(full, Decimal) else None


def reads_lines(policy: Policy) -> bool:
    """Say whether any gate needs the deals' product lines: only then are they read from the CRM."""
    checklists = [policy.checklists[gate.checklist] for gate in policy.gates if gate.checklist]
    if any(isinstance(check, Deviations) for checklist in checklists for check in checklist.checks):
        return True
    inputs = {
        name
        for gate in policy.gates
        for matrix in gate.matrices
        for row in policy.matrices[matrix].rows
        for name in (cell.field for cell in row.cells)
    }
    return any(policy.fields[name].home is Home.DERIVED for name in inputs)


def _read(field: Field, deal: Deal) -> Value:
    value = deal.values.get(field.name)
    if value is None and field.name in {"name", "owner"}:
        value = deal.name if field.name == "name" else deal.owner
    if isinstance(value, str):
        value = value.strip()
    if value is None or value in ("", ()):
        return None
    if isinstance(value, Unreadable) or _fits(value, field.type):
        return value
    return Unreadable(f"{_shown(value)} is {_NOT[field.type]}")


def _fits(value: Value, kind: FieldType) -> bool:
    if isinstance(value, Decimal):
        return kind in _NUMBERS and value.is_finite()
    if isinstance(value, str | tuple):
        return kind in _WORDS
    if isinstance(value, bool):
        return kind is FieldType.BOOLEAN
    return kind is FieldType.DATE and isinstance(value, date) and not isinstance(value, datetime)


def _shown(value: Value) -> str:
    text = str(value)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'


def _computed(field: Field, deal: Deal, lines: tuple[Line, ...], facts: Mapping[str, Value]) -> Value:
    if deal.line_items is None:
        return Unreadable("the product lines were not read", ours=True)
    match field.derived:
        case Derived.DISCOUNT:
            return _discount(lines, facts.get("amount"), field.of)
        case Derived.PRODUCTS_NOT_OFFERED:
            return Decimal(sum(not line.offered for line in lines))
        case Derived.DEVIATION_COUNT:
            return Decimal(sum(not line.offered or is_discounted(line) for line in lines))
        case Derived.CONTRACT_VALUE:
            return _contract_value(lines, facts.get("amount"))
        case None:
            return Unreadable("nothing says how it is computed", ours=True)
        case _:
            assert_never(field.derived)


def is_discounted(line: Line) -> bool:
    """Say whether the line is sold under its list price, as far as both prices are known."""
    net, full = line.item.net_price, line.list_price
    return net is not None and full is not None and net < full


def _discount(lines: tuple[Line, ...], amount: Value, base: PriceBase) -> Decimal | Unreadable:
    """Return percent points under list price, negative above it."""
    priced = [line for line in lines if line.list_price is not None]
    if base is PriceBase.AMOUNT and len(priced) < len(lines):
        return Unreadable(f"no list price is known for {_first(lines, priced)}")
    full = _full(priced)
    net = amount if base is PriceBase.AMOUNT else _net(priced)
    if isinstance(full, Unreadable):
        return full
    if isinstance(net, Decimal):
        return (full - net) * 100 / full
    return net if isinstance(net, Unreadable) else Unreadable("the amount is not filled in")


def _full(priced: list[Line]) -> Decimal | Unreadable:
    """Return the sum of the list prices, if it can be a base to measure against."""
    if not priced:
        return Unreadable("no product line has a list price")
    if any(line.item.quantity < 0 for line in priced):
        return Unreadable("a product line has a negative quantity")
    total = sum((line.list_total or Decimal(0) for line in priced), Decimal(0))
    return total if total > 0 else Unreadable("the list prices add up to nothing")


def _net(lines: list[Line]) -> Decimal | Unreadable:
    total = Decimal(0)
    for line in lines:
        if line.net_total is None:
            return Unreadable(f"{line.label} has no price")
        total += line.net_total
    return total


def _contract_value(lines: tuple[Line, ...], amount: Value) -> Value:
    return _net(list(lines)) if lines else amount


def _first(lines: tuple[Line, ...], known: list[Line]) -> str:
    return next(line.label for line in lines if line not in known)
