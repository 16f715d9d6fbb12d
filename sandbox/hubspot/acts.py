"""What people, imports and workflows do in HubSpot, each with its own trace in history and webhooks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from sandbox.clock import iso
from sandbox.hubspot.account import Account, Link
from sandbox.hubspot.associations import direction
from sandbox.hubspot.events import Source, app, person, workflow
from sandbox.hubspot.kinds import COMPANY, CONTACT, DEAL, LINE_ITEM, NOTE, PRODUCT, TASK, Kind
from sandbox.hubspot.stages import stage_of

_NUMBERS = count(1001)


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one source. Ids are HubSpot's; unknown ids and refused values raise HubSpotError."""

    account: Account
    source: Source

    def move(self, deal: str, stage: str, pipeline: str | None = None) -> None:
        """Move a deal; the screen sets the close date when the stage is a closed one."""
        values = {"dealstage": stage} | ({"pipeline": pipeline} if pipeline else {})
        self.update(deal, values)

    def update(self, deal: str, values: Mapping[str, str]) -> None:
        """Change properties of a deal."""
        with self.account.lock:
            record = self.account.records.get(DEAL, deal)
            before = stage_of(record.values, self.account.pipelines)
            changes = dict(values)
            if self.source.user and "dealstage" in changes and "closedate" not in changes:
                after = stage_of({**record.values, **changes}, self.account.pipelines)
                if after and after.closed and not (before and before.closed):
                    changes["closedate"] = iso(self.account.clock.now_ms())
            self.account.update(record, changes, self.source, strict=self.source.user is not None)

    def create_deal(
        self,
        values: Mapping[str, str],
        lines: Iterable[Mapping[str, str]] = (),
        *,
        company: str | None = None,
        contacts: Iterable[str] = (),
    ) -> str:
        """Create a deal with its line items; return its id."""
        with self.account.lock:
            primary = direction(DEAL, COMPANY).primary
            links = [Link(COMPANY, company, primary)] if company else []
            links += [Link(CONTACT, contact) for contact in contacts]
            record = self.account.create(DEAL, values, self.source, tuple(links))
            for line in lines:
                self.add_line(record.id, line)
            return record.id

    def add_line(self, deal: str, values: Mapping[str, str]) -> str:
        """Add a line item; one that names a product takes name, price and sku from it. Return its id."""
        with self.account.lock:
            filled = {**self._from_product(values.get("hs_product_id")), **values}
            return self.account.create(LINE_ITEM, filled, self.source, (Link(DEAL, deal),)).id

    def label_contact(self, deal: str, contact: str, label: str) -> None:
        """Give a contact of the deal a label that the admin has made, as "Decision maker"."""
        with self.account.lock:
            type_id = self.account.associations.define(DEAL, CONTACT, label)
            record = self.account.records.get(DEAL, deal)
            self.account.associate(record, Link(CONTACT, contact, type_id), self.source)

    def attach(self, deal: str, *files: str) -> str:
        """Put files on a note of the deal; return the note's id."""
        with self.account.lock:
            ids = ";".join(self.account.files.add(name) for name in files)
            values = {"hs_timestamp": iso(self.account.clock.now_ms()), "hs_attachment_ids": ids}
            return self.account.create(NOTE, values, self.source, (Link(DEAL, deal),)).id

    def update_line(self, line: str, values: Mapping[str, str]) -> None:
        self.update_record(LINE_ITEM, line, values)

    def remove_line(self, line: str) -> None:
        self.delete(line, LINE_ITEM)

    def update_record(self, kind: Kind, record_id: str, values: Mapping[str, str]) -> None:
        """Change properties of any record."""
        with self.account.lock:
            self.account.update(self.account.records.get(kind, record_id), values, self.source)

    def decide(self, task: str, decision: str, limit: str | None = None, note: str = "") -> None:
        """Write a decision on a task: `yes`, `yes-up-to` (with a limit) or `no`."""
        values = {"dealgate_decision": decision, "dealgate_decision_note": note}
        self.update_record(TASK, task, values | {"dealgate_decision_limit": limit or ""})

    def decide_on_deal(self, deal: str, decision: str, note: str = "") -> None:
        """Write a decision on the deal, where tasks carry no properties of ours."""
        self.update(deal, {"ops_decision": decision, "ops_decision_note": note})

    def request(self, deal: str, what: str, note: str = "") -> None:
        """Ask Operations through the request field."""
        self.update(deal, {"ops_request": what, "ops_request_note": note})

    def complete_task(self, task: str) -> None:
        self.update_record(TASK, task, {"hs_task_status": "COMPLETED"})

    def delete(self, record_id: str, kind: Kind = DEAL) -> None:
        with self.account.lock:
            self.account.archive(self.account.records.get(kind, record_id), self.source)

    def restore(self, record_id: str, kind: Kind = DEAL) -> None:
        with self.account.lock:
            record = self.account.records.get(kind, record_id, archived=True)
            self.account.records.restore(record, self.source)

    def merge(self, primary: str, other: str, kind: Kind = DEAL) -> str:
        """Merge two records; return the survivor's id."""
        with self.account.lock:
            records = self.account.records
            return self.account.merge(records.get(kind, primary), records.get(kind, other), self.source).id

    def _from_product(self, product: str | None) -> dict[str, str]:
        if product is None:
            return {}
        values = self.account.records.get(PRODUCT, product).values
        return {name: values[name] for name in ("name", "price", "hs_sku") if name in values}


def of_person(account: Account, user: str, *, mobile: bool = False) -> Acts:
    """Acts of a user at the screen."""
    return Acts(account, person(user, "MOBILE_IOS" if mobile else "CRM_UI"))


def of_workflow(account: Account) -> Acts:
    """Acts of a workflow of the customer."""
    return Acts(account, workflow(next(_NUMBERS)))


def of_app(account: Account, app_id: str) -> Acts:
    """Acts of an app, ours or another."""
    return Acts(account, app(app_id))


def of_import(account: Account) -> Acts:
    """Acts of one file import."""
    return Acts(account, Source("IMPORT", str(next(_NUMBERS))))
