"""A company's history as acts in date order: each deal created, then moved stage by stage, by who did it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.company import Company, Deal, Step


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
