"""Salesforce in small as the people in it use it (`sandbox.office.Office`)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox import company as c
from sandbox.office import Page, Refused, Task
from sandbox.salesforce.acts import Acts
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed_deals import custom_values, line_values, priced, values
from sandbox.salesforce.values import Value, shown

_REFUSALS = frozenset({"FIELD_CUSTOM_VALIDATION_EXCEPTION", "INVALID_FIELD_FOR_INSERT_UPDATE"})


@dataclass(frozen=True, slots=True)
class SalesforceOffice:
    """Acts at Salesforce's screens, and what they show."""

    crm: SalesforceSandbox

    @property
    def calls(self) -> Mapping[str, int]:
        return self.crm.calls

    def deals(self) -> list[str]:
        return self.crm.deals()

    def page(self, deal: str) -> Page:
        found = self.crm.deal(deal)
        types = {record: name for name, record in self.crm.seeded.record_types.items()}
        stage = str(found["StageName"])
        return Page(
            str(found["Name"]),
            types.get(str(found.get("RecordTypeId")), ""),
            stage,
            self._label(stage),
            _text(found, "Ops_Readiness__c"),
            _text(found, "Ops_Readiness_Reason__c"),
            _text(found, "Ops_Waiting_On__c"),
            _text(found, "Ops_Checked_At__c"),
            _text(found, "Ops_Blocked_Stages__c"),
        )

    def tasks(self, deal: str) -> tuple[Task, ...]:
        return tuple(self._task(id_, found) for id_, found in self.crm.tasks_of(deal).items())

    def notes(self, deal: str) -> tuple[str, ...]:
        return tuple(_text(found, "Body") for found in self.crm.notes_of(deal).values())

    def create(self, user: str, deal: c.Deal) -> str:
        with _ruled():
            return self._create(self.crm.act_as(user), deal)

    def bring_in(self, deals: Iterable[c.Deal]) -> list[str]:
        importing = self.crm.imports()
        return [self._create(importing, deal) for deal in deals]

    def update(self, user: str, deal: str, values: Mapping[str, str]) -> None:
        with _ruled():
            self.crm.act_as(user).update(deal, custom_values(values))

    def move(self, user: str, deal: str, stage: str) -> None:
        with _ruled():
            self.crm.act_as(user).move(deal, stage)

    def close(self, user: str, deal: str, ended: c.Deal) -> None:
        """The lines are priced first, each in a save of its own; then stage and close date in one."""
        who = self.crm.act_as(user)
        with _ruled():
            for line, now in zip(self.crm.lines_of(deal), priced(ended), strict=True):
                who.update_line(line, {"UnitPrice": now.price})
            dated = {"CloseDate": ended.close_date.isoformat()} if ended.close_date else {}
            who.update(deal, {"StageName": ended.stage, **dated})

    def price(self, user: str, deal: str, amount: Decimal) -> None:
        lines = self.crm.lines_of(deal)
        total = sum((_number(line["TotalPrice"]) for line in lines.values()), Decimal(0))
        with _ruled():
            for id_, line in lines.items():
                price = _number(line["UnitPrice"]) * amount / total
                self.crm.act_as(user).update_line(id_, {"UnitPrice": price})

    def discount(self, user: str, deal: str, percent: int) -> None:
        with _ruled():
            for line in self.crm.lines_of(deal):
                self.crm.act_as(user).update_line(line, {"Discount": percent})

    def decide(self, user: str, task: str, decision: str, limit: str | None = None, note: str = "") -> None:
        with _ruled():
            self.crm.act_as(user).decide(task, decision, limit, note)

    def complete(self, user: str, task: str) -> None:
        self.crm.act_as(user).complete_task(task)

    def remove(self, user: str, task: str) -> None:
        self.crm.act_as(user).delete(task)

    def pass_on(self, user: str, task: str, to: str) -> None:
        self.crm.act_as(user).update(task, {"OwnerId": self.crm.user(to)})

    def leaves(self, user: str) -> None:
        self.crm.act_as(user).update(self.crm.user(user), {"IsActive": False})

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        return self.crm.wait_webhooks_idle(timeout_s)

    def _create(self, who: Acts, deal: c.Deal) -> str:
        made = self.crm.seeded
        lines = [line_values(line, made) for line in priced(deal)]
        contacts = [made.contacts[key] for key in deal.contacts]
        return who.create_opportunity(values(deal, made), lines, contacts=contacts)

    def _label(self, stage: str) -> str:
        with self.crm.org.lock:
            found = (
                one for one in self.crm.org.records.all("OpportunityStage") if one.values["ApiName"] == stage
            )
            return next((one.text("MasterLabel") for one in found), stage)

    def _task(self, id_: str, found: Mapping[str, Value]) -> Task:
        due = found.get("ActivityDate")
        return Task(
            id_,
            _text(found, "Dealgate_Key__c"),
            _text(found, "Subject"),
            _text(found, "Description"),
            _text(self.crm.record(str(found["OwnerId"])), "Email"),
            due if isinstance(due, date) else None,
            found.get("IsClosed") is True,
        )


def _text(found: Mapping[str, Value], name: str) -> str:
    value = found.get(name)
    return "" if value is None else str(shown(value))


def _number(value: Value) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


@contextmanager
def _ruled() -> Iterator[None]:
    """Tell the refusal of a rule, or of a field that the user may only read, in the words on the screen."""
    try:
        yield
    except SalesforceError as error:
        if error.code not in _REFUSALS:
            raise
        raise Refused(error.message) from error
