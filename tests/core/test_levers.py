"""Levers: every proposal really works, nothing smaller does, and nothing is proposed that the rep cannot do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from connector import gates
from connector.deals import Deal, Value
from connector.policy.cells import compile_cell
from connector.policy.model import (
    Checklist,
    Derived,
    Field,
    FieldType,
    HitPolicy,
    Home,
    Offering,
    Policy,
    PriceBase,
    Row,
    Ruling,
    Worse,
)
from connector.proof import Kind, prove
from connector.standing import SignoffState, Standing
from connector.verdicts import GateVerdict, Lever, Readiness, Verdict
from tests.core import world
from tests.core.world import NOW, context, deal, gate, matrix

TODAY = date(2026, 11, 24)
FIELDS = {
    **world.FIELDS,
    "discount": replace(world.FIELDS["discount"], of=PriceBase.LINES),
    "amount": replace(world.FIELDS["amount"], worse=Worse.HIGHER),
    "term": Field("term", "contract length", FieldType.NUMBER, rep_may_change=True, worse=Worse.LOWER),
    "level": Field(
        "level", "service level", FieldType.ENUM, rep_may_change=True, worse=Worse.HIGHER,
        options=("standard", "gold", "premium"),
    ),
    "contract_value": Field(
        "contract_value", "contract value", FieldType.MONEY, Home.DERIVED, rep_may_change=True,
        worse=Worse.HIGHER, derived=Derived.CONTRACT_VALUE,
    ),
    "lead": Field(
        "lead", "time to the start", FieldType.NUMBER, Home.DERIVED, worse=Worse.LOWER,
        derived=Derived.DAYS_TO_START,
    ),
}  # fmt: skip


def row(name: str, ruling: Ruling, roles: Iterable[str] = (), **cells: str) -> Row:
    compiled = (compile_cell(cell, FIELDS[field], "EUR") for field, cell in cells.items() if cell != "-")
    return Row(name, tuple(compiled), ruling, tuple(roles))


def policy(*rows: Row, hit: HitPolicy = HitPolicy.COLLECT, **changes: Any) -> Policy:
    known: dict[str, Any] = {
        "fields": FIELDS,
        "matrices": {"rules": matrix("rules", *rows, hit=hit)},
        "checklists": {"none": Checklist("none", ())},
        "offering": Offering(start="start_date"),
    }
    return world.policy(gate(matrices=("rules",), checklist="none"), **{**known, **changes})


def sold(discount: Decimal | int = 0, **values: Value) -> Deal:
    return deal("proposal", str(discount), values={"term": Decimal(12), "level": "gold", **values})


def judged(one: Deal, rules: Policy) -> Verdict:
    return gates.assess(one, rules, context(), NOW)


def texts(one: Deal, rules: Policy) -> list[str]:
    return [lever.text for lever in judged(one, rules).levers]


SALES, SIGN, NEVER = Ruling.SALES, Ruling.SIGN_OFF, Ruling.FORBIDDEN
ALL = row("all", SALES)


def test_a_date_goes_to_a_later_day() -> None:
    rules = policy(ALL, row("soon", SIGN, ["operations"], start_date="< 2027-03-16"))
    assert texts(sold(), rules) == ["At start date 16 March 2027 or later you need nobody."]


def test_a_lead_time_in_days_is_told_as_a_day() -> None:
    rules = replace(policy(ALL, row("soon", SIGN, ["operations"], lead="< 120")), day_limits=frozenset({120}))
    assert texts(sold(), rules) == ["At start date 24 March 2027 or later you need nobody."]
    assert TODAY + timedelta(days=120) == date(2027, 3, 24)


def test_after_a_no_at_list_price_nobody_is_told_to_sell_above_it() -> None:
    """It said: "stopped by Anna Bos. At -0.01 % or less Operations decides"."""
    special = row("special", SIGN, ["operations"], level="gold")
    no = world.request(state=SignoffState.REJECTED, decided_by="anna", seen={"discount": Decimal(0)})
    around = context(standing=Standing(signoffs=(no,)))
    verdict = gates.assess(sold(0), policy(ALL, special), around, NOW)
    assert verdict.readiness is Readiness.BLOCKED
    assert not any("-" in lever.text for lever in verdict.levers)


def test_an_option_that_asks_for_less() -> None:
    rules = policy(ALL, row("more", SIGN, ["operations"], level="gold, premium"))
    assert texts(sold(), rules) == ["At service level standard you need nobody."]


def test_two_fields_where_one_alone_does_not_do() -> None:
    rules = policy(
        ALL,
        row("price", SIGN, ["operations"], discount="> 10%"),
        row("soon", SIGN, ["operations"], start_date="< 2027-03-16"),
    )
    assert texts(sold(18), rules) == [
        "At 10 % or less and start date 16 March 2027 or later you need nobody."
    ]


def test_what_moves_no_money_comes_first() -> None:
    rules = policy(ALL, row("both", SIGN, ["operations"], discount="> 10%", start_date="< 2027-03-16"))
    found = judged(sold(18), rules).levers
    assert [(one.changes[0][0], one.cost) for one in found] == [
        ("start_date", 0),
        ("discount", Decimal(3840)),
    ]


def test_a_price_that_rises_into_another_limit_is_no_way_out() -> None:
    """A lower discount makes a larger deal: 18 % of EUR 48,000 is EUR 39,360, 10 % is EUR 43,200."""
    dear = row("dear", SIGN, ["operations"], amount="> 43,000")
    price = row("price", SIGN, ["operations"], discount="> 10%")
    assert texts(sold(18), policy(ALL, price)) == ["At 10 % or less you need nobody."]
    assert texts(sold(18), policy(ALL, price, dear)) == []


@pytest.mark.parametrize("name", ["amount", "contract_value", "number_of_users", "region", "lead"])
def test_neither_a_smaller_deal_nor_a_fact_is_proposed(name: str) -> None:
    cell = "EMEA" if name == "region" else "< 999" if name == "lead" else "> 1"
    verdict = judged(sold(), policy(ALL, row("no", SIGN, ["operations"], **{name: cell})))
    assert verdict.readiness is Readiness.NEEDS_SIGN_OFF
    assert verdict.levers == ()


def test_what_reps_are_not_told_is_not_proposed() -> None:
    secret = {**FIELDS, "term": replace(FIELDS["term"], hidden=True)}
    rules = policy(ALL, row("short", SIGN, ["operations"], term="< 24"), fields=secret)
    assert judged(sold(), rules).levers == ()


# The law: on the grid of all limits and their neighbours.

GRID: Mapping[str, list[Value]] = {
    "discount": [Decimal(n) for n in ("0", "5", "9.99", "10", "10.01", "15", "20", "20.01", "25", "30")],
    "term": [Decimal(n) for n in (6, 11, 12, 13, 24, 36)],
    "level": ["premium", "gold", "standard"],
    "start_date": [date(2027, 3, day) for day in (1, 2, 9, 10, 15, 16, 17, 30)],
}
CELLS = {
    "discount": ["> 10%", "> 20%", "(10%..20%]", "-"],
    "term": ["< 12", "< 24", "<= 12", "-"],
    "level": ["premium", "gold, premium", "-"],
    "start_date": ["< 2027-03-10", "<= 2027-03-15", "< 2027-03-16", "-"],
}
RULINGS = [(SIGN, ("operations",)), (SIGN, ("founder",)), (SIGN, ("sales-manager",)), (NEVER, ())]


@some.composite
def tables(draw: some.DrawFn) -> Policy:
    names = draw(some.lists(some.sampled_from(sorted(CELLS)), min_size=1, max_size=3, unique=True))
    rows = [ALL]
    for place in range(draw(some.integers(1, 4))):
        ruling, roles = draw(some.sampled_from(RULINGS))
        rows.append(
            row(f"r{place}", ruling, roles, **{name: draw(some.sampled_from(CELLS[name])) for name in names})
        )
    return policy(*rows)


@some.composite
def deals(draw: some.DrawFn) -> dict[str, Value]:
    return {name: draw(some.sampled_from(values)) for name, values in GRID.items()}


def made(values: Mapping[str, Value]) -> Deal:
    discount = values["discount"]
    assert isinstance(discount, Decimal)
    return sold(discount, **{name: value for name, value in values.items() if name != "discount"})


def is_clear(values: Mapping[str, Value], rules: Policy) -> bool:
    return judged(made(values), rules).gates[0].clear


def is_lighter(values: Mapping[str, Value], rules: Policy, than: Verdict) -> bool:
    """Say whether somebody may sign where nobody could, or somebody of a lower level has to."""
    there, now = judged(made(values), rules).gates[0], than.gates[0]
    if there.readiness is not Readiness.NEEDS_SIGN_OFF:
        return False
    return now.readiness is Readiness.BLOCKED or level(there, rules) < level(now, rules)


def level(verdict: GateVerdict, rules: Policy) -> int:
    return max((rules.roles[need.role].level for need in verdict.waiting if need.role), default=0)


def better(name: str, present: Value, *, up_to: Value = None) -> list[Value]:
    """Return the grid's values that are better than the present one, nearest first; up to one of them."""
    ordered = GRID[name] if name in {"term", "level", "start_date"} else GRID[name][::-1]
    left = ordered[ordered.index(present) + 1 :]
    return left if up_to is None else left[: left.index(up_to) + 1]


def smaller(lever: Lever, values: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield every change of the lever's fields that is nowhere larger than the lever's, and somewhere less."""
    spans = [[values[name], *better(name, values[name], up_to=value)] for name, value in lever.changes]
    for point in product(*spans):
        if point != tuple(value for _, value in lever.changes):
            yield {**values, **dict(zip(dict(lever.changes), point, strict=True))}


def holds(rules: Policy, values: Mapping[str, Value]) -> None:
    verdict = judged(made(values), rules)
    assume(verdict.readiness in {Readiness.NEEDS_SIGN_OFF, Readiness.BLOCKED})
    for lever in verdict.levers:
        if lever.clears:
            assert is_clear({**values, **dict(lever.changes)}, rules)
            assert not any(is_clear(point, rules) for point in smaller(lever, values))
        else:
            assert is_lighter({**values, **dict(lever.changes)}, rules, verdict)
            assert not any(is_lighter(point, rules, verdict) for point in smaller(lever, values))
    if any(lever.clears for lever in verdict.levers) or any(one.kind is Kind.LESS for one in prove(rules)):
        return
    for one, other in combinations(GRID, 2):
        spans = [[values[name], *better(name, values[name])] for name in (one, other)]
        for point in product(*spans):
            assert not is_clear({**values, one: point[0], other: point[1]}, rules)


@settings(max_examples=25, deadline=None)
@given(tables(), deals())
def test_every_lever_works_nothing_smaller_does_and_none_is_missed(
    rules: Policy, values: dict[str, Value]
) -> None:
    holds(rules, values)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), deals())
def test_every_lever_works_nothing_smaller_does_and_none_is_missed_at_length(
    rules: Policy, values: dict[str, Value]
) -> None:
    holds(rules, values)
