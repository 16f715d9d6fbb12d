"""All records of one org, found by id or by what they refer to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.salesforce.ids import Ids
from sandbox.salesforce.schema import SObject
from sandbox.salesforce.values import Value


@dataclass(slots=True)
class Record:
    """One record. `values` holds every field that is set, system fields too."""

    sobject: SObject
    id: str
    values: dict[str, Value]

    @property
    def deleted(self) -> bool:
        return self.values.get("IsDeleted") is True

    def text(self, name: str) -> str:
        """Return a text or id; empty where none is set."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


class Records:
    """Not thread-safe: the org's lock guards it."""

    def __init__(self) -> None:
        self._ids = Ids()
        self._by_id: dict[str, Record] = {}
        self._tables: dict[str, dict[str, Record]] = {}
        self._children: dict[tuple[str, str, str], dict[str, None]] = {}

    def find(self, record_id: str | None) -> Record | None:
        """Return the record of any kind, deleted or not."""
        return self._by_id.get(record_id) if record_id else None

    def of(self, sobject: SObject, record_id: str) -> Record | None:
        found = self._by_id.get(record_id)
        return found if found is not None and found.sobject is sobject else None

    def all(self, name: str) -> Iterator[Record]:
        """Return all records of a kind, deleted ones too, oldest first."""
        return iter(self._tables.get(name, {}).values())

    def live(self, name: str) -> Iterator[Record]:
        return (record for record in self.all(name) if not record.deleted)

    def children(self, name: str, field: str, parent: str) -> Iterator[Record]:
        """Return the records of a kind whose field names the parent, deleted ones too."""
        table = self._tables.get(name, {})
        return (table[one] for one in self._children.get((name, field, parent), ()))

    def add(
        self, sobject: SObject, values: dict[str, Value], *, at: datetime, by: str, id_: str | None = None
    ) -> Record:
        """Keep a new record."""
        record = Record(sobject, id_ or self._ids.new(sobject.prefix), {})
        system: dict[str, Value] = {"Id": record.id, "CreatedDate": at, "CreatedById": by}
        if "IsDeleted" in sobject.fields:
            system["IsDeleted"] = False
        self._by_id[record.id] = self._tables.setdefault(sobject.name, {})[record.id] = record
        self.put(record, {**system, **values}, at=at, by=by)
        return record

    def put(self, record: Record, changes: dict[str, Value], *, at: datetime, by: str) -> None:
        """Write values and say who did, when."""
        self.derive(record, changes)
        record.values["LastModifiedDate"] = record.values["SystemModstamp"] = at
        record.values["LastModifiedById"] = by

    def derive(self, record: Record, changes: dict[str, Value]) -> None:
        """Write values that nobody chose: no new modification date."""
        for name, value in changes.items():
            field = record.sobject.fields.get(name)
            if field is not None and field.refers:
                self._move(record, name, record.values.get(name), value)
            record.values[name] = value

    def _move(self, record: Record, name: str, old: Value, new: Value) -> None:
        if old == new:
            return
        if isinstance(old, str):
            self._children.get((record.sobject.name, name, old), {}).pop(record.id, None)
        if isinstance(new, str):
            self._children.setdefault((record.sobject.name, name, new), {})[record.id] = None

    def holding(self, sobject: SObject, field: str, value: Value) -> Iterable[Record]:
        """Return live records of a kind by the value of any field."""
        return [one for one in self.live(sobject.name) if one.values.get(field) == value]
