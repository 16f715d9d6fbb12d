"""SQLite's one file: whether it is still the one that was opened, and what its failures mean."""

import os
import sqlite3
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

# SQLite's words (https://www.sqlite.org/rescode.html) and what to do about each.
_BUSY: Mapping[str, str] = MappingProxyType(
    {"database is locked": "Another program holds it: a backup, an open sqlite3 shell. Wait, or end that."}
)
_LASTING: Mapping[str, str] = MappingProxyType(
    {
        "unable to open database file": "Its folder has to be there, and this user may write in it.",
        "attempt to write a readonly database": "Let this user write the file and its folder.",
        "file is not a database": "Let DATABASE_URL name another file.",
        "database disk image is malformed": "The file is damaged: restore the backup (docs/operations.md).",
    }
)
_ELSE = "Look at the file that DATABASE_URL names."
_GONE = "the file was removed while it was in use"

Identity = tuple[int, int]  # device and inode


def advice(said: str) -> tuple[str, bool]:
    """Return what to do where SQLite says this, and whether nothing helps until that is done."""
    if said in _LASTING:
        return _LASTING[said], True
    return _BUSY.get(said, _ELSE), False


class SqliteFile:
    """The file under an engine's connections.

    SQLite goes on writing, without a word, into a file that was removed or replaced under it: what was
    accepted then would be lost. So each connection that leaves the pool is held against the file's name.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._seen = False

    def watch(self, engine: Engine) -> None:
        """Look at the file whenever the engine connects or uses a connection."""
        event.listen(engine, "do_connect", self._find)
        event.listen(engine, "connect", self._note)
        event.listen(engine, "checkout", self._same)

    def _find(self, *_: object) -> None:
        if self._seen and self._identity() is None:  # else SQLite would make an empty one
            raise sqlite3.OperationalError(_GONE)

    def _note(self, _connection: object, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = self._identity()
        self._seen = entry.info["file"] is not None

    def _same(self, _connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry.info["file"] != self._identity():
            raise DisconnectionError  # the pool drops the connection and makes a new one

    def _identity(self) -> Identity | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116  a Path would cost more than the look
        except OSError:
            return None
        return found.st_dev, found.st_ino
