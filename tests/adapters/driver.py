"""What the adapter suite needs of a CRM in small, in words of no vendor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from connector.adapters.base import Crm, Wanted


@dataclass(frozen=True, slots=True)
class Sold:
    """One product line: list price and discount in percent of it. `product` is a name of the price book."""

    product: str | None
    quantity: int = 1
    discount: Decimal = Decimal(0)
    name: str = ""


class Driver(Protocol):
    """A CRM with people at the screen, and the adapter that looks at it.

    People are named by their owner id; `stages` are the ids of the sales pipeline, in order, won and lost last.
    """

    crm: Crm
    wanted: Wanted
    stages: tuple[str, ...]
    rep: str
    approver: str
    colleague: str  # of the approver: may decide too
    pipeline: str  # the id of that pipeline
    reason: str  # the vendor's name of OurField.REASON
    closes_without_date: bool  # a deal may have no close date

    def user_of(self, owner: str) -> str: ...
    def new_deal(self, name: str, stage: str, lines: tuple[Sold, ...] = (), **values: str) -> str: ...
    def move(self, owner: str, deal: str, stage: str) -> None: ...
    def change(self, owner: str, deal: str, values: Mapping[str, str]) -> None:
        """Change words of the vocabulary, in the CRM's own spelling of their values."""
        ...

    def import_change(self, deal: str, values: Mapping[str, str]) -> None: ...
    def automation_moves(self, deal: str, stage: str) -> None: ...
    def decide(self, owner: str, task: str, decision: str, limit: str | None, note: str) -> None: ...
    def change_limit(self, owner: str, task: str, limit: str) -> None: ...
    def complete(self, owner: str, task: str) -> None: ...
    def delete(self, deal: str) -> None: ...
    def drop_field(self, word: str) -> None: ...
    def shown(self, deal: str) -> Mapping[str, str]:
        """Return what stands in the deal, by vendor name."""
        ...

    def stage_of(self, deal: str) -> str: ...
    def tasks(self, deal: str) -> Mapping[str, str]:
        """Return the keys of the deal's tasks by id."""
        ...

    def name_contact(self, deal: str, role: str) -> None:
        """Give the deal one more contact, with this role."""
        ...

    def attach(self, deal: str, file: str) -> None: ...
    def notes(self, deal: str) -> list[str]: ...
    def calls(self) -> int: ...
    def now(self) -> datetime: ...
    def fail(self, kind: str, *, writes: str, after: bool = False, times: int | None = None) -> None:
        """Let calls fail: `kind` 500, 429, timeout, reset, html, partial; `writes` tasks, notes, deals or all."""
        ...

    def settle(self) -> None:
        """Let the CRM's search index catch up."""
        ...
