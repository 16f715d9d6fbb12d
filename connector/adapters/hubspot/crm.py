"""One HubSpot account as a `Crm`: the protocol's methods, each told in a file of its own."""

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
from connector.adapters.budget import Budget, Hold, LocalBudget
from connector.adapters.hubspot import (
    badges,
    deals,
    history,
    leave,
    moves,
    notes,
    offers,
    past_lines,
    people,
    pipelines,
    rates,
    sweep,
    tasks,
    vocabulary,
)
from connector.adapters.hubspot.budget import Limits
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.examine import examine
from connector.adapters.hubspot.fields import OUR_PROPERTIES
from connector.adapters.hubspot.install import install
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.transport import Transport
from connector.adapters.kept import Kept
from connector.deals import Change, Deal, ObjectType, OurField, PastLines, Pipeline, Value
from connector.directory import CrmUser
from connector.effects import AddNote, CloseTask, CreateTask, EmptyAnswer, MoveBack, WriteFields
from connector.policy.model import Field, Home, Quotes

API_URL = "https://api.hubapi.com"
TIMEOUT = (5.0, 30.0)
SWEPT = (ObjectType.DEAL, ObjectType.LINE_ITEM, ObjectType.TASK)
_KEPT_FOR = timedelta(minutes=10)
_INDEX_LAG = timedelta(minutes=2)  # HubSpot's search shows a change "moments" later


class HubSpot:
    """Read and write one account. `limits` is what the budget may grant, learned from HubSpot's headers."""

    batch = 1_000
    shows: frozenset[OurField] = frozenset(OUR_PROPERTIES)
    tells_by = "the app's webhook subscriptions and HUBSPOT_CLIENT_SECRET"

    def __init__(
        self,
        *,
        account: str,
        access_token: str,
        app_id: str | None = None,
        portal_id: str | None = None,
        api_url: str = API_URL,
        timeout: tuple[float, float] = TIMEOUT,
        burst: int = 110,
        budget: Budget | None = None,
        hold: Hold = lambda _bucket, _seconds: None,
        observe: Callable[[Call], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        kept_for: timedelta = _KEPT_FOR,
        swept: Sequence[ObjectType] = SWEPT,
    ) -> None:
        """Make no call yet.

        `app_id` tells our own writes apart; `portal_id` is the account that the token should be
        for; `timeout` is to connect and to read, in seconds; `burst` the calls in 10 seconds until HubSpot
        names them; `budget` the rate budget shared by all workers (else this process's own), `hold` tells
        them that HubSpot wants no call for a while; `kept_for` how old pipelines, owners and definitions may
        be; `swept` what the sweep looks for.
        """
        self.account = account
        self.limits = Limits(burst)
        self._app_id = app_id or ""
        self._portal_id = portal_id
        self._swept = tuple(swept)
        self._client = Client(
            Transport(api_url, access_token, timeout),
            budget=budget or LocalBudget(self.limits),
            hold=hold,
            limits=self.limits,
            observe=observe,
            sleep=sleep,
            now=now,
        )
        self._library = Library(self._client, now, kept_for)
        self._pipelines = Kept(lambda: pipelines.read_pipelines(self._client), now, kept_for)
        self._users = Kept(lambda: people.read_users(self._client), now, kept_for)
        self._rates = Kept(lambda: rates.read_rates(self._client), now, kept_for)

    @property
    def calls_a_minute(self) -> float:
        limit = self.limits["burst"]
        return limit.calls / limit.seconds * 60

    def pipelines(self) -> tuple[Pipeline, ...]:
        return self._pipelines.get()

    def users(self) -> tuple[CrmUser, ...]:
        return self._users.get()

    def deal_fields(self) -> tuple[CrmField, ...]:
        return offers.deal_fields(self._library)

    def company_fields(self) -> tuple[CrmField, ...]:
        return offers.company_fields(self._library)

    def products(self) -> tuple[CrmProduct, ...]:
        return offers.products(self._client)

    def rates(self) -> Quotes | None:
        return self._rates.get()

    def read_deals(self, ids: Sequence[str], wanted: Wanted) -> DealPage:
        page = deals.read_deals(self._client, self._library, ids, wanted)
        if not all(self._known(deal) for deal in page.deals):
            self._pipelines.outdated()
        return page

    def _known(self, deal: Deal) -> bool:
        """Tell whether the deal stands in a stage that we know of: HubSpot tells nobody of new ones."""
        held = self._pipelines.held() or ()
        stands = next((pipeline for pipeline in held if pipeline.id == deal.pipeline), None)
        return not held or (stands is not None and stands.stage(deal.stage) is not None)

    def read_history(self, ids: Sequence[str], wanted: Wanted) -> Mapping[str, tuple[Change, ...]]:
        return history.read_history(self._client, self._app_id, ids, wanted)

    def past_lines(self, ids: Sequence[str]) -> Mapping[str, PastLines]:
        return past_lines.read_past_lines(self._client, self._library, ids)

    def deals_behind(self, rung: Sequence[Rung]) -> Mapping[Rung, tuple[str, ...]]:
        return sweep.deals_behind(self._client, rung)

    def read_tasks(self, ids: Sequence[str]) -> tuple[TaskSeen, ...]:
        return tasks.read_tasks(self._client, self._app_id, self.account, ids)

    def tasks_of(self, deals: Sequence[str]) -> tuple[TaskSeen, ...]:
        return tasks.tasks_of(self._client, self._app_id, self.account, deals)

    def notes_of(self, effects: Sequence[AddNote]) -> Mapping[str, str]:
        return notes.notes_of(self._client, effects)

    def write_fields(self, effects: Sequence[WriteFields]) -> tuple[Delivery, ...]:
        return badges.write_fields(self._client, effects)

    def create_tasks(self, effects: Sequence[CreateTask]) -> tuple[Delivery, ...]:
        return tasks.create_tasks(self._client, effects)

    def close_tasks(self, effects: Sequence[CloseTask]) -> tuple[Delivery, ...]:
        return tasks.close_tasks(self._client, effects)

    def empty_answers(self, effects: Sequence[EmptyAnswer]) -> tuple[Delivery, ...]:
        return tasks.empty_answers(self._client, self._app_id, self.account, effects)

    def add_notes(self, effects: Sequence[AddNote]) -> tuple[Delivery, ...]:
        return notes.add_notes(self._client, effects)

    def move_back(self, effects: Sequence[MoveBack]) -> tuple[Delivery, ...]:
        return moves.move_back(self._client, self._app_id, effects)

    def changed_since(self, since: datetime, until: datetime) -> Iterator[tuple[Rung, ...]]:
        return sweep.changed_since(self._client, self._library, self._swept, since - _INDEX_LAG, until)

    def changed_deals(self, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
        kinds = (ObjectType.DEAL,)
        for page in sweep.changed_since(self._client, self._library, kinds, since, until):
            yield tuple(one.id for one in page)

    def recorded(self, fields: Sequence[Field]) -> Mapping[str, Callable[[str | None], Value]]:
        return vocabulary.readers(fields, self._library.definitions("deals"))

    def open_deals(self) -> Iterator[tuple[str, ...]]:
        return sweep.open_deals(self._client)

    def showing(self) -> Iterator[tuple[str, ...]]:
        return sweep.showing(self._client, self._library)

    def heartbeat(self, now: datetime) -> None:
        """HubSpot has no rule that could ask for it."""

    def subscriptions(self, fields: Sequence[Field]) -> Mapping[str, tuple[str, str]]:
        kinds = {Home.DEAL: ObjectType.DEAL, Home.COMPANY: ObjectType.COMPANY}
        named = ((field, vocabulary.property_of(field)) for field in fields if field.home in kinds)
        return {field.name: (kinds[field.home], prop) for field, prop in named if prop}

    def examine(self, wanted: Wanted) -> tuple[Symptom, ...]:
        return examine(self._client, self._library, wanted, self._portal_id)

    def install(self, wanted: Wanted) -> tuple[Provisioned, ...]:  # noqa: ARG002  Salesforce renders fields
        return install(self._client, self._library)

    def uninstall(self) -> tuple[Provisioned, ...]:
        return leave.uninstall(self._client, self._library)
