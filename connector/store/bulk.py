"""Bulk writes: one statement for many rows, the quick way of each database.

PostgreSQL takes all rows as one JSON parameter: one round trip and one prepared statement for any number of
rows. SQLite has no round trips, so executemany is as quick as it gets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

import orjson
from sqlalchemy import ClauseElement, Connection, Executable, Table, Text, bindparam, column, func, select
from sqlalchemy import cast as sql_cast
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
    """An insert of rows that hold these columns, made at its first run and run often."""

    def __init__(
        self, table: Table, columns: Sequence[str], on_conflict: OnConflict, *, as_json: bool
    ) -> None:
        self._table, self._columns = table, columns
        self._on_conflict, self._as_json = on_conflict, as_json

    @cached_property
    def _statement(self) -> Executable:
        table = self._table
        return self._on_conflict(_from_json(table, self._columns) if self._as_json else sqlite.insert(table))

    @cached_property
    def _text(self) -> "_Text":
        return _Text.of(self._statement, self._columns)

    def run(self, transaction: Connection, rows: Sequence[Row]) -> None:
        """Write the rows in their order."""
        if not rows:
            return
        if not self._as_json:
            transaction.exec_driver_sql(self._text.sql, self._text.bound(rows))
            return
        text = orjson.dumps(rows, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
        transaction.execute(self._statement, {"rows": text})


@dataclass(frozen=True, slots=True)
class _Text:
    """A compiled statement for the driver: SQLAlchemy would work on the parameters of each row, which took
    a twelfth of a worker's time. `fixed` are the values that the statement itself brings."""

    sql: str
    order: Sequence[str]
    fixed: Row

    @classmethod
    def of(cls, statement: Executable, columns: Sequence[str]) -> "_Text":
        dialect = sqlite.dialect()
        compiled = cast("ClauseElement", statement).compile(dialect=dialect, column_keys=list(columns))
        named = compiled.params
        order = getattr(compiled, "positiontup", None) or ()
        return cls(str(compiled), order, {name: named[name] for name in order if name not in columns})

    def bound(self, rows: Sequence[Row]) -> list[tuple[object, ...]]:
        """Return the parameters of each row, in the statement's order."""
        return [tuple(map(_driver, map({**self.fixed, **row}.__getitem__, self.order))) for row in rows]


def _driver(value: object) -> object:
    return milliseconds(value) if isinstance(value, datetime) else value


def _from_json(table: Table, columns: Sequence[str]) -> Insert:
    rows = sql_cast(bindparam("rows", type_=Text), postgresql.JSON)
    named = [column(name, table.c[name].type) for name in columns]
    given = func.json_to_recordset(rows).table_valued(*named).render_derived(name="given", with_types=True)
    return postgresql.insert(table).from_select(list(columns), select(*[given.c[name] for name in columns]))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return milliseconds(value)
    raise TypeError(f"{type(value).__name__} is no column's value")
