"""Bulk writes: one statement for many rows, the quick way of each database.

PostgreSQL takes all rows as one JSON parameter: one round trip and one prepared statement for any number of
rows. SQLite has no round trips, so executemany is as quick as it gets.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import Connection, Executable, Table, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects import postgresql, sqlite

from connector.store.tables import milliseconds

Row = Mapping[str, object]
Insert = postgresql.Insert | sqlite.Insert
OnConflict = Callable[[Insert], Executable]


def nothing_special(insert: Insert) -> Insert:
    """Let a key that is there already be an error."""
    return insert


def replacing(table: Table, columns: Sequence[str]) -> OnConflict:
    """Replace these columns where the key is there already."""
    keys = [key.name for key in table.primary_key]

    def on_conflict(insert: Insert) -> Insert:
        values = {name: insert.excluded[name] for name in columns if name not in keys}
        return insert.on_conflict_do_update(index_elements=keys, set_=values)

    return on_conflict


class Bulk:
    """An insert of rows that hold these columns, made once and run often."""

    def __init__(
        self, table: Table, columns: Sequence[str], on_conflict: OnConflict, *, as_json: bool
    ) -> None:
        self._as_json = as_json
        insert = _from_json(table, columns) if as_json else sqlite.insert(table)
        self._statement: Executable = on_conflict(insert)

    def run(self, transaction: Connection, rows: Sequence[Row]) -> None:
        """Write the rows in their order."""
        if not rows:
            return
        if not self._as_json:
            transaction.execute(self._statement, rows)
            return
        text = orjson.dumps(rows, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
        transaction.execute(self._statement, {"rows": text})


def _from_json(table: Table, columns: Sequence[str]) -> Insert:
    rows = cast(bindparam("rows", type_=Text), postgresql.JSON)
    named = [column(name, table.c[name].type) for name in columns]
    given = func.json_to_recordset(rows).table_valued(*named).render_derived(name="given", with_types=True)
    return postgresql.insert(table).from_select(list(columns), select(*[given.c[name] for name in columns]))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return milliseconds(value)
    raise TypeError(f"{type(value).__name__} is no column's value")
