"""Drafts of the policy: read, checked and proved, and published with what the ledger says of the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connector import proof
from connector.errors import ConfigurationError
from connector.gates import examples
from connector.policy.load import load
from connector.policy.model import Mode, Policy
from connector.policy.problems import PolicyInvalid, Problem
from connector.store import policies
from connector.store.chain import Note
from connector.store.store import Store
from connector.versions.answer import Direction
from connector.versions.diff import changes
from connector.versions.witness import loosened, witnesses


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
