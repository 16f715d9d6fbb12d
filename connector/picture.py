"""The picture of one account: its live policy, and who and what there is in the CRM."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from connector.adapters.base import Crm, Wanted
from connector.boards import Boards
from connector.capacity.board import Board
from connector.checks.derived import reads_lines
from connector.context import Context
from connector.deals import Change, Pipeline
from connector.directory import CrmUser, Directory
from connector.drafts import publish, read_draft, read_published, refuse_failed
from connector.errors import ConfigurationError
from connector.policy.exchange import quoted
from connector.policy.model import Home, Policy, Quotes
from connector.policy.reads import triggers
from connector.standing import Standing
from connector.store.store import Store


@dataclass(frozen=True, slots=True)
class Picture:
    """`context` holds everything that all deals of the account share, without standing and history."""

    policy: Policy
    wanted: Wanted
    context: Context

    def context_of(
        self,
        standing: Standing,
        history: tuple[Change, ...] | None = None,
        board: Board | None = None,
    ) -> Context:
        """Return the context of one deal: what all share, with its own record and history; `board` where the
        deals before it have left another one than the account's."""
        board = self.context.board if board is None else board
        return replace(self.context, standing=standing, history=history, board=board)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What changes seldom: kept until the policy, the pipelines or the people are others."""

    policy: Policy
    pipelines: tuple[Pipeline, ...]
    users: tuple[CrmUser, ...]
    wanted: Wanted
    directory: Directory
    by_id: Mapping[str, Pipeline]
    live_since: Mapping[str, datetime]
    quotes: Quotes | None = None


@dataclass(slots=True)
class Pictures:
    """Make pictures of one account; the adapter caches what it reads from the CRM."""

    account: str
    policy_file: Path
    crm: Crm
    store: Store
    boards: Boards = field(init=False)
    _sketch: _Sketch | None = field(default=None)

    def __post_init__(self) -> None:
        self.boards = Boards(self.account, self.store)

    def now(self, now: datetime) -> Picture:
        """Return the account as it is now."""
        sketch = self._current(now)
        state = self.store.accounts.get(self.account)
        context = Context(
            account=self.account,
            pipelines=sketch.by_id,
            directory=sketch.directory,
            live_since=sketch.live_since,
            quiet_until=state.quiet_until,
            observe_only=state.paused,
            leaving=state.paused and state.uninstalled,
            flag_only=state.tripped(now),
            shows=self.crm.shows,
            board=self.boards.now(sketch.policy, now),
            absences=self.store.absences.all(self.account),
            quotes=sketch.quotes,
        )
        return Picture(sketch.policy, sketch.wanted, context)

    def policy(self, now: datetime) -> Policy:
        """Return the live policy; an empty database publishes the file once (design 1.10)."""
        live = self.store.policies.live(self.account)
        if live is None:
            draft = read_draft(self.policy_file, self.crm.rates)
            refuse_failed(draft, now)
            publish(self.store, self.account, draft, now, author="the policy file")
            live = self.store.policies.live(self.account)
        if live is None:
            raise ConfigurationError("No policy is published.", hint="Run `dealgate policy publish`.")
        if self._sketch is not None and self._sketch.policy.version == live.version:
            return self._sketch.policy
        return read_published(live.version, live.text)

    def _current(self, now: datetime) -> _Sketch:
        policy, pipelines, users = self.policy(now), self.crm.pipelines(), self.crm.users()
        quotes = self.crm.rates() if policy.rates.from_crm else None
        known = self._sketch
        same = known and (known.policy, known.pipelines, known.users, known.quotes)
        if known is None or same != (policy, pipelines, users, quotes):
            known = _Sketch(
                policy=quoted(policy, quotes),
                pipelines=pipelines,
                users=users,
                wanted=wanted(policy),
                directory=Directory.join(policy.people, users),
                by_id={pipeline.id: pipeline for pipeline in pipelines},
                live_since=self.store.policies.gates_live_since(self.account),
                quotes=quotes,
            )
            self._keep(users, now)
            self._sketch = known
        return known

    def _keep(self, users: tuple[CrmUser, ...], now: datetime) -> None:
        """Put the users on record where they are others than before: cards ask the record, not the CRM."""
        before = self.store.users.of(self.account)
        if before is None or before.users != users:
            self.store.users.keep(self.account, users, now)


def wanted(policy: Policy) -> Wanted:
    """Return what has to be read of each deal: the policy's fields, line items where a rule needs them."""
    fields = tuple(field for field in policy.fields.values() if field.home is not Home.DERIVED)
    return Wanted(fields, line_items=reads_lines(policy), rates=policy.rates.from_crm, rung=triggers(policy))
