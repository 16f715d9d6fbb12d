"""Leaving an account: the deals are set free, our tasks closed; the data stays for the customer's reports."""

from collections.abc import Sequence

from connector.adapters.base import Delivery, Fate, Provisioned
from connector.adapters.hubspot.badges import write_fields
from connector.adapters.hubspot.client import Client
from connector.adapters.hubspot.library import Library
from connector.adapters.hubspot.sweep import open_tasks, showing
from connector.adapters.hubspot.tasks import close_tasks
from connector.deals import OurField
from connector.effects import CloseTask, WriteFields

_LEFT = (
    Provisioned(
        "properties",
        "left",
        "The Dealgate properties stay for your reports; archive them under Settings > Properties.",
    ),
    Provisioned("app", "left", "Uninstall the app under Settings > Integrations > Connected apps."),
)


def uninstall(client: Client, library: Library) -> tuple[Provisioned, ...]:
    """Empty the lists of closed stages and complete our open tasks; say what is left."""
    library.forget()
    freed = _freed(client, [deal for page in list(showing(client, library)) for deal in page])
    closed = _closed(client, [task for page in list(open_tasks(client, library)) for task in page])
    return (
        _step("lists of closed stages that were left, emptied", freed),
        _step("open tasks, completed", closed),
        *_LEFT,
    )


def _freed(client: Client, deals: Sequence[str]) -> tuple[Delivery, ...]:
    return write_fields(client, [WriteFields(deal, {OurField.BLOCKED_STAGES: ""}) for deal in deals])


def _closed(client: Client, tasks: Sequence[str]) -> tuple[Delivery, ...]:
    return close_tasks(client, [CloseTask(deal="", key="", task=task) for task in tasks])


def _step(name: str, fates: Sequence[Delivery]) -> Provisioned:
    done = sum(fate.fate in {Fate.DONE, Fate.STALE} for fate in fates)
    stuck = [fate for fate in fates if fate.fate not in {Fate.DONE, Fate.STALE}]
    todo = f"{len(stuck)} not done ({stuck[0].reason}): run it again." if stuck else ""
    return Provisioned(f"{name}: {done}", "unfinished" if stuck else "done", todo)
