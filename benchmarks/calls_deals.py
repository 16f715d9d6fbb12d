"""1,000 deals of crm_sales that are all changed, and of which one in ten needs somebody's decision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sandbox.company import Company, Deal
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.loaders import crm_sales

DATA = Path(__file__).parents[2] / "shared" / "data" / "crm_sales"
_SALES_ALONE = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Changes:
    """What the reps do: `won` closes at a price they may give, `offered` names one that they may not.

    `company` holds these deals as they were before, in Engaging and without a price.
    """

    company: Company
    won: tuple[Deal, ...]
    offered: tuple[Deal, ...]

    @property
    def deals(self) -> tuple[Deal, ...]:
        return (*self.won, *self.offered)

    def make(self, crm: HubSpotSandbox) -> None:
        """Let each deal's owner write its price, and win it where that needs nobody."""
        users = {one.id: one.user or "" for one in self.company.employees}
        for deal in self.deals:
            changes = {"amount": str(deal.amount)}
            if deal in self.won:
                changes["dealstage"] = deal.stage
            crm.act_as(users[deal.path[-1].by or ""]).update(crm.seeded.deals[deal.key], changes)


def changes(folder: Path, size: int) -> Changes:
    """Choose `size` won deals in the order of the file, a tenth of them with more than 10 % discount."""
    company = crm_sales.load(folder)
    won = [deal for deal in company.deals if deal.stage == "won"]
    over = size // 10
    fair = tuple(islice(_priced(won, over=False), size - over))
    dear = tuple(islice(_priced(won, over=True), over))
    before = tuple(
        replace(deal, path=deal.path[:-1], amount=None, close_date=None) for deal in (*fair, *dear)
    )
    return Changes(replace(company, deals=before), fair, dear)


def _priced(deals: Iterable[Deal], *, over: bool) -> Iterator[Deal]:
    return (deal for deal in deals if (_discount(deal) > _SALES_ALONE) is over)


def _discount(deal: Deal) -> Decimal:
    listed = sum((line.price or Decimal(0) for line in deal.lines), Decimal(0))
    return 1 - (deal.amount or Decimal(0)) / listed
