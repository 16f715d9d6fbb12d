"""A running Salesforce in small: server, org, outbound messages and the people in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sandbox.brightline import EMPTY
from sandbox.clock import Clock
from sandbox.company import Company
from sandbox.faults import FaultPlan
from sandbox.running import Running
from sandbox.salesforce import acts, package, seed
from sandbox.salesforce.acts import Acts
from sandbox.salesforce.app import SalesforceApp
from sandbox.salesforce.control import Control
from sandbox.salesforce.doorbells import Doorbell
from sandbox.salesforce.drafts import Change
from sandbox.salesforce.limits import Limits, Usage
from sandbox.salesforce.messages import Messages, MessageTarget, Queued
from sandbox.salesforce.org import Org, Setup
from sandbox.salesforce.package.deploy import Deployed
from sandbox.salesforce.schema import Type
from sandbox.salesforce.soap import Notification
from sandbox.salesforce.tokens import ConnectedApp, Tokens
from sandbox.salesforce.values import Value
from sandbox.server import SandboxServer


class SalesforceSandbox(Running):
    """Start with `with`; `url` and `connected_app` are for the client, everything else for test or demo."""

    def __init__(
        self,
        company: Company = EMPTY,
        *,
        setup: Setup | None = None,
        connected_app: ConnectedApp | None = None,
        port: int = 0,
        webhooks: MessageTarget | None = None,
        clock: Clock | None = None,
        faults: FaultPlan | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.faults = faults or FaultPlan()
        self.connected_app = connected_app or ConnectedApp()
        self.org = Org(setup or Setup(), self.clock)
        self.seeded = seed.load(self.org, company)
        self._doorbells: Sequence[Doorbell] = ()
        self.webhooks: Messages | None = None
        my_domain = f"https://{self.org.setup.domain}.salesforce.com"
        self.tokens = Tokens(self.connected_app, self.clock, self.org.setup.session_s, {my_domain})
        self.app = SalesforceApp(
            self.org,
            tokens=self.tokens,
            usage=Usage(limits or Limits(), self.clock),
            chance=self.faults.chance,
            control=Control(self).answer,
        )
        self._server = SandboxServer(self.app, port=port, faults=self.faults)
        self.app.url = self._server.url
        self.tokens.audiences.add(self._server.url)
        self._server.start()
        if webhooks is not None:
            self.subscribe(webhooks)

    @property
    def delivery(self) -> Messages | None:
        return self.webhooks

    @property
    def organization(self) -> str:
        """Return the org's id, 18 characters."""
        return self.seeded.organization

    def subscribe(self, target: MessageTarget) -> None:
        """Deliver outbound messages to a target from now on (the receiver often starts second)."""
        old = self.webhooks
        self.webhooks = Messages(
            target,
            lambda: self._doorbells,
            self._as_they_are,
            organization=self.organization,
            instance=self.url,
            clock=self.clock,
        )
        self.webhooks.start()
        with self.org.lock:
            self.org.listeners = [self.webhooks.tell]
        if old is not None:
            old.close()

    def overhear(self, hear: Callable[[str, str], None]) -> None:
        """Let somebody hear, by kind and id, of each record that a message of the package would tell of."""

        def told(change: Change) -> None:
            kind = change.record.sobject.name
            if any(one.sobject == kind and one.rings(change) for one in self._doorbells):
                hear(kind, change.record.id)

        with self.org.lock:
            self.org.listeners.append(told)

    def deploy(self, folder: Path, *, assign: bool = True) -> Deployed:
        """Deploy sfdx source; what it brought before is replaced. Unless told not to, assign its sets.

        Each permission set goes to those its name ends with: `Integration` to the integration user, `Admin`
        to the administrator, `Rep` to everybody with a seat, `Ops` to Operations and all managers.
        """
        with self.org.lock:
            deployed = package.deploy(self.org, folder)
            self._doorbells = deployed.doorbells
            for name in deployed.permission_sets if assign else ():
                self.assign(name, *self._holders(name.rpartition("_")[2]))
        return deployed

    def assign(self, permission_set: str, *users: str) -> None:
        """Give users a permission set; KeyError where the org has none of that name."""
        with self.org.lock:
            for user in users:
                self.org.assign(permission_set, self.user(user))

    def _holders(self, role: str) -> Iterable[str]:
        people = [
            one
            for one in self.org.records.all("User")
            if one.id not in {self.user(machine) for machine in seed.MACHINES}
        ]
        managers = {one.values.get("ManagerId") for one in people}
        queue = self.org.records.children("GroupMember", "GroupId", self.seeded.queue)
        holders: Mapping[str, Iterable[str]] = {
            "Integration": (seed.INTEGRATION,),
            "Admin": (seed.ADMIN,),
            "Rep": (one.id for one in people),
            "Ops": {one.text("UserOrGroupId") for one in queue} | {p.id for p in people if p.id in managers},
        }
        return holders.get(role, ())

    def blind(self, user: str, sobject: str, *, blind: bool = True) -> None:
        """Let an object be none for a user, as where no profile and no permission set lets him see it."""
        with self.org.lock:
            pair = (self.user(user), sobject)
            (self.org.access.blind.add if blind else self.org.access.blind.discard)(pair)

    def only_reads(self, user: str) -> None:
        """Let sharing give a user the opportunities of others to read, and not to save."""
        with self.org.lock:
            self.org.readers.add(self.user(user))

    def hide(self, user: str, sobject: str, *fields: str) -> None:
        """Let fields be shown to a user by permission sets alone, as a profile with minimum access does."""
        with self.org.lock:
            self.org.access.hidden |= {(self.user(user), f"{sobject}.{name}") for name in fields}

    def set_limits(self, limits: Limits) -> None:
        """Begin anew with other call limits."""
        with self.org.lock:
            self.app.usage = Usage(limits, self.clock)

    def expire_sessions(self) -> None:
        """Let every access token end now."""
        with self.org.lock:
            self.tokens.expire()

    def user(self, name: str) -> str:
        """Return the id of a user by the company's user id, e-mail, username or id."""
        return self.seeded.users.get(name, name)

    def sign_in(self, user: str) -> str:
        """Return the bearer token of a user's browser: what that user's pages read and write by."""
        with self.org.lock:
            return self.tokens.issue(self.organization, self.user(user))

    def act_as(self, user: str) -> Acts:
        """Return the acts of a user at the screen."""
        return Acts(self.org, self.user(user), self.seeded)

    def workflow(self) -> Acts:
        """Return the acts of the customer's automation, which runs as a user of its own."""
        return self.act_as("automatedprocess@example.com")

    def imports(self) -> Acts:
        """Return the acts of the data loader's user."""
        return self.act_as(seed.LOADER)

    def other_app(self) -> Acts:
        return self.act_as(seed.OTHER_APP)

    def import_deals(self, deals: Iterable[Mapping[str, object]]) -> list[str]:
        """Import deals from a file; return their ids."""
        importing = self.imports()
        return [importing.create_opportunity(values) for values in deals]

    def workflow_update(self, deal: str, values: Mapping[str, object]) -> None:
        """Let the customer's automation change a deal."""
        self.workflow().update(deal, values)

    def lock_record(self, record_id: str, *, locked: bool = True) -> None:
        """Lock a record as an approval does: every save of it is refused with ENTITY_IS_LOCKED."""
        with self.org.lock:
            (self.org.locked.add if locked else self.org.locked.discard)(record_id)

    def add_rule(self, sobject: str, formula: str, message: str, *, field: str = "") -> None:
        """Add a validation rule of the customer's own: it refuses saves of which its formula is true."""
        with self.org.lock:
            self.org.rules.append(package.customer_rule(self.org, sobject, formula, message, field))

    def lengthen(self, sobject: str, name: str) -> None:
        """Make a text of the customer's a long one."""
        with self.org.lock:
            fields = self.org.schema.get(sobject)
            fields.add(replace(fields.fields[name], type=Type.TEXTAREA, length=32_768))

    def drop_field(self, sobject: str, name: str) -> None:
        """Delete a field from the org: whoever names it meets INVALID_FIELD."""
        with self.org.lock:
            self.org.schema.get(sobject).drop(name)

    def deal(self, deal: str) -> dict[str, Value]:
        """Return what is set on an opportunity."""
        return self.record(deal)

    def record(self, record_id: str) -> dict[str, Value]:
        with self.org.lock:
            return acts.shown(self.org.get(record_id))

    def deals(self) -> list[str]:
        """Return the ids of all opportunities."""
        with self.org.lock:
            return [record.id for record in self.org.records.live("Opportunity")]

    def lines_of(self, deal: str) -> dict[str, dict[str, Value]]:
        """Return the lines of a deal by id."""
        return self._children("OpportunityLineItem", "OpportunityId", deal)

    def tasks_of(self, deal: str) -> dict[str, dict[str, Value]]:
        """Return the tasks of a deal by id."""
        return self._children("Task", "WhatId", deal)

    def notes_of(self, deal: str) -> dict[str, dict[str, Value]]:
        """Return the notes of a deal by id."""
        return self._children("Note", "ParentId", deal)

    def history_of(self, deal: str) -> dict[str, dict[str, Value]]:
        """Return the rows of a deal's history by id, oldest first."""
        return self._children("OpportunityHistory", "OpportunityId", deal)

    def _children(self, name: str, field: str, deal: str) -> dict[str, dict[str, Value]]:
        with self.org.lock:
            found = self.org.records.children(name, field, deal)
            return {one.id: acts.shown(one) for one in found if not one.deleted}

    def _as_they_are(self, queued: Sequence[Queued]) -> list[Notification]:
        with self.org.lock:
            pairs = [(one, self.org.records.find(one.record)) for one in queued]
            return [
                Notification(
                    one.id,
                    record.sobject.name,
                    {name: record.values.get(name) for name in one.doorbell.fields},
                )
                for one, record in pairs
                if record is not None and not record.deleted
            ]
