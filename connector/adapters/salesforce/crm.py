"""One Salesforce org as a `Crm`: the protocol's methods, each told in a file of its own."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from connector.adapters.base import (
    Call,
    CrmField,
    CrmProduct,
    DealPage,
    Delivery,
    Provisioned,
    Rung,
    Symptom,
    TaskSeen,
    Wanted,
)
from connector.adapters.budget import Budget, LocalBudget
from connector.adapters.kept import Kept
from connector.adapters.salesforce import (
    badges,
    deals,
    heartbeat,
    history,
    leave,
    moves,
    notes,
    offers,
    people,
    rates,
    shown,
    sweep,
    tasks,
)
from connector.adapters.salesforce.actors import Crew
from connector.adapters.salesforce.budget import CALLS, Limits
from connector.adapters.salesforce.client import Client, Rows
from connector.adapters.salesforce.examine import examine
from connector.adapters.salesforce.groups import read_groups
from connector.adapters.salesforce.install import install
from connector.adapters.salesforce.library import OPPORTUNITY, Library
from connector.adapters.salesforce.login import Grant
from connector.adapters.salesforce.neighbours import Neighbours
from connector.adapters.salesforce.package import INTEGRATION_USER, Org, render
from connector.adapters.salesforce.pipelines import Pipelines
from connector.adapters.salesforce.ranges import RangeField, range_fields
from connector.adapters.salesforce.session import SignedIn
from connector.adapters.salesforce.vocabulary import granted, unread
from connector.deals import Change, ObjectType, OurField, PastLines, Pipeline, Value
from connector.directory import CrmUser
from connector.effects import AddNote, CloseTask, CreateTask, EmptyAnswer, MoveBack, WriteFields
from connector.policy.model import Field, Quotes

TIMEOUT = (5.0, 30.0)
SWEPT = (ObjectType.DEAL, ObjectType.LINE_ITEM, ObjectType.TASK)
_KEPT_FOR = timedelta(minutes=10)


class Salesforce:
    """Read and write one org. `limits` is what the budget may grant, learned from Salesforce's headers."""

    batch = 1_000  # five calls of 200 read them, five write them, one asks about all of them (ADR 95)
    tells_by = (
        "that the package's flows are active, what Setup > Outbound Messages says of each, and that their"
        " endpoint ends in SALESFORCE_WEBHOOK_TOKEN"
    )

    def __init__(
        self,
        *,
        account: str,
        url: str,
        org_id: str,
        grant: Grant,
        timeout: tuple[float, float] = TIMEOUT,
        importers: Sequence[str] = (),
        budget: Budget | None = None,
        observe: Callable[[Call], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        kept_for: timedelta = _KEPT_FOR,
        swept: Sequence[ObjectType] = SWEPT,
    ) -> None:
        """Make no call yet.

        `url` is the org's own address (My Domain), `org_id` its 18-character id, `grant` how we sign in;
        `timeout` is to connect and to read, in seconds; `importers` the usernames of data loaders and sync
        tools; `budget` the rate budget shared by all workers (else this process's own); `kept_for` how old
        record types, users and definitions may be; `swept` what the sweep looks for.
        """
        self.account = account
        self.limits = Limits()
        self._org_id = org_id
        self._importers = tuple(importers)
        self._swept = tuple(swept)
        self._client = Client(
            SignedIn(url, grant, timeout, now),
            budget=budget or LocalBudget(self.limits),
            limits=self.limits,
            observe=observe,
            sleep=sleep,
            now=now,
        )
        self._library = Library(self._client, now, kept_for)
        self._neighbours = Neighbours()
        self._ranged: tuple[RangeField, ...] = ()
        self._users: Kept[Rows] = Kept(lambda: people.read_rows(self._client, self._library), now, kept_for)
        self._groups = Kept(lambda: read_groups(self._client), now, kept_for)
        self._pipelines = Pipelines(self._client, self._library, now, kept_for)
        self._rates = Kept(lambda: rates.read_rates(self._client, self._library, now().date()), now, kept_for)
        self._closed = Kept(lambda: tasks.closed_status(self._client), now, kept_for)

    @property
    def calls_a_minute(self) -> float:
        limit = self.limits[CALLS]
        return limit.calls / limit.seconds * 60

    @property
    def shows(self) -> frozenset[OurField]:
        return shown.shows(self._library.described(OPPORTUNITY))

    @property
    def _crew(self) -> Crew:
        return Crew.of(self._users.get(), self._client.token.user, self._importers)

    def pipelines(self) -> tuple[Pipeline, ...]:
        return self._pipelines.get()

    def users(self) -> tuple[CrmUser, ...]:
        return people.users(self._users.get(), self._groups.get())

    def deal_fields(self) -> tuple[CrmField, ...]:
        return offers.deal_fields(self._library)

    def company_fields(self) -> tuple[CrmField, ...]:
        return offers.company_fields(self._library)

    def products(self) -> tuple[CrmProduct, ...]:
        return offers.products(self._client)

    def rates(self) -> Quotes | None:
        return self._rates.get()

    def read_deals(self, ids: Sequence[str], wanted: Wanted) -> DealPage:
        self._ranged = range_fields(wanted.fields)
        page = deals.read_deals(self._client, self._library, self._neighbours, ids, wanted)
        self._pipelines.learn(page.deals)
        return page

    def read_history(self, ids: Sequence[str], wanted: Wanted) -> Mapping[str, tuple[Change, ...]]:
        return history.read_history(self._client, self._library, self._crew, ids, wanted)

    def past_lines(self, ids: Sequence[str]) -> Mapping[str, PastLines]:  # noqa: ARG002  field history has none
        return {}

    def deals_behind(self, rung: Sequence[Rung]) -> Mapping[Rung, tuple[str, ...]]:
        return sweep.deals_behind(self._client, rung)

    def read_tasks(self, ids: Sequence[str]) -> tuple[TaskSeen, ...]:
        return tasks.read_tasks(self._client, self._library, self._crew, self.account, ids) if ids else ()

    def tasks_of(self, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
        return tasks.tasks_of(self._client, self._library, self._crew, self.account, deals) if deals else ()

    def notes_of(self, effects: Sequence[AddNote]) -> Mapping[str, str]:
        return notes.notes_of(self._client, effects)

    def write_fields(self, effects: Sequence[WriteFields]) -> tuple[Delivery, ...]:
        return badges.write_fields(self._client, self._library, self._neighbours, self._ranged, effects)

    def create_tasks(self, effects: Sequence[CreateTask]) -> tuple[Delivery, ...]:
        return tasks.create_tasks(self._client, self._library, effects)

    def close_tasks(self, effects: Sequence[CloseTask]) -> tuple[Delivery, ...]:
        return tasks.close_tasks(self._client, self._closed, effects)

    def empty_answers(self, effects: Sequence[EmptyAnswer]) -> tuple[Delivery, ...]:
        return (
            tasks.empty_answers(self._client, self._library, self._crew, self.account, effects)
            if effects
            else ()
        )

    def add_notes(self, effects: Sequence[AddNote]) -> tuple[Delivery, ...]:
        return notes.add_notes(self._client, effects)

    def move_back(self, effects: Sequence[MoveBack]) -> tuple[Delivery, ...]:
        if not effects:
            return ()
        return moves.move_back(self._client, self._library, self._crew, self._neighbours, effects)

    def changed_since(self, since: datetime, until: datetime) -> Iterator[tuple[Rung, ...]]:
        return sweep.changed_since(self._client, self._library, self._swept, since, until)

    def changed_deals(self, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
        for page in sweep.changed_since(self._client, self._library, (ObjectType.DEAL,), since, until):
            yield tuple(one.id for one in page)

    def recorded(self, fields: Sequence[Field]) -> Mapping[str, Callable[[str | None], Value]]:
        return history.readers(fields)

    def open_deals(self) -> Iterator[tuple[str, ...]]:
        return sweep.open_deals(self._client)

    def showing(self) -> Iterator[tuple[str, ...]]:
        return sweep.showing(self._client, self._library)

    def heartbeat(self, now: datetime) -> None:
        heartbeat.beat(self._client, self._library, now)

    def subscriptions(self, fields: Sequence[Field]) -> Mapping[str, tuple[str, str]]:  # noqa: ARG002
        return {}  # the flow's own condition says it

    def examine(self, wanted: Wanted) -> tuple[Symptom, ...]:
        return examine(self._client, self._library, self.limits, self._org_id, wanted)

    def install(self, wanted: Wanted) -> tuple[Provisioned, ...]:
        return install(self._library, wanted)

    @property
    def sees_deals(self) -> bool:
        """Say whether our user sees opportunities: before it does, nobody knows what the org has."""
        return bool(self._library.described(OPPORTUNITY).fields)

    def package(self, wanted: Wanted, endpoint: str) -> Mapping[str, str]:
        """Return the files of the package for this org, by path: with its endpoint, our own user, and the
        policy's fields in the gate's rule."""
        opportunity = self._library.described(OPPORTUNITY)
        org = Org(
            multi_currency="CurrencyIsoCode" in opportunity,
            record_types="RecordTypeId" in opportunity,
            unread=unread(wanted.fields, opportunity),
            read=tuple(granted(wanted.fields, self._library.described)),
        )
        ours = self._client.token.user
        user = next((row["Username"] for row in self._users.get() if row["Id"] == ours), INTEGRATION_USER)
        return render(wanted.fields, endpoint, str(user), org, wanted.rung)

    def uninstall(self) -> tuple[Provisioned, ...]:
        self._library.forget()
        held = [deal for page in self.showing() for deal in page]
        waiting = [task for page in sweep.open_tasks(self._client, self._library) for task in page]
        return leave.uninstall(held, waiting, self.write_fields, self.close_tasks)
