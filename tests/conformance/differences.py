"""Where HubSpot and Salesforce differ by design: all of it. Anything else that differs is a defect.

| what | why |
|---|---|
| sent back | HubSpot can hold no save: the deal stands in the stage for a moment, is taken back, and its rep is told by a note and a task. Salesforce's rule refuses the save, and says so itself |
| a jump | a refused save never reaches us, so a deal that would jump over a gate is asked about only when it stands before it. HubSpot's deal has jumped: it owes the gate, and somebody is asked |
| held in a stage it owes | a deal stands in Contract though its agreement has lapsed, and is moved on. HubSpot takes it back before the first gate that it owes, to Proposal; a refusal leaves it in Contract. From then on they stand apart |
| open for now | one range cannot say that an early gate is open while a later one is shut: Salesforce's list then leaves out the stages before the later one (ADR 75). HubSpot shows the whole list; its rule is ours, after the move |
| close date | HubSpot's screen writes the close date when a deal is closed, Salesforce's does not |

What a deal is made of differs too, and is made the same before: an opportunity always has an owner and a close date,
and with product lines an amount.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.conformance.seen import Seen

_BACK = "Back in "
_ASKING = frozenset({"sentence", "reason", "waiting_on", "panel", "tasks", "notes"})


@dataclass(frozen=True)
class Pair:
    """One deal in both; `refused`: the stage in which Salesforce once refused a save of it, if ever."""

    hubspot: Seen
    salesforce: Seen
    refused: str | None
    apart: bool = False


def _sent_back(field: str, pair: Pair) -> bool:
    more, less = _sets(field, pair)
    return pair.refused is not None and not less and all(_tells_of_it(one) for one in more)


def _tells_of_it(one: object) -> bool:
    if isinstance(one, tuple):
        return ": back in " in one[0]
    return str(one).startswith(_BACK) or ": back in " in str(one).partition("\n")[0] or _dated(one)


def _jump(field: str, pair: Pair) -> bool:
    """From Discovery the rule holds whoever would jump; what HubSpot asked then stays on record."""
    return field in _ASKING and pair.refused == "discovery"


def _stands_apart(field: str, pair: Pair) -> bool:
    return pair.apart


def apart(pair: Pair) -> bool:
    """Say whether HubSpot has just taken a deal back from where Salesforce left it."""
    stages = (pair.hubspot.stage, pair.salesforce.stage)
    return pair.refused is not None and stages == ("proposal", "contract")


def _open_for_now(field: str, pair: Pair) -> bool:
    whole, list_ = pair.hubspot.closed_stages, pair.salesforce.closed_stages
    return field == "closed_stages" and bool(list_) and whole[-len(list_) :] == list_


def _close_date(field: str, pair: Pair) -> bool:
    more, less = _sets(field, pair)
    return field == "notes" and not less and all(_dated(one) for one in more)


def _dated(note: object) -> bool:
    return str(note).startswith("Changed after") and "close date from" in str(note)


def _sets(field: str, pair: Pair) -> tuple[frozenset[object], frozenset[object]]:
    """Return what HubSpot has more, and what less."""
    if field not in {"tasks", "notes"}:
        return frozenset(), frozenset({field})
    ours, theirs = getattr(pair.hubspot, field), getattr(pair.salesforce, field)
    return ours - theirs, theirs - ours


BY_DESIGN: Mapping[str, Callable[[str, Pair], bool]] = {
    "sent back": _sent_back,
    "a jump": _jump,
    "held in a stage it owes": _stands_apart,
    "open for now": _open_for_now,
    "close date": _close_date,
}


def explained(field: str, pair: Pair) -> str | None:
    """Return the difference by design that explains why this field is not the same, None for a defect."""
    return next((name for name, explains in BY_DESIGN.items() if explains(field, pair)), None)
