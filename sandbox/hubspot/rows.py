"""The rows of an export that only HubSpot has: property history, merges and tasks."""

from sandbox.hubspot.account import Account, Link
from sandbox.hubspot.events import Source
from sandbox.hubspot.kinds import DEAL, TASK
from sandbox.loaders.hubspot_seed import HubSpotSeed


def add_rows(account: Account, rows: HubSpotSeed) -> None:
    """Add the history, merges and tasks of an export to an account that holds its company."""
    with account.lock:
        listeners, account.listeners = account.listeners, []
        for entry in sorted(rows.history, key=lambda one: one.at):
            record = account.records.get(DEAL, entry.deal)
            source = Source(entry.source_type, entry.source_id)
            account.records.update(record, {entry.property: entry.value}, source, at=entry.at)
        for old, survivor in rows.merged.items():
            account.records.remember_merge(old, survivor)
        for task in rows.tasks:
            values = {
                "hs_timestamp": f"{task.due}Z",
                "hs_task_type": task.type,
                "hubspot_owner_id": task.owner,
            }
            links = (Link(DEAL, task.deal),) if task.deal else ()
            account.create(TASK, values, Source("IMPORT", "1"), links, at=task.created, id_=task.id)
        account.listeners = listeners
