"""Migrations of the schema, run by Alembic on the store's own engine."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from connector.store.database import Database, Transaction

_LOCK = 4_242_001


def upgrade(database: Database) -> None:
    """Run the missing migrations in one transaction; a second machine waits for the first."""
    with database.write() as transaction:
        if database.postgresql:
            transaction.execute(text("SET LOCAL statement_timeout = 0"))
            transaction.execute(text("SET LOCAL lock_timeout = 0"))
            transaction.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        command.upgrade(_config(transaction), "head")


def is_current(database: Database) -> bool:
    """Say whether the database has the newest migration."""
    with database.read() as transaction:
        now = MigrationContext.configure(transaction).get_current_heads()
    return set(now) == set(ScriptDirectory.from_config(_config(None)).get_heads())


def _config(transaction: Transaction | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = transaction
    return config
