"""One HubSpot account: everything in it, behind one lock, and the writes with all their consequences."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sandbox.clock import Clock, iso
from sandbox.hubspot import stages
from sandbox.hubspot.associations import Associations, direction
from sandbox.hubspot.errors import PropertyProblem, invalid_properties, missing_properties
from sandbox.hubspot.events import Action, Event, Source
from sandbox.hubspot.files import Files
from sandbox.hubspot.kinds import CONTACT, DEAL, KINDS, LINE_ITEM, NOTE, TASK, Kind
from sandbox.hubspot.owners import Owners
from sandbox.hubspot.pipelines import Pipelines
from sandbox.hubspot.record import Record
from sandbox.hubspot.records import Records
from sandbox.hubspot.schema import Schema

ALL_SCOPES = frozenset(
    f"crm.objects.{name}.{right}"
    for name in ("deals", "line_items", "products", "companies", "contacts")
    for right in ("read", "write")
) | {
    "crm.objects.owners.read",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
    "oauth",
    "settings.currencies.read",
}


_STAGE = frozenset({"dealstage", "pipeline"})


@dataclass(frozen=True, slots=True)
class Link:
    """An association asked for at creation; `type_id` None is the default one."""

    to_kind: Kind
    to_id: str
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What differs between accounts. `rates`: what one unit of a further currency is worth in `currency`;
    `required_at_stage`: conditional stage properties, by stage id."""

    portal_id: int = 4242001
    app_id: str = "77001"
    currency: str = "EUR"
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    index_lag_s: float = 1.0
    task_properties: bool = True
    required_at_stage: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scopes: frozenset[str] = ALL_SCOPES


class Account:
    """The state of one account. Callers hold `lock` for the length of one call or act."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self.setup = setup
        self.clock = clock
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Event], None]] = []
        self.schema = Schema(task_properties=setup.task_properties)
        self.owners = Owners()
        self.pipelines = Pipelines()
        self.associations = Associations()
        self.files = Files()
        self.records = Records(clock, self._tell, setup.index_lag_s)

    def create(
        self,
        kind: Kind,
        values: Mapping[str, str],
        source: Source,
        links: tuple[Link, ...] = (),
        *,
        at: int | None = None,
        id_: str | None = None,
    ) -> Record:
        """Create a record with its associations; refuse it whole or not at all."""
        taken = self.check_create(kind, values, links)
        return self.add(kind, taken, source, links, at=at, id_=id_)

    def add(
        self,
        kind: Kind,
        taken: Mapping[str, str],
        source: Source,
        links: tuple[Link, ...] = (),
        *,
        at: int | None = None,
        id_: str | None = None,
    ) -> Record:
        """Create a record of values that `check_create` let pass."""
        self._check_unique(kind, taken, None)
        record = self.records.create(kind, {**self._defaults(kind), **taken}, source, at=at, id_=id_)
        self._hold_unique(record, taken)
        for link in links:
            self.associate(record, link, source)
        self._calculate(record, entered=at or self.clock.now_ms())
        return record

    def check_create(
        self, kind: Kind, values: Mapping[str, str], links: tuple[Link, ...] = ()
    ) -> dict[str, str]:
        """Return the values as they would be stored, or refuse the creation."""
        taken = self.schema.accept(kind, values, self.owners.ids)
        missing = [name for name in kind.required if not taken.get(name)]
        if missing:
            raise missing_properties(kind.constant, missing)
        if kind is DEAL:
            taken = stages.settle(taken, {}, self.pipelines)
        self._check_unique(kind, taken, None)
        for link in links:
            direction(kind, link.to_kind)
            self.records.get(link.to_kind, link.to_id)
        return {name: value for name, value in taken.items() if value}

    def update(
        self,
        record: Record,
        values: Mapping[str, str],
        source: Source,
        *,
        strict: bool = False,
        at: int | None = None,
    ) -> tuple[str, ...]:
        """Write properties of one record; return the names that changed."""
        return self.apply(record, self.check_update(record, values, strict=strict), source, at=at)

    def apply(
        self, record: Record, taken: Mapping[str, str], source: Source, *, at: int | None = None
    ) -> tuple[str, ...]:
        """Write values that `check_update` let pass."""
        before = record.values.get("dealstage")
        changed = self.records.update(record, taken, source, at=at)
        self._hold_unique(record, taken)
        moved = record.values.get("dealstage") != before
        if moved or "amount" in changed or record.kind is LINE_ITEM:
            self._calculate(record, entered=(at or self.clock.now_ms()) if moved else None)
        return changed

    def check_update(
        self, record: Record, values: Mapping[str, str], *, strict: bool = False
    ) -> dict[str, str]:
        """Return the values as they would be stored, or refuse the write.

        `strict`: conditional stage properties bind.
        """
        taken = self.schema.accept(record.kind, values, self.owners.ids)
        self._check_unique(record.kind, taken, record)
        if record.kind is not DEAL:
            return taken
        if not _STAGE.isdisjoint(taken):
            taken = stages.settle(taken, record.values, self.pipelines)
        if strict and taken.get("dealstage", record.values.get("dealstage")) != record.values.get(
            "dealstage"
        ):
            stages.demand(self.setup.required_at_stage, taken, {**record.values, **taken})
        return taken

    def associate(self, record: Record, link: Link, source: Source) -> None:
        """Join two records and tell both sides."""
        way = direction(record.kind, link.to_kind)
        other = self.records.get(link.to_kind, link.to_id)
        type_id = link.type_id or way.default
        if not self.associations.add(record.kind, record.id, other.kind, other.id, type_id):
            return
        self._tell_association(record, other, source, primary=type_id == way.primary)
        self._count(record, other, max(record.created, other.created))

    def part(self, record: Record, to_kind: Kind, to_id: str, source: Source) -> None:
        """Part two records and tell both sides; nothing happens where they are not joined."""
        if not self.associations.remove(record.kind, record.id, to_kind, to_id):
            return
        other = self.records.find(to_kind, to_id) or self.records.find(to_kind, to_id, archived=True)
        if other is not None:
            self._tell_association(record, other, source, removed=True)
            self._count(record, other, self.clock.now_ms())

    def archive(self, record: Record, source: Source) -> None:
        """Delete a record; its associations rest with it."""
        self.records.archive(record, source)
        if record.kind is LINE_ITEM:
            for deal_id in self.associations.ids(LINE_ITEM, record.id, DEAL):
                self.part(record, DEAL, deal_id, source)

    def merge(self, primary: Record, other: Record, source: Source) -> Record:
        """Merge two records; the survivor takes over all associations."""
        edges = [
            edge for old in (primary, other) for edge in self.associations.everything_of(old.kind, old.id)
        ]
        survivor = self.records.merge(primary, other, source)
        for old in (primary, other):
            for to_name, to_id, _ in self.associations.everything_of(old.kind, old.id):
                self.associations.remove(old.kind, old.id, _kind(to_name), to_id)
        for to_name, to_id, type_id in edges:
            self.associations.add(survivor.kind, survivor.id, _kind(to_name), to_id, type_id)
        return survivor

    def _defaults(self, kind: Kind) -> Mapping[str, str]:
        if kind is DEAL:
            return {"deal_currency_code": self.setup.currency}
        if kind is TASK:
            return {"hs_task_status": "NOT_STARTED", "hs_task_priority": "NONE", "hs_task_type": "TODO"}
        return {}

    def _check_unique(self, kind: Kind, values: Mapping[str, str], record: Record | None) -> None:
        for name in self.schema.unique_names(kind):
            value = values.get(name)
            holder = self.records.by_unique(kind, name, value) if value else None
            if holder is not None and holder is not record and holder.values.get(name) == value:
                message = f"Cannot set {name}. {holder.id} already has that value."
                raise invalid_properties([PropertyProblem(name, "CONFLICTING_UNIQUE_VALUE", message)])

    def _hold_unique(self, record: Record, values: Mapping[str, str]) -> None:
        for name in self.schema.unique_names(record.kind):
            if values.get(name):
                self.records.hold_unique(record, name, values[name])

    def _calculate(self, record: Record, *, entered: int | None) -> None:
        if record.kind is DEAL:
            stage = stages.stage_of(record.values, self.pipelines)
            if stage is not None:
                self.records.derive(record, stages.calculated(record.values, stage, entered_ms=entered))
        if record.kind is LINE_ITEM:
            self.records.derive(record, {"amount": _line_amount(record.values)})

    def _count(self, record: Record, other: Record, at: int) -> None:
        for deal, child in ((record, other), (other, record)):
            if deal.kind is not DEAL:
                continue
            number = str(len(self.associations.ids(DEAL, deal.id, child.kind)))
            if child.kind is LINE_ITEM:
                self.records.derive(deal, {"hs_num_of_associated_line_items": number}, touch=True)
                self.records.keep(deal, "hs_num_of_associated_line_items", number, at)
            if child.kind is CONTACT:
                self.records.derive(deal, {"num_associated_contacts": number}, touch=True)
            if child.kind in {TASK, NOTE}:
                noted = {"num_notes": number, "notes_last_updated": iso(self.clock.now_ms())}
                self.records.derive(deal, noted, touch=True)

    def _tell_association(
        self, record: Record, other: Record, source: Source, *, removed: bool = False, primary: bool = False
    ) -> None:
        if not self.listeners:
            return
        now = self.clock.now_ms()
        for here, there in ((record, other), (other, record)):
            details = {
                "associationType": f"{here.kind.constant}_TO_{there.kind.constant}",
                "fromObjectId": int(here.id),
                "toObjectId": int(there.id),
                "associationRemoved": removed,
                "isPrimaryAssociation": primary,
            }
            event = Event(Action.ASSOCIATION, here.kind, here.id, now, source, details=details)
            self._tell(event)
            if primary:
                self._tell(replace(event, details={**details, "isPrimaryAssociation": False}))

    def _tell(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)


def _kind(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)


def _line_amount(values: Mapping[str, str]) -> str:
    price = Decimal(values.get("price", "0"))
    percent = Decimal(values.get("hs_discount_percentage", "0"))
    net = price * (1 - percent / 100) - Decimal(values.get("discount", "0"))
    return str(Decimal(values.get("quantity", "1")) * net)
