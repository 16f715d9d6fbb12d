"""Published policies: the file is a draft, this is what counts (design 1.10)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Select, delete, insert, select

from connector.store.database import Database, run
from connector.store.tables import accounts, live_gates, policies


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


class Policies:
    """The published versions of each account's policy."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gate = database.insert(live_gates).on_conflict_do_nothing()

    def publish(self, account: str, draft: Draft, now: datetime) -> bool:
        """Publish unless this version is the live one; return whether it was.

        A gate keeps the time since which it is on; one that is left out or switched off loses it.
        """
        on = sorted(draft.gates_on)
        gone = delete(live_gates).where(live_gates.c.account == account, live_gates.c.gate.not_in(on))
        with self._database.write() as transaction:
            live = transaction.execute(_newest_first(account)).first()
            if live is not None and live.version == draft.version:
                return False
            transaction.execute(insert(policies), {"account": account, **asdict(draft), "at": now})
            transaction.execute(gone)
            run(transaction, self._gate, [{"account": account, "gate": gate, "since": now} for gate in on])
        return True

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
