"""The sandbox company in pure values: its pipelines, people, policy, and a desk that lives a deal's life."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector import gates, plan, signoffs
from connector.checks.derived import derive
from connector.context import Context
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
    Value,
)
from connector.directory import CrmUser, Directory
from connector.effects import AddNote, CloseTask, CreateTask, Effect, MoveBack, SendMail, WriteFields
from connector.policy.cells import compile_cell
from connector.policy.model import (
    Calendar,
    Checklist,
    Derived,
    Deviations,
    Field,
    FieldType,
    Gate,
    HitPolicy,
    Home,
    Matrix,
    Mode,
    Person,
    Policy,
    RequiredData,
    RequiredField,
    Role,
    Row,
    Ruling,
    Weight,
    Worse,
)
from connector.signoffs import Heard
from connector.signoffs.ground import Ground
from connector.standing import Answer, Signoff, SignoffState, Standing
from connector.verdicts import Verdict

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # a Tuesday, 14:00 in Amsterdam
LONG_AGO = NOW - timedelta(days=400)
PIPELINE = Pipeline(
    "default",
    "Sales Pipeline",
    (
        Stage("discovery", "Discovery"),
        Stage("proposal", "Proposal"),
        Stage("contract", "Contract"),
        Stage("closedwon", "Closed Won", StageKind.WON),
        Stage("closedlost", "Closed Lost", StageKind.LOST),
    ),
)
RENEWALS = Pipeline(
    "renewals",
    "Renewals",
    (
        Stage("renewal_open", "Open"),
        Stage("renewal_offer", "Offer"),
        Stage("renewal_won", "Renewed", StageKind.WON),
        Stage("renewal_lost", "Lost", StageKind.LOST),
    ),
)
PIPELINES = {one.id: one for one in (PIPELINE, RENEWALS)}
NAMES = {
    "mia": ("101", "9101", "Mia de Vries", "eva"),
    "tom": ("102", "9102", "Tom Baker", "eva"),
    "eva": ("110", "9110", "Eva Lang", "ruth"),
    "anna": ("120", "9120", "Anna Bos", "ruth"),
    "jan": ("121", "9121", "Jan Smit", "ruth"),
    "ruth": ("130", "9130", "Ruth Klein", None),
}
PEOPLE = {
    person: Person(person, name, f"{person}@example.com", hubspot_user=user, manager=manager)
    for person, (_, user, name, manager) in NAMES.items()
}
USERS = tuple(
    CrmUser(owner, user, f"{person}@example.com", name) for person, (owner, user, name, _) in NAMES.items()
)
ROLES = {
    "operations": Role("operations", "Operations", ("anna", "jan"), "delivery", 1, "Operations"),
    "founder": Role("founder", "the founder", ("ruth",), "delivery", 2, "Founder"),
    "sales-manager": Role("sales-manager", "the sales manager", ("owner.manager",), "sales", 1, "Sales"),
}
FIELDS = {
    one.name: one
    for one in (
        Field("amount", "amount", FieldType.MONEY, rep_may_change=True, weight=Weight.IGNORE),
        Field("close-date", "close date", FieldType.DATE, weight=Weight.IGNORE),
        Field("delivery_address", "delivery address", FieldType.TEXT, rep_may_change=True),
        Field("number_of_users", "number of users", FieldType.NUMBER, worse=Worse.HIGHER),
        Field("start_date", "start date", FieldType.DATE, worse=Worse.LOWER, rep_may_change=True),
        Field("region", "region", FieldType.ENUM),
        Field("service_level", "service level", FieldType.ENUM, weight=Weight.NOTIFY),
        Field(
            "discount", "discount", FieldType.PERCENT, Home.DERIVED, rep_may_change=True,
            worse=Worse.HIGHER, derived=Derived.DISCOUNT,
        ),
        Field(
            "not_offered", "products not offered", FieldType.NUMBER, Home.DERIVED,
            worse=Worse.HIGHER, derived=Derived.PRODUCTS_NOT_OFFERED,
        ),
    )
}  # fmt: skip


def row(name: str, ruling: Ruling, roles: Iterable[str] = (), text: str = "", **cells: str) -> Row:
    compiled = tuple(compile_cell(cell, FIELDS[field], "EUR") for field, cell in cells.items() if cell != "-")
    return Row(name, compiled, ruling, tuple(roles), where=f"policy.yaml:{name}", text=text)


def matrix(name: str, *rows: Row, hit: HitPolicy = HitPolicy.COLLECT) -> Matrix:
    inputs = dict.fromkeys(cell.field for one in rows for cell in one.cells)
    return Matrix(name, hit, tuple(inputs), rows)


DISCOUNTS = matrix(
    "discounts",
    row("small", Ruling.SALES, discount="<= 10%"),
    row("middle", Ruling.SIGN_OFF, ["operations"], discount="(10%..20%]"),
    row("large", Ruling.SIGN_OFF, ["founder"], discount="(20%..30%]"),
    row("huge", Ruling.FORBIDDEN, discount="> 30%"),
)
WATCHED = matrix(
    "watched",
    row("usual", Ruling.SALES, discount="< 8%"),
    row("eyed", Ruling.NOTIFY, ["founder"], discount="[8%..20%]"),
    row("eyed more", Ruling.NOTIFY, ["operations"], discount="> 20%"),
)
STRANGERS = matrix(
    "strangers",
    row("standard", Ruling.SALES, not_offered="<= 0"),
    row("custom", Ruling.SIGN_OFF, ["operations"], not_offered="> 0"),
)


def required(*names: str, unknown_goes_to: str | None = "operations") -> RequiredData:
    return RequiredData("data", tuple(RequiredField(name) for name in names), unknown_goes_to=unknown_goes_to)


def gate(name: str = "contract", stage: str | None = None, **changes: Any) -> Gate:
    known: dict[str, Any] = {
        "pipeline": "Sales Pipeline", "mode": Mode.BLOCK, "checklist": "contract",
        "matrices": ("discounts", "strangers"), "move_back": True,
    }  # fmt: skip
    return Gate(name, stage=stage or name, **{**known, **changes})


CONTRACT = gate()
WON = gate("won", "closedwon", checklist="won", matrices=())


def policy(*gates: Gate, **changes: Any) -> Policy:
    known: dict[str, Any] = {
        "version": "v1",
        "fields": FIELDS,
        "people": PEOPLE,
        "roles": ROLES,
        "checklists": {
            "contract": Checklist(
                "contract", (required("delivery_address", "number_of_users"), Deviations("offer"))
            ),
            "won": Checklist("won", (required("delivery_address", "number_of_users", "start_date"),)),
        },
        "matrices": {"discounts": DISCOUNTS, "strangers": STRANGERS, "watched": WATCHED},
        "gates": gates or (CONTRACT, WON),
        "calendar": Calendar(zone="Europe/Amsterdam"),
        "currency": "EUR",
    }
    return Policy(**{**known, **changes})


def line(discount: Value = Decimal(0), product: str | None = "DP-CORE", quantity: int = 2) -> LineItem:
    """One line of EUR 24,000 list price each, sold at this discount."""
    net = Decimal(24000) * (100 - discount) / 100 if isinstance(discount, Decimal) else None
    return LineItem("l1", product, "Data Platform Core", None, Decimal(quantity), Decimal(24000), net)


def deal(stage: str = "proposal", discount: int | str | None = 0, **changes: Any) -> Deal:
    """A deal of Mia's that lacks nothing; `discount` in percent points, None for unknown prices."""
    points = None if discount is None else Decimal(discount)
    values: dict[str, Value] = {
        "delivery_address": "Kade 1, Utrecht",
        "number_of_users": Decimal(30),
        "start_date": date(2027, 3, 2),
        "region": "EMEA",
        "service_level": "standard",
        "amount": None if points is None else Decimal(48000) * (100 - points) / 100,
    }
    values.update(changes.pop("values", {}))
    known: dict[str, Any] = {
        "id": "7", "name": "Acme", "pipeline": "default", "owner": "101", "currency": "EUR",
        "created_at": NOW - timedelta(days=30), "line_items": (line(points),),
    }  # fmt: skip
    return Deal(stage=stage, values=values, **{**known, **changes})


def person(user: str = "9101") -> Actor:
    return Actor(ActorKind.PERSON, user)


MACHINE = Actor(ActorKind.AUTOMATION)
IMPORT = Actor(ActorKind.IMPORT)


def moved(*stages: str, at: datetime = NOW, by: Actor | None = None) -> tuple[Change, ...]:
    """A history, newest first, through these stages given oldest first, a day between each."""
    actor = by or person()
    changes = [
        Change("stage", stage, at - timedelta(days=age), actor)
        for age, stage in zip(range(len(stages) - 1, -1, -1), stages, strict=True)
    ]
    return tuple(reversed(changes))


DIRECTORY = Directory.join(PEOPLE, USERS)
LIVE = {"contract": LONG_AGO, "won": LONG_AGO, "renewal": LONG_AGO}


def context(**changes: Any) -> Context:
    known: dict[str, Any] = {
        "account": "main", "pipelines": PIPELINES, "directory": DIRECTORY,
        "history": moved("discovery", "proposal"), "live_since": LIVE,
    }  # fmt: skip
    return Context(**{**known, **changes})


def request(
    role: str = "operations", *, cycle: int = 1, state: SignoffState = SignoffState.REQUESTED, **changes: Any
) -> Signoff:
    known: dict[str, Any] = {
        "gate": "contract", "asked": ("anna",), "requested_at": NOW - timedelta(hours=1),
        "due_at": NOW + timedelta(hours=7), "policy_version": "v1", "lever": "discount",
        "seen": {"discount": Decimal(18), "not_offered": Decimal(0)},
    }  # fmt: skip
    return Signoff(role=role, cycle=cycle, state=state, **{**known, **changes})


def answer(
    kind: str, by: str | None = "anna", at: datetime = NOW, limit: int | None = None, **more: Any
) -> Answer:
    from connector.standing import AnswerKind

    bound = None if limit is None else Decimal(limit)
    return Answer(f"a{at:%d%H%M%S}{kind}{by}", "7", AnswerKind(kind), at, bound, person=by, **more)


@dataclass
class Life:
    """One deal through time: every step counts answers, assesses, plans, and delivers into the values."""

    deal: Deal
    policy: Policy = field(default_factory=policy)
    standing: Standing = field(default_factory=Standing)
    history: tuple[Change, ...] | None = ()
    now: datetime = NOW
    context: Mapping[str, Any] = field(default_factory=dict)
    verdict: Verdict | None = None

    def step(self, *answers: Answer) -> tuple[Effect, ...]:
        """Assess as the worker does, and let the CRM show what came of it."""
        around = context(standing=self.standing, history=self.history, **self.context)
        counted = signoffs.count(answers, self.standing, self.deal, self.policy, around, self.now)
        around = replace(around, standing=counted.standing)
        self.verdict = gates.assess(self.deal, self.policy, around, self.now)
        if self.verdict.wants_history and self.history is None:
            self.history = ()
            return self.step(*answers)
        effects = plan.effects(self.deal, self.verdict, self.policy, around, counted.heard, self.now)
        self.heard: tuple[Heard, ...] = counted.heard
        self.standing = gates.after(counted.standing, self.deal, self.verdict)
        for effect in effects:
            self._deliver(effect)
        return effects

    def move(self, stage: str, by: Actor | None = None) -> None:
        """Let somebody move the deal."""
        self.now += timedelta(minutes=1)
        self.deal = replace(self.deal, stage=stage)
        self.history = (Change("stage", stage, self.now, by or person()), *(self.history or ()))

    def price(self, discount: int | str) -> None:
        """Let the rep change the discount."""
        self.now += timedelta(minutes=1)
        other = deal(self.deal.stage, discount)
        self.deal = replace(
            self.deal,
            line_items=other.line_items,
            values={**self.deal.values, "amount": other.values["amount"]},
        )
        self.history = (
            Change("amount", str(other.values["amount"]), self.now, person()),
            *(self.history or ()),
        )

    def fill(self, **values: Value) -> None:
        """Let the rep change fields."""
        self.now += timedelta(minutes=1)
        self.deal = replace(self.deal, values={**self.deal.values, **values})
        news = tuple(Change(name, str(value), self.now, person()) for name, value in values.items())
        self.history = (*news, *(self.history or ()))

    @property
    def ground(self) -> Ground:
        """The deal as it is now, and all it is held against."""
        around = context(standing=self.standing, history=self.history, **self.context)
        facts = derive(self.deal, self.policy, self.now.date())
        return Ground(self.deal, facts, PIPELINES[self.deal.pipeline], self.policy, around, self.now)

    def show(self, shown: OurField) -> str:
        return self.deal.shown.get(shown, "")

    @property
    def sentence(self) -> str:
        return self.show(OurField.REASON)

    def _deliver(self, effect: Effect) -> None:
        done = dict(self.standing.done)
        match effect:
            case WriteFields():
                self.deal = replace(self.deal, shown={**self.deal.shown, **effect.values})
            case CreateTask() | AddNote() | SendMail():
                done[effect.key] = f"made-{len(done)}"
            case CloseTask():
                done[f"close:{effect.key}"] = effect.task
            case MoveBack():
                done[effect.key] = ""
                self.standing = replace(self.standing, moves=(*self.standing.moves, self.now))
                self.deal = replace(self.deal, stage=effect.to_stage, pipeline=effect.to_pipeline)
                ours = Actor(ActorKind.OURSELVES)
                self.history = (Change("stage", effect.to_stage, self.now, ours), *(self.history or ()))
        self.standing = replace(self.standing, done=done)


def tasks(effects: Iterable[Effect]) -> list[CreateTask]:
    return [one for one in effects if isinstance(one, CreateTask)]


def decisions(effects: Iterable[Effect]) -> list[CreateTask]:
    return [one for one in tasks(effects) if one.decision]


def moves(effects: Iterable[Effect]) -> list[MoveBack]:
    return [one for one in effects if isinstance(one, MoveBack)]
