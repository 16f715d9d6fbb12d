"""Matrices made up by hypothesis, and the grid of all deals that could make a difference to them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as some

from connector.authority import needs
from connector.deals import Unreadable, Value
from connector.policy.cells import compile_cell
from connector.policy.exchange import factors
from connector.policy.model import (
    Derived,
    Field,
    FieldType,
    Gate,
    HitPolicy,
    Home,
    Matrix,
    Mode,
    Person,
    Policy,
    Rates,
    Role,
    Row,
    Ruling,
    Worse,
)
from connector.verdicts import Need

FIELDS = {
    one.name: one
    for one in (
        Field("amount", "amount", FieldType.MONEY, worse=Worse.HIGHER),
        Field("discount", "discount", FieldType.PERCENT, worse=Worse.HIGHER),
        Field("users", "users", FieldType.NUMBER, worse=Worse.LOWER),
        Field("score", "score", FieldType.NUMBER),
        Field("start", "start date", FieldType.DATE, worse=Worse.LOWER),
        Field("region", "region", FieldType.ENUM, options=("EMEA", "APAC")),
        Field("tier", "tier", FieldType.ENUM, options=("gold", "silver", "tin"), worse=Worse.HIGHER),
        Field("note", "note", FieldType.TEXT),
        Field("tested", "tested", FieldType.BOOLEAN),
        Field(
            "strangers", "products not offered", FieldType.NUMBER, Home.DERIVED, worse=Worse.HIGHER,
            derived=Derived.PRODUCTS_NOT_OFFERED,
        ),
        Field(
            "lead", "time to the start", FieldType.NUMBER, Home.DERIVED, worse=Worse.LOWER,
            derived=Derived.DAYS_TO_START,
        ),
    )
}  # fmt: skip
CELLS: Mapping[str, list[str]] = {
    "amount": ["<= 50", "> 50", "[10..50]", "(50..90]", "> USD 50", "<= USD 50", "-", "-"],
    "discount": ["<= 10%", "> 10%", "(10%..20%]", "> 20%", "10%", "not((10%..20%])", "-"],
    "users": ["< 5", ">= 5", "[5..9)", "5, 9", "-"],
    "score": ["<= 1", "> 1", "[1..2]", "-"],
    "start": ["< 2026-03-02", ">= 2026-03-02", "(2026-03-02..2026-03-04)", "2026-03-03", "-"],
    "region": ["EMEA", "APAC", "EMEA, APAC", "not(EMEA)", "not(EMEA, APAC)", "-"],
    "tier": ["gold", "silver, tin", "not(gold)", "tin", "not(gold, silver, tin)", "-"],
    "note": ["yes please", "not(yes please)", "-"],
    "tested": ["true", "false", "-"],
    "lead": ["< 0", ">= 0", "[0..1)", ">= 1", "-1", "-"],
    "strangers": ["0", "<= 0", "> 0", ">= 1", "(0..1)", "1", "-"],
}
GRID: Mapping[str, list[Value]] = {
    "amount": [Decimal(n) for n in (-1, 9, 10, 30, 50, 51, 90, 100)],
    "discount": [Decimal(n) for n in (-5, 10, 15, 20, 21)],
    "users": [Decimal(n) for n in (4, 5, 7, 9, 10)],
    "score": [Decimal(n) for n in (0, 1)] + [Decimal("1.5"), Decimal(2), Decimal(3)],
    "start": [date(2026, 3, day) for day in (1, 2, 3, 4, 5)],
    "region": ["EMEA", "APAC", "LATAM"],
    "tier": ["gold", "silver", "tin", "glass"],
    "note": ["yes please", "no"],
    "tested": [True, False],
    "lead": [Decimal(n) for n in (-2, -1, 0, 1, 2)],
    "strangers": [Decimal(n) for n in (0, 1, 2)],
}
# Where a dollar is worth half a euro: each limit in both currencies, and what lies beside it.
RATES = Rates(date(2026, 3, 2), {"USD": Decimal("0.5")})
RATED: list[Value] = [Decimal(n) for n in (-1, 9, 10, 15, 20, 21, 25, 26, 50, 51, 90, 91, 100, 101, 180, 181)]
UNKNOWN: list[Value] = [None, Unreadable("gone")]
ROLES = {
    "low": Role("low", "Low", ("ada", "bob"), "delivery", 1),
    "high": Role("high", "High", ("bob", "eve"), "delivery", 2),
    "money": Role("money", "Money", ("eve", "joe"), "finance", 1),
}
PEOPLE = {name: Person(name, name.title(), f"{name}@example.com") for name in ("ada", "bob", "eve", "joe")}
RULINGS = some.one_of(
    some.just((Ruling.SALES, ())),
    some.just((Ruling.FORBIDDEN, ())),
    some.tuples(
        some.sampled_from([Ruling.SIGN_OFF, Ruling.SIGN_OFF, Ruling.NOTIFY]),
        some.sampled_from([("low",), ("high",), ("money",), ("low", "money"), ("money", "high")]),
    ),
)


def row(name: str, ruling: Ruling, roles: tuple[str, ...] = (), **cells: str) -> Row:
    compiled = tuple(compile_cell(text, FIELDS[field], "EUR") for field, text in cells.items() if text != "-")
    return Row(name, compiled, ruling, roles, where=f"policy.yaml:{name}")


def table(*rows: Row, hit: HitPolicy = HitPolicy.COLLECT) -> Matrix:
    inputs = dict.fromkeys(cell.field for one in rows for cell in one.cells)
    return Matrix("m", hit, tuple(inputs), rows, where="policy.yaml:1")


def policy(matrix: Matrix, **changes: Any) -> Policy:
    gate = Gate("g", "Sales", "Contract", Mode.BLOCK, matrices=("m",))
    known: dict[str, Any] = {"people": PEOPLE, "roles": ROLES, "currency": "EUR"}
    known.update(version="v", fields=FIELDS, checklists={}, matrices={"m": matrix}, gates=(gate,))
    return Policy(**{**known, **changes})


@some.composite
def matrices(draw: some.DrawFn, most: int = 3, always: str = "") -> Matrix:
    names = draw(some.lists(some.sampled_from(sorted(CELLS)), min_size=1, max_size=most, unique=True))
    names = list(dict.fromkeys([always, *names]))[:most] if always else names
    made = []
    for place in range(draw(some.integers(1, 6))):
        ruling, roles = draw(RULINGS)
        cells = {name: draw(some.sampled_from(CELLS[name])) for name in names}
        quorum = draw(some.sampled_from([None, 1])) if len(roles) > 1 else None
        made.append(replace(row(f"r{place}", ruling, roles, **cells), quorum=quorum))
    return table(*made, hit=draw(some.sampled_from(list(HitPolicy))))


HALVES: Mapping[str, tuple[str, str]] = {  # the better half first
    "amount": ("<= 50", "> 50"),
    "discount": ("<= 10%", "> 10%"),
    "users": (">= 5", "< 5"),
    "start": (">= 2026-03-02", "< 2026-03-02"),
    "region": ("EMEA", "not(EMEA)"),
    "tier": ("gold", "not(gold)"),
    "tested": ("true", "false"),
    "lead": (">= 0", "< 0"),
    "strangers": ("0", ">= 1"),
}


@some.composite
def halved(draw: some.DrawFn) -> Matrix:
    """Draw a matrix that covers every deal once: one input cut in two, the worse half by another one."""
    one, other = draw(some.permutations(sorted(HALVES)).map(lambda names: names[:2]))
    (good, bad), (better, worse) = HALVES[one], HALVES[other]
    mild, hard = draw(some.sampled_from([("low", "high"), ("low", "low"), ("money", "money")]))
    rows = [
        row("good", Ruling.SALES, **{one: good}),
        row("bad", Ruling.SIGN_OFF, (mild,), **{one: bad, other: better}),
        row("worse", Ruling.SIGN_OFF, (hard,), **{one: bad, other: worse}),
    ]
    return table(*draw(some.permutations(rows)), hit=draw(some.sampled_from(list(HitPolicy))))


def grid(matrix: Matrix, *, unknown: bool = False, rated: bool = False) -> Iterator[dict[str, Value]]:
    """Yield every deal on the grid of the matrix's inputs; with `unknown`, also those with holes."""
    known = {**GRID, "amount": RATED} if rated else GRID
    spans = [known[name] + (UNKNOWN if unknown else []) for name in matrix.inputs]
    for values in product(*spans):
        yield dict(zip(matrix.inputs, values, strict=True))


def ruled(rules: Policy, values: Mapping[str, Value], currency: str | None) -> tuple[Need, ...]:
    """Ask the real engine."""
    facts = {**dict.fromkeys(FIELDS), **values}
    return needs(rules, rules.gates[0], facts, currency, factors=factors(currency, rules))
