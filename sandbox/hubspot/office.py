"""HubSpot in small as the people in it use it (`sandbox.office.Office`)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import unescape

from sandbox import company as c
from sandbox.hubspot.acts import Acts
from sandbox.hubspot.kinds import TASK
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.seed import deal_values, line_values
from sandbox.hubspot.stages import stage_of
from sandbox.office import Page, Task

_BREAK = re.compile(r"<br\s*/?>")
_CENT = Decimal("0.01")
_CLOSING = ("amount", "closedate")


@dataclass(frozen=True, slots=True)
class HubSpotOffice:
    """Acts at HubSpot's screens, and what they show."""

    crm: HubSpotSandbox

    @property
    def calls(self) -> Mapping[str, int]:
        return self.crm.calls

    def deals(self) -> list[str]:
        return self.crm.deals()

    def page(self, deal: str) -> Page:
        values = self.crm.deal(deal)
        stage = stage_of(values, self.crm.account.pipelines)
        return Page(
            values["dealname"],
            values["pipeline"],
            values["dealstage"],
            stage.label if stage else values["dealstage"],
            values.get("ops_readiness", ""),
            values.get("ops_readiness_reason", ""),
            values.get("ops_waiting_on", ""),
            values.get("ops_checked_at", ""),
            values.get("ops_blocked_stages", ""),
        )

    def tasks(self, deal: str) -> tuple[Task, ...]:
        return tuple(self._task(id_, values) for id_, values in self.crm.tasks_of(deal).items())

    def notes(self, deal: str) -> tuple[str, ...]:
        return tuple(plain(values["hs_note_body"]) for values in self.crm.notes_of(deal).values())

    def create(self, user: str, deal: c.Deal) -> str:
        return self._create(self.crm.act_as(user), deal)

    def bring_in(self, deals: Iterable[c.Deal]) -> list[str]:
        importing = self.crm.imports()
        return [self._create(importing, deal) for deal in deals]

    def update(self, user: str, deal: str, values: Mapping[str, str]) -> None:
        self.crm.act_as(user).update(deal, values)

    def move(self, user: str, deal: str, stage: str) -> None:
        self.crm.act_as(user).move(deal, stage)

    def close(self, user: str, deal: str, ended: c.Deal) -> None:
        whole = deal_values(ended)
        values = {name: whole[name] for name in _CLOSING if name in whole}
        self.crm.act_as(user).update(deal, {"dealstage": ended.stage, **values})

    def price(self, user: str, deal: str, amount: Decimal) -> None:
        self.crm.act_as(user).update(deal, {"amount": str(amount)})

    def discount(self, user: str, deal: str, percent: int) -> None:
        who = self.crm.act_as(user)
        for line in self.crm.lines_of(deal):
            who.update_line(line, {"hs_discount_percentage": str(percent)})
        who.update(deal, {"amount": str(_total(self.crm.lines_of(deal).values()))})

    def decide(self, user: str, task: str, decision: str, limit: str | None = None, note: str = "") -> None:
        self.crm.act_as(user).decide(task, decision, limit, note)

    def complete(self, user: str, task: str) -> None:
        self.crm.act_as(user).complete_task(task)

    def remove(self, user: str, task: str) -> None:
        self.crm.act_as(user).delete(task, TASK)

    def pass_on(self, user: str, task: str, to: str) -> None:
        owner = self.crm.account.owners.get(to, by_user=True).id
        self.crm.act_as(user).update_record(TASK, task, {"hubspot_owner_id": owner})

    def leaves(self, user: str) -> None:
        owners = self.crm.account.owners
        owners.archive(owners.get(user, by_user=True).id)

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        return self.crm.wait_webhooks_idle(timeout_s)

    def _create(self, who: Acts, deal: c.Deal) -> str:
        made = self.crm.seeded
        return who.create_deal(
            deal_values(deal),
            [line_values(line, made.products) for line in deal.lines],
            company=made.customers[deal.customer] if deal.customer else None,
            contacts=[made.contacts[key] for key in deal.contacts],
        )

    def _task(self, id_: str, values: Mapping[str, str]) -> Task:
        owner = next(
            (one for one in self.crm.account.owners.all() if one.id == values.get("hubspot_owner_id")), None
        )
        return Task(
            id_,
            values.get("dealgate_key", ""),
            values.get("hs_task_subject", ""),
            plain(values.get("hs_task_body", "")),
            owner.email if owner else "",
            _due(values.get("hs_timestamp")),
            values.get("hs_task_status") == "COMPLETED",
        )


def _total(lines: Iterable[Mapping[str, str]]) -> Decimal:
    """Return what the lines come to, as HubSpot's line item editor writes it into the deal."""
    nets = (
        Decimal(one["quantity"])
        * Decimal(one.get("price", "0"))
        * (100 - Decimal(one.get("hs_discount_percentage", "0")))
        / 100
        for one in lines
    )
    return sum(nets, Decimal(0)).quantize(_CENT)


def _due(told: str | None) -> date | None:
    return date.fromisoformat(told[:10]) if told else None


def plain(markup: str) -> str:
    """Return a text as the screen shows it."""
    return unescape(_BREAK.sub("\n", markup))
