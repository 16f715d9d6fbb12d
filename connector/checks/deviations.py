"""How far the deal is from the standard offering, with stable codes, size and worth. A deviation is not a
fault: the authority matrix says who may agree to it. Only one that cannot be measured holds the deal."""

from decimal import Decimal
from typing import assert_never

from connector import values
from connector.checks import rates
from connector.checks.case import Case
from connector.checks.derived import currency_of
from connector.checks.distance import Code, Deviation, Sold, Worth, distances, unmeasured
from connector.checks.lines import lines_of
from connector.deals import Unreadable, Value
from connector.policy.model import Deviations, Field, FieldType, Policy, PriceBase
from connector.texts import findings
from connector.texts.findings import Pair
from connector.verdicts import Finding, Outcome

NAME = "deviations"


def check(spec: Deviations, case: Case) -> tuple[Finding, ...]:
    """Return the discount against list price and one finding for each other deviation.

    Sizes: percent points, units, days. Worths: money in the deal's currency, None where it cannot be said.
    """
    policy, deal = case.policy, case.deal
    currency = currency_of(deal, policy)
    sold = Sold(policy, lines_of(deal, policy, currency), case.facts, currency, case.today)
    field = policy.vocabulary.discount
    overall = _overall(spec, field, case) if field is not None else None
    rest = tuple([_finding(spec, one, case, currency) for one in distances(sold)])
    rest += tuple(
        [
            _unmeasured(spec, code, policy.fields[name], value, (name,), (name,))
            for code, name, value in unmeasured(sold)
        ]
    )
    return rest if overall is None else (overall, *rest)


def _overall(spec: Deviations, field: Field, case: Case) -> Finding | None:
    """Return what is said of a discount that is none, or that cannot be measured."""
    value = case.facts[field.name]
    reads = (field.name, "amount") if field.of is PriceBase.AMOUNT else (field.name,)
    if not isinstance(value, Decimal):
        to_fill = ("amount",) if field.of is PriceBase.AMOUNT and case.facts["amount"] is None else ()
        return _unmeasured(spec, Code.DISCOUNT, field, value, reads, to_fill)
    if value > 0:
        return None
    said = findings.at_list_price() if value == 0 else findings.above_list_price()
    seen = ((field.name, values.say(value, FieldType.PERCENT)),)
    return Finding(NAME, "no-discount", Outcome.PASS, said, said, reads, seen=seen, where=spec.where)


def _finding(spec: Deviations, one: Deviation, case: Case, currency: str | None) -> Finding:
    rep, ops = _said(one, case, currency)
    worth = one.worth if isinstance(one.worth, Decimal) else None
    band = severity(spec, worth, currency, case.policy)
    reads = one.reads
    if one.code is Code.DISCOUNT and case.policy.fields[one.subject].of is PriceBase.AMOUNT:
        reads = (*reads, "amount")
    return Finding(
        NAME,
        one.code.value,
        Outcome.PASS,
        rep,
        findings.with_severity(ops, band) if band else ops,
        reads,
        seen=_seen(one, case, currency),
        size=one.size,
        worth=worth,
        where=one.where or spec.where,
    )


def severity(spec: Deviations, worth: Decimal | None, currency: str | None, policy: Policy) -> str:
    """Return the mildest band that holds this worth; the severest where the worth cannot be said."""
    if not spec.bands:
        return ""
    for band in spec.bands:
        if band.limit is None:
            return band.name
        value = None if worth is None else rates.turned(worth, currency, band.currency, policy)
        if value is not None and value <= band.limit:
            return band.name
    return spec.bands[-1].name


def _seen(one: Deviation, case: Case, currency: str | None) -> tuple[tuple[str, str], ...]:
    if one.code is Code.PRODUCT:
        return ((one.reads[0], one.subject),)
    fields = ((name, case.policy.fields[name]) for name in one.reads if name in case.policy.fields)
    return tuple((name, values.say(case.facts.get(name), field.type, currency)) for name, field in fields)


def _said(one: Deviation, case: Case, currency: str | None) -> Pair:
    """Write a deviation for the rep and for Operations."""
    size = one.size or Decimal(0)
    worth = _weighed(one.worth, currency)
    match one.code:
        case Code.DISCOUNT:
            return findings.discounted(values.percent(size), worth)
        case Code.PRODUCT_DISCOUNT:
            return findings.product_discounted(one.subject, values.percent(size), one.standard, worth)
        case Code.PRODUCT:
            return findings.not_offered(one.subject, values.number(size), _price(one.worth, currency))
        case Code.SCOPE:
            return findings.quantity_outside(one.subject, one.standard, values.number(size), worth)
        case Code.OPTION | Code.TERM:
            field = case.policy.fields[one.reads[0]]
            value = values.of_field(field, case.facts.get(field.name), currency)
            rep, ops = (
                findings.option_outside(one.subject, field.label, value, one.standard, worth)
                if one.code is Code.OPTION
                else findings.term_outside(field.label, value, one.standard, worth)
            )
            return findings.not_standard(field.label) if field.hidden else rep, ops
        case Code.LEAD_TIME:
            said = findings.lead_time_short(values.counted(size, "day"), one.subject, one.standard)
            return said, said
        case _:
            assert_never(one.code)


def _weighed(worth: Worth, currency: str | None) -> str:
    if isinstance(worth, Unreadable):
        return findings.worth_unknown(worth.reason)
    return "" if worth is None else findings.worth(values.money(worth, currency))


def _price(worth: Worth, currency: str | None) -> str:
    if isinstance(worth, Decimal):
        return findings.at_a_price(values.money(worth, currency))
    return findings.at_no_price()


def _unmeasured(  # noqa: PLR0917  one finding
    spec: Deviations, code: str, field: Field, value: Value, reads: tuple[str, ...], missing: tuple[str, ...]
) -> Finding:
    reason = value.reason if isinstance(value, Unreadable) else findings.empty()
    ours = isinstance(value, Unreadable) and value.ours
    sentence = findings.unmeasured(field.label, reason)
    return Finding(
        NAME, f"{code}-unknown", Outcome.UNKNOWN, sentence, sentence, reads,
        missing=() if ours else missing, ours=ours, where=spec.where,
    )  # fmt: skip
