"""Who signs and when: people, roles, delegations, the calendar, and how long a question may wait."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo


class Rhythm(StrEnum):
    """How often somebody is mailed all that waits for him."""

    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Person:
    """One human being. `manager` is the id of another person; `zone` where it is not the calendar's; `digest`
    None: he hears of each question, and of nothing else."""

    id: str
    name: str
    email: str
    hubspot_user: str | None = None
    salesforce_username: str | None = None
    manager: str | None = None
    where: str = ""
    zone: str | None = None
    digest: Rhythm | None = None


OWNER_MANAGER = "owner.manager"


class Found(StrEnum):
    """Holders that are looked up in the CRM by name, written "queue:Deal Desk" in `Role.holders`."""

    QUEUE = "queue"
    TEAM = "team"

    def named(self, name: str) -> str:
        """Return the holder of this kind and name."""
        return f"{self}:{name}"


@dataclass(frozen=True, slots=True)
class Role:
    """Who may decide. `holders` are person ids, OWNER_MANAGER or found ones, in the order in which they are
    asked; `backups` follow where none of them can be. `level` orders the roles of one chain: higher decides
    more. `needs`: how many different people must sign, None is all of them. `lifted_by`: the roles that may
    lift its veto, else whoever may sign for it. `last_resort`: asked where nobody else is left."""

    id: str
    label: str
    holders: tuple[str, ...]
    chain: str
    level: int
    function: str = ""  # shown in brackets after the name: "Anna Bos (Operations)"
    where: str = ""
    backups: tuple[str, ...] = ()
    needs: int | None = 1
    top: bool = False  # the top of the company: what ends here is counted as founder load
    last_resort: bool = False
    lifted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delegation:
    """Somebody signs in another's name, first and last day included, in the giver's time zone. It is never
    passed on. Without roles or pipelines it is for all; `up_to` is the largest deal amount."""

    giver: str
    to: str
    since: date
    until: date
    roles: frozenset[str] = frozenset()
    up_to: Decimal | None = None
    currency: str | None = None
    pipelines: frozenset[str] = frozenset()  # labels or ids
    where: str = ""


@dataclass(frozen=True, slots=True)
class QuarterEnd:
    """Other hours on the last `days` calendar days of a quarter."""

    days: int
    opens: int
    closes: int
    answer_hours: int
    working: frozenset[int]


@dataclass(frozen=True, slots=True)
class Calendar:
    """IANA time zone and plain working days; answers are due `answer_hours` working hours after asking.
    Quarters begin with `first_month` and every third one after it."""

    zone: str = "UTC"
    opens: int = 9
    closes: int = 17
    days: frozenset[int] = frozenset(range(5))
    answer_hours: int = 8
    holidays: frozenset[date] = frozenset()
    quarter_end: QuarterEnd | None = None
    first_month: int = 1
    clock: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clock", ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a question may wait, in working hours after asking; None is for ever.

    `pause_at_most`: all the time that a question may stand still because the customer has to answer.
    `question_within`: the rep's time for an approver's question. A deal whose close date or needed-by day
    is at most `urgent_days` away is answered within `urgent_hours`.
    """

    remind_after: int | None = None
    escalate_after: int | None = None
    expire_after: int | None = None
    pause_at_most: int = 40
    question_within: int = 8
    urgent_days: int = 0
    urgent_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Waivers:
    """Who may grant exceptions: for each rule the roles, ANY_RULE for the rest. `reasons` are codes; a waiver
    lasts at most `longest_days`. Roles of `break_glass` may waive anything, and it is reviewed afterwards."""

    grant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    longest_days: int = 90
    break_glass: tuple[str, ...] = ()
    review_days: int = 5


ANY_RULE = "any"
