"""Published policies: the file is a draft, this is what counts (design 1.10)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Select, delete, insert, select

from connector.store.chain import Note
from connector.store.database import Database, Transaction, run
from connector.store.ledger import Ledger
from connector.store.tables import accounts, live_gates, planned_policies, policies


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy about to be published. `gates_on`: the ids of its gates that flag or block."""

    version: str
    text: str
    gates_on: frozenset[str]
    author: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication. `version` is the hash of `text`; a rollback publishes an old text again."""

    number: int
    version: str
    text: str
    author: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A publication that waits for its time, `at`."""

    number: int
    version: str
    text: str
    author: str
    note: str
    at: datetime


class Policies:
    """The published versions of each account's policy, and those that are planned."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._gate = database.insert(live_gates).on_conflict_do_nothing()

    def publish(
        self,
        account: str,
        draft: Draft,
        now: datetime,
        told: Note | None = None,
        since: Mapping[str, datetime] | None = None,
    ) -> bool:
        """Publish unless this version is the live one; return whether it was. `told` goes to the ledger.

        A gate keeps the time since which it is on; one that is left out or switched off loses it. One that
        comes on counts from `since` on, else from now on.
        """
        on, earlier = sorted(draft.gates_on), since or {}
        gone = delete(live_gates).where(live_gates.c.account == account, live_gates.c.gate.not_in(on))
        with self._database.write() as transaction:
            live = transaction.execute(_newest_first(account)).first()
            if live is not None and live.version == draft.version:
                return False
            transaction.execute(insert(policies), {"account": account, **asdict(draft), "at": now})
            transaction.execute(gone)
            rows = [{"account": account, "gate": gate, "since": earlier.get(gate, now)} for gate in on]
            run(transaction, self._gate, rows)
            self._tell(transaction, account, told, now)
        return True

    def plan(self, account: str, draft: Draft, at: datetime, now: datetime, told: Note | None = None) -> None:
        """Keep a policy until its time has come."""
        row = {
            "account": account, "version": draft.version, "text": draft.text, "author": draft.author,
            "note": draft.note, "at": at, "planned_at": now,
        }  # fmt: skip
        with self._database.write() as transaction:
            transaction.execute(insert(planned_policies), row)
            self._tell(transaction, account, told, now)

    def planned(self, account: str) -> tuple[Plan, ...]:
        """Return the planned publications, soonest first."""
        query = select(*_PLAN).where(planned_policies.c.account == account)
        ordered = query.order_by(planned_policies.c.at, planned_policies.c.number)
        with self._database.read() as transaction:
            return tuple(Plan(*row) for row in transaction.execute(ordered))

    def drop_plan(self, account: str, plan: Plan, now: datetime, told: Note | None = None) -> bool:
        """Take a plan away: it was published, or called off; False where somebody did already."""
        this = (planned_policies.c.account == account, planned_policies.c.number == plan.number)
        with self._database.write() as transaction:
            gone = bool(transaction.execute(delete(planned_policies).where(*this)).rowcount)
            if gone:
                self._tell(transaction, account, told, now)
        return gone

    def _tell(self, transaction: Transaction, account: str, told: Note | None, now: datetime) -> None:
        if told is not None:
            self._ledger.append(account, (told,), now, within=transaction)

    def live(self, account: str) -> Publication | None:
        """Return the policy that counts, None before the first was published."""
        with self._database.read() as transaction:
            row = transaction.execute(_newest_first(account).limit(1)).first()
        return None if row is None else Publication(*row)

    def history(self, account: str) -> tuple[Publication, ...]:
        """Return all publications, newest first."""
        with self._database.read() as transaction:
            return tuple(Publication(*row) for row in transaction.execute(_newest_first(account)))

    def gates_live_since(self, account: str) -> dict[str, datetime]:
        """Return since when each gate that is on counts in this account: not before it was enrolled."""
        enrolled = select(accounts.c.since).where(accounts.c.account == account)
        on = select(live_gates.c.gate, live_gates.c.since).where(live_gates.c.account == account)
        with self._database.read() as transaction:
            since = transaction.scalar(enrolled)
            gates = transaction.execute(on).all()
        return {gate: at if since is None else max(at, since) for gate, at in gates}


_PLAN = (
    *(planned_policies.c.number, planned_policies.c.version, planned_policies.c.text),
    *(planned_policies.c.author, planned_policies.c.note, planned_policies.c.at),
)


def _newest_first(account: str) -> Select[int, str, str, str, str, datetime]:
    return (
        select(
            policies.c.number,
            policies.c.version,
            policies.c.text,
            policies.c.author,
            policies.c.note,
            policies.c.at,
        )
        .where(policies.c.account == account)
        .order_by(policies.c.number.desc())
    )
