"""Plays a company's history into a running sandbox as acts of its people, and the rows only HubSpot has."""

from collections.abc import Iterator, Mapping

from sandbox.company import Company
from sandbox.hubspot.account import Account, Link
from sandbox.hubspot.errors import invalid
from sandbox.hubspot.events import Source
from sandbox.hubspot.kinds import DEAL, TASK
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.seed import deal_values, line_values
from sandbox.loaders.hubspot_seed import HubSpotSeed
from sandbox.replay import ReplayAct, acts


class Replay:
    """Replays one company. The sandbox must have been started with the company without its deals."""

    def __init__(self, crm: HubSpotSandbox, company: Company) -> None:
        self.deals: dict[str, str] = {}
        self._crm = crm
        self._company = company
        self._users: Mapping[str, str | None] = {one.id: one.user for one in company.employees}

    def play(self) -> Iterator[ReplayAct]:
        """Do one act after the other, now; yields each after it was done."""
        for act in acts(self._company):
            if act.creates:
                self._create(act)
            else:
                self._move(act)
            yield act

    def _create(self, act: ReplayAct) -> None:
        values = {**deal_values(act.deal), "dealstage": act.step.stage}
        for name in ("amount", "closedate") if len(act.deal.path) > 1 else ():
            values.pop(name, None)
        made = self._crm.seeded
        company = made.customers[act.deal.customer] if act.deal.customer else None
        lines = [line_values(line, made.products) for line in act.deal.lines]
        contacts = [made.contacts[key] for key in act.deal.contacts]
        who = self._crm.act_as(self._user(act))
        self.deals[act.deal.key] = who.create_deal(values, lines, company=company, contacts=contacts)

    def _move(self, act: ReplayAct) -> None:
        values = {"dealstage": act.step.stage}
        if act.closes:
            whole = deal_values(act.deal)
            values |= {name: whole[name] for name in ("amount", "closedate") if name in whole}
        self._crm.act_as(self._user(act)).update(self.deals[act.deal.key], values)

    def _user(self, act: ReplayAct) -> str:
        user = self._users.get(act.step.by or "")
        if user is None:
            raise invalid(f"Nobody is known who moved deal {act.deal.key}.")
        return user


def add_rows(account: Account, rows: HubSpotSeed) -> None:
    """Add the history, merges and tasks of an export to an account that holds its company."""
    with account.lock:
        listeners, account.listeners = account.listeners, []
        for entry in sorted(rows.history, key=lambda one: one.at):
            record = account.records.get(DEAL, entry.deal)
            source = Source(entry.source_type, entry.source_id)
            account.records.update(record, {entry.property: entry.value}, source, at=entry.at)
        for old, survivor in rows.merged.items():
            account.records.remember_merge(old, survivor)
        for task in rows.tasks:
            values = {
                "hs_timestamp": f"{task.due}Z",
                "hs_task_type": task.type,
                "hubspot_owner_id": task.owner,
            }
            links = (Link(DEAL, task.deal),) if task.deal else ()
            account.create(TASK, values, Source("IMPORT", "1"), links, at=task.created, id_=task.id)
        account.listeners = listeners
