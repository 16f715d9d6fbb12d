"""A listener: sleeps until a bell is rung anywhere, with polling as the net below."""

from types import TracebackType
from typing import Protocol, Self

import psycopg
from psycopg.conninfo import make_conninfo

from connector.store.database import CHANNEL, PATIENCE, Database, answering
from connector.store.signal import Signal


class Listener(Protocol):
    """Wait for rings; each waiting thread has its own listener. Rings between two waits are not missed."""

    def wait(self, timeout: float) -> bool:
        """Return True as soon as a bell was rung since the last wait, False after `timeout` seconds."""
        ...

    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class ProcessListener:
    """Listen to the rings of this process: all that one process on SQLite needs."""

    def __init__(self, signal: Signal) -> None:
        self._signal = signal
        self._heard = signal.count

    def wait(self, timeout: float) -> bool:
        """Return whether a bell was rung since the last wait."""
        before, self._heard = self._heard, self._signal.wait_beyond(self._heard, timeout)
        return self._heard > before

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PostgresqlListener(ProcessListener):
    """Listen on one connection of its own; a lost one is opened again at the next wait."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.signal)
        self._address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None

    def wait(self, timeout: float) -> bool:
        """Return whether a bell was rung on any machine; the first wait after a loss returns at once."""
        with answering():
            try:
                return self._wait(timeout)
            except psycopg.OperationalError:
                self.close()
                raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _wait(self, timeout: float) -> bool:
        if self._connection is None:
            self._connection = psycopg.connect(make_conninfo(self._address, **PATIENCE), autocommit=True)
            self._connection.execute(f"LISTEN {CHANNEL}")
            return True
        return bool(list(self._connection.notifies(timeout=timeout, stop_after=1)))


def listen(database: Database) -> Listener:
    """Return a listener for this database."""
    return PostgresqlListener(database) if database.postgresql else ProcessListener(database.signal)
