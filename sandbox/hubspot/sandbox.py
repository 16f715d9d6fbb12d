"""A running HubSpot in small: server, account, webhooks and the people in it."""

from collections.abc import Iterable, Mapping

from sandbox.brightline import APP_ID, EMPTY, PORTAL_ID
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.faults import FaultPlan
from sandbox.hubspot import acts, seed
from sandbox.hubspot.account import Account, Setup
from sandbox.hubspot.acts import Acts
from sandbox.hubspot.app import HubSpotApp
from sandbox.hubspot.control import Control
from sandbox.hubspot.kinds import DEAL, LINE_ITEM, NOTE, TASK, Kind
from sandbox.hubspot.ratelimit import Limits, RateLimit
from sandbox.hubspot.webhooks import Webhooks, WebhookTarget
from sandbox.running import Running
from sandbox.server import SandboxServer

TOKEN = "pat-eu1-sandbox"  # noqa: S105 - opens nothing but this sandbox


class HubSpotSandbox(Running):
    """Start with `with`; `url` and `token` are for the client, everything else for the test or demo."""

    def __init__(
        self,
        company: Company = EMPTY,
        *,
        setup: Setup | None = None,
        portal_id: int = PORTAL_ID,
        app_id: str = APP_ID,
        token: str = TOKEN,
        port: int = 0,
        webhooks: WebhookTarget | None = None,
        clock: Clock | None = None,
        faults: FaultPlan | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.faults = faults or FaultPlan()
        self.token = token
        # An explicit setup stands for itself; otherwise the account has the company's currency.
        self.account = Account(
            setup or Setup(portal_id=portal_id, app_id=app_id, currency=company.currency), self.clock
        )
        self.seeded = seed.load(self.account, company)
        self.webhooks: Webhooks | None = None
        self.app = HubSpotApp(
            self.account,
            token=token,
            limits=RateLimit(limits or Limits()),
            chance=self.faults.chance,
            control=Control(self).answer,
        )
        self._server = SandboxServer(self.app, port=port, faults=self.faults)
        self._server.start()
        if webhooks is not None:
            self.subscribe(webhooks)

    @property
    def delivery(self) -> Webhooks | None:
        return self.webhooks

    def subscribe(self, target: WebhookTarget) -> None:
        """Deliver webhooks to a target from now on (once: the receiver often starts after the sandbox)."""
        setup, old = self.account.setup, self.webhooks
        self.webhooks = Webhooks(target, setup.portal_id, setup.app_id, self.clock)
        self.webhooks.start()
        with self.account.lock:
            self.account.listeners = [self.webhooks.tell]
        if old is not None:
            old.close()

    def set_limits(self, limits: Limits) -> None:
        """Begin anew with other call limits."""
        with self.account.lock:
            self.app.limits = RateLimit(limits)

    def act_as(self, user: str, *, mobile: bool = False) -> Acts:
        """Return the acts of a user (user id, not owner id) at the screen."""
        return acts.of_person(self.account, user, mobile=mobile)

    def workflow(self) -> Acts:
        return acts.of_workflow(self.account)

    def other_app(self, app_id: str) -> Acts:
        return acts.of_app(self.account, app_id)

    def imports(self) -> Acts:
        """Return the acts of one file import."""
        return acts.of_import(self.account)

    def import_deals(self, deals: Iterable[Mapping[str, str]]) -> list[str]:
        """Import deals from a file; return their ids."""
        importing = self.imports()
        return [importing.create_deal(values) for values in deals]

    def workflow_update(self, deal: str, values: Mapping[str, str]) -> None:
        """Let a workflow of the customer change a deal."""
        self.workflow().update(deal, values)

    def deal(self, deal: str) -> dict[str, str]:
        """Return what is set on a deal; an id that was merged away shows the survivor."""
        return self.record(DEAL, deal)

    def record(self, kind: Kind, record_id: str) -> dict[str, str]:
        with self.account.lock:
            return dict(self.account.records.get(kind, record_id).values)

    def deals(self) -> list[str]:
        """Return the ids of all deals."""
        with self.account.lock:
            return [record.id for record in self.account.records.all(DEAL)]

    def lines_of(self, deal: str) -> dict[str, dict[str, str]]:
        """Return the line items of a deal by id."""
        return self._hanging_on(deal, LINE_ITEM)

    def tasks_of(self, deal: str) -> dict[str, dict[str, str]]:
        """Return the tasks of a deal by id."""
        return self._hanging_on(deal, TASK)

    def notes_of(self, deal: str) -> dict[str, dict[str, str]]:
        """Return the notes of a deal by id."""
        return self._hanging_on(deal, NOTE)

    def _hanging_on(self, deal: str, kind: Kind) -> dict[str, dict[str, str]]:
        with self.account.lock:
            records = self.account.records
            home = records.get(DEAL, deal)
            ids = self.account.associations.ids(DEAL, home.id, kind)
            found = {one: records.find(kind, one) for one in ids}
            return {one: dict(record.values) for one, record in found.items() if record is not None}
