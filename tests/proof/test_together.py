"""The proof that a gate finds people enough, held against the engine: what it says of an owner and a deal is so,
and where it says nothing no deal waits for somebody who is not there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from connector import gates
from connector.deals import Value
from connector.directory import CrmUser, Directory
from connector.policy.model import Checklist, HitPolicy, Matrix, Person, Policy, Role, Row, Ruling, Scope
from connector.proof import Fault, Kind, prove
from connector.verdicts import Readiness
from tests.core import world

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(QUICK, max_examples=3000)
NAMES = ("ada", "bob", "eve", "joe", "kim")
BOSS = "kim"  # reports to nobody, and owns no deal
REGIONS = ("EMEA", "APAC", "other")
USERS = (5, 50, 500)
FEW = {Kind.FEW_HOLDERS, Kind.FEW_TOGETHER}
CELLS = {
    "region": ["-", "-", "EMEA", "EMEA, APAC", "not(EMEA)"],
    "number_of_users": ["-", "-", "<= 10", "> 10", "(10..100]", "> 100"],
}
PLAIN = Matrix("plain", HitPolicy.COLLECT, (), (Row("all", (), Ruling.SALES),))


@some.composite
def people(draw: some.DrawFn) -> dict[str, Person]:
    managers = {name: draw(some.sampled_from([BOSS, "ada", "eve"])) for name in NAMES if name != BOSS}
    reports = {name: None if name == manager else manager for name, manager in managers.items()}
    return {
        name: Person(name, name.title(), f"{name}@example.com", manager=reports.get(name)) for name in NAMES
    }


@some.composite
def roles(draw: some.DrawFn) -> dict[str, Role]:
    found = {}
    for chain, level in (("price", 1), ("price", 2), ("legal", 1), ("money", 1), ("money", 2)):
        name = f"{chain}{level}"
        able = some.lists(some.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
        holders = [*draw(able), *draw(some.sampled_from([[], [], ["owner.manager"]]))]
        only_people = "owner.manager" not in holders
        needs = draw(some.sampled_from([1, 1, 1, 2, None] if only_people else [1]))
        backups = draw(some.just([]) | able)
        found[name] = Role(
            name, name.title(), tuple(holders), chain, level, backups=tuple(backups),
            needs=min(needs, len(holders)) if needs else needs,
        )  # fmt: skip
    if draw(some.booleans()):
        found["last"] = Role("last", "Last", (draw(some.sampled_from(NAMES)),), "last", 1, last_resort=True)
    return found


@some.composite
def signed(draw: some.DrawFn, name: str, roles: tuple[str, ...]) -> Row:
    cells = {field: draw(some.sampled_from(tests)) for field, tests in CELLS.items()}
    named = draw(some.lists(some.sampled_from(roles), min_size=1, max_size=3, unique=True))
    chains = {role[:-1]: role for role in named}  # a row names one role of a chain
    blank = world.row(name, Ruling.SIGN_OFF, chains.values(), **cells)
    quorum = draw(some.sampled_from([None, None, 1, 2])) if len(chains) > 1 else None
    attest = "it fits" if len(chains) == 1 and draw(some.integers(0, 5)) == 0 else ""
    return replace(blank, quorum=quorum, attest=attest, own=bool(attest) and draw(some.booleans()))


@some.composite
def policies(draw: some.DrawFn) -> Policy:
    known = draw(roles())
    matrices = {"plain": PLAIN}
    for name in ("one", "two"):
        rows = [draw(signed(f"{name}{place}", tuple(known))) for place in range(draw(some.integers(1, 3)))]
        if draw(some.integers(0, 4)) == 0:
            rows.append(
                world.row("never", Ruling.FORBIDDEN, region=draw(some.sampled_from(["EMEA", "APAC"])))
            )
        matrices[name] = Matrix(name, HitPolicy.COLLECT, tuple(CELLS), tuple(rows))
    scope = Scope((("region", frozenset({"emea"})),)) if draw(some.integers(0, 3)) == 0 else Scope()
    unknown = draw(some.sampled_from([None, "price2", "legal1"]))
    checks = (world.required("delivery_address", unknown_goes_to=unknown),)
    gate = world.gate(matrices=("plain", "one", "two"), scope=scope)
    return world.policy(
        gate,
        roles=known,
        matrices=matrices,
        people=draw(people()),
        checklists={"contract": Checklist("c", checks)},
    )


def stuck(rules: Policy, owner: str | None, values: dict[str, Value]) -> tuple[str, ...]:
    """Return the roles that nobody can sign for, as the engine finds them for one deal."""
    users = tuple(CrmUser(name, name, f"{name}@example.com", name) for name in rules.people)
    around = world.context(directory=Directory.join(rules.people, users))
    deal = world.deal("proposal", owner=owner, values=values)
    found = gates.assess(deal, rules, around, world.NOW, way_out=False).gates
    asks = found and found[0].waiting and found[0].readiness is not Readiness.BLOCKED
    return found[0].nobody if asks else ()


def deals(known: Mapping[str, Value] = MappingProxyType({})) -> Iterator[dict[str, Value]]:
    addresses = ("Kade 1, Utrecht", "unknown because they move")
    for region, users, address in product(REGIONS, USERS, addresses):
        if not known.keys() - {"region"} or users == USERS[0]:
            sold = {"region": region, "number_of_users": Decimal(users), **known}
            yield {**sold, "delivery_address": address}


def owners(rules: Policy) -> Iterator[str]:
    return (name for name, person in rules.people.items() if person.manager)


def holds(rules: Policy) -> None:
    faults = [one for one in prove(rules) if one.kind in FEW]
    for owner, values in product([*owners(rules), None], deals()):
        if owner and stuck(rules, owner, values):
            assert any(_explains(one, values, rules) for one in faults), (written(rules), owner, values)
    for fault in faults:
        assert is_real(fault, rules), (written(rules), fault)


def _matched(values: dict[str, Value], rules: Policy) -> list[Row]:
    """Return what asks people of this deal, rows of matrices and the check that sends it to a role."""
    rows = [row for one in rules.matrices.values() for row in one.rows]
    return [
        row
        for row in (*rows, *_unknown(values, rules))
        if all(cell.test(values[cell.field]) for cell in row.cells)
    ]


def _unknown(values: dict[str, Value], rules: Policy) -> list[Row]:
    role = rules.checklists["contract"].checks[0].unknown_goes_to  # type: ignore[union-attr]
    said = role and str(values["delivery_address"]).startswith("unknown")
    return [Row("unknown-because", (), Ruling.SIGN_OFF, (role,))] if role and said else []


def _ask(row: Row) -> object:
    return row.roles, row.quorum, row.own


def _explains(fault: Fault, values: dict[str, Value], rules: Policy) -> bool:
    """Say whether the fault's rows, or rows that ask the same, match this deal."""
    return {_ask(row) for row in fault.rows} <= {_ask(row) for row in _matched(values, rules)}


def is_real(fault: Fault, rules: Policy) -> bool:
    """Say whether the engine finds nobody for a deal that the fault speaks of. One row alone is told of though
    others outdo it everywhere."""
    at = fault.witness
    assert at is not None
    known = {name: value for name, value in at.values.items() if value not in {None, "other"}}
    mine = [values for values in deals(known) if _explains(fault, values, rules)]
    if fault.kind is Kind.FEW_HOLDERS:
        mine = [one for one in mine if len(_matched(one, rules)) == 2]  # itself, and the row of every deal
    sold = [
        one for one in mine if not rules.gates[0].scope.allowed or str(one["region"]).casefold() == "emea"
    ]
    if not sold:
        return fault.kind is Kind.FEW_HOLDERS
    whose = [at.owner] if at.owner else [None, *owners(rules)]
    return any(stuck(rules, owner, values) for owner in whose for values in sold)


def written(rules: Policy) -> str:
    roles = [
        f"{one.id} {one.holders} {one.backups} {one.needs} {one.last_resort}" for one in rules.roles.values()
    ]
    rows = [
        f"{one.id} {[cell.field + ' ' + cell.text for cell in one.cells]} {one.ruling} {one.roles} {one.quorum} {one.own}"
        for matrix in rules.matrices.values()
        for one in matrix.rows
    ]
    people = [f"{one.id}<{one.manager}" for one in rules.people.values()]
    return "\n".join([*roles, *rows, *people, str(rules.gates[0].scope), str(rules.checklists)])


@QUICK
@given(policies())
def test_where_the_proof_is_content_every_deal_finds_its_people_and_what_it_shows_does_not(
    rules: Policy,
) -> None:
    holds(rules)


# One policy in some thousands: a row of which one of two roles is enough, with the deal's owner and his manager
# among its people, leaves a deal without enough of them that the proof does not find (ADR 225).
@pytest.mark.xfail(reason="the proof misses a rare lack of people", strict=False)
@pytest.mark.slow
@LONG
@given(policies())
def test_where_the_proof_is_content_every_deal_finds_its_people_at_length(rules: Policy) -> None:
    holds(rules)
