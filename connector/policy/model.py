"""The policy as the engine reads it: frozen, with file:line kept for every rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from connector.deals import Value
from connector.policy.index import Index
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
from connector.policy.vocabulary import Derived, Field, FieldType, Home, PriceBase, Weight, Worse

__all__ = [
    "ANY_RULE",
    "OWNER_MANAGER",
    "Ask",
    "Bound",
    "Brakes",
    "Calendar",
    "Cell",
    "Check",
    "Checklist",
    "Delegation",
    "Derived",
    "Deviations",
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
    "RequiredData",
    "RequiredField",
    "Role",
    "Row",
    "Ruling",
    "Scope",
    "TellRep",
    "Waiting",
    "Waivers",
    "Weight",
    "Worse",
    "folded",
]


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field that must be filled, all of it matching `pattern`. `may_be_unknown`: see RequiredData."""

    field: str
    pattern: str | None = None
    may_be_unknown: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True)
class RequiredData:
    """Fields that must be filled. A role may be named that decides on "unknown, because ..." answers."""

    id: str
    fields: tuple[RequiredField, ...]
    where: str = ""
    unknown_goes_to: str | None = None


@dataclass(frozen=True, slots=True)
class Deviations:
    """Measure the distance from the offering: discount against list price, products not offered."""

    id: str
    where: str = ""


Check = RequiredData | Deviations


@dataclass(frozen=True, slots=True)
class Checklist:
    id: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the standard offering. `names` are all spellings and SKUs by which a line is known."""

    id: str
    label: str
    names: frozenset[str]
    list_price: Decimal | None = None
    currency: str | None = None


def folded(name: str) -> str:
    """Fold a product's name: case and spaces make no difference, so "GTXPro" is "GTX Pro"."""
    return "".join(name.casefold().split())


@dataclass(frozen=True, slots=True)
class Offering:
    products: tuple[Product, ...] = ()
    by_name: Mapping[str, Product] = field(default_factory=dict)  # by folded name


class HitPolicy(StrEnum):
    UNIQUE = "unique"
    COLLECT = "collect"


class Ruling(StrEnum):
    """What a row of the authority matrix says. UNKNOWN is never written: it is a matrix without a safe answer
    (an input is not known, no row covers the deal, two rows of a unique matrix match)."""

    SALES = "sales-decides"
    SIGN_OFF = "sign-off"
    NOTIFY = "notify"
    FORBIDDEN = "forbidden"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bound:
    """A range of one field, ends included; None is open."""

    field: str
    low: Decimal | date | None = None
    high: Decimal | date | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One unary test: `text` as written, `test` compiled to a closure, which is never called with None or
    Unreadable: an unknown input makes the row unknown. Its answer changes only at the `breakpoints`, the
    limits it names, and at the `words` it names (case folded)."""

    field: str
    text: str
    test: Callable[[Value], bool]
    any: bool = False
    breakpoints: tuple[Decimal | date, ...] = ()
    currency: str | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `cells` are its tests (a cell written `-` is left out), `text` the policy's own words.

    Of `roles` as many must sign as `quorum` says, None is all; `in_order`: each is asked when the one before
    has signed, else all at once. `veto`: roles that are told and may stop it; nobody waits for them.
    `attest`: the fact that a signature states.
    """

    id: str
    cells: tuple[Cell, ...]
    ruling: Ruling
    roles: tuple[str, ...] = ()
    where: str = ""
    text: str = ""
    quorum: int | None = None
    in_order: bool = False
    veto: tuple[str, ...] = ()
    attest: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A decision table; `index` is how it is read, made from its rows."""

    id: str
    hit: HitPolicy
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]
    where: str = ""
    index: Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", Index.of([row.cells for row in self.rows]))


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
class Gate:
    """A gate at the entry of one stage of one pipeline, both named by label or CRM id."""

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
    """All rules. `version` hashes the text; `currency` is that of deals and limits that name none."""

    version: str
    fields: Mapping[str, Field]
    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    checklists: Mapping[str, Checklist]
    matrices: Mapping[str, Matrix]
    gates: tuple[Gate, ...]
    offering: Offering = Offering()
    calendar: Calendar = field(default_factory=Calendar)
    tell_rep: TellRep = TellRep.TASK
    brakes: Brakes = Brakes()
    move_back_minutes: int = 15
    name: str = ""
    currency: str | None = None
    delegations: tuple[Delegation, ...] = ()
    waiting: Waiting = field(default_factory=Waiting)
    waivers: Waivers = field(default_factory=Waivers)
