"""Deals, records and surroundings made up for the policies of `language`: usual ones, and whatever a CRM can
hold besides."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as some

from connector import gates
from connector.capacity.board import Board, board
from connector.capacity.records import Claim, Commitment, Demand, Effort, Estimate, Leave, Snapshot, Supply
from connector.checks.derived import derive
from connector.context import BADGE, Context
from connector.deals import (
    Actor,
    ActorKind,
    Change,
    Deal,
    LineItem,
    OurField,
    Pipeline,
    Stage,
    StageKind,
    Unreadable,
    Value,
)
from connector.directory import Absence, CrmUser, Directory
from connector.policy.model import Bound, Policy
from connector.standing import (
    OPEN,
    Authority,
    Clearance,
    ClearedHow,
    Condition,
    Right,
    Signoff,
    SignoffState,
    Standing,
    Vote,
    Waiver,
)
from connector.verdicts import Verdict
from tests.laws.dice import NOW, Dice
from tests.laws.language import OPTIONS, PEOPLE, PRODUCTS, ROLES, STAGES, TYPED, loaded

KINDS = (StageKind.OPEN, StageKind.OPEN, StageKind.OPEN, StageKind.WON)
PIPELINE = Pipeline(
    "default",
    "Sales Pipeline",
    (
        *(Stage(name.lower(), name, kind) for name, kind in zip(STAGES, KINDS, strict=True)),
        Stage("closed lost", "Closed Lost", StageKind.LOST),
    ),
)
USERS = {
    name: CrmUser(f"{at}", f"9{at}", f"{name}@example.com", name.title()) for at, name in enumerate(PEOPLE)
}
ODD: list[Value] = [
    None, "", Unreadable("not a date"), Unreadable("the field vanished", ours=True), Decimal("NaN"), Decimal("1E+40"),
    True, "unknown, because they move", ("EMEA", "APAC"), date(2026, 11, 24),
    date.min, date.max, Decimal("1E-30"), "A" * 3000,
]  # fmt: skip
DERIVED = frozenset(
    {"deal-discount", "discount", "products-not-offered", "deviation-count", "deviation-worth", "contract-value",
     "margin", "effort", "days-to-start"}
)  # fmt: skip
READ = tuple(name for name in TYPED if name not in DERIVED)


@dataclass(frozen=True, slots=True)
class Case:
    """One deal under one policy, with all that an assessment takes; `made` is the call that makes it again."""

    policy: Policy = field(repr=False)
    deal: Deal = field(repr=False)
    context: Context = field(repr=False)
    now: datetime = field(default=NOW, repr=False)
    made: str = ""

    def assess(self, *, way_out: bool = True) -> Verdict:
        return gates.assess(self.deal, self.policy, self.context, self.now, way_out=way_out)

    def judge(self) -> Verdict:
        """Judge it without looking for levers and range, which decide nothing and take the most time."""
        return self.assess(way_out=False)

    def filled(self, **values: Value) -> "Case":
        """Return the case with other values on the deal."""
        return replace(self, deal=replace(self.deal, values={**self.deal.values, **values}))


def around(case: Case, **changes: object) -> Case:
    """Return the case in other surroundings."""
    return replace(case, context=replace(case.context, **changes))  # type: ignore[arg-type]


def cases(policies: int, *, plain: bool = False) -> some.SearchStrategy[Case]:
    """Draw from so many policies: the deal is another one each time, a `plain` one lacks nothing."""
    seeds = some.integers(0, policies - 1), some.integers(0, 2**40)
    return some.builds(a_case, *seeds, plain=some.just(plain))


def a_case(rules: int, seed: int, *, plain: bool = False) -> Case:
    """Make the case of two seeds."""
    dice = Dice(seed)
    dice.plain = plain
    policy = loaded(rules)
    deal = a_deal(dice)
    made = f"a_case({rules}, {seed}{', plain=True' if plain else ''})"
    return Case(policy, deal, a_context(dice, policy, deal), made=made)


def a_deal(dice: Dice) -> Deal:
    values = {name: a_value(dice, name) for name in READ if name not in {"name", "owner"}}
    lines = tuple(a_line(dice, place) for place in range(0 if dice.seldom() else dice.randint(1, 3)))
    return Deal(
        id="7",
        name="Acme",
        pipeline="gone" if dice.random() < 0.02 else "default",
        stage="closed lost" if dice.random() < 0.05 else dice.choice(PIPELINE.stages[:4]).id,
        owner=dice.choice([None, "404"]) if dice.seldom() else dice.choice(["0", "0", "1", "2", "3"]),
        currency=dice.choice([None, "USD", "CHF"]) if dice.seldom() else "EUR",
        created_at=dice.choice([None, NOW - timedelta(days=2), NOW - timedelta(days=300)]),
        values=values,
        line_items=None if dice.seldom() else lines,
        shown=dict(
            dice.choice(
                [
                    {}, {}, {OurField.REQUEST: "yes"}, {OurField.REQUEST: "withdraw"}, {OurField.NEEDED_BY: "2026-11-26"},
                    {OurField.REQUEST_NOTE: "users: unknown because they count\nunknown because of snow"},
                ]
            )
        ),
    )  # fmt: skip


def a_value(dice: Dice, name: str) -> Value:
    """Take a value of the field's type, seldom anything else or none."""
    if dice.seldom():
        return dice.choice(ODD) if dice.often() else None
    match TYPED[name]:
        case "enum":
            return dice.choice(OPTIONS[name])
        case "text":
            return dice.choice(["Austria", "Netherlands", "Kade 1"])
        case "boolean":
            return dice.often()
        case "date":
            return dice.day()
        case "money":
            return dice.number(60) * 1000
        case "person":
            return "mia"
        case _:
            return dice.number()


def a_line(dice: Dice, place: int) -> LineItem:
    known = dice.random() < 0.85
    name = dice.choice(PRODUCTS) if known else "Something else"
    price = Decimal(dice.choice([1000, 24_000]))
    net = price * (100 - dice.randint(-5, 40)) / 100
    return LineItem(
        id=str(place),
        product=None if dice.seldom() else "77",
        name=f"Product {name}" if known else name,
        sku=name if known and dice.often() else None,
        quantity=Decimal(-1 if dice.random() < 0.03 else dice.randint(0, 12)),
        list_price=None if dice.seldom() else price,
        net_price=dice.choice([None, Decimal("1E+30"), Decimal("1E-30")]) if dice.seldom() else net,
        cost=None if dice.seldom() else price / 2,
    )


def a_context(dice: Dice, policy: Policy, deal: Deal) -> Context:
    people = Directory.join(policy.people, USERS.values())
    late = {gate.id: NOW - timedelta(days=1) for gate in policy.gates}
    return Context(
        account="main",
        pipelines={"default": PIPELINE},
        directory=replace(people, members={"queue:Deal Desk": ("ruth", "jan"), "team:Board": ("eva",)}),
        standing=a_record(dice, policy) if dice.often() else Standing(),
        history=a_history(dice, deal.stage),
        live_since=dice.choice([{}, late]) if dice.seldom() else {},
        quiet_until=NOW - timedelta(hours=1) if dice.seldom() else None,
        observe_only=dice.random() < 0.03,
        leaving=dice.random() < 0.03,
        flag_only=dice.random() < 0.05,
        shows=BADGE | {OurField.CLEAR_RANGE, OurField.DETAIL} if dice.often() else BADGE,
        absences=(Absence("anna", NOW.date(), NOW.date(), dice.choice([None, "jan"])),) if dice.seldom() else (),
        board=None if dice.seldom() else a_board(dice),
    )  # fmt: skip


def a_history(dice: Dice, stage: str) -> tuple[Change, ...] | None:
    if dice.seldom():
        return None
    person, others = Actor(ActorKind.PERSON, "90"), [Actor(kind) for kind in ActorKind]
    newest = Change("stage", stage, NOW - timedelta(minutes=dice.randint(0, 90)), person)
    older = [
        Change(
            dice.choice(["stage", "amount", "start", "request"]),
            dice.choice([one.id for one in PIPELINE.stages]),
            NOW - timedelta(hours=dice.randint(2, 900)),
            dice.choice([person, *others]),
        )
        for _ in range(dice.randint(0, 4))
    ]
    return (newest, *sorted(older, key=lambda one: one.at, reverse=True))


def a_record(dice: Dice, policy: Policy) -> Standing:
    asked = tuple(a_signoff(dice, policy, cycle) for cycle in range(1, dice.randint(0, 4) + 1))
    held = dice.sample(policy.gates, dice.randint(0, len(policy.gates)))
    return Standing(
        signoffs=asked,
        clearances={gate.id: a_clearance(dice, policy, gate.id) for gate in held if dice.often()},
        waivers=(a_waiver(dice, policy),) if dice.seldom() else (),
        quiet_until=NOW - timedelta(hours=2) if dice.seldom() else None,
        stage=dice.choice(PIPELINE.stages).id,
        pipeline="default",
        known=dice.often(),
        checked_at=dice.choice([None, NOW - timedelta(days=1)]),
    )


def a_clearance(dice: Dice, policy: Policy, gate: str) -> Clearance:
    seen = a_memory(dice, policy, dice.some(*policy.fields, most=5))
    at = NOW - timedelta(hours=dice.randint(1, 500))
    return Clearance(
        gate, dice.choice(list(ClearedHow)), at, "v0", seen, waived=("w1",) if dice.seldom() else ()
    )


def a_memory(dice: Dice, policy: Policy, names: Iterable[str]) -> dict[str, Value]:
    """Take what these fields were: those of another deal, as they are kept."""
    facts = derive(a_deal(dice), policy, NOW.date())
    return {name: facts.get(name) for name in names}


def a_waiver(dice: Dice, policy: Policy) -> Waiver:
    rules = [
        *policy.matrices,
        "required-data",
        "feasibility",
        "capacity",
        "deviations",
        "required-data/users",
    ]
    bounds = (Bound("users", high=Decimal(20)),) if dice.seldom() else ()
    until = (NOW + timedelta(days=dice.randint(-2, 30))).date()
    return Waiver(
        "w1", dice.choice(rules), until, "pilot", "ruth", NOW - timedelta(days=1), "founder", bounds
    )


def a_signoff(dice: Dice, policy: Policy, cycle: int) -> Signoff:
    state = dice.choice([*SignoffState, SignoffState.REQUESTED, SignoffState.APPROVED, SignoffState.REJECTED])
    decided = state in {SignoffState.APPROVED, SignoffState.REJECTED}
    role, who = dice.choice(ROLES), dice.choice(PEOPLE)
    asked_at = NOW - timedelta(hours=dice.randint(1, 200))
    decided_at = asked_at + timedelta(minutes=dice.randint(0, 60))
    right = Authority(role, who, Right.HOLDER)
    matrix = dice.choice(list(policy.matrices.values()))
    limit = Bound(matrix.inputs[0], high=Decimal(25))
    return Signoff(
        gate=dice.choice(policy.gates).id,
        role=role,
        cycle=cycle,
        state=state,
        asked=(who,),
        requested_at=asked_at,
        due_at=asked_at + timedelta(hours=8),
        policy_version="v0",
        lever=matrix.inputs[0],
        seen=a_memory(dice, policy, matrix.inputs),
        envelope=(limit,) if decided and dice.seldom() else (),
        valid_until=(NOW + timedelta(days=dice.randint(-2, 20))).date() if decided and dice.seldom() else None,
        decided_by=who if decided else None,
        decided_at=decided_at if decided else None,
        authority=right if decided else None,
        about=tuple(dice.some("required-data:users", "feasibility:row-0", "capacity:start")) if dice.seldom() else (),
        votes=(Vote(who, decided_at, right),) if state is SignoffState.APPROVED and dice.seldom() else (),
        conditions=(Condition("data is there", (NOW + timedelta(days=dice.randint(-2, 9))).date()),)
        if state is SignoffState.APPROVED and dice.seldom()
        else (),
        question="How many?" if state is SignoffState.INFO else "",
        asked_at=asked_at if state is SignoffState.INFO else None,
        paused_at=asked_at if state in OPEN and dice.seldom() else None,
    )  # fmt: skip


def a_board(dice: Dice) -> Board:
    today = NOW.date()
    monday = today - timedelta(days=today.weekday())
    plan = Snapshot(
        today - timedelta(days=30 if dice.seldom() else dice.randint(0, 5)),
        supply=tuple(
            Supply(role, role, today - timedelta(days=90), None, dice.randint(0, 60) * 60)
            for role in dice.some("engineer", "trainer")
        ),
        leave=(Leave("", today, today + timedelta(days=2)),) if dice.seldom() else (),
        commitments=tuple(
            Commitment("engineer", monday + timedelta(weeks=at), monday + timedelta(weeks=at + 3), 1200, dice.choice(["", "8"]), "Globex")
            for at in range(dice.randint(0, 4))
        ),
    )  # fmt: skip
    rival = Estimate(
        "8", "Beta", dice.choice(list(Claim)), dice.day(), Demand.of([Effort("engineer", 6000, 0, 3)]), 500
    )
    return board(None if dice.seldom() else plan, (rival,) if dice.often() else (), today)
