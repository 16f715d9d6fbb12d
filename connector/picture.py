"""The picture of one account: its live policy, and who and what there is in the CRM."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from connector import proof
from connector.adapters.base import Crm, Wanted
from connector.boards import Boards
from connector.capacity.board import Board
from connector.checks.derived import reads_lines
from connector.context import Context
from connector.deals import Change, Pipeline
from connector.directory import CrmUser, Directory
from connector.errors import ConfigurationError
from connector.gates import examples
from connector.policy.exchange import quoted
from connector.policy.load import load
from connector.policy.model import Home, Mode, Policy, Quotes
from connector.policy.problems import PolicyInvalid, Problem
from connector.policy.reads import triggers
from connector.standing import Standing
from connector.store import policies
from connector.store.chain import Note
from connector.store.store import Store
from connector.versions.answer import Direction
from connector.versions.diff import changes
from connector.versions.witness import loosened, witnesses


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
            draft = read_draft(self.policy_file)
            refuse_failed(draft, now)
            publish(self.store, self.account, draft, now, author="the policy file")
            live = self.store.policies.live(self.account)
        if live is None:
            raise ConfigurationError("No policy is published.", hint="Run `dealgate policy publish`.")
        if self._sketch is not None and self._sketch.policy.version == live.version:
            return self._sketch.policy
        return load(live.text, f"policy {live.version[:8]}")

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


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy file as read: its text, what it means, and what nobody could prove of it."""

    text: str
    policy: Policy
    unproved: tuple[Problem, ...] = ()


def read_draft(path: Path) -> Draft:
    """Read, check and prove a policy file; ConfigurationError lists all that is wrong with it."""
    draft, wrong = proved_draft(path)
    if wrong:
        raise PolicyInvalid.of(wrong)
    return draft


def proved_draft(path: Path) -> tuple[Draft, tuple[Problem, ...]]:
    """Read a policy file, and return it with what is proved to be wrong with its matrices. Raise
    ConfigurationError where it cannot be read as a policy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigurationError(
            f"The policy cannot be read: {said}.",
            where=str(path),
            hint="Name another file (by default DEALGATE_POLICY's), or make one by `dealgate policy init`.",
        ) from error
    policy = load(text, str(path))
    told = [(fault.kind, proof.problem(fault)) for fault in proof.prove(policy)]
    open_ = tuple(problem for kind, problem in told if kind is proof.Kind.NOT_PROVED)
    wrong = tuple(problem for kind, problem in told if kind is not proof.Kind.NOT_PROVED)
    return Draft(text, policy, open_), wrong


def refuse_failed(draft: Draft, now: datetime) -> None:
    """Raise PolicyInvalid with each of the draft's examples that comes out otherwise than it is written."""
    problems = examples.failed(draft.policy, now)
    if problems:
        raise PolicyInvalid.of(problems)


def publish(
    store: Store,
    account: str,
    draft: Draft,
    now: datetime,
    *,
    author: str,
    note: str = "",
    action: str = "published",
    since: Mapping[str, datetime] | None = None,
) -> bool:
    """Make the draft the live policy of the account, and put on record what it loosens; False where it
    already is. `since`: gates that count from an earlier time on."""
    told = policy_note(store, account, draft, action, {"author": author, "note": note})
    return store.policies.publish(account, _publication(draft, author, note), now, told, since)


def plan(
    store: Store, account: str, draft: Draft, at: datetime, now: datetime, *, author: str, note: str = ""
) -> None:
    """Let the draft become the live policy of the account when its time has come."""
    told = policy_note(store, account, draft, "planned", {"author": author, "note": note}, at=at)
    store.policies.plan(account, _publication(draft, author, note), at, now, told)


def _publication(draft: Draft, author: str, note: str) -> policies.Draft:
    return policies.Draft(draft.policy.version, draft.text, gates_on(draft.policy), author, note)


def gates_on(policy: Policy) -> frozenset[str]:
    """Return the gates that flag or block, now or one day."""
    return frozenset(gate.id for gate in policy.gates if gate.modes != {Mode.OBSERVE})


def policy_note(
    store: Store, account: str, draft: Draft, action: str, personal: Mapping[str, str], **further: object
) -> Note:
    """Return what the ledger says of a change of policy: the versions, the modes, and each limit that is
    looser than it was."""
    live = store.policies.live(account)
    body = {
        "action": action,
        "version": draft.policy.version,
        "before": live.version if live else None,
        "gates": {gate.id: gate.mode for gate in draft.policy.gates},
        "loosened": list(_loosened(live.text, draft.policy) if live else ()),
        **further,
    }
    return Note("policy", None, body, {name: text for name, text in personal.items() if text})


def _loosened(text: str, draft: Policy) -> tuple[str, ...]:
    try:
        live = load(text, "the live policy")
    except ConfigurationError:
        return ("the policy before cannot be read by this version, so nothing is compared",)
    looser = (one.words for one in changes(live, draft) if one.direction is Direction.LOOSER)
    return (*looser, *loosened(witnesses(live, draft).found))


def wanted(policy: Policy) -> Wanted:
    """Return what has to be read of each deal: the policy's fields, line items where a rule needs them."""
    fields = tuple(field for field in policy.fields.values() if field.home is not Home.DERIVED)
    return Wanted(fields, line_items=reads_lines(policy), rates=policy.rates.from_crm, rung=triggers(policy))
