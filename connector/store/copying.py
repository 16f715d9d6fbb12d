"""Copy everything that one database holds into another that is empty: from SQLite to PostgreSQL, or back."""

from pathlib import Path

from sqlalchemy import URL, Table, func, insert, select

from connector.errors import ConfigurationError
from connector.store.database import Database, Transaction
from connector.store.migrations import is_current
from connector.store.tables import metadata

_AT_ONCE = 1_000


def copy(source: Database, target: Database) -> int:
    """Copy every row in one transaction, and return how many; both have this version's schema.

    The source is locked meanwhile, so that nothing is accepted there that the copy lacks.
    """
    _refuse_missing(source)
    if _name(source) == _name(target):
        hint = "Let DATABASE_URL name the new one."
        raise ConfigurationError("It is the database that DATABASE_URL names.", where="--from", hint=hint)
    if not is_current(source):
        hint = "Run this version's `dealgate migrate` on it first."
        raise ConfigurationError("It has another schema.", where="--from", hint=hint)
    with source.write() as old, target.write() as new:
        for table in metadata.sorted_tables:
            if new.execute(select(1).select_from(table).limit(1)).first() is not None:
                hint = "Name a new one; `dealgate migrate --from` makes its tables."
                raise ConfigurationError("It holds something already.", where="DATABASE_URL", hint=hint)
        return sum(_copy(table, old, new, target) for table in metadata.sorted_tables)


def _name(database: Database) -> URL | Path:
    url = database.engine.url
    return url if database.postgresql else Path(url.database or "").resolve()


def _refuse_missing(source: Database) -> None:
    url = source.engine.url
    if not source.postgresql and not Path(url.database or "").is_file():  # SQLite would make an empty one
        raise ConfigurationError(f"There is no file {url.database}.", where="--from", hint="Name another.")


def _copy(table: Table, old: Transaction, new: Transaction, target: Database) -> int:
    count = 0
    for rows in old.execute(select(table)).mappings().partitions(_AT_ONCE):
        new.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
    numbered = table.autoincrement_column
    if count and target.postgresql and numbered is not None:
        highest = select(func.max(numbered)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(table.name, numbered.name)
        new.execute(select(func.setval(sequence, highest)))
    return count
