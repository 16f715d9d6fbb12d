"""A company that sells, in words of no vendor: both sandbox CRMs are loaded from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody with a seat in the CRM. `id` owns records, `user` (None: no seat any more) acts;
    `manager` is an employee's id."""

    id: str
    user: str | None
    name: str
    email: str
    manager: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """Employees by id who belong together; a `queue` owns records itself until one of them takes it."""

    name: str
    members: tuple[str, ...]
    queue: str | None = None  # the id by which it owns records, where it is one


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    name: str
    list_price: Decimal
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    label: str
    kind: StageKind = StageKind.OPEN
    probability: Decimal = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    label: str
    stages: tuple[Stage, ...]


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class DealField:
    """A field that this company added to deals."""

    name: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    key: str
    name: str
    country: str = ""
    industry: str = ""
    employees: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    key: str
    first_name: str
    last_name: str
    email: str
    customer: str


@dataclass(frozen=True, slots=True)
class Line:
    """One product line. Without `sku` it is a custom one; `discount` is a share of the price, 0 to 1."""

    name: str
    quantity: Decimal
    price: Decimal | None
    sku: str | None = None
    discount: Decimal = Decimal(0)


def net(lines: Iterable[Line]) -> Decimal:
    """Return what lines come to after discount; those without a price count nothing."""
    return sum((line.quantity * (line.price or 0) * (1 - line.discount) for line in lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Step:
    """The deal entered a stage: when (ms), and by whom (employee id; None: nobody knows)."""

    stage: str
    at: int
    by: str | None


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal as it stands. `path` is how it came there, oldest first; its last step is the present stage.

    `crm_id` where the record keeps the id it had in the CRM it comes from.
    """

    key: str
    name: str
    pipeline: str
    owner: str | None
    path: tuple[Step, ...]
    amount: Decimal | None = None
    close_date: date | None = None
    customer: str | None = None
    contacts: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    crm_id: str | None = None

    @property
    def stage(self) -> str:
        return self.path[-1].stage


@dataclass(frozen=True, slots=True)
class Company:
    """Everything a CRM account is filled with."""

    currency: str
    employees: tuple[Employee, ...]
    pipelines: tuple[Pipeline, ...]
    products: tuple[Product, ...] = ()
    fields: tuple[DealField, ...] = ()
    customers: tuple[Customer, ...] = ()
    contacts: tuple[Contact, ...] = ()
    deals: tuple[Deal, ...] = ()
    teams: tuple[Team, ...] = ()
