"""Effects: what the CRM (or a mailbox) should show. Absolute values, safe to deliver twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from connector.deals import OurField


@dataclass(frozen=True, slots=True)
class WriteFields:
    """Show these values in our own fields; "" empties one. Only what differs from the last read."""

    deal: str
    values: Mapping[OurField, str]


@dataclass(frozen=True, slots=True)
class WriteCase:
    """Put the rep's case, as the card told it, into the request fields, once for each key."""

    deal: str
    key: str
    values: Mapping[OurField, str]


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Ask or tell one person in the CRM, once for each key. `owner` is the CRM's owner id.

    `decision` is true where the task asks for a decision, false where it only tells. `figures`: what reps may
    not read, for a CRM that can keep it from them.
    """

    deal: str
    key: str
    owner: str
    title: str
    body: str
    due_at: datetime
    decision: bool
    figures: str = ""


@dataclass(frozen=True, slots=True)
class CloseTask:
    """Close the open task of this key: settled, withdrawn or superseded. `task` is the CRM's task id."""

    deal: str
    key: str
    task: str


@dataclass(frozen=True, slots=True)
class EmptyAnswer:
    """Empty a decision on a task that did not count, if it is still this `decision` of `decided_at`.

    A CRM tells nothing of a value that is written again: without this the right person's yes after a wrong
    person's yes would never be heard.
    """

    deal: str
    key: str
    task: str
    decided_at: datetime
    decision: str = ""


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put a note on the deal, once for each key."""

    deal: str
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class MoveBack:
    """Move the deal back, pipeline and stage together (design 1.7), if it still stands where it was seen.

    `close_date` is restored where the move changed it ("" empties it), None leaves it alone.
    `moved_at` is the history entry of the move that is taken back: nothing older than it, nothing newer.
    """

    deal: str
    key: str
    from_pipeline: str
    from_stage: str
    to_pipeline: str
    to_stage: str
    moved_at: datetime
    close_date: date | str | None = None


@dataclass(frozen=True, slots=True)
class SendMail:
    """Mail one policy person, once for each key. `cycle`: it asks for the decision of that cycle, and may
    carry a link to answer by. `lasting` is false where a newer verdict may make it pointless: a reminder."""

    deal: str
    key: str
    person: str
    subject: str
    body: str
    cycle: int | None = None
    lasting: bool = True


Effect = WriteFields | WriteCase | CreateTask | CloseTask | EmptyAnswer | AddNote | MoveBack | SendMail
