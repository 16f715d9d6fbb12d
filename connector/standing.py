"""What is on record about one deal: sign-offs, clearances, what was already asked, told and moved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from connector.deals import Value
from connector.policy.model import Bound


class SignoffState(StrEnum):
    """WAITING: its turn has not come. INFO: the rep has to answer a question first."""

    REQUESTED = "requested"
    WAITING = "waiting"
    INFO = "info-requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


FINAL = frozenset({SignoffState.WITHDRAWN, SignoffState.EXPIRED, SignoffState.SUPERSEDED})
OPEN = frozenset({SignoffState.REQUESTED, SignoffState.WAITING, SignoffState.INFO})

# Who acts where no person does; a person's id in a policy never has a colon.
ENGINE = "dealgate:engine"
CLOCK = "dealgate:clock"

ERASED_PERSON = "erased-"  # begins the id that stands for somebody who was erased from the record


class Right(StrEnum):
    """By what somebody signs for a role."""

    HOLDER = "holder"
    DELEGATE = "delegate"
    BACKUP = "backup"
    LAST_RESORT = "last-resort"


@dataclass(frozen=True, slots=True)
class Authority:
    """The right by which somebody signed: the role, in whose name, and for a delegate its first and last
    day. "Had he the authority that day?" is answered by this, whatever the policy says later."""

    role: str
    holder: str
    right: Right
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's yes where a role needs several."""

    person: str
    at: datetime
    authority: Authority
    envelope: tuple[Bound, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a yes depends on: "customer delivers data", at the latest on `due`. `met_by` is a person."""

    text: str
    due: date
    met_at: datetime | None = None
    met_by: str | None = None


@dataclass(frozen=True, slots=True)
class Signoff:
    """One request to one role about one deal at one gate. Identity: gate, role, cycle.

    `asked` person ids that hold the request; `seen` the matrix inputs at the request, then at the decision;
    `lever` the field whose limit an answer may set; `envelope` the range an approval covers; `about` the
    findings it decides on ("required-data:start_date"): an approval covers no finding it was not asked about.

    `group` names the rows whose other roles different people must sign; `needs` and `votes`: how many must
    sign for this role, and who has. `question` is what `asked_by` asked the rep at `asked_at`; `unanswered`:
    it was left so. While `paused_at` is
    set it waits for the customer. `stood` and `paused` are working minutes: all in which it stood still, and
    those of them that the customer had. `escalated_at`: those above are asked too. `again`: how often it was
    asked once more because a task was closed without an answer; `formerly`: who passed it on.

    `stops`: working hours in which whoever is asked may stop the deal; nobody waits for him, and when they
    are over the deal passes. `rises`: working hours until those above are asked too, 0 at once, None as the
    policy says for all. `own`: a fact that the deal's owner may state.
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
    group: tuple[str, ...] = ()
    needs: int = 1
    votes: tuple[Vote, ...] = ()
    authority: Authority | None = None
    requested_by: str | None = None
    conditions: tuple[Condition, ...] = ()
    question: str = ""
    asked_at: datetime | None = None
    asked_by: str | None = None
    unanswered: bool = False
    paused_at: datetime | None = None
    stood: int = 0
    paused: int = 0
    escalated_at: datetime | None = None
    needed_by: date | None = None
    again: int = 0
    formerly: tuple[str, ...] = ()
    rate: Decimal | None = None  # of the deal's currency in the policy's, fixed when this was asked
    rate_of: date | None = None  # the day that rate is of
    stops: int | None = None
    rises: int | None = None
    own: bool = False

    @property
    def name(self) -> str:
        """Return its identity as one word."""
        return f"{self.gate}:{self.role}:{self.cycle}"

    @property
    def card(self) -> str:
        """Return what tells its task from other tasks of the same person and deal."""
        return f"{self.cycle}.{self.again}" if self.again else str(self.cycle)

    @property
    def waits(self) -> bool:
        """Say whether somebody who decides is asked now, and is waited for."""
        return self.state is SignoffState.REQUESTED and self.stops is None


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised when a gate cleared: first and last day of the work, hours by role of the offering,
    margin in percent points; None where it was not known."""

    start: date | None = None
    finish: date | None = None
    effort: Mapping[str, Decimal] = field(default_factory=dict)
    margin: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A granted exception: one rule of one deal, inside `bounds`, to the end of `until`.

    `rule` names a matrix, a row ("commercial/large"), a check or one field of it ("required-data/region").
    `role` is the right by which `by` granted it. A `break_glass` waiver has to be reviewed by somebody else.
    `unneeded_since`: the rule would pass without it; after a day of that it closes itself.
    """

    id: str
    rule: str
    until: date
    reason: str
    by: str
    at: datetime
    role: str = ""
    bounds: tuple[Bound, ...] = ()
    note: str = ""
    break_glass: bool = False
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    unneeded_since: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


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
    """A gate that the deal no longer owes. `seen` holds the material inputs as they were, `promise` what was
    promised when it cleared, where the policy knows the work, `waived` the waivers without which it would
    not have passed, `rests_on` the names of the yeses that it was passed by, those of other gates too,
    `drawn` what the computed ones among its inputs come of on the deal's own side."""

    gate: str
    how: ClearedHow
    at: datetime
    policy_version: str
    seen: Mapping[str, Value] = field(default_factory=dict)
    promise: Promise | None = None
    waived: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    drawn: Mapping[str, Value] = field(default_factory=dict)


class AnswerKind(StrEnum):
    """YES, UP_TO and NO decide. ASK puts a question to the rep, REPLY answers it. PAUSE waits for the
    customer, RESUME goes on. The rep's WITHDRAW takes the questions back. MET: a condition is fulfilled.
    CLOSED: the task was closed or deleted without a decision. PASSED_ON: it was given to another owner.
    REQUEST: the rep asks for a decision, `note` is the case and `until` the day by which it is needed."""

    YES = "yes"
    UP_TO = "yes-up-to"
    NO = "no"
    ASK = "question"
    REPLY = "reply"
    PAUSE = "wait-for-customer"
    RESUME = "go-on"
    WITHDRAW = "withdraw"
    MET = "condition-met"
    REQUEST = "request"
    CLOSED = "closed-undecided"
    PASSED_ON = "passed-on"


# Within this a CRM dates two decisions on one task alike; the one that is read later is the later (ADR 236).
ONE_MOMENT = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision that somebody wrote down, not yet checked. `id` is stable for one entry in the CRM.

    `user` is the CRM user of the history entry, `person` a policy person (command line); one of them
    or neither: without a provable actor nothing counts. `task` names the task that carried it, `until` the
    last day of a yes.
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
    until: date | None = None


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
    waivers: tuple[Waiver, ...] = ()
