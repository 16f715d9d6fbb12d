"""The store: one object that holds every table's owner, on SQLite or PostgreSQL."""

from sqlalchemy import select

from connector.store.absences import Absences
from connector.store.accounts import Accounts
from connector.store.alarms import Alarms
from connector.store.answers import Answers
from connector.store.bells import Bells
from connector.store.budget import Budget
from connector.store.capacity import Capacity
from connector.store.changes import Changes
from connector.store.claims import Claims
from connector.store.database import Database
from connector.store.erasing import Erasing
from connector.store.jobs import Jobs
from connector.store.ledger import Ledger
from connector.store.listen import Listener, listen
from connector.store.outbox import Outbox
from connector.store.policies import Policies
from connector.store.records import Records
from connector.store.standings import Standings
from connector.store.tidying import Tidying
from connector.store.users import Users
from connector.store.views import Views
from connector.store.waivers import Waivers


class Store:
    """Everything that is kept. Any call raises StoreUnavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.bells = Bells(database)
        self.claims = Claims(database, self.bells)
        self.answers = Answers(database, self.bells)
        self.standings = Standings(database)
        self.ledger = Ledger(database)
        self.capacity = Capacity(database, self.bells)
        self.waivers = Waivers(database, self.bells, self.ledger)
        self.absences = Absences(database, self.ledger)
        self.records = Records(database, self.ledger, self.capacity)
        self.outbox = Outbox(database)
        self.views = Views(database, self.bells)
        self.accounts = Accounts(database)
        self.policies = Policies(database, self.ledger)
        self.budget = Budget(database)
        self.jobs = Jobs(database)
        self.alarms = Alarms(database)
        self.tidying = Tidying(database)
        self.users = Users(database)
        self.changes = Changes(database)
        self.erasing = Erasing(database, self.bells, self.ledger)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Open the store at a database URL (sqlite:///file or postgresql://...); reads nothing yet."""
        return cls(Database.open(url))

    def migrate(self) -> None:
        """Bring the schema to the newest version; safe to call from several machines at once."""
        from connector.store.migrations import upgrade

        upgrade(self.database)

    def migrated(self) -> bool:
        """Say whether the schema is the one this version needs."""
        from connector.store.migrations import is_current

        return is_current(self.database)

    def take_over(self, other: "Store") -> int:
        """Copy everything of another store into this one, which must be empty; return how many rows."""
        from connector.store.copying import copy

        return copy(other.database, self.database)

    def ping(self) -> None:
        """Return when the database answers, else raise StoreUnavailable."""
        with self.database.read() as transaction:
            transaction.execute(select(1))

    def listen(self) -> Listener:
        """Return a listener that wakes when a bell is rung; one for each thread that waits."""
        return listen(self.database)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
