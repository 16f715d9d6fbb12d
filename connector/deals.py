"""A deal as the engine sees it: frozen, typed, the same whichever CRM it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ObjectType(StrEnum):
    """What a bell can be rung for."""

    DEAL = "deal"
    TASK = "task"
    LINE_ITEM = "line-item"
    COMPANY = "company"
    CONTACT = "contact"


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stage:
    id: str
    label: str
    kind: StageKind = StageKind.OPEN


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline with its stages in the CRM's order; of two with one id or label the first is meant."""

    id: str
    label: str
    stages: tuple[Stage, ...]
    _by_id: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _by_label: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        backwards = [*enumerate(self.stages)][::-1]
        object.__setattr__(self, "_by_id", {stage.id: place for place, stage in backwards})
        object.__setattr__(self, "_by_label", {stage.label.casefold(): place for place, stage in backwards})

    def stage(self, stage_id: str) -> Stage | None:
        """Return the stage with this id."""
        place = self._by_id.get(stage_id)
        return None if place is None else self.stages[place]

    def position(self, stage_id: str) -> int | None:
        """Return the place of the stage; closed-lost and unknown stages have none."""
        place = self._by_id.get(stage_id)
        return None if place is None or self.stages[place].kind is StageKind.LOST else place

    def place(self, name: str) -> int | None:
        """Return the place of the stage that a policy calls so: by its id, or its label in any case."""
        place = self._by_id.get(name)
        return self._by_label.get(name.casefold()) if place is None else place

    def is_called(self, name: str) -> bool:
        """Say whether a policy means this pipeline: by its id, or its label in any case."""
        return name == self.id or name.casefold() == self.label.casefold()


class ActorKind(StrEnum):
    """Who changed a value. Only a PERSON touches a deal; only IMPORT keeps quiet what it changes."""

    PERSON = "person"
    AUTOMATION = "automation"  # a workflow or another integration, record by record
    IMPORT = "import"  # imports, sync sources, merges, restores: never start trouble (design 1.3)
    OURSELVES = "ourselves"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; `user` is the CRM's user id where a person is provable, else None."""

    kind: ActorKind
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a field's history. `field`: a vocabulary name, `stage`, `pipeline` or one of OurField."""

    field: str
    value: str | None
    at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that the CRM did not give in usable form. `ours` when the deal's people cannot mend it:
    the field vanished from the account or the source is down."""

    reason: str
    ours: bool = False


Value = Decimal | date | str | bool | tuple[str, ...] | Unreadable | None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One product line; prices for one unit, in the deal's currency. None is unknown, never zero."""

    id: str
    product: str | None  # the CRM's product id
    name: str
    sku: str | None
    quantity: Decimal
    list_price: Decimal | None
    net_price: Decimal | None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PastLines:
    """The product lines of one deal through time: how many it had (None: not told), and each line that it has
    now with its versions, None where something of it is not known any more; all oldest first."""

    counts: tuple[tuple[datetime, int | None], ...] = ()
    lines: tuple[tuple[tuple[datetime, LineItem | None], ...], ...] = ()

    def at(self, when: datetime) -> tuple[LineItem, ...] | None:
        """Return the lines as they were, None where that is not known: a line that was taken away since then
        is told by nothing but the count."""
        counted = [count for at, count in self.counts if at <= when]
        there = [[item for at, item in versions if at <= when] for versions in self.lines]
        found = [versions[-1] for versions in there if versions]
        known = [item for item in found if item is not None]
        whole = counted and counted[-1] == len(found) == len(known)
        return tuple(known) if whole else None


class OurField(StrEnum):
    """The fields that Dealgate shows on a deal (design 7), by meaning; adapters map them to vendor names."""

    READINESS = "readiness"
    REASON = "reason"
    BLOCKED_STAGES = "blocked-stages"
    WAITING_ON = "waiting-on"
    DUE = "due"
    CHECKED_AT = "checked-at"
    REQUEST = "request"
    REQUEST_NOTE = "request-note"
    NEEDED_BY = "needed-by"
    DECISION = "decision"
    DECISION_NOTE = "decision-note"
    CLEAR_RANGE = "clear-range"  # only where the CRM can hold a save against it
    DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Deal:
    """The state of one deal at one read.

    `values` holds the policy's vocabulary by name (also `amount`, `close-date`, `name`, `owner`);
    `shown` what our own fields show in the CRM now (absent or empty text: nothing shown).
    `line_items` is None where they were not asked for.
    """

    id: str
    name: str
    pipeline: str
    stage: str
    owner: str | None = None
    currency: str | None = None
    created_at: datetime | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    line_items: tuple[LineItem, ...] | None = None
    shown: Mapping[OurField, str] = field(default_factory=dict)

    def showing(self, shown: Mapping[OurField, str]) -> "Deal":
        """Return the deal as if our own fields showed only this: for every deal, so without `replace`."""
        return Deal(
            self.id, self.name, self.pipeline, self.stage, self.owner, self.currency, self.created_at,
            self.values, self.line_items, shown,
        )  # fmt: skip
