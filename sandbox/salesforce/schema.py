"""What kinds of records there are and which fields they have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.salesforce import values
from sandbox.salesforce.errors import bad_request, unknown_type
from sandbox.salesforce.values import Value

SHORT_TEXT = 255


class Type(StrEnum):
    """Names as a describe says them."""

    ID = "id"
    STRING = "string"
    TEXTAREA = "textarea"
    PICKLIST = "picklist"
    BOOLEAN = "boolean"
    CURRENCY = "currency"
    DOUBLE = "double"
    INT = "int"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    REFERENCE = "reference"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"


NUMBERS = frozenset({Type.CURRENCY, Type.DOUBLE, Type.INT, Type.PERCENT})


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `relation` leads to the record it refers to, `inverse` from there back to its children;
    `package` names the fields that only a permission set opens; `formula` is computed when it is read."""

    name: str
    type: Type
    label: str = ""
    length: int = 0
    scale: int = 2
    choices: tuple[Choice, ...] = ()
    restricted: bool = False
    refers: tuple[str, ...] = ()
    relation: str = ""
    inverse: str = ""
    required: bool = False
    creatable: bool = True
    updatable: bool = True
    default: Value = None
    external_id: bool = False
    package: bool = False
    formula: str = ""
    help: str = ""

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def filterable(self) -> bool:
        """Long text is kept where no query can look into it."""
        return self.type is not Type.TEXTAREA or self.length <= SHORT_TEXT

    def accept(self, raw: object) -> Value:
        """Return the value that JSON stands for, or refuse it. References come as ids, unchecked."""
        if raw is None:
            return False if self.type is Type.BOOLEAN else None
        if self.type in NUMBERS:
            return values.number_of(self.name, raw, self.scale)
        if self.type is Type.BOOLEAN:
            return values.bool_of(raw)
        if self.type is Type.DATE:
            return values.date_of(raw)
        if self.type is Type.DATETIME:
            return values.datetime_of(raw)
        text = values.text_of(self.name, raw, self.length)
        if text and self.restricted and all(choice.value != text for choice in self.choices):
            message = f"{self.label or self.name}: bad value for restricted picklist field: {text}"
            raise bad_request("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, self.name)
        return text


@dataclass(slots=True)
class SObject:
    """One kind of record. `api_writes`: clients may create, change and delete it."""

    name: str
    prefix: str
    label: str = ""
    api_writes: bool = True
    setting: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    _folded: dict[str, Field] = field(default_factory=dict)

    def add(self, new: Field) -> None:
        self.fields[new.name] = self._folded[new.name.lower()] = new

    def drop(self, name: str) -> None:
        del self.fields[name], self._folded[name.lower()]

    def find(self, name: str) -> Field | None:
        """Return the field of that name; case does not matter."""
        return self._folded.get(name.lower())

    def by_relation(self, name: str) -> Field | None:
        wanted = name.lower()
        return next((one for one in self.fields.values() if one.relation.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Child:
    """A list of children: `relation` of a parent is all `sobject` whose `field` names it."""

    relation: str
    sobject: SObject
    field: Field


class Schema:
    """All kinds of records of one org."""

    def __init__(self, sobjects: Iterable[SObject]) -> None:
        self._by_name: dict[str, SObject] = {}
        for one in sobjects:
            self.add(one)

    def __iter__(self) -> Iterator[SObject]:
        return iter(self._by_name.values())

    def add(self, sobject: SObject) -> None:
        self._by_name[sobject.name.lower()] = sobject

    def find(self, name: str) -> SObject | None:
        return self._by_name.get(name.lower())

    def get(self, name: str) -> SObject:
        found = self.find(name)
        if found is None:
            raise unknown_type(name)
        return found

    def of_id(self, record_id: str, among: Iterable[str] = ()) -> SObject | None:
        """Return the kind that an id's first three characters name, the right one of several."""
        names = tuple(among)
        fits = [one for one in self if one.prefix == record_id[:3] and (not names or one.name in names)]
        return fits[0] if fits else None

    def children(self, parent: SObject) -> tuple[Child, ...]:
        return tuple(
            Child(one.inverse, sobject, one)
            for sobject in self
            for one in sobject.fields.values()
            if one.inverse and parent.name in one.refers
        )
