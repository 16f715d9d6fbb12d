"""All records of an account; every change is told to the listener as an Event."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count

from sandbox.clock import Clock, iso
from sandbox.hubspot.errors import not_found
from sandbox.hubspot.events import CALCULATED, Action, Event, Source
from sandbox.hubspot.kinds import KINDS, Kind
from sandbox.hubspot.record import Record, Version

FIRST_ID = 20_000_001


class Records:
    """All records of one account by type and id. Not thread-safe: the account's lock guards it."""

    def __init__(self, clock: Clock, listener: Callable[[Event], None], index_lag_s: float) -> None:
        self.index_lag_s = index_lag_s
        self._clock = clock
        self._listener = listener
        self._ids = count(FIRST_ID)
        self._records: dict[str, dict[str, Record]] = {kind.name: {} for kind in KINDS}
        self._merged: dict[str, str] = {}
        self._unique: dict[tuple[str, str, str], str] = {}

    def all(self, kind: Kind, *, archived: bool = False) -> Iterator[Record]:
        return (record for record in self._records[kind.name].values() if record.archived == archived)

    def find(self, kind: Kind, record_id: str, *, archived: bool = False) -> Record | None:
        """Return the record; an id that was merged away leads to the survivor."""
        while record_id in self._merged:
            record_id = self._merged[record_id]
        record = self._records[kind.name].get(record_id)
        return record if record is not None and record.archived == archived else None

    def get(self, kind: Kind, record_id: str, *, archived: bool = False) -> Record:
        """Return the record or answer 404."""
        record = self.find(kind, record_id, archived=archived)
        if record is None:
            raise not_found("Object not found.  objectId are usually numeric.")
        return record

    def by_unique(self, kind: Kind, name: str, value: str) -> Record | None:
        """Return the record that holds a unique value."""
        record_id = self._unique.get((kind.name, name, value))
        return None if record_id is None else self.find(kind, record_id)

    def hold_unique(self, record: Record, name: str, value: str) -> None:
        """Let a unique value lead to the record."""
        self._unique[record.kind.name, name, value] = record.id

    def create(
        self,
        kind: Kind,
        values: Mapping[str, str],
        source: Source,
        *,
        at: int | None = None,
        id_: str | None = None,
    ) -> Record:
        """Add a record with its first history entries."""
        now = self._now(at)
        record = Record(kind, id_ or str(next(self._ids)), now, now)
        record.index_due = self._index_due()
        record.values |= {"hs_object_id": record.id, kind.created: iso(now), "hs_createdate": iso(now)}
        self._records[kind.name][record.id] = record
        self._set(record, values, source, now)
        record.values |= {
            "hs_object_source": source.type,
            "hs_object_source_id": source.id,
            kind.modified: iso(now),
        }
        self._listener(
            Event(Action.CREATION, kind, record.id, now, source, details={"changeFlag": "CREATED"})
        )
        return record

    def update(
        self, record: Record, values: Mapping[str, str], source: Source, *, at: int | None = None
    ) -> tuple[str, ...]:
        """Write what differs; return the names that changed. An equal value leaves no trace."""
        changed = {name: value for name, value in values.items() if record.values.get(name, "") != value}
        if not changed:
            return ()
        now = self._now(at)
        self._leave_index(record)
        self._set(record, changed, source, now)
        self._touch(record, now)
        for name, value in changed.items():
            details = {"propertyName": name, "propertyValue": value}
            self._listener(Event(Action.PROPERTY, record.kind, record.id, now, source, name, details))
        return tuple(changed)

    def derive(self, record: Record, values: Mapping[str, str], *, touch: bool = False) -> None:
        """Set calculated values: no history, no event."""
        if touch:
            self._leave_index(record)
            self._touch(record, self._now(None))
        record.values |= values

    def keep(self, record: Record, name: str, value: str, at: int) -> None:
        """Keep the history of a calculated value, as of this time."""
        record.history.setdefault(name, []).append(Version(value, at, CALCULATED))

    def backdate(self, record: Record, at: int) -> None:
        """Let a record look untouched since then (loading data older than the sandbox); search knows it."""
        self._touch(record, at)
        record.index_due = at

    def archive(self, record: Record, source: Source) -> None:
        """Put the record into the recycle bin."""
        record.archived = True
        now = self._now(None)
        self._touch(record, now)
        details = {"changeFlag": "DELETED"}
        self._listener(Event(Action.DELETION, record.kind, record.id, now, source, details=details))

    def restore(self, record: Record, source: Source) -> None:
        record.archived = False
        now = self._now(None)
        self._touch(record, now)
        self._listener(Event(Action.RESTORE, record.kind, record.id, now, source))

    def remember_merge(self, old_id: str, survivor_id: str) -> None:
        """Let an id that was merged away before lead to its survivor."""
        self._merged[old_id] = survivor_id

    def merge(self, primary: Record, other: Record, source: Source) -> Record:
        """Merge two records into a new one: both old ids lead to it, the primary's values win."""
        values = {**other.values, **primary.values}
        moved = sum(name not in primary.values for name in other.values)
        now = self._now(None)
        survivor = Record(primary.kind, str(next(self._ids)), primary.created, now, values)
        survivor.history = {name: list(entries) for name, entries in primary.history.items()}
        survivor.values |= {
            "hs_object_id": survivor.id,
            "hs_merged_object_ids": f"{primary.id};{other.id}",
            primary.kind.modified: iso(now),
        }
        for old in (primary, other):
            del self._records[primary.kind.name][old.id]
            self._merged[old.id] = survivor.id
        self._records[primary.kind.name][survivor.id] = survivor
        details = {
            "primaryObjectId": int(primary.id),
            "mergedObjectIds": [int(other.id)],
            "newObjectId": int(survivor.id),
            "numberOfPropertiesMoved": moved,
        }
        self._listener(Event(Action.MERGE, primary.kind, survivor.id, now, source, details=details))
        return survivor

    def _set(self, record: Record, values: Mapping[str, str], source: Source, now: int) -> None:
        for name, value in values.items():
            record.history.setdefault(name, []).append(Version(value, now, source))
            if value:
                record.values[name] = value
            else:
                record.values.pop(name, None)

    def _touch(self, record: Record, now: int) -> None:
        record.updated = now
        record.values[record.kind.modified] = iso(now)

    def _leave_index(self, record: Record) -> None:
        if self.index_lag_s and self._clock.now_ms() >= record.index_due:
            record.indexed = dict(record.values)
            record.index_due = self._index_due()

    def _index_due(self) -> int:
        return self._clock.now_ms() + int(self._clock.real(self.index_lag_s) * 1000)

    def _now(self, at: int | None) -> int:
        return self._clock.now_ms() if at is None else at
