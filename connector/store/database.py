"""The database: one engine, one way to read and one way to write, on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from types import MappingProxyType

import psycopg
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Table,
    any_,
    create_engine,
    event,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connector.errors import ConfigurationError, StoreUnavailable, StoreUnusable
from connector.store.bulk import Bulk, Insert, OnConflict, Row, nothing_special, replacing
from connector.store.signal import Signal
from connector.store.sqlite_file import SqliteFile, advice

Transaction = Connection

CHANNEL = "dealgate_bells"
# Seconds to connect; milliseconds and seconds after which a silent network is a lost one.
PATIENCE: Mapping[str, int] = MappingProxyType(
    {"connect_timeout": 5, "tcp_user_timeout": 30_000, "keepalives_idle": 30, "keepalives_interval": 10}
)
_BUSY_SECONDS = 30
_PSYCOPG = "postgresql+psycopg"
_NO_FILE = (None, "", ":memory:")


class Database:
    """An engine whose failures to answer are StoreUnavailable.

    SQLite has one writer at a time: a lock in the process queues its threads, BEGIN IMMEDIATE and the
    busy timeout queue other processes.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.postgresql = engine.dialect.name == "postgresql"
        self.signal = Signal()
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT") if self.postgresql else engine
        self._writer = engine if self.postgresql else engine.execution_options(immediate=True)
        self._file = "" if self.postgresql else engine.url.database or ""
        self._turn = Lock()

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open the database of this URL; nothing is read yet."""
        address = _address(url)
        return cls(_postgresql(address) if address.drivername == _PSYCOPG else _sqlite(address))

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @contextmanager
    def read(self, within: Transaction | None = None) -> Iterator[Transaction]:
        """Read outside any transaction, or within the caller's."""
        if within is not None:
            yield within
            return
        with answering(self._file), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, within: Transaction | None = None) -> Iterator[Transaction]:
        """Write in one transaction: a new one, or within the caller's."""
        if within is not None:
            yield within
            return
        with self._my_turn(), answering(self._file), self._writer.begin() as connection:
            yield connection
            rung = connection.info.pop("rung", False)
        if rung:
            self.signal.give()

    def wake(self, transaction: Transaction) -> None:
        """Wake the threads of this process that listen, when this transaction commits."""
        transaction.info["rung"] = True

    def insert(self, table: Table) -> Insert:
        """Return an insert of this database's dialect, which knows ON CONFLICT."""
        return postgresql.insert(table) if self.postgresql else sqlite.insert(table)

    def bulk(self, table: Table, columns: Sequence[str], on_conflict: OnConflict = nothing_special) -> Bulk:
        """Return an insert of many rows that hold these columns."""
        return Bulk(table, columns, on_conflict, as_json=self.postgresql)

    def upsert(self, table: Table, columns: Sequence[str]) -> Bulk:
        """Return an insert of many rows that replaces those whose key is there already."""
        return self.bulk(table, columns, replacing(table, columns))

    def among(self, column: ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
        """Say that the column holds one of these; on PostgreSQL one parameter, however many there are."""
        if self.postgresql:
            return column == any_(literal(list(values), postgresql.ARRAY(column.type)))
        return column.in_(values)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if self.postgresql:
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_SECONDS):
            raise StoreUnavailable("The database is busy.", hint="Another writer of this process holds it.")
        try:
            yield
        finally:
            self._turn.release()


def run(transaction: Transaction, statement: Executable, rows: Sequence[Row]) -> None:
    """Execute the statement once for each row."""
    if rows:
        transaction.execute(statement, rows)


@contextmanager
def answering(file: str = "") -> Iterator[None]:
    """Turn every failure of the database to answer into StoreUnavailable; the values stay out of the text.

    `file` is SQLite's, which the message then names.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _unavailable(str(error.orig), file) from error
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise _unavailable(str(error), file) from error
    except DBAPIError as error:
        # SQLite's own word for a file that is none of its databases, or a damaged one.
        if error.connection_invalidated or type(error.orig) is sqlite3.DatabaseError:
            raise _unavailable(str(error.orig), file) from error
        raise


def _unavailable(said: str, file: str) -> StoreUnavailable:
    first = said.strip().partition("\n")[0].rstrip(".")
    hint, lasting = advice(first) if file else ("Check DATABASE_URL and that it runs.", False)
    kind = StoreUnusable if lasting else StoreUnavailable
    return kind(f"The database does not answer: {first}.", where=file, hint=hint)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is not None and address.drivername in ("postgres", "postgresql", _PSYCOPG):
        return address.set(drivername=_PSYCOPG)
    if address is not None and address.drivername == "sqlite" and address.database not in _NO_FILE:
        return address
    raise ConfigurationError(
        "This is no database that Dealgate can use.",
        where="DATABASE_URL",
        hint="Write sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    )


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address,
        pool_size=5,
        max_overflow=15,
        pool_timeout=10,
        connect_args={
            **PATIENCE,
            "application_name": "dealgate",
            "options": "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
        },
    )


def _sqlite(address: URL) -> Engine:
    engine = create_engine(
        address, connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None}, max_overflow=50
    )
    event.listen(engine, "connect", _prepare)
    SqliteFile(address.database or "").watch(engine)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # The driver's own BEGIN is deferred: two writers that both read first would then fail, not wait.
    if connection.get_execution_options().get("immediate"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
