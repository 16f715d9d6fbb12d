"""A verdict: all that is decided about one deal at one time, as a tree that can explain itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from connector.capacity.records import Estimate
from connector.deals import Value
from connector.policy.clauses import Group
from connector.policy.model import Bound, Mode, Ruling
from connector.standing import Clearance, ClearedHow, Signoff, Waiver

NOTHING: Mapping[str, Value] = MappingProxyType({})


class Outcome(StrEnum):
    """Of a finding. Unknown is never pass."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SIGN_OFF = "sign-off"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Readiness(StrEnum):
    READY = "ready"
    NEEDS_INFO = "needs-info"
    NEEDS_SIGN_OFF = "needs-sign-off"
    BLOCKED = "blocked"
    EXCEPTION = "exception"
    NOT_ASSESSED = "not-assessed"

    @property
    def severity(self) -> int:
        """Order for the badge: blocked > needs-info > needs-sign-off > exception > ready."""
        return _SEVERITY[self]


_SEVERITY: Mapping[Readiness, int] = MappingProxyType(
    {
        Readiness.NOT_ASSESSED: 0,
        Readiness.READY: 1,
        Readiness.EXCEPTION: 2,
        Readiness.NEEDS_SIGN_OFF: 3,
        Readiness.NEEDS_INFO: 4,
        Readiness.BLOCKED: 5,
    }
)


class Finding(NamedTuple):
    """The result of one check, written twice: `rep` (a field, a date) and `ops` (a size, a worth); `others`
    names other customers, for Operations alone.

    `code` is stable; `reads` the vocabulary names it depends on; `missing` the fields the rep should fill;
    `seen` the values as text; `ours` when only our own source is at fault (design 1.4). `why` finishes
    "because ..." for the rep where `ops` is for Operations alone; `way` is what the rep can do alone.
    """

    check: str
    code: str
    outcome: Outcome
    rep: str
    ops: str
    reads: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()
    size: Decimal | None = None
    worth: Decimal | None = None
    ours: bool = False
    where: str = ""
    role: str | None = None  # who decides, where the outcome is sign-off
    why: str = ""
    way: str = ""
    others: str = ""

    @property
    def whole(self) -> str:
        """Return all that Operations reads."""
        return f"{self.ops} {self.others}".rstrip()


class Need(NamedTuple):
    """What one row of the matrix (or an unknown input) demands: a role, notice, or nothing may do.

    `role` is None for forbidden and for Sales decides. `lever` is the rep-changeable field that drove it,
    `limit` what the rep may do alone on that field. `why` finishes the sentence "because ...", `text` is
    the policy's own sentence where it has one. With Ruling.UNKNOWN, `missing` names the inputs that are not
    known and `ours` says that only our own source is at fault. `groups` are the rows that want other roles
    too; without `must` it is enough that others of them sign. `fact`: what a signature states; with `own` the
    deal's owner may. `hours` to stop the deal (Ruling.VETO), else until those above are asked too.
    """

    matrix: str
    row: str
    ruling: Ruling
    role: str | None
    why: str
    lever: str | None = None
    limit: Decimal | None = None
    seen: Mapping[str, Value] = NOTHING
    where: str = ""
    text: str = ""
    missing: tuple[str, ...] = ()
    ours: bool = False
    groups: tuple[Group, ...] = ()
    must: bool = True
    fact: str = ""
    own: bool = False
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a row with `notify` tells one person about the deal, once for each key. It holds nothing up."""

    key: str
    gate: str
    person: str
    need: Need


@dataclass(frozen=True, slots=True)
class Lever:
    """A change the rep may make alone, re-assessed by the engine: with these values or better ones less is
    needed. `terms`: the values in words, "10 % or less"; `cost`: the money that it moves, in the deal's
    currency."""

    text: str
    clears: bool
    changes: tuple[tuple[str, Value], ...] = ()
    terms: str = ""
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Range:
    """The values inside which the stages that are shut may be entered; `until` is its last day."""

    bounds: tuple[Bound, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Waived:
    """What would hold the gate without a waiver: its rule, and why, as the rep may read it."""

    waiver: str
    rule: str
    why: str


class GateVerdict(NamedTuple):
    """One gate of the deal's pipeline. `owed`: at or before the position and not cleared; else ahead.

    `clear` says the deal may stand at or enter the stage; `waiting` the needs that no approval covers yet;
    `offers` approvals whose range the deal is outside of (counter-offers); `nobody` the roles that nobody
    can sign for: such a gate stays shut; `away` those of whom nobody is there today; `waived` what would
    hold it, were there no exception; `why_clear` how a gate that is not looked at again was cleared.
    """

    gate: str
    stage: str
    label: str
    mode: Mode
    owed: bool
    clear: bool
    readiness: Readiness
    findings: tuple[Finding, ...] = ()
    needs: tuple[Need, ...] = ()
    waiting: tuple[Need, ...] = ()
    offers: tuple[Signoff, ...] = ()
    vetoes: tuple[Signoff, ...] = ()
    approvals: tuple[Signoff, ...] = ()
    why_clear: ClearedHow | None = None
    nobody: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    waived: tuple[Waived, ...] = ()

    @property
    def told(self) -> bool:
        """Say whether reps and approvers hear of it: a gate that only observes stands on record alone."""
        return self.mode is not Mode.OBSERVE


class Verdict(NamedTuple):
    """All that is decided about one deal at one time.

    `gate` is the gate the badge and the sentence speak of; `signoffs`, `clearances` and `waivers` the whole
    record after this verdict; `blocked_stages` CRM stage ids; `wants_history`: assess again with the
    history read; `keep`: our own source is down, what the CRM shows stays (design 1.4); `assessed` is False
    for deals that are left alone (closed-lost, unknown pipeline); `alarms` a kebab-case reason and its
    object for the admin, e.g. "nobody-can-sign operations"; `notices` what somebody is to be told now.
    `range` is where the blocked stages may be entered, `open_now` those of them whose gates are clear while
    a later one is not; only where the CRM can show a range. `estimate`: the hours that the deal takes, None
    where it takes none.
    """

    deal: str
    at: datetime
    policy_version: str
    readiness: Readiness
    gate: str | None
    gates: tuple[GateVerdict, ...]
    sentence: str
    signoffs: tuple[Signoff, ...]
    clearances: Mapping[str, Clearance]
    blocked_stages: tuple[str, ...]
    levers: tuple[Lever, ...]
    fingerprint: str
    valid_until: datetime | None = None
    wants_history: bool = False
    keep: bool = False
    alarms: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    range: Range | None = None
    open_now: tuple[str, ...] = ()
    estimate: Estimate | None = None
    waivers: tuple[Waiver, ...] = ()
    assessed: bool = True
