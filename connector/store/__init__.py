"""The store: bells, claims, standings, outbox, ledger and the rest, on SQLite and PostgreSQL.

The life of one change: bells.ring -> claims.take -> standings.of, answers.waiting -> records.commit ->
outbox.pending, outbox.delivered -> claims.finish.
"""

from connector.store.accounts import Account, Braked
from connector.store.alarms import Alarm
from connector.store.bells import Backlog, Parked, Ring
from connector.store.chain import LedgerEntry, Note
from connector.store.claims import Bell, Claim
from connector.store.entries import EffectKind, Entry, Refused, lasts
from connector.store.jobs import JobLease
from connector.store.ledger import Verified
from connector.store.listen import Listener
from connector.store.policies import Draft, Publication
from connector.store.records import DealRecord
from connector.store.store import Store
from connector.store.views import DealView

__all__ = [
    "Account",
    "Alarm",
    "Backlog",
    "Bell",
    "Braked",
    "Claim",
    "DealRecord",
    "DealView",
    "Draft",
    "EffectKind",
    "Entry",
    "JobLease",
    "LedgerEntry",
    "Listener",
    "Note",
    "Parked",
    "Publication",
    "Refused",
    "Ring",
    "Store",
    "Verified",
    "lasts",
]
