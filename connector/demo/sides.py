"""A CRM in small as one side of the play: how the product is joined to it. A CRM more is a side more."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

from connector.adapters.base import Wanted
from connector.adapters.salesforce import Salesforce
from connector.adapters.salesforce.package import write
from connector.desk import Desk
from sandbox.clock import Clock
from sandbox.company import Deal
from sandbox.counters import Counters
from sandbox.hubspot.office import HubSpotOffice
from sandbox.hubspot.ratelimit import Limits as HubSpotLimits
from sandbox.hubspot.sandbox import HubSpotSandbox
from sandbox.hubspot.webhooks import WebhookTarget
from sandbox.office import Office
from sandbox.salesforce.limits import Limits as SalesforceLimits
from sandbox.salesforce.messages import MessageTarget
from sandbox.salesforce.office import SalesforceOffice
from sandbox.salesforce.sandbox import SalesforceSandbox

SECRET = "sandbox-client-secret"  # noqa: S105  the sandbox's own
TOKEN = "sandbox-message-token-of-43-characters-long"  # noqa: S105

_WEBHOOKS, _MESSAGES = WebhookTarget("", SECRET), MessageTarget("")


@dataclass(frozen=True, slots=True)
class Line:
    """How well what a CRM tells arrives: the shares that come twice, late and never, drawn from `seed`."""

    duplicates: float = 0.0
    disorder: float = 0.0
    loss: float = 0.0
    seed: int = 0


CLEAR, DEAD = Line(), Line(loss=1.0)


class InSmall(Protocol):
    """A sandbox of either CRM: its time, and the counters of its calls."""

    @property
    def clock(self) -> Clock: ...
    @property
    def counters(self) -> Counters: ...


class Side(Protocol):
    """One CRM. `account` is the product's name for it, `title` what people call it."""

    @property
    def account(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def office(self) -> Office: ...
    @property
    def crm(self) -> InSmall: ...

    def environ(self) -> Mapping[str, str]:
        """Return the settings of the product for this account."""
        ...

    def provision(self, desk: Desk, public_url: str) -> None:
        """Do what an admin does before the first badge."""
        ...

    def listen(self, public_url: str, line: Line = CLEAR) -> None:
        """Let the CRM tell the product what happens, over a line that may be a bad one."""
        ...

    def known(self, deals: Iterable[Deal]) -> list[str]:
        """Return the CRM's ids of deals that it was started with."""
        ...

    def reset_calls(self) -> None:
        """Count the CRM's calls anew."""
        ...

    def lift_limits(self) -> None:
        """Count calls without end: the CRM's limits are made for a year of work, not for a minute."""
        ...

    def told(self) -> int:
        """Return how many events the product took so far."""
        ...

    def hang_up(self) -> None:
        """Tell the product nothing any more."""
        ...


@dataclass(frozen=True, slots=True)
class HubSpotSide:
    """A HubSpot account on this machine."""

    crm: HubSpotSandbox
    target: WebhookTarget = _WEBHOOKS
    account: str = "hubspot"
    title: str = "HubSpot"

    @property
    def office(self) -> HubSpotOffice:
        return HubSpotOffice(self.crm)

    def environ(self) -> Mapping[str, str]:
        return {
            "HUBSPOT_ACCESS_TOKEN": self.crm.token,
            "HUBSPOT_CLIENT_SECRET": self.target.secret,
            "HUBSPOT_PORTAL_ID": str(self.crm.account.setup.portal_id),
            "HUBSPOT_APP_ID": str(self.crm.account.setup.app_id),
            "HUBSPOT_API_URL": self.crm.url,
        }

    def provision(self, desk: Desk, public_url: str) -> None:  # noqa: ARG002
        desk.crm.install(desk.picture().wanted)

    def listen(self, public_url: str, line: Line = CLEAR) -> None:
        url = f"{public_url}/webhooks/hubspot"
        self.crm.subscribe(replace(self.target, url=url, **asdict(line)))

    def known(self, deals: Iterable[Deal]) -> list[str]:
        return [self.crm.seeded.deals[deal.key] for deal in deals]

    def reset_calls(self) -> None:
        self.crm.counters.reset()

    def lift_limits(self) -> None:
        self.crm.set_limits(HubSpotLimits(burst=1_000_000))

    def told(self) -> int:
        return self.crm.webhooks.delivered.events if self.crm.webhooks else 0

    def hang_up(self) -> None:
        if self.crm.webhooks is not None:
            self.crm.webhooks.close()


@dataclass(frozen=True, slots=True)
class SalesforceSide:
    """A Salesforce org on this machine, with our package."""

    crm: SalesforceSandbox
    target: MessageTarget = _MESSAGES
    account: str = "salesforce"
    title: str = "Salesforce"

    @property
    def office(self) -> SalesforceOffice:
        return SalesforceOffice(self.crm)

    def environ(self) -> Mapping[str, str]:
        return {
            "SALESFORCE_INSTANCE_URL": self.crm.url,
            "SALESFORCE_ORG_ID": self.crm.organization,
            "SALESFORCE_CLIENT_ID": self.crm.connected_app.client_id,
            "SALESFORCE_CLIENT_SECRET": self.crm.connected_app.client_secret,
            "SALESFORCE_WEBHOOK_TOKEN": TOKEN,
        }

    def provision(self, desk: Desk, public_url: str) -> None:
        """Render the package for the org, deploy it, and give each permission set to whom it is for."""
        assert isinstance(desk.crm, Salesforce)  # noqa: S101
        wanted: Wanted = desk.picture().wanted
        with tempfile.TemporaryDirectory(prefix="dealgate-package-") as folder:
            package = desk.crm.package(wanted, _endpoint(public_url))
            self.crm.deploy(write(Path(folder), package))
        desk.crm.install(wanted)

    def listen(self, public_url: str, line: Line = CLEAR) -> None:
        self.crm.subscribe(replace(self.target, url=_endpoint(public_url), **asdict(line)))

    def known(self, deals: Iterable[Deal]) -> list[str]:
        return [self.crm.seeded.deals[deal.key] for deal in deals]

    def reset_calls(self) -> None:
        self.crm.counters.reset()

    def lift_limits(self) -> None:
        self.crm.set_limits(SalesforceLimits(on=False, daily=100_000_000))

    def told(self) -> int:
        return self.crm.webhooks.delivered.events if self.crm.webhooks else 0

    def hang_up(self) -> None:
        if self.crm.webhooks is not None:
            self.crm.webhooks.close()


def _endpoint(public_url: str) -> str:
    return f"{public_url}/webhooks/salesforce/{TOKEN}"
