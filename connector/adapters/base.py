"""What every CRM adapter can do. Both adapters satisfy `Crm`; nothing above this room knows a vendor."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from connector.deals import Actor, Change, Deal, ObjectType, OurField, PastLines, Pipeline, Value
from connector.directory import CrmUser
from connector.effects import AddNote, CloseTask, CreateTask, EmptyAnswer, MoveBack, WriteFields
from connector.policy.model import Field, FieldType, Quotes
from connector.standing import ONE_MOMENT


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody said "look at this object". `at` when the CRM says it happened."""

    type: ObjectType
    id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read of each deal: only what the policy names. `rates`: the account's exchange rates count.
    `rung`: the names of those fields whose change may change a verdict, so that a bell has to ring."""

    fields: tuple[Field, ...]
    line_items: bool = False
    rates: bool = False
    rung: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DealPage:
    """The answer to a read. `merged` maps an asked id to the survivor's id; `gone` is deleted or unknown."""

    deals: tuple[Deal, ...]
    gone: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)
    absorbed: tuple[str, ...] = ()  # every id that was ever merged into one of the deals
    alarms: tuple[str, ...] = ()  # kebab-case reason and field, e.g. "field-vanished discount"


def is_ours(account: str, key: str) -> bool:
    """Tell whether a task's key is this account's: "account:deal:..." where the task asks,
    "kind:account:deal:..." where it tells."""
    return account in key.split(":", 2)[:2]


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """One of our tasks as the CRM shows it, with the provable actor of its decision.

    `decision` is the raw option ("yes", "yes-up-to", "no"), None where none was made; `decided_by` is
    filled from the property history (HubSpot) or the stamps (Salesforce).
    """

    id: str
    key: str
    deal: str | None
    closed: bool
    owner: str | None = None
    decision: str | None = None
    limit: Decimal | None = None
    note: str = ""
    until: date | None = None
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    created_at: datetime | None = None


def still_there(effect: EmptyAnswer, seen: TaskSeen | None) -> bool:
    """Say whether the task still carries the decision that is to be emptied."""
    if seen is None or seen.decided_at is None or effect.decision not in {"", seen.decision}:
        return False
    return timedelta(0) <= effect.decided_at - seen.decided_at < ONE_MOMENT


class Fate(StrEnum):
    """What became of one write."""

    DONE = "done"
    REFUSED = "refused"  # for good: the customer's own rule, permission; parked with the reason
    LATER = "later"  # try again after `retry_after`
    UNSURE = "unsure"  # sent, outcome unknown: look up by key before creating again
    STALE = "stale"  # the deal no longer stands where the effect was planned


@dataclass(frozen=True, slots=True)
class Delivery:
    """The fate of one effect. `ref` is the id of what was made; `reason` kebab-case, `message` for people."""

    fate: Fate
    ref: str | None = None
    reason: str = ""
    message: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Symptom:
    """One line of `doctor`: what was looked at, whether it is well, what to do; `field` is the word of the
    policy that it speaks of."""

    name: str
    well: bool
    message: str
    hint: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class CrmField:
    """A field of the account's deals or companies."""

    name: str
    label: str
    type: FieldType
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmProduct:
    """A product of the account's library or price book."""

    name: str
    sku: str | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Provisioned:
    """One step of `install`: what is now there, and whether it was made, changed or found."""

    name: str
    state: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to a CRM as metrics see it, never its content. `route` is a template without ids;
    `status` 0 where no answer came."""

    method: str
    route: str
    status: int
    seconds: float


class Crm(Protocol):
    """One CRM account. Reads raise CrmError; writes answer one Delivery for each effect, in order,
    and raise only CrmRefused (token or scope gone) or CrmUnavailable, while nothing was delivered."""

    account: str
    batch: int  # deals to claim at once: 1,000, whatever one call takes
    tells_by: str  # what an admin looks at where nothing of it is heard, for after "check"

    @property
    def shows(self) -> frozenset[OurField]:
        """Return which of our fields its deals have."""
        ...

    @property
    def calls_a_minute(self) -> float:
        """Return how many calls the rate budget lets through, for forecasts."""
        ...

    def pipelines(self) -> tuple[Pipeline, ...]: ...
    def users(self) -> tuple[CrmUser, ...]: ...

    def deal_fields(self) -> tuple[CrmField, ...]:
        """Return the fields that the account added to its deals, in the order of their labels; not ours."""
        ...

    def subscriptions(self, fields: Sequence[Field]) -> Mapping[str, tuple[str, str]]:
        """Return by word the object type and property that its change events name; none where `examine` sees
        in the CRM itself what tells of changes."""
        ...

    def company_fields(self) -> tuple[CrmField, ...]:
        """Return the fields of companies that a delivery asks for, and those that the account added; none
        where they are not shown to us."""
        ...

    def products(self) -> tuple[CrmProduct, ...]:
        """Return what the account sells, a few hundred at most."""
        ...

    def rates(self) -> Quotes | None:
        """Return the account's exchange rates; None where it has one currency or hides them from us."""
        ...

    def read_deals(self, ids: Sequence[str], wanted: Wanted) -> DealPage: ...

    def read_history(self, ids: Sequence[str], wanted: Wanted) -> Mapping[str, tuple[Change, ...]]:
        """Return each deal's changes, newest first: stage, pipeline, wanted fields, request, decision."""
        ...

    def past_lines(self, ids: Sequence[str]) -> Mapping[str, PastLines]:
        """Return the product lines of each deal through time; no deal where the CRM does not keep them."""
        ...

    def deals_behind(self, rung: Sequence[Rung]) -> Mapping[Rung, tuple[str, ...]]:
        """Return the deals that a line item, company or contact belongs to."""
        ...

    def read_tasks(self, ids: Sequence[str]) -> tuple[TaskSeen, ...]:
        """Return those of the tasks that are ours, decisions with their actors."""
        ...

    def tasks_of(self, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
        """Return our tasks by the deals' associations, for search lags: after unknown outcomes, in sweeps."""
        ...

    def notes_of(self, effects: Sequence[AddNote]) -> Mapping[str, str]:
        """Return the ids of those of these notes that are there, by key: after an unknown outcome."""
        ...

    def write_fields(self, effects: Sequence[WriteFields]) -> tuple[Delivery, ...]: ...
    def create_tasks(self, effects: Sequence[CreateTask]) -> tuple[Delivery, ...]: ...
    def close_tasks(self, effects: Sequence[CloseTask]) -> tuple[Delivery, ...]: ...
    def empty_answers(self, effects: Sequence[EmptyAnswer]) -> tuple[Delivery, ...]:
        """Read each task just before; one that was decided anew since answers STALE."""
        ...

    def add_notes(self, effects: Sequence[AddNote]) -> tuple[Delivery, ...]: ...
    def move_back(self, effects: Sequence[MoveBack]) -> tuple[Delivery, ...]:
        """Re-read stage and pipeline just before; a deal that moved on answers STALE."""
        ...

    def changed_since(self, since: datetime, until: datetime) -> Iterator[tuple[Rung, ...]]:
        """Yield pages of deals, children and our keyed tasks changed in the window; deletions where known."""
        ...

    def changed_deals(self, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
        """Yield pages of the ids of deals changed in the window, however long it is."""
        ...

    def recorded(self, fields: Sequence[Field]) -> Mapping[str, Callable[[str | None], Value]]:
        """Return the words whose whole history is kept, each with how the text of an entry is read."""
        ...

    def open_deals(self) -> Iterator[tuple[str, ...]]:
        """Yield pages of the ids of all deals that are not closed."""
        ...

    def showing(self) -> Iterator[tuple[str, ...]]:
        """Yield pages of deals in which one of our blocking fields shows something (uninstall, pause)."""
        ...

    def heartbeat(self, now: datetime) -> None:
        """Leave a sign of life in the CRM, where rules of its own ask for one. Called by every sweep."""
        ...

    def examine(self, wanted: Wanted) -> tuple[Symptom, ...]: ...
    def install(self, wanted: Wanted) -> tuple[Provisioned, ...]: ...
    def uninstall(self) -> tuple[Provisioned, ...]: ...
