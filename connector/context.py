"""Everything an assessment needs to know besides the deal, the policy and the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connector.capacity.board import Board
from connector.deals import Change, OurField, Pipeline
from connector.directory import Absence, Directory
from connector.policy.model import Quotes
from connector.standing import Standing

BADGE = frozenset(OurField) - {OurField.CLEAR_RANGE, OurField.DETAIL}


@dataclass(frozen=True, slots=True)
class Context:
    """`history` is newest first, None where it was not read. `live_since`: when each gate first went live
    in this account. `quiet_until`: touches of any deal up to then start nothing (publish, back-fill).
    `observe_only`: the account is paused; `leaving`: it was uninstalled too, and what is asked is taken back.
    `flag_only`: a brake has tripped, block acts as flag. `shows`: which of our fields the CRM has.
    `quotes`: the CRM's exchange rates, None where the policy does not ask for them.
    `absences`: who is out of office, and when. `board`: the account's capacity, None where no rule
    asks for it."""

    account: str
    pipelines: Mapping[str, Pipeline]
    directory: Directory
    standing: Standing = field(default_factory=Standing)
    history: tuple[Change, ...] | None = None
    live_since: Mapping[str, datetime] = field(default_factory=dict)
    quiet_until: datetime | None = None
    observe_only: bool = False
    leaving: bool = False
    flag_only: bool = False
    shows: frozenset[OurField] = BADGE
    absences: tuple[Absence, ...] = ()
    board: Board | None = None
    quotes: Quotes | None = None
