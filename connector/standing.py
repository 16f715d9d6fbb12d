"""What is on record about one deal: sign-offs, clearances, what was already asked, told and moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from connector.deals import Value
from connector.policy.model import Bound


class SignoffState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Signoff:
    """One request to one role about one deal at one gate. Identity: gate, role, cycle.

    `asked` person ids that hold the request; `seen` the matrix inputs at the request, then at the decision;
    `lever` the field whose limit an answer may set; `envelope` the range an approval covers; `about` the
    findings it decides on ("required-data:start_date"): an approval covers no finding it was not asked about.
    """

    gate: str
    role: str
    cycle: int
    state: SignoffState
    asked: tuple[str, ...]
    requested_at: datetime
    due_at: datetime
    policy_version: str
    why: str = ""
    lever: str | None = None
    seen: Mapping[str, Value] = field(default_factory=dict)
    envelope: tuple[Bound, ...] = ()
    valid_until: date | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    note: str = ""
    about: tuple[str, ...] = ()


class ClearedHow(StrEnum):
    """LAPSED, REOPENED and LEFT clear nothing. LAPSED: it was passed, and only what reads a change since is
    open again. REOPENED: it was passed, and an answer it may rest on was taken back or ran out: all is open.
    LEFT: the deal was there before the gate, went back, and now owes it."""

    PASSED = "passed"
    LAPSED = "lapsed"
    REOPENED = "reopened"
    BEFORE_THE_GATE = "before-the-gate-existed"
    LEFT = "went-back-before-the-gate"


@dataclass(frozen=True, slots=True)
class Clearance:
    """A gate that the deal no longer owes. `seen` holds the material inputs as they were."""

    gate: str
    how: ClearedHow
    at: datetime
    policy_version: str
    seen: Mapping[str, Value] = field(default_factory=dict)


class AnswerKind(StrEnum):
    YES = "yes"
    UP_TO = "yes-up-to"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision that somebody wrote down, not yet checked. `id` is stable for one entry in the CRM.

    `user` is the CRM user of the history entry, `person` a policy person (command line); one of them
    or neither: without a provable actor nothing counts. `task` names the task that carried it.
    """

    id: str
    deal: str
    kind: AnswerKind
    at: datetime
    limit: Decimal | None = None
    note: str = ""
    user: str | None = None
    person: str | None = None
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The record of one deal. `done` maps the keys of one-time effects to what they made (task id, ...);
    `quiet_until`: touches up to then start nothing; `moves` when we moved it back; `verdict` its last number,
    `checked_at` the time of that verdict.
    """

    signoffs: tuple[Signoff, ...] = ()
    clearances: Mapping[str, Clearance] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)
    quiet_until: datetime | None = None
    moves: tuple[datetime, ...] = ()
    verdict: int = 0
    fingerprint: str = ""
    stage: str | None = None  # where it stood at the last verdict
    pipeline: str | None = None
    known: bool = False  # assessed before
    checked_at: datetime | None = None
