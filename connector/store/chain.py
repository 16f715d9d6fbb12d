"""The chain of ledger entries, as pure functions: seal one onto the last, tell what is wrong with one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import orjson

from connector.store.encode import encode
from connector.store.tables import milliseconds

GENESIS = "0" * 64
Sealed = tuple[int, datetime, str, str | None, str, str]  # seq, at, kind, deal, body, prev


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to put on record. `kind` is kebab-case: verdict, decision, clearance, moved-back, policy,
    brake; `body` holds what `encode` knows; `personal` what must stay erasable (names, free text)."""

    kind: str
    deal: str | None = None
    body: Mapping[str, object] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry as it stands; `body` is its canonical JSON."""

    seq: int
    at: datetime
    kind: str
    deal: str | None
    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A personal value as it lies beside the chain."""

    name: str
    salt: str
    value: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one account's chain."""

    account: str
    seq: int = 0
    hash: str = GENESIS


def seal(head: Head, at: datetime, note: Note, salts: Mapping[str, str]) -> LedgerEntry:
    """Return the entry that puts this note at the end of the chain."""
    hashes = {name: hash_personal(salts[name], value) for name, value in note.personal.items()}
    body = encode({**note.body, "personal": hashes} if hashes else note.body)
    sealed: Sealed = (head.seq + 1, at, note.kind, note.deal, body, head.hash)
    return LedgerEntry(*sealed, hash=_hash(head.account, sealed))


def hash_personal(salt: str, value: str) -> str:
    """Return the hash that stands in the chain for an erasable value."""
    return sha256(f"{salt}{value}".encode()).hexdigest()


def problem_of(entry: LedgerEntry, head: Head) -> str:
    """Say what is wrong with the entry that should follow this head; "" when it is whole."""
    if entry.seq != head.seq + 1:
        return f"is missing: entry {entry.seq} follows"
    if entry.prev != head.hash:
        return "does not follow the entry before it"
    sealed = (entry.seq, entry.at, entry.kind, entry.deal, entry.body, entry.prev)
    if entry.hash != _hash(head.account, sealed):
        return "was changed after it was written"
    return ""


def beside_problem(entry: LedgerEntry, beside: Iterable[Beside]) -> str:
    """Say what is wrong with the personal values beside an entry; "" when each is what was sealed."""
    hashes = _sealed_personal(entry)
    for one in beside:
        if hashes.get(one.name) != hash_personal(one.salt, one.value):
            return f"has another text beside it than was sealed ({one.name})"
    return ""


def erased_of(entry: LedgerEntry, beside: Iterable[Beside]) -> int:
    """Return how many personal values of the entry were erased."""
    return len(_sealed_personal(entry).keys() - {one.name for one in beside})


def _sealed_personal(entry: LedgerEntry) -> Mapping[str, str]:
    if '"personal"' not in entry.body:
        return {}
    hashes: Mapping[str, str] = orjson.loads(entry.body).get("personal", {})
    return hashes


def _hash(account: str, sealed: Sealed) -> str:
    seq, at, *rest = sealed
    return sha256(orjson.dumps([account, seq, milliseconds(at), *rest])).hexdigest()
