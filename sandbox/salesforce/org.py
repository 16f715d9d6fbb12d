"""One org: everything in it, behind one lock, and the order of a save."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sandbox.clock import Clock
from sandbox.salesforce import catalogue, defaults, ids, opportunities, sharing, tasks
from sandbox.salesforce.access import Access
from sandbox.salesforce.drafts import NOTHING, Action, Change, Draft
from sandbox.salesforce.errors import JsonObject, deleted, locked_entity, not_found
from sandbox.salesforce.formula import Formula, Save
from sandbox.salesforce.intake import Intake
from sandbox.salesforce.records import Record, Records
from sandbox.salesforce.rules import Rule
from sandbox.salesforce.schema import Schema, SObject
from sandbox.salesforce.values import Value, moment

BeforeSave = Callable[[Draft], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """What differs between orgs. `rates`: so many of a further currency are one corporate unit, `dated_rates`
    from which day on, where advanced currency management is on; `domain` is the My Domain prefix; sessions
    end after `session_s`."""

    domain: str = "brightline.my"
    multi_currency: bool = True
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    dated_rates: Mapping[str, Mapping[date, Decimal]] | None = None
    session_s: float = 7200.0
    page: int = 2000
    task_statuses: tuple[tuple[str, bool], ...] = (
        ("Not Started", False),
        ("In Progress", False),
        ("Completed", True),
        ("Deferred", False),
    )


def _objects(setup: Setup) -> tuple[SObject, ...]:
    dated = setup.dated_rates is not None
    return catalogue.standard(multi_currency=setup.multi_currency, dated_rates=dated)


class Org:
    """The state of one org. Callers hold `lock` for the length of one call or act."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self.setup = setup
        self.clock = clock
        self.lock = threading.RLock()
        self.schema = Schema(_objects(setup))
        self.records = Records()
        self.access = Access()
        self.intake = Intake(self.records, self.access)
        self.rules: list[Rule] = []
        self.before_save: list[BeforeSave] = []
        self.computed: dict[str, list[tuple[str, Formula]]] = {}  # formula fields by object
        self.flows: dict[str, JsonObject] = {}  # what the Tooling API shows of the active ones
        self.listeners: list[Callable[[Change], None]] = []
        self.locked: set[str] = set()
        self.readers: set[str] = set()  # users to whom sharing gives others' opportunities to read only
        self.processes: dict[str, tuple[str, ...]] = {}  # stages by the record type that offers them

    def now(self) -> datetime:
        return moment(self.clock.now_ms())

    def get(self, record_id: str, sobject: SObject | None = None) -> Record:
        """Return a record that is there; 404 where it never was or is deleted."""
        full = ids.whole(record_id)
        record = self.records.find(full)
        if record is None or (sobject is not None and record.sobject is not sobject):
            raise not_found("Provided external ID field does not exist or is not accessible: " + record_id)
        if record.deleted:
            raise deleted()
        return record

    def add(
        self,
        name: str,
        values: Mapping[str, Value],
        *,
        at: datetime | None = None,
        by: str = "",
        id_: str | None = None,
    ) -> Record:
        """Put a record there as the platform does: nothing is checked, nobody told."""
        sobject = self.schema.get(name)
        return self.records.add(sobject, dict(values), at=at or self.now(), by=by or self.platform, id_=id_)

    @property
    def platform(self) -> str:
        """Return the user that the platform itself acts as."""
        automated = (
            one for one in self.records.all("User") if one.values.get("UserType") == "AutomatedProcess"
        )
        found = next(automated, None)
        return found.id if found else ""

    def draft(
        self,
        sobject: SObject,
        raw: Mapping[str, object],
        user: str,
        before: Record | None = None,
        *,
        at: datetime | None = None,
    ) -> Draft:
        """Return a save that will be allowed, with all its consequences; or refuse it."""
        if before is not None and before.id in self.locked:
            raise locked_entity()
        if before is not None and not sharing.edits(self.readers, user, before):
            raise sharing.refusal()
        changes = self.intake.accept(sobject, raw, user, new=before is None)
        draft = Draft(sobject, before, changes, user, at or self.now(), frozenset(changes))
        if draft.is_new:
            defaults.fill(draft, self.records)
        self._settle(draft)
        for hook in self.before_save:
            hook(draft)
        defaults.require(draft)
        for rule in self.rules:
            if rule.sobject == sobject.name:
                rule.check(draft)
        return draft

    def commit(self, draft: Draft, *, id_: str | None = None) -> Record:
        """Save what `draft` let pass, with its consequences, and tell whoever listens."""
        old = dict(draft.before.values) if draft.before else NOTHING
        changed = frozenset(name for name, value in draft.changes.items() if old.get(name) != value)
        record = self._write(draft, id_)
        self.compute(record, None if draft.is_new else changed)
        if record.sobject.name == "Opportunity" and (draft.is_new or opportunities.leaves_history(changed)):
            row = opportunities.history_row(record, old)
            self.add("OpportunityHistory", row, at=draft.at, by=draft.user)
        if record.sobject.name == "OpportunityLineItem":
            self._total(record.text("OpportunityId"), draft.user, draft.at)
        action = Action.CREATED if draft.is_new else Action.UPDATED
        self._tell(Change(action, record, old, changed, draft.user))
        return record

    def work_out_access(self, record_id: str, user: str) -> None:
        """Keep the one row of UserRecordAccess that a query asks for: the platform makes it on demand."""
        for old in self.records.live(sharing.ACCESS):
            old.values["IsDeleted"] = True
        record = self.records.find(record_id)
        if record is not None:
            may = sharing.edits(self.readers, user, record)
            self.add(sharing.ACCESS, {"UserId": user, "RecordId": record_id, "HasEditAccess": may})

    def compute(self, record: Record, changed: frozenset[str] | None = None) -> None:
        """Let formula fields follow; only those that name what changed, where that is known."""
        for name, formula in self.computed.get(record.sobject.name, ()):
            if changed is None or not formula.names.isdisjoint(changed):
                value = formula.value(Save(record.values, None, self.now()))
                self.records.derive(record, {name: value})

    def create(
        self,
        name: str,
        raw: Mapping[str, object],
        user: str,
        *,
        at: datetime | None = None,
        id_: str | None = None,
    ) -> Record:
        """Create a record, or refuse it."""
        return self.commit(self.draft(self.schema.get(name), raw, user, at=at), id_=id_)

    def update(
        self, record: Record, raw: Mapping[str, object], user: str, *, at: datetime | None = None
    ) -> Record:
        """Change a record, or refuse it."""
        return self.commit(self.draft(record.sobject, raw, user, record, at=at))

    def delete(self, record: Record, user: str) -> None:
        """Delete a record and what belongs to it."""
        if record.id in self.locked:
            raise locked_entity()
        for one in (record, *self._belongings(record)):
            self._mark(one, user, gone=True)

    def undelete(self, record: Record, user: str) -> None:
        """Fetch a record and what belongs to it from the bin."""
        for one in (record, *self._belongings(record)):
            self._mark(one, user, gone=False)

    def assign(self, permission_set: str, user: str) -> None:
        """Give a user a permission set; KeyError where there is none of that name."""
        self.access.grant(user, permission_set)
        found = next(one for one in self.records.all("PermissionSet") if one.values["Name"] == permission_set)
        held = self.records.children("PermissionSetAssignment", "PermissionSetId", found.id)
        if all(one.values["AssigneeId"] != user for one in held):
            self.add("PermissionSetAssignment", {"PermissionSetId": found.id, "AssigneeId": user})

    def _settle(self, draft: Draft) -> None:
        if draft.sobject.name == "Opportunity":
            opportunities.settle(draft, self.records)
        elif draft.sobject.name == "OpportunityLineItem":
            opportunities.settle_line(draft, self.records)
        elif draft.sobject.name == "Task":
            tasks.settle(draft, self.records)

    def _write(self, draft: Draft, id_: str | None) -> Record:
        if draft.before is None:
            return self.records.add(draft.sobject, draft.changes, at=draft.at, by=draft.user, id_=id_)
        self.records.put(draft.before, draft.changes, at=draft.at, by=draft.user)
        return draft.before

    def _total(self, deal_id: str, user: str, at: datetime) -> None:
        """Let a deal's amount follow its lines: a save of the deal by whoever saved the line."""
        deal = self.records.find(deal_id)
        if deal is None or deal.deleted:
            return
        summed = opportunities.rolled_up(deal, self.records)
        if any(deal.values.get(name) != value for name, value in summed.items()):
            self.commit(Draft(deal.sobject, deal, summed, user, at))

    def _belongings(self, record: Record) -> list[Record]:
        if record.sobject.name != "Opportunity":
            return []
        owned = (
            ("OpportunityLineItem", "OpportunityId"),
            ("OpportunityContactRole", "OpportunityId"),
            ("Task", "WhatId"),
        )
        return [one for name, field in owned for one in self.records.children(name, field, record.id)]

    def _mark(self, record: Record, user: str, *, gone: bool) -> None:
        if record.deleted == gone:
            return
        at = self.now()
        self.records.put(record, {"IsDeleted": gone}, at=at, by=user)
        if record.sobject.name == "OpportunityLineItem":
            self._total(record.text("OpportunityId"), user, at)
        action = Action.DELETED if gone else Action.UNDELETED
        self._tell(Change(action, record, record.values, frozenset({"IsDeleted"}), user))

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
