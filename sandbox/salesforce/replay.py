"""Plays a company's history into a running sandbox as acts of its people."""

from collections.abc import Iterator, Mapping

from sandbox.company import Company
from sandbox.replay import ReplayAct, acts
from sandbox.salesforce.errors import not_found
from sandbox.salesforce.sandbox import SalesforceSandbox
from sandbox.salesforce.seed_deals import line_values, priced, values


class Replay:
    """Replays one company. The sandbox must have been started with the company without its deals."""

    def __init__(self, crm: SalesforceSandbox, company: Company) -> None:
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
        made = self._crm.seeded
        fields = {**values(act.deal, made), "StageName": act.step.stage}
        lines = [line_values(line, made) for line in act.deal.lines]
        contacts = [made.contacts[key] for key in act.deal.contacts]
        who = self._crm.act_as(self._user(act))
        self.deals[act.deal.key] = who.create_opportunity(fields, lines, contacts=contacts)

    def _move(self, act: ReplayAct) -> None:
        fields: dict[str, object] = {"StageName": act.step.stage}
        who, deal = self._crm.act_as(self._user(act)), self.deals[act.deal.key]
        if act.closes:
            fields["CloseDate"] = values(act.deal, self._crm.seeded)["CloseDate"]
            for line, now in zip(self._crm.lines_of(deal), priced(act.deal), strict=True):
                who.update_line(line, {"UnitPrice": now.price})
        who.update(deal, fields)

    def _user(self, act: ReplayAct) -> str:
        user = self._users.get(act.step.by or "")
        if user is None:
            raise not_found(f"Nobody is known who moved deal {act.deal.key}.")
        return user
