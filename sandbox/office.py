"""A CRM in small as the people in it use it, in words of no vendor: the same acts in each, the same page.

`user` is the company's user id, stages and pipelines are the company's, fields of deals are named as the
company names them. Each sandbox has one: `sandbox.hubspot.office`, `sandbox.salesforce.office`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from sandbox.company import Deal


class Refused(Exception):
    """The CRM did not take what somebody saved; the text is what they read."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a deal's page shows; texts are empty where nothing stands."""

    name: str
    pipeline: str
    stage: str
    stage_label: str
    readiness: str = ""
    reason: str = ""
    waiting_on: str = ""
    checked_at: str = ""
    blocked_stages: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task on a deal's page. `owner` is an e-mail address, `body` plain text; HubSpot shows an hour too."""

    id: str
    key: str
    title: str
    body: str
    owner: str
    due: date | None
    closed: bool


class Office(Protocol):
    """What people do and see. Acts of people raise Refused where a rule of the CRM holds a save."""

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls by route since the start or the last reset of the sandbox's counters."""
        ...

    def deals(self) -> list[str]: ...
    def page(self, deal: str) -> Page: ...
    def tasks(self, deal: str) -> tuple[Task, ...]: ...
    def notes(self, deal: str) -> tuple[str, ...]: ...

    def create(self, user: str, deal: Deal) -> str:
        """Create a deal in its present stage, with lines and people; return its id."""
        ...

    def bring_in(self, deals: Iterable[Deal]) -> list[str]:
        """Import deals from a file; return their ids."""
        ...

    def update(self, user: str, deal: str, values: Mapping[str, str]) -> None:
        """Change fields that the company added."""
        ...

    def move(self, user: str, deal: str, stage: str) -> None: ...

    def close(self, user: str, deal: str, ended: Deal) -> None:
        """Move a deal where it ended, with the price and close date that it ended with."""
        ...

    def price(self, user: str, deal: str, amount: Decimal) -> None:
        """Agree a price: HubSpot keeps it as the deal's amount, Salesforce in the lines that it sums."""
        ...

    def discount(self, user: str, deal: str, percent: int) -> None:
        """Give all lines this discount; the deal's amount follows, as both CRMs let it."""
        ...

    def decide(self, user: str, task: str, decision: str, limit: str | None = None, note: str = "") -> None:
        """Answer a task: `yes`, `yes-up-to` (with a limit) or `no`."""
        ...

    def complete(self, user: str, task: str) -> None:
        """Close a task without a word."""
        ...

    def remove(self, user: str, task: str) -> None:
        """Delete a task."""
        ...

    def pass_on(self, user: str, task: str, to: str) -> None:
        """Give a task to another user."""
        ...

    def leaves(self, user: str) -> None:
        """Let somebody leave the company: the account stays, and is active no more."""
        ...

    def wait_idle(self, timeout_s: float = 30.0) -> bool:
        """Wait until everything that happened is told; return whether that came to be."""
        ...
