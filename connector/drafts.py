"""Drafts of the policy: read, checked and proved, and published with what the ledger says of the change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from connector import proof
from connector.errors import ConfigurationError, PolicyUnreadable
from connector.gates import examples
from connector.policy.exchange import is_blind, quoted
from connector.policy.load import decoded, load
from connector.policy.model import Mode, Policy, Quotes
from connector.policy.problems import PolicyInvalid, Problem
from connector.policy.unused import unused
from connector.store import policies
from connector.store.chain import Note
from connector.store.store import Store
from connector.versions.answer import Direction
from connector.versions.diff import changes
from connector.versions.witness import loosened, witnesses

Told = Callable[[], Quotes | None]
NO_RATES = (
    "the CRM's rates are not known here (--live asks for them): a limit counts for deals in its own currency,"
    " for others the answer is not known. A rate that you write beside `from: crm` counts everywhere"
)

_KEPT = 8
_READ_AGAIN = (
    "Deals keep their last answers. Correct your policy file until `dealgate policy check` is content and"
    " publish it, or run the version of Dealgate from before."
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy file as read: its text, what it means, and what nobody could prove of it."""

    text: str
    policy: Policy
    unproved: tuple[Problem, ...] = ()


@lru_cache(_KEPT)
def read_published(version: str, text: str) -> Policy:
    """Read a version that was published: the last few are kept, for a version never changes. Raise
    PolicyUnreadable where this version of Dealgate cannot."""
    name = f"policy {version[:8]}"
    try:
        return load(text, name)
    except PolicyInvalid as error:
        said = f"it was published, and this version of Dealgate cannot read it: {error.message}"
        raise PolicyUnreadable(said, where=name, hint=_READ_AGAIN) from error


def read_draft(path: Path, rates: Told | None = None) -> Draft:
    """Read, check and prove a policy file; ConfigurationError lists all that is wrong with it. `rates` asks
    the CRM for its own."""
    draft, wrong = proved_draft(path, rates)
    if wrong:
        raise PolicyInvalid.of(wrong)
    return draft


def proved_draft(path: Path, rates: Told | None = None) -> tuple[Draft, tuple[Problem, ...]]:
    """Read a policy file, and return it with what is proved to be wrong with its matrices. Raise
    ConfigurationError where it cannot be read as a policy."""
    try:
        written = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"The policy cannot be read: {error.strerror}.",
            where=str(path),
            hint="Name another file (by default DEALGATE_POLICY's), or make one by `dealgate policy init`.",
        ) from error
    text = decoded(written, str(path))
    policy = priced(load(text, str(path)), rates)
    unseen = unpriced(text, policy, str(path))
    told = [(fault.kind, proof.problem(fault)) for fault in proof.prove(policy)]
    passed = {proof.Kind.NOT_PROVED, *([proof.Kind.NO_RATE] if unseen else [])}
    open_ = tuple(problem for kind, problem in told if kind is proof.Kind.NOT_PROVED)
    wrong = tuple(problem for kind, problem in told if kind not in passed)
    return Draft(text, policy, (*unseen, *unused(policy), *open_)), wrong


def priced(policy: Policy, rates: Told | None) -> Policy:
    """Return the policy with the CRM's rates, where it asks for them and somebody can tell them."""
    return quoted(policy, rates()) if rates is not None and policy.rates.from_crm else policy


def unpriced(text: str, policy: Policy, file: str) -> tuple[Problem, ...]:
    """Return what is to be known where the policy asks for the CRM's rates and nobody has told them."""
    if not is_blind(policy):
        return ()
    lines = text.splitlines()
    line = next((place for place, one in enumerate(lines, 1) if one.startswith("rates:")), 1)
    return (Problem(file, line, "rates", NO_RATES),)


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
        live = read_published("live", text)
    except PolicyUnreadable:
        return ("the policy before cannot be read by this version, so nothing is compared",)
    looser = (one.words for one in changes(live, draft) if one.direction is Direction.LOOSER)
    return (*looser, *loosened(witnesses(live, draft).found))
