"""The policy's own fields in the agreed range: which of them the gate's rule watches, and how."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connector.adapters.salesforce.fields import ALL_BUT_REPS, BUILT_IN, EVERYBODY, CustomField, Kind
from connector.policy.model import Field, FieldType, Home, Weight, Worse

_KINDS = MappingProxyType(
    {
        FieldType.MONEY: Kind.CURRENCY,
        FieldType.PERCENT: Kind.PERCENT,
        FieldType.NUMBER: Kind.NUMBER,
        FieldType.DATE: Kind.DATE,
    }
)
_LONGEST = 40 - len("Ops_Range_") - len("_Max")
_API_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class RangeField:
    """One field of the policy on the opportunity. `low` and `high` are our fields that hold its limits;
    a field without them may not be emptied (`steady` False) or not be changed at all (`steady` True) in the
    save that enters a closed stage."""

    field: str  # the policy's name
    name: str  # the API name on Opportunity
    type: FieldType
    low: CustomField | None = None
    high: CustomField | None = None

    @property
    def steady(self) -> bool:
        """Say whether any change takes the deal out of the range: there is no better and worse."""
        return self.type in {FieldType.ENUM, FieldType.BOOLEAN, FieldType.PERSON}

    @property
    def limits(self) -> tuple[CustomField, ...]:
        """Return our fields that hold the limits."""
        return tuple(limit for limit in (self.low, self.high) if limit is not None)


def range_fields(fields: Iterable[Field]) -> tuple[RangeField, ...]:
    """Return the fields that count for a gate, live on the opportunity and are not in every range anyway."""
    known = frozenset(BUILT_IN.values())
    return tuple(
        _range_field(field, field.salesforce)
        for field in sorted(fields, key=lambda one: one.name)
        if field.salesforce and field.salesforce not in known and _counts(field)
    )


def rung_fields(fields: Iterable[Field], rung: Collection[str]) -> Mapping[str, str]:
    """Return name -> API name of the policy's fields on the opportunity whose change rings, those that are in
    every range left out: all that count, and what a gate reads though later changes do not count."""
    known = frozenset(BUILT_IN.values())
    return {
        field.name: field.salesforce
        for field in sorted(fields, key=lambda one: one.name)
        if field.salesforce and field.salesforce not in known and _on_deal(field)
        if field.weight is not Weight.IGNORE or field.name in rung
    }


def _counts(field: Field) -> bool:
    return _on_deal(field) and field.weight is not Weight.IGNORE


def _on_deal(field: Field) -> bool:
    return field.home is Home.DEAL and _API_NAME.fullmatch(field.salesforce or "") is not None


def _range_field(field: Field, name: str) -> RangeField:
    kind = _KINDS.get(field.type)
    if kind is None:
        return RangeField(field.name, name, field.type)
    low = _limit(field, kind, "Min", "from") if field.worse is not Worse.HIGHER else None
    high = _limit(field, kind, "Max", "to") if field.worse is not Worse.LOWER else None
    return RangeField(field.name, name, field.type, low, high)


def _limit(field: Field, kind: Kind, end: str, word: str) -> CustomField:
    label = f"Agreed range: {field.label}"[: 40 - len(word) - 1]
    name = f"Ops_Range_{_stem(field.name)}_{end}__c"
    return CustomField(
        name, f"{label} {word}", kind, "Empty: no limit. Dealgate keeps it up to date.", digits=14, scale=4,
        readers=ALL_BUT_REPS if field.hidden else EVERYBODY,  # the rule reads it whoever saves
    )  # fmt: skip


def _stem(name: str) -> str:
    """Write the policy's name as a developer name: at most so long, no two underscores in a row."""
    stem = "_".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", name)) or "Field"
    plain = name == stem.lower().replace("_", "-")
    if plain and len(stem) <= _LONGEST:
        return stem
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{stem[: _LONGEST - 7].rstrip('_')}_{digest}"
