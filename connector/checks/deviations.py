"""How far the deal is from the standard offering, with stable codes, size and worth. A deviation is not a
fault: the authority matrix says who may agree to it. Only one that cannot be measured holds the deal."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from connector import values
from connector.checks.derived import currency_of
from connector.checks.lines import Line, lines_of
from connector.deals import Deal, Unreadable, Value
from connector.policy.model import Derived, Deviations, Field, FieldType, Policy, PriceBase
from connector.verdicts import Finding, Outcome

NAME = "deviations"


def check(spec: Deviations, policy: Policy, deal: Deal, facts: Mapping[str, Value]) -> tuple[Finding, ...]:
    """Return the discount against list price and one finding for each product not in the offering.

    Sizes: percent points, quantity. Worths: money in the deal's currency, None where it cannot be said.
    """
    currency = currency_of(deal, policy)
    lines = lines_of(deal, policy.offering, currency)
    discounts = [field for field in policy.fields.values() if field.derived is Derived.DISCOUNT]
    strangers = (line for line in lines if not line.offered)
    return (
        *(_discount(spec, field, lines, facts, currency) for field in discounts[:1]),
        *(_not_offered(spec, line, currency) for line in strangers),
    )


def _discount(
    spec: Deviations, field: Field, lines: tuple[Line, ...], facts: Mapping[str, Value], currency: str | None
) -> Finding:
    value = facts[field.name]
    reads = (field.name, "amount") if field.of is PriceBase.AMOUNT else (field.name,)
    seen = ((field.name, values.say(value, FieldType.PERCENT)),)
    if not isinstance(value, Decimal):
        to_fill = ("amount",) if field.of is PriceBase.AMOUNT and facts["amount"] is None else ()
        return replace(_unmeasured(spec, field, value, reads), missing=to_fill)
    full = sum((line.list_total or Decimal(0) for line in lines), Decimal(0))
    worth = full * value / 100
    if value <= 0:
        said = "Sold at list price." if value == 0 else "Sold above list price."
        return Finding(NAME, "no-discount", Outcome.PASS, said, said, reads, seen=seen, where=spec.where)
    rep = f"{values.percent(value)} discount against list price."
    ops = f"{values.percent(value)} under list price, worth {values.money(round(worth, 2), currency)}."
    return Finding(
        NAME, "discount", Outcome.PASS, rep, ops, reads,
        seen=seen, size=value, worth=worth, where=spec.where,
    )  # fmt: skip


def _unmeasured(spec: Deviations, field: Field, value: Value, reads: tuple[str, ...]) -> Finding:
    reason = value.reason if isinstance(value, Unreadable) else "it is empty"
    ours = isinstance(value, Unreadable) and value.ours
    sentence = f"{field.label[:1].upper()}{field.label[1:]} is not known: {reason}."
    return Finding(
        NAME, "discount-unknown", Outcome.UNKNOWN, sentence, sentence, reads,
        ours=ours, where=spec.where,
    )  # fmt: skip


def _not_offered(spec: Deviations, line: Line, currency: str | None) -> Finding:
    worth = line.net_total
    price = "at an unknown price" if worth is None else f"for {values.money(worth, currency)}"
    return Finding(
        NAME,
        "product-not-offered",
        Outcome.PASS,
        f"{line.label} is not in the standard offering.",
        f"{values.number(line.item.quantity)} x {line.label}, not in the standard offering, {price}.",
        ("products-not-offered",),
        seen=(("products-not-offered", line.label),),
        size=line.item.quantity,
        worth=worth,
        where=spec.where,
    )
