"""The HubSpot sandbox as a driver of the adapter suite."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connector.adapters.base import Call, Wanted
from connector.adapters.hubspot import HubSpot
from connector.policy.model import Field, FieldType
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultKind
from sandbox.hubspot.account import Setup
from sandbox.hubspot.kinds import CONTACT, DEAL, PRODUCT, TASK
from sandbox.hubspot.ratelimit import Limits
from sandbox.hubspot.sandbox import HubSpotSandbox
from tests.adapters.driver import Sold

APP_ID = "77001"
FIELDS = (
    Field("amount", "Amount", FieldType.MONEY, hubspot="amount"),
    Field("close-date", "Close date", FieldType.DATE, hubspot="closedate"),
    Field("delivery-address", "Delivery address", FieldType.TEXT, hubspot="delivery_address"),
    Field("users", "Number of users", FieldType.NUMBER, hubspot="number_of_users"),
    Field("start-date", "Start date", FieldType.DATE, hubspot="start_date"),
    Field("region", "Region", FieldType.ENUM, hubspot="region"),
)
_PROPERTY = {field.name: field.hubspot or "" for field in FIELDS}
_ROUTES = {
    "tasks": "POST objects/tasks/batch/create",
    "notes": "POST objects/notes/batch/create",
    "deals": "POST objects/deals/batch/update",
    "reads": "POST objects/deals/batch/read",
    "all": "*",
}


@dataclass
class HubSpotDriver:
    """One sandbox, one adapter with short timeouts that does not really sleep."""

    sandbox: HubSpotSandbox
    slept: list[float] = field(default_factory=list)
    seen: list[Call] = field(default_factory=list)
    wanted: Wanted = field(default_factory=lambda: Wanted(FIELDS, line_items=True))
    stages: tuple[str, ...] = ("discovery", "proposal", "contract", "closedwon", "closedlost")
    rep: str = "101"
    approver: str = "120"
    colleague: str = "121"
    pipeline: str = "default"
    reason: str = "ops_readiness_reason"
    closes_without_date: bool = True

    def __post_init__(self) -> None:
        self.crm = self.connect()

    def connect(self, **settings: object) -> HubSpot:
        """Return a new adapter; `settings` replace those of the suite."""
        given = {
            "account": "acme",
            "access_token": self.sandbox.token,
            "app_id": APP_ID,
            "api_url": self.sandbox.url,
            "timeout": (1.0, 1.0),
            "budget": lambda _: 0.0,
            "observe": self.seen.append,
            "sleep": self.slept.append,
            "now": self.now,
            "kept_for": timedelta(minutes=10),
        }
        return HubSpot(**{**given, **settings})  # type: ignore[arg-type]

    def user_of(self, owner: str) -> str:
        return f"9{owner}"

    def product(self, name: str) -> str:
        records = self.sandbox.account.records.all(PRODUCT)
        return next(record.id for record in records if record.values["name"] == name)

    def new_deal(self, name: str, stage: str, lines: tuple[Sold, ...] = (), **values: str) -> str:
        words = {_PROPERTY[word.replace("_", "-")]: value for word, value in values.items()}
        given = {
            "dealname": name,
            "pipeline": "default",
            "dealstage": stage,
            "hubspot_owner_id": self.rep,
            **words,
        }
        sold = [self._line(line) for line in lines]
        return self.sandbox.act_as(self.user_of(self.rep)).create_deal(given, lines=sold)

    def _line(self, line: Sold) -> dict[str, str]:
        product = {"hs_product_id": self.product(line.product)} if line.product else {"name": line.name}
        discount = {"hs_discount_percentage": str(line.discount)} if line.discount else {}
        return {**product, "quantity": str(line.quantity), **discount}

    def move(self, owner: str, deal: str, stage: str) -> None:
        self.sandbox.act_as(self.user_of(owner)).move(deal, stage)

    def change(self, owner: str, deal: str, values: Mapping[str, str]) -> None:
        self.sandbox.act_as(self.user_of(owner)).update(
            deal, {_PROPERTY.get(word, word): value for word, value in values.items()}
        )

    def import_change(self, deal: str, values: Mapping[str, str]) -> None:
        self.sandbox.imports().update(deal, {_PROPERTY[word]: value for word, value in values.items()})

    def automation_moves(self, deal: str, stage: str) -> None:
        self.sandbox.workflow().move(deal, stage)

    def decide(self, owner: str, task: str, decision: str, limit: str | None, note: str) -> None:
        self.sandbox.act_as(self.user_of(owner)).decide(task, decision, limit, note)

    def change_limit(self, owner: str, task: str, limit: str) -> None:
        changes = {"dealgate_decision_limit": limit}
        self.sandbox.act_as(self.user_of(owner)).update_record(TASK, task, changes)

    def complete(self, owner: str, task: str) -> None:
        self.sandbox.act_as(self.user_of(owner)).complete_task(task)

    def delete(self, deal: str) -> None:
        self.sandbox.act_as(self.user_of(self.rep)).delete(deal)

    def drop_field(self, word: str) -> None:
        self.sandbox.account.schema.archive(DEAL, _PROPERTY[word])

    def shown(self, deal: str) -> Mapping[str, str]:
        return self.sandbox.deal(deal)

    def stage_of(self, deal: str) -> str:
        return self.sandbox.deal(deal)["dealstage"]

    def tasks(self, deal: str) -> Mapping[str, str]:
        return {task: values.get("dealgate_key", "") for task, values in self.sandbox.tasks_of(deal).items()}

    def name_contact(self, deal: str, role: str) -> None:
        acts = self.sandbox.act_as(self.user_of(self.rep))
        with self.sandbox.account.lock:
            contact = self.sandbox.account.create(CONTACT, {"lastname": "Fox"}, acts.source).id
        acts.label_contact(deal, contact, role)

    def attach(self, deal: str, file: str) -> None:
        self.sandbox.act_as(self.user_of(self.rep)).attach(deal, file)

    def notes(self, deal: str) -> list[str]:
        return [values["hs_note_body"] for values in self.sandbox.notes_of(deal).values()]

    def calls(self) -> int:
        return self.sandbox.counters.total().calls

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now_ms() / 1000, UTC)

    def fail(self, kind: str, *, writes: str, after: bool = False, times: int | None = None) -> None:
        fault = Fault(FaultKind(kind), _ROUTES.get(writes, writes), after=after, times=times)
        self.sandbox.faults.set([fault] if kind else [])

    def heal(self) -> None:
        self.sandbox.faults.clear()

    def settle(self) -> None:
        self.sandbox.clock.advance(60)


def new_sandbox(clock: Clock | None = None, **setup: object) -> HubSpotSandbox:
    """Start a sandbox of the shared company without call limits."""
    return HubSpotSandbox(setup=Setup(**setup), limits=Limits(on=False), clock=clock)  # type: ignore[arg-type]
