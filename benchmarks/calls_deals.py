"""1,000 deals of crm_sales that are all changed, and of which one in ten needs somebody's decision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, zip_longest
from pathlib import Path

from sandbox.company import Company, Deal
from sandbox.loaders import crm_sales
from sandbox.office import Office

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
        """All of them, the offered ones among the won ones as they come in life."""
        share = len(self.won) // max(1, len(self.offered))
        starts = range(0, len(self.won), share)
        pairs = zip_longest((self.won[one : one + share] for one in starts), self.offered)
        return tuple(deal for won, offered in pairs for deal in (*(won or ()), offered) if deal)

    def make(self, office: Office, ids: Iterable[str]) -> None:
        """Let each deal's owner write its price, and win it where that needs nobody."""
        users = {one.id: one.user or "" for one in self.company.employees}
        won = {deal.key for deal in self.won}
        for deal, id_ in zip(self.deals, ids, strict=True):
            user = users[deal.path[-1].by or ""]
            if deal.key in won:
                office.close(user, id_, deal)
            elif deal.amount is not None:
                office.price(user, id_, deal.amount)


def changes(folder: Path, size: int) -> Changes:
    """Choose `size` won deals in the order of the file, a tenth of them with more than 10 % discount."""
    company = crm_sales.load(folder)
    won = [deal for deal in company.deals if deal.stage == "won"]
    over = size // 10
    fair = tuple(islice(_priced(won, over=False), size - over))
    dear = tuple(islice(_priced(won, over=True), over))
    made = Changes(company, fair, dear)
    before = tuple(replace(deal, path=deal.path[:-1], amount=None, close_date=None) for deal in made.deals)
    return replace(made, company=replace(company, deals=before))


def _priced(deals: Iterable[Deal], *, over: bool) -> Iterator[Deal]:
    return (deal for deal in deals if (_discount(deal) > _SALES_ALONE) is over)


def _discount(deal: Deal) -> Decimal:
    listed = sum((line.price or Decimal(0) for line in deal.lines), Decimal(0))
    return 1 - (deal.amount or Decimal(0)) / listed
