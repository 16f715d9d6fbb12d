"""What people, imports and other apps do in Salesforce; each is a user, and leaves its id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from sandbox.salesforce.org import Org
from sandbox.salesforce.records import Record
from sandbox.salesforce.seeded import Seeded
from sandbox.salesforce.values import Value


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts of one user. Ids are Salesforce's; unknown ids and refused values raise SalesforceError."""

    org: Org
    user: str
    seeded: Seeded

    def move(self, deal: str, stage: str, pipeline: str | None = None) -> None:
        """Move a deal; `pipeline` is the developer name of a record type."""
        values: dict[str, object] = {"StageName": stage}
        if pipeline:
            values["RecordTypeId"] = self.seeded.record_types[pipeline]
        self.update(deal, values)

    def update(self, record_id: str, values: Mapping[str, object]) -> None:
        """Change fields of any record."""
        with self.org.lock:
            self.org.update(self.org.get(record_id), values, self.user)

    def create_opportunity(
        self,
        values: Mapping[str, object],
        lines: Iterable[Mapping[str, object]] = (),
        *,
        contacts: Iterable[str] = (),
    ) -> str:
        """Create a deal with its lines; return its id. What is not given comes as the screen fills it."""
        with self.org.lock:
            record = self.org.create("Opportunity", {**self._usual(), **values}, self.user)
            for line in lines:
                self.add_line(record.id, line)
            for contact in contacts:
                self.create("OpportunityContactRole", {"OpportunityId": record.id, "ContactId": contact})
            return record.id

    def add_line(self, deal: str, values: Mapping[str, object]) -> str:
        """Add a line: a product by `sku` (or PricebookEntryId), at list price unless said; return its id."""
        with self.org.lock:
            found = dict(values)
            sku = found.pop("sku", None)
            if sku is not None:
                found["PricebookEntryId"] = self.seeded.entries[str(sku)]
            return self.create("OpportunityLineItem", {"OpportunityId": deal, "Quantity": 1, **found})

    def update_line(self, line: str, values: Mapping[str, object]) -> None:
        self.update(line, values)

    def remove_line(self, line: str) -> None:
        self.delete(line)

    def create(self, sobject: str, values: Mapping[str, object]) -> str:
        """Create any record; return its id."""
        with self.org.lock:
            return self.org.create(sobject, values, self.user).id

    def name_contact(self, deal: str, contact: str, role: str) -> str:
        """Give a contact a role in the deal."""
        values = {"OpportunityId": deal, "ContactId": contact, "Role": role}
        return self.create("OpportunityContactRole", values)

    def attach(self, deal: str, file: str) -> str:
        """Put a file on the deal; the platform keeps its extension apart."""
        path = PurePath(file)
        values = {"Title": path.stem, "FileExtension": path.suffix.lstrip(".") or None}
        document = self.create("ContentDocument", values)
        return self.create(
            "ContentDocumentLink",
            {"LinkedEntityId": deal, "ContentDocumentId": document, "ShareType": "V"},
        )

    def decide(self, task: str, decision: str, limit: str | None = None, note: str = "") -> None:
        """Write a decision on a task: `yes`, `yes-up-to` (with a limit) or `no`."""
        values = {"Dealgate_Decision__c": decision, "Dealgate_Decision_Note__c": note or None}
        self.update(task, {**values, "Dealgate_Decision_Limit__c": limit})

    def request(self, deal: str, what: str, note: str = "") -> None:
        """Ask Operations through the request field."""
        self.update(deal, {"Ops_Request__c": what, "Ops_Request_Note__c": note or None})

    def complete_task(self, task: str) -> None:
        with self.org.lock:
            statuses = self.org.records.all("TaskStatus")
            closed = next(one.text("ApiName") for one in statuses if one.values["IsClosed"])
            self.update(task, {"Status": closed})

    def delete(self, record_id: str) -> None:
        with self.org.lock:
            self.org.delete(self.org.get(record_id), self.user)

    def undelete(self, record_id: str) -> None:
        with self.org.lock:
            record = self.org.records.find(record_id)
            if record is not None:
                self.org.undelete(record, self.user)

    def _usual(self) -> dict[str, object]:
        first = next(iter(self.seeded.record_types.values()))
        day = self.org.now().date().isoformat()
        return {"RecordTypeId": first, "CloseDate": day, "Pricebook2Id": self.seeded.price_book}


def shown(record: Record) -> dict[str, Value]:
    """Return what is set on a record."""
    return {name: value for name, value in record.values.items() if value is not None}
