"""A company's history as acts in date order: each deal created, then moved stage by stage, by who did it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sandbox.company import Company, Deal, Step
from sandbox.office import Office, Refused


@dataclass(frozen=True, slots=True)
class ReplayAct:
    """One act. `creates` for the first step of a deal, `closes` for the last one of its path."""

    deal: Deal
    step: Step
    creates: bool
    closes: bool


def acts(company: Company) -> Iterator[ReplayAct]:
    """Yield all acts of all deals, oldest first; a deal's own steps never change places."""
    pending = [
        (step.at, order, place, deal, step)
        for order, deal in enumerate(company.deals)
        for place, step in enumerate(deal.path)
    ]
    pending.sort(key=lambda one: one[:3])
    for _, _, place, deal, step in pending:
        yield ReplayAct(deal, step, creates=place == 0, closes=0 < place == len(deal.path) - 1)


class Replay:
    """Plays one company into a running sandbox, which must have been started without the company's deals.

    `deals` are the CRM's ids by the deal's key, `refused` the deals of which a save was refused. A deal that
    moves on has its price and close date from its last move on.
    """

    def __init__(self, office: Office, company: Company) -> None:
        self.deals: dict[str, str] = {}
        self.refused: list[str] = []
        self._office = office
        self._company = company
        self._users: Mapping[str, str | None] = {one.id: one.user for one in company.employees}

    def play(self) -> Iterator[ReplayAct]:
        """Do one act after the other, now; yields each after it was done."""
        for act in acts(self._company):
            try:
                self._do(act)
            except Refused:
                self.refused.append(self.deals[act.deal.key])
            yield act

    def _do(self, act: ReplayAct) -> None:
        user = self._user(act)
        if act.creates:
            self.deals[act.deal.key] = self._office.create(user, _begun(act.deal))
        elif act.closes:
            self._office.close(user, self.deals[act.deal.key], act.deal)
        else:
            self._office.move(user, self.deals[act.deal.key], act.step.stage)

    def _user(self, act: ReplayAct) -> str:
        user = self._users.get(act.step.by or "")
        if user is None:
            raise LookupError(f"Nobody is known who moved deal {act.deal.key}.")
        return user


def _begun(deal: Deal) -> Deal:
    if len(deal.path) == 1:
        return deal
    return replace(deal, path=deal.path[:1], amount=None, close_date=None)
