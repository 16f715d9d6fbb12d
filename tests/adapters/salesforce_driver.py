"""The Salesforce sandbox as a driver of the adapter suite."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.adapters.base import Call, Wanted
from connector.adapters.files import write
from connector.adapters.salesforce import Salesforce
from connector.adapters.salesforce.login import ClientCredentials
from connector.adapters.salesforce.package.render import Org, render
from connector.policy.model import Field, FieldType
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultKind
from sandbox.salesforce.acts import Acts
from sandbox.salesforce.limits import Limits
from sandbox.salesforce.org import Setup
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed import LOADER
from tests.adapters.driver import Sold

FIELDS = (
    Field("amount", "Amount", FieldType.MONEY),
    Field("close-date", "Close date", FieldType.DATE),
    Field("delivery-address", "Delivery address", FieldType.TEXT, salesforce="delivery_address__c"),
    Field("users", "Number of users", FieldType.NUMBER, salesforce="number_of_users__c"),
    Field("start-date", "Start date", FieldType.DATE, salesforce="start_date__c"),
    Field("region", "Region", FieldType.ENUM, salesforce="region__c"),
)
_API = {field.name: field.salesforce or "" for field in FIELDS} | {
    "amount": "Amount",
    "close-date": "CloseDate",
}
_ROUTES = {
    "tasks": "POST composite/sobjects Task",
    "notes": "POST composite/sobjects Note",
    "deals": "PATCH composite/sobjects Opportunity",
    "reads": "GET query Opportunity",
    "all": "*",
}
_SIGN_IN = "oauth2/token"


@dataclass
class SalesforceDriver:
    """One sandbox, one adapter with short timeouts that does not really sleep."""

    sandbox: SalesforceSandbox
    slept: list[float] = field(default_factory=list)
    seen: list[Call] = field(default_factory=list)
    wanted: Wanted = field(default_factory=lambda: Wanted(FIELDS, line_items=True))
    stages: tuple[str, ...] = ("discovery", "proposal", "contract", "closedwon", "closedlost")
    reason: str = "Ops_Readiness_Reason__c"
    closes_without_date: bool = False

    def __post_init__(self) -> None:
        self.rep = self.sandbox.user("9101")
        self.approver = self.sandbox.user("9120")
        self.colleague = self.sandbox.user("9121")
        self.pipeline = self.sandbox.seeded.record_types["default"]
        self.crm = self.connect()

    def connect(self, **settings: object) -> Salesforce:
        """Return a new adapter; `settings` replace those of the suite."""
        app = self.sandbox.connected_app
        given = {
            "account": "acme",
            "url": self.sandbox.url,
            "org_id": self.sandbox.organization,
            "grant": ClientCredentials(app.client_id, app.client_secret),
            "importers": (LOADER,),
            "timeout": (1.0, 1.0),
            "budget": lambda _: 0.0,
            "observe": self.seen.append,
            "sleep": self.slept.append,
            "now": self.now,
            "kept_for": timedelta(minutes=10),
        }
        return Salesforce(**{**given, **settings})  # type: ignore[arg-type]

    def user_of(self, owner: str) -> str:
        return owner

    def new_deal(self, name: str, stage: str, lines: tuple[Sold, ...] = (), **values: str) -> str:
        given = {"Name": name, "StageName": stage, "OwnerId": self.rep, "RecordTypeId": self.pipeline}
        words = self._named({word.replace("_", "-"): value for word, value in values.items()})
        return self._as(self.rep).create_opportunity({**given, **words}, [self._line(one) for one in lines])

    def _as(self, owner: str) -> Acts:
        return self.sandbox.act_as(owner)

    def _named(self, values: Mapping[str, str]) -> dict[str, str]:
        return {_API.get(word, word): _day(_API.get(word, word), value) for word, value in values.items()}

    def _line(self, line: Sold) -> dict[str, object]:
        key = self._key(line.product) if line.product else line.name
        entry = self.sandbox.seeded.entries[key]
        price = self.sandbox.record(entry)["UnitPrice"]
        discount = {"Discount": str(line.discount)} if line.discount else {}
        return {"PricebookEntryId": entry, "Quantity": line.quantity, "UnitPrice": price, **discount}

    def _key(self, name: str) -> str:
        products = self.sandbox.seeded.products.items()
        return next(key for key, one in products if self.sandbox.record(one)["Name"] == name)

    def move(self, owner: str, deal: str, stage: str) -> None:
        self._as(owner).move(deal, stage)

    def change(self, owner: str, deal: str, values: Mapping[str, str]) -> None:
        self._as(owner).update(deal, self._named(values))

    def import_change(self, deal: str, values: Mapping[str, str]) -> None:
        self.sandbox.imports().update(deal, self._named(values))

    def automation_moves(self, deal: str, stage: str) -> None:
        self.sandbox.workflow().move(deal, stage)

    def decide(self, owner: str, task: str, decision: str, limit: str | None, note: str) -> None:
        self._as(owner).decide(task, decision, limit, note)

    def change_limit(self, owner: str, task: str, limit: str) -> None:
        self._as(owner).update(task, {"Dealgate_Decision_Limit__c": limit})

    def complete(self, owner: str, task: str) -> None:
        self._as(owner).complete_task(task)

    def delete(self, deal: str) -> None:
        self._as(self.rep).delete(deal)

    def drop_field(self, word: str) -> None:
        self.sandbox.drop_field("Opportunity", _API[word])

    def shown(self, deal: str) -> Mapping[str, str]:
        return {name: str(value) for name, value in self.sandbox.deal(deal).items()}

    def stage_of(self, deal: str) -> str:
        return str(self.sandbox.deal(deal)["StageName"])

    def tasks(self, deal: str) -> Mapping[str, str]:
        found = self.sandbox.tasks_of(deal).items()
        return {task: str(values.get("Dealgate_Key__c", "")) for task, values in found}

    def name_contact(self, deal: str, role: str) -> None:
        acts = self._as(self.rep)
        acts.name_contact(deal, acts.create("Contact", {"LastName": "Fox"}), role)

    def attach(self, deal: str, file: str) -> None:
        self._as(self.rep).attach(deal, file)

    def notes(self, deal: str) -> list[str]:
        """Return the notes as a browser is sent them: Salesforce escapes the plain text of a note."""
        return [escape(str(values["Body"])) for values in self.sandbox.notes_of(deal).values()]

    def calls(self) -> int:
        """Return the calls that the org counts: signing in is none of them."""
        return sum(count for route, count in self.sandbox.calls.items() if _SIGN_IN not in route)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now_ms() / 1000, UTC)

    def fail(self, kind: str, *, writes: str, after: bool = False, times: int | None = None) -> None:
        fault = Fault(FaultKind(kind), _ROUTES.get(writes, writes), after=after, times=times)
        self.sandbox.faults.set([fault] if kind else [])

    def heal(self) -> None:
        self.sandbox.faults.clear()

    def settle(self) -> None:
        self.sandbox.clock.advance(60)


def _day(name: str, value: str) -> str:
    return value[:10] if name == "CloseDate" else value


def new_sandbox(clock: Clock | None = None, **setup: object) -> SalesforceSandbox:
    """Start a sandbox of the shared company without call limits."""
    return SalesforceSandbox(setup=Setup(**setup), limits=Limits(on=False), clock=clock)  # type: ignore[arg-type]


def deploy(sandbox: SalesforceSandbox) -> None:
    """Deploy our package with the test policy's fields, and assign its permission sets."""
    org = Org(multi_currency=sandbox.org.setup.multi_currency, record_types=True)
    with TemporaryDirectory() as folder:
        sandbox.deploy(write(Path(folder), render(FIELDS, org=org)))
