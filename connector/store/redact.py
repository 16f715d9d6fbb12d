"""Records without what has to be erased from them. What a person wrote goes; what somebody may have to prove
(who was asked, in which state it is, by which right it was signed) stays, under a name that says nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from connector.capacity.records import Estimate
from connector.deals import Value
from connector.standing import Answer, Authority, Clearance, Condition, Signoff, Vote, Waiver
from connector.verdicts import Verdict

ERASED = "(erased)"
Record = TypeVar("Record")

_TEXTS: Mapping[type, frozenset[str]] = {
    Signoff: frozenset({"why", "note", "question"}),
    Vote: frozenset({"note"}),
    Condition: frozenset({"text"}),
    Waiver: frozenset({"note"}),
    Answer: frozenset({"note"}),
    Estimate: frozenset({"label"}),
}
_PEOPLE: Mapping[type, frozenset[str]] = {
    Signoff: frozenset({"asked", "formerly", "decided_by", "requested_by"}),
    Vote: frozenset({"person"}),
    Authority: frozenset({"holder"}),
    Condition: frozenset({"met_by"}),
    Waiver: frozenset({"by", "ended_by", "reviewed_by"}),
    Answer: frozenset({"person"}),
}
_KEYS: Mapping[type, frozenset[str]] = {Answer: frozenset({"id", "task"})}
_VALUES: Mapping[type, frozenset[str]] = {
    Signoff: frozenset({"seen"}),
    Clearance: frozenset({"seen", "drawn"}),
}


@dataclass(frozen=True, slots=True)
class Eraser:
    """What is to be erased: texts that `holds` finds; and, where `person` is given, that id, for which
    `stands` is put. The same stand-in everywhere keeps a decision with its question. `values`: values of
    fields that were seen at a decision too, which is then no longer held against them."""

    holds: Callable[[str], bool]
    person: str | None = None
    stands: str = ERASED
    values: bool = True

    def record(self, record: Record) -> Record:
        """Return the record without it."""
        if not is_dataclass(record) or isinstance(record, type):
            return record
        changed = {
            one.name: self._field(type(record), one.name, getattr(record, one.name)) for one in fields(record)
        }
        return cast("Record", replace(record, **changed))

    def text(self, text: str) -> str:
        """Return a free text, or that it was erased."""
        return ERASED if text and self.holds(text) else text

    def key(self, key: str) -> str:
        """Return a key, as "account:deal:person:card", with another name in the person's place."""
        if self.person is None:
            return key
        return ":".join(self.stands if part == self.person else part for part in key.split(":"))

    def verdict(self, verdict: Verdict) -> Verdict:
        """Return the decisions of a verdict without its words, which the next look writes anew."""
        bare = verdict._replace(
            gate=None, gates=(), sentence="", levers=(), notices=(), alarms=(), range=None, estimate=None
        )
        return bare._replace(
            signoffs=tuple(self.record(one) for one in verdict.signoffs),
            waivers=tuple(self.record(one) for one in verdict.waivers),
            clearances={gate: self.record(one) for gate, one in verdict.clearances.items()},
        )

    def _field(self, kind: type, name: str, value: object) -> object:
        if name in _TEXTS.get(kind, ()):
            return self.text(str(value))
        if name in _PEOPLE.get(kind, ()):
            return self._people(value)
        if name in _KEYS.get(kind, ()) and isinstance(value, str):
            return self.key(value)
        if self.values and name in _VALUES.get(kind, ()):
            return {field: self._value(one) for field, one in cast("Mapping[str, Value]", value).items()}
        if isinstance(value, tuple):
            return tuple(self.record(one) for one in value)
        return self.record(value)

    def _people(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(self._people(one) for one in value)
        return self.stands if value is not None and value == self.person else value

    def _value(self, value: Value) -> Value:
        words: Iterable[str] = (
            value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
        )
        return None if any(self.holds(word) for word in words) else value
