"""The proof that a gate finds people enough, held against the engine: what it says of an owner and a deal is so,
and where it says nothing no deal waits for somebody who is not there."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from connector import gates
from connector.context import Context
from connector.deals import Value
from connector.directory import CrmUser, Directory
from connector.policy.model import Checklist, HitPolicy, Matrix, Person, Policy, Role, Row, Ruling, Scope
from connector.proof import Fault, Kind, prove
from connector.proof.signing import Signing, asked
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
    for line, level in (("price", 1), ("price", 2), ("legal", 1), ("money", 1), ("money", 2)):
        name = f"{line}{level}"
        able = some.lists(some.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
        found_by = [[], [], [], [], ["owner.manager"], ["owner.manager"], [f"queue:{name}"]]
        holders = [*draw(able), *draw(some.sampled_from(found_by))]
        only_people = set(holders) <= set(NAMES)
        needs = draw(some.sampled_from([1, 1, 1, 2, None] if only_people else [1]))
        backups = draw(some.just([]) | able)
        found[name] = Role(
            name, name.title(), tuple(holders), line, level, backups=tuple(backups),
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
        hit = draw(some.sampled_from([HitPolicy.COLLECT, HitPolicy.COLLECT, HitPolicy.UNIQUE]))
        matrices[name] = Matrix(name, hit, tuple(CELLS), tuple(rows))
    scope = Scope((("region", frozenset({"emea"})),)) if draw(some.integers(0, 3)) == 0 else Scope()
    unknown = draw(some.sampled_from([None, "price2", "legal1"]))
    return gated(known, matrices, draw(people()), scope, unknown)


def gated(
    roles: dict[str, Role],
    matrices: dict[str, Matrix],
    people: dict[str, Person],
    scope: Scope = Scope(),  # noqa: B008  frozen
    unknown: str | None = None,
) -> Policy:
    gate = world.gate(matrices=tuple(matrices), scope=scope)
    checks = (world.required("delivery_address", unknown_goes_to=unknown),)
    checklists = {"contract": Checklist("c", checks)}
    return world.policy(gate, roles=roles, matrices=matrices, people=people, checklists=checklists)


def around(rules: Policy) -> Context:
    """Return the CRM, which has in each queue somebody who holds no other role."""
    queued = {role: Person(f"in {role}", role, f"{role}@example.com") for role in rules.roles}
    people = {**rules.people, **{one.id: one for one in queued.values()}}
    queues = {one.id: (role,) for role, one in queued.items()}
    users = (CrmUser(one, one, f"{people[one].email}", one, queues=queues.get(one, ())) for one in people)
    return world.context(directory=Directory.join(people, users))


def stuck(rules: Policy, crm: Context, owner: str | None, values: dict[str, Value]) -> tuple[str, ...]:
    """Return the roles that nobody can sign for, as the engine finds them for one deal."""
    deal = world.deal("proposal", owner=owner, values=values)
    found = gates.assess(deal, rules, crm, world.NOW, way_out=False).gates
    asks = found and found[0].waiting and found[0].readiness is not Readiness.BLOCKED
    return found[0].nobody if asks else ()


GIVEN, UNKNOWN = "Kade 1, Utrecht", "unknown because they move"


def deals() -> Iterator[dict[str, Value]]:
    for region, users, address in product(REGIONS, USERS, (GIVEN, UNKNOWN)):
        yield {"region": region, "number_of_users": Decimal(users), "delivery_address": address}


def owners(rules: Policy) -> Iterator[str]:
    return (name for name, person in rules.people.items() if person.manager)


def holds(rules: Policy) -> None:
    faults = [one for one in prove(rules) if one.kind in FEW]
    crm = around(rules)
    for values in deals():
        rows = _matched(values, rules)
        waits = any(stuck(rules, crm, owner, values) for owner in owners(rules))
        if waits and not _contradicts(rows, rules):  # that is told as such
            assert _is_told(rows, faults, rules), (written(rules), values)
    for fault in faults:
        assert is_real(fault, rules, crm), (written(rules), fault)


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
    said = role and values["delivery_address"] == UNKNOWN
    return [Row("unknown-because", (), Ruling.SIGN_OFF, (role,))] if role and said else []


def _contradicts(rows: list[Row], rules: Policy) -> bool:
    unique = [one for one in rules.matrices.values() if one.hit is HitPolicy.UNIQUE]
    return any(sum(row in one.rows for row in rows) > 1 for one in unique)


def _is_told(rows: list[Row], faults: list[Fault], rules: Policy) -> bool:
    """Say whether a fault speaks of these rows: of some of them, of others that ask the same, or in the words
    in which it would speak of some of them."""
    asks = {_ask(row) for row in rows}
    if any({_ask(row) for row in one.rows} <= asks for one in faults):
        return True
    said, signing = {one.said for one in faults}, Signing(rules)
    sets = chain.from_iterable(combinations(rows, size) for size in range(1, len(rows) + 1))
    return any(one.said in said for some in sets for one in signing.short(asked(some, rules)))


def _ask(row: Row) -> object:
    return row.roles, row.quorum, row.own


def is_real(fault: Fault, rules: Policy, crm: Context) -> bool:
    """Say whether the engine finds nobody for the deal that the fault shows. One row alone is told of though
    others outdo it everywhere: there the engine is asked of a deal that matches nothing else."""
    at = fault.witness
    assert at is not None
    if fault.kind is Kind.FEW_TOGETHER:
        checks = any(row.id.startswith("check ") for row in fault.rows)
        shown = {name: value for name, value in at.values.items() if value is not None}
        address = UNKNOWN if checks else GIVEN
        return bool(stuck(rules, crm, at.owner, {**ANY, **shown, "delivery_address": address}))
    mine = [one for one in deals() if _alone(fault.rows[0], _matched(one, rules))]
    inside = [one for one in mine if not rules.gates[0].scope.allowed or one["region"] == "EMEA"]
    return not inside or any(stuck(rules, crm, at.owner, one) for one in inside)


ANY: dict[str, Value] = {"region": "EMEA", "number_of_users": Decimal(USERS[0])}


def _alone(row: Row, rows: list[Row]) -> bool:
    """Say whether the row asks alone of a deal that these match, beside the row that every deal matches."""
    return [_ask(one) for one in rows if one.ruling is not Ruling.SALES] == [_ask(row)]


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


@pytest.mark.slow
@LONG
@given(policies())
def test_where_the_proof_is_content_every_deal_finds_its_people_at_length(rules: Policy) -> None:
    holds(rules)


# --- what the law has found, each held against the engine for every deal and owner ---

REPORTS = {name: Person(name, name.title(), f"{name}@example.com", manager=BOSS) for name in NAMES[:4]}
PEOPLE = {**REPORTS, BOSS: Person(BOSS, "Kim", "kim@example.com")}


def role(name: str, *holders: str, **changes: object) -> Role:
    return Role(name, name.title(), holders, name[:-1], int(name[-1]), **changes)  # type: ignore[arg-type]


def asking(name: str, *roles: str, fact: bool = False, quorum: int | None = None, **cells: str) -> Row:
    """A row that wants these roles to sign, or a fact that the owner may state."""
    blank = world.row(name, Ruling.SIGN_OFF, roles, **cells)
    return replace(blank, quorum=quorum, attest="it fits" if fact else "", own=fact)


def found(roles: list[Role], *rows: Row, two: tuple[Row, ...] = (), **changes: Scope | str) -> list[set[str]]:
    """Return the rows of each fault, after holding them against the engine."""
    matrices = {
        name: Matrix(name, HitPolicy.COLLECT, tuple(CELLS), of)
        for name, of in (("plain", PLAIN.rows), ("one", rows), ("two", two))
    }
    rules = gated({one.id: one for one in roles}, matrices, PEOPLE, **changes)  # type: ignore[arg-type]
    holds(rules)
    assert not [one for one in prove(rules) if one.kind is Kind.NOT_PROVED]
    return [{row.id for row in one.rows} for one in prove(rules) if one.kind in FEW]


OWNERS_OWN = [
    role("price1", "ada", "owner.manager"),
    role("price2", "ada", "bob"),
    role("legal1", "bob", backups=("ada",)),
]


def test_a_role_that_a_check_asks_and_a_row_need_two_where_the_owner_is_one_of_two() -> None:
    """Ada's deal for 50 users whose address is not known: price and legal, and only Bob is left."""
    two = (
        asking("small", "legal1", fact=True, number_of_users="<= 10"),
        asking("either", "price2", "legal1", quorum=1),
    )
    emea = Scope((("region", frozenset({"emea"})),))
    told = found(OWNERS_OWN, asking("all", "price1"), two=two, scope=emea, unknown="legal1")
    assert {"one/all", "two/either"} <= told[0]
    small = replace(two[0], cells=two[1].cells)
    assert found(OWNERS_OWN, asking("all", "price1"), two=(small, two[1])) != []
    assert found(OWNERS_OWN, asking("all", "price1"), two=two[1:]) == []


ADAS = [
    role("price1", "ada"),
    role("price2", "ada", "bob"),
    role("legal1", "ada", "bob"),
    role("money1", "ada"),
]
EITHER = asking("either", "price2", "legal1", quorum=1)


@pytest.mark.parametrize(
    ("two", "told"),
    [
        ((asking("must", "price2"), asking("more", "legal1")), [{"one/either", "two/must", "two/more"}]),
        ((asking("must", "price2"),), []),
        ((asking("other", "money1", "legal1", quorum=1),), []),
        (
            (asking("lower", "price1", fact=True), asking("more", "legal1")),
            [{"one/either", "two/lower", "two/more"}],
        ),
        ((asking("apart", "money1", fact=True),), []),
        ((asking("three", "price1", "legal1", "money1", quorum=2),), [{"three"}]),
    ],
)
def test_of_two_roles_one_is_enough_only_where_somebody_is_left_for_it(
    two: tuple[Row, ...], told: list[set[str]]
) -> None:
    assert found(ADAS, EITHER, two=two) == told


def test_a_fact_of_the_higher_role_is_not_the_owners_where_the_lower_one_has_to_sign() -> None:
    """Each row found its people: Bob signs as money1, Joe states his own fact as money2. Together nobody does."""
    roles = [role("money1", "bob", "joe"), role("money2", "joe")]
    rows = asking("all", "money1", region="EMEA"), asking("stated", "money2", fact=True)
    assert found(roles, rows[0], two=rows[1:]) == [{"one/all", "two/stated"}]
    apart = asking("stated", "money2", fact=True, region="APAC")
    assert found(roles, rows[0], two=(apart,)) == []


def test_whoever_a_queue_sends_joins_the_rows_that_want_him_too() -> None:
    """Legal is a queue: nobody knows who of it signs, but price and money still need different people."""
    roles = [role("price1", BOSS), role("legal1", "queue:legal1"), role("money1", BOSS)]
    rows = asking("one", "price1", "legal1"), asking("two", "legal1", "money1", number_of_users="> 10")
    assert found(roles, rows[0], two=rows[1:]) == [{"one/one", "two/two"}]
    assert found(roles, rows[0], two=(asking("two", "money1"),)) == []


def test_no_deal_waits_for_people_where_a_higher_role_signs_in_their_place() -> None:
    """What lacks people lies under a row that asks for more: only a hole in that row would show it."""
    roles = [role("price1", BOSS), role("price2", "bob", "joe"), role("legal1", BOSS)]
    higher = asking("higher", "price2")
    pair = asking("pair", "price1", "legal1", quorum=1)
    musts = asking("low", "price1"), asking("law", "legal1")
    assert found(roles, pair, two=(*musts, higher)) == []
    some = asking("higher", "price2", number_of_users="> 10")
    assert found(roles, pair, two=(*musts, some)) == [{"one/pair", "two/low", "two/law"}]
    never = replace(world.row("never", Ruling.FORBIDDEN, number_of_users="<= 10"))
    assert found(roles, pair, two=(*musts, some, never)) == []


def test_rows_of_a_unique_matrix_that_contradict_each_other_ask_nobody() -> None:
    roles = [role("price1", BOSS), role("legal1", BOSS), role("money1", "bob", "joe")]
    rows = (asking("a", "price1", "money1", quorum=1), asking("b", "legal1", "money1"))
    one = Matrix("one", HitPolicy.UNIQUE, tuple(CELLS), rows)
    two = Matrix("two", HitPolicy.COLLECT, tuple(CELLS), (asking("c", "price1"),))
    rules = gated({each.id: each for each in roles}, {"plain": PLAIN, "one": one, "two": two}, PEOPLE)
    assert {fault.kind for fault in prove(rules)} == {Kind.CONTRADICTION}


def test_the_deal_that_is_shown_is_one_that_the_gate_looks_at() -> None:
    """Rows named another region only, and the deal that was shown lay in neither."""
    never = world.row("never", Ruling.FORBIDDEN, region="APAC")
    rows = asking("pair", "price1", "legal1"), never
    two = Matrix("two", HitPolicy.COLLECT, tuple(CELLS), (asking("law", "legal1", "money1"),))
    roles = [role("price1", BOSS), role("legal1", "bob", "joe"), role("money1", BOSS)]
    one = Matrix("one", HitPolicy.COLLECT, tuple(CELLS), rows)
    emea = Scope((("region", frozenset({"emea"})),))
    rules = gated({each.id: each for each in roles}, {"plain": PLAIN, "one": one, "two": two}, PEOPLE, emea)
    holds(rules)
    (fault,) = (one for one in prove(rules) if one.kind in FEW)
    assert fault.witness is not None
    assert fault.witness.values["region"] == "emea"
