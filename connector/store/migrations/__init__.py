"""Migrations of the schema, run by Alembic on the store's own engine."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from connector.errors import ConfigurationError
from connector.store.database import Database, Transaction

_LOCK = 4_242_001


def upgrade(database: Database) -> None:
    """Run the missing migrations in one transaction; a second machine waits for the first."""
    with database.write() as transaction:
        if database.postgresql:
            transaction.execute(text("SET LOCAL statement_timeout = 0"))
            transaction.execute(text("SET LOCAL lock_timeout = 0"))
            transaction.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _revisions(transaction, ScriptDirectory.from_config(_config(None)))
        command.upgrade(_config(transaction), "head")


def is_current(database: Database) -> bool:
    """Say whether the database has the newest migration."""
    script = ScriptDirectory.from_config(_config(None))
    with database.read() as transaction:
        return _revisions(transaction, script) == set(script.get_heads())


def _revisions(transaction: Transaction, script: ScriptDirectory) -> set[str]:
    """Return what the database has; refuse it where that is more than this version knows."""
    now = set(MigrationContext.configure(transaction).get_current_heads())
    newer = now - {one.revision for one in script.walk_revisions()}
    if newer:
        raise ConfigurationError(
            f"A newer Dealgate made this database: it has schema {max(newer)},"
            f" this one knows them up to {script.get_current_head()}.",
            where="DATABASE_URL",
            hint="Install that version again, or restore the backup from before it (docs/operations.md).",
        )
    return now


def _config(transaction: Transaction | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = transaction
    return config
