"""Leaving an org: the deals are set free, our tasks closed; the data stays for the customer's reports."""

from collections.abc import Callable, Sequence

from connector.adapters.base import Delivery, Fate, Provisioned
from connector.deals import OurField
from connector.effects import CloseTask, WriteFields

_LEFT = (
    Provisioned(
        "package",
        "left",
        "Remove it when no report needs its fields: flows first, then outbound messages, rules and fields "
        "(docs/install-salesforce.md).",
    ),
    Provisioned("app", "left", "Block the external client app under Setup > External Client App Manager."),
)
_NOTHING = {OurField.BLOCKED_STAGES: "", OurField.CLEAR_RANGE: ""}


def uninstall(
    deals: Sequence[str],
    tasks: Sequence[str],
    write: Callable[[Sequence[WriteFields]], Sequence[Delivery]],
    close: Callable[[Sequence[CloseTask]], Sequence[Delivery]],
) -> tuple[Provisioned, ...]:
    """Empty the lists of closed stages and complete our open tasks; say what is left."""
    freed = write([WriteFields(deal, _NOTHING) for deal in deals])
    closed = close([CloseTask(deal="", key="", task=task) for task in tasks])
    return (
        _step("lists of closed stages that were left, emptied", freed),
        _step("open tasks, completed", closed),
        *_LEFT,
    )


def _step(name: str, fates: Sequence[Delivery]) -> Provisioned:
    done = sum(fate.fate in {Fate.DONE, Fate.STALE} for fate in fates)
    stuck = [fate for fate in fates if fate.fate not in {Fate.DONE, Fate.STALE}]
    todo = f"{len(stuck)} not done ({stuck[0].reason}): run it again." if stuck else ""
    return Provisioned(f"{name}: {done}", "unfinished" if stuck else "done", todo)
