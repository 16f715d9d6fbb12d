"""Migrations of the schema, run by Alembic on the store's own engine.

Nearly every process finds a database that is current: Alembic and its scripts are loaded only for another.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from connector.errors import ConfigurationError
from connector.store.database import Database, Transaction

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).parent
_LOCK = 4_242_001


def upgrade(database: Database) -> None:
    """Run the missing migrations in one transaction; a second machine waits for the first."""
    if _is_newest(database):
        return
    from alembic import command

    with database.write() as transaction:
        if database.postgresql:
            transaction.execute(text("SET LOCAL statement_timeout = 0"))
            transaction.execute(text("SET LOCAL lock_timeout = 0"))
            transaction.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        _revisions(transaction, scripts())
        command.upgrade(_config(transaction), "head")


def is_current(database: Database) -> bool:
    """Say whether the database has the newest migration."""
    if _is_newest(database):
        return True
    script = scripts()
    with database.read() as transaction:
        return _revisions(transaction, script) == set(script.get_heads())


def newest() -> str:
    """Return the newest revision, by which its file's name begins."""
    return max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def _is_newest(database: Database) -> bool:
    """Say whether the database has the newest migration and no other head, without loading any."""
    with database.read() as transaction:
        if not inspect(transaction).has_table("alembic_version"):
            return False
        return list(transaction.scalars(text("SELECT version_num FROM alembic_version"))) == [newest()]


def _revisions(transaction: Transaction, script: "ScriptDirectory") -> set[str]:
    """Return what the database has; refuse it where that is more than this version knows."""
    from alembic.runtime.migration import MigrationContext

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


def scripts() -> "ScriptDirectory":
    """Return the migrations as Alembic reads them."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(None))


def _config(transaction: Transaction | None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = transaction
    return config
