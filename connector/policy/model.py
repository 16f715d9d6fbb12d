"""The policy as the engine reads it: frozen, with file:line kept for every rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from connector.policy.cell import Cell
from connector.policy.checklist import (
    Band,
    Capacity,
    Check,
    Checklist,
    Deviations,
    Feasibility,
    Feasible,
    FeasibleRow,
    Question,
    RequiredData,
    RequiredField,
)
from connector.policy.clauses import Table
from connector.policy.example import Example
from connector.policy.matrix import HitPolicy, Matrix, Row, Ruling
from connector.policy.sold import Effort, Offering, Product, Quotes, Rates, Term, folded
from connector.policy.staff import (
    ANY_RULE,
    OWNER_MANAGER,
    Calendar,
    Delegation,
    Found,
    Person,
    QuarterEnd,
    Role,
    Waiting,
    Waivers,
)
from connector.policy.vocabulary import (
    STEP,
    Derived,
    Field,
    FieldType,
    Home,
    PriceBase,
    Vocabulary,
    Weight,
    Worse,
)

__all__ = [
    "ANY_RULE",
    "OWNER_MANAGER",
    "STEP",
    "Ask",
    "Band",
    "Bound",
    "Brakes",
    "Calendar",
    "Capacity",
    "Cell",
    "Check",
    "Checklist",
    "Delegation",
    "Derived",
    "Deviations",
    "Effort",
    "Example",
    "Feasibility",
    "Feasible",
    "FeasibleRow",
    "Field",
    "FieldType",
    "Found",
    "Gate",
    "HitPolicy",
    "Home",
    "Matrix",
    "Mode",
    "Offering",
    "Person",
    "Policy",
    "PriceBase",
    "Product",
    "QuarterEnd",
    "Question",
    "Quotes",
    "Rates",
    "RequiredData",
    "RequiredField",
    "Role",
    "Row",
    "Ruling",
    "Scope",
    "Switch",
    "TellRep",
    "Term",
    "Waiting",
    "Waivers",
    "Weight",
    "Worse",
    "folded",
]


@dataclass(frozen=True, slots=True)
class Bound:
    """A range of one field, ends included; None is open."""

    field: str
    low: Decimal | date | None = None
    high: Decimal | date | None = None


class Mode(StrEnum):
    OBSERVE = "observe"
    FLAG = "flag"
    BLOCK = "block"


class Ask(StrEnum):
    """When the gate asks people (design 1.2): just before it, on the rep's request, when owed."""

    BEFORE = "before"
    REQUEST = "request"
    OWED = "owed"


@dataclass(frozen=True, slots=True)
class Scope:
    """A gate's scope: every named field must hold one of the values."""

    allowed: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """A planned change of a gate's mode, at the start of a day in the policy's time zone."""

    mode: Mode
    on: date


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate at the entry of one stage of one pipeline, both named by label or CRM id. `mode` is the one
    before the first of its `switches`, which stand in the order of their days; see `mode_on`."""

    id: str
    pipeline: str
    stage: str
    mode: Mode
    checklist: str | None = None
    matrices: tuple[str, ...] = ()
    scope: Scope = Scope()
    since: date | None = None
    ask: frozenset[Ask] = frozenset(Ask)
    move_back: bool = False
    where: str = ""
    switches: tuple[Switch, ...] = ()

    def mode_on(self, today: date) -> Mode:
        """Return the gate's mode on a day."""
        passed = (switch.mode for switch in reversed(self.switches) if switch.on <= today)
        return next(passed, self.mode)

    def on_since(self, today: date) -> date | None:
        """Return the day on which a planned switch ended the time in which the gate only observed."""
        modes = [(date.min, self.mode), *((one.on, one.mode) for one in self.switches if one.on <= today)]
        ended = [
            day
            for (_, before), (day, mode) in pairwise(modes)
            if before is Mode.OBSERVE and mode is not Mode.OBSERVE
        ]
        return ended[-1] if ended else None

    @property
    def modes(self) -> frozenset[Mode]:
        """Return every mode that the gate is or will be in."""
        return frozenset({self.mode, *(switch.mode for switch in self.switches)})

    def next_switch(self, today: date) -> date | None:
        """Return the next day on which the mode changes, None where it stays."""
        return next((switch.on for switch in self.switches if switch.on > today), None)


class TellRep(StrEnum):
    TASK = "task"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Brakes:
    """Caps for each account and hour; a tripped account falls to flag and raises an alarm."""

    tasks: int = 500
    mails: int = 500
    moves: int = 100


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules. `version` hashes the text; `currency` is that of deals and limits that name none;
    `day_limits` are the numbers of days that any rule holds the time to the start against; `vocabulary` is
    made from the fields, `tables`, by which the matrices are read, from them and the roles; `capacity` is how
    the policy looks at the hours there are, None where it does not; `private_tasks`: reps cannot read the
    tasks that ask others."""

    version: str
    fields: Mapping[str, Field]
    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    checklists: Mapping[str, Checklist]
    matrices: Mapping[str, Matrix]
    gates: tuple[Gate, ...]
    offering: Offering = field(default_factory=Offering)
    calendar: Calendar = field(default_factory=Calendar)
    tell_rep: TellRep = TellRep.TASK
    private_tasks: bool = False
    brakes: Brakes = Brakes()
    move_back_minutes: int = 15
    name: str = ""
    currency: str | None = None
    delegations: tuple[Delegation, ...] = ()
    waiting: Waiting = field(default_factory=Waiting)
    waivers: Waivers = field(default_factory=Waivers)
    rates: Rates = field(default_factory=Rates)
    examples: tuple[Example, ...] = ()
    day_limits: frozenset[int] = frozenset()
    vocabulary: Vocabulary = field(init=False, repr=False, compare=False)
    tables: Mapping[str, Table] = field(init=False, repr=False, compare=False)
    capacity: Capacity | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vocabulary", Vocabulary.of(self.fields.values()))
        tables = {name: Table(one, self.roles, self.fields) for name, one in self.matrices.items()}
        object.__setattr__(self, "tables", tables)
        checks = (check for one in self.checklists.values() for check in one.checks)
        planned = (check for check in checks if isinstance(check, Capacity))
        object.__setattr__(self, "capacity", next(planned, None))

    def at_rates(self, rates: Rates) -> "Policy":
        """Return the policy with other exchange rates: what is worked out of its rules is kept, for each deal
        in another currency may ask for one."""
        other = object.__new__(Policy)
        for name in Policy.__slots__:
            object.__setattr__(other, name, rates if name == "rates" else getattr(self, name))
        return other
