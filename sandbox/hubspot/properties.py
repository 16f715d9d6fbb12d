"""Property definitions and the values they take."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from sandbox.clock import iso
from sandbox.hubspot.errors import JsonObject, PropertyProblem

MAX_TEXT = 65_536
_DAY_MS = 86_400_000


class Type(StrEnum):
    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    ENUMERATION = "enumeration"
    BOOL = "bool"


FIELD_TYPES = {
    Type.STRING: ("text", "textarea", "html", "phonenumber", "file", "calculation_equation"),
    Type.NUMBER: ("number", "calculation_equation"),
    Type.DATE: ("date",),
    Type.DATETIME: ("date",),
    Type.ENUMERATION: ("select", "radio", "checkbox", "booleancheckbox", "calculation_equation"),
    Type.BOOL: ("booleancheckbox", "calculation_equation"),
}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    display_order: int = -1
    hidden: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of one object type. `external` options are not listed (owners, pipelines, stages)."""

    name: str
    label: str
    type: Type
    field_type: str
    group: str
    options: tuple[Option, ...] = ()
    description: str = ""
    unique: bool = False
    read_only: bool = False
    external: bool = False
    defined_by_hubspot: bool = False
    hidden: bool = False
    display_order: int = -1
    created_ms: int = 0
    updated_ms: int = 0
    archived: bool = False

    def accept(self, value: str) -> str:
        """Return the value as HubSpot stores it, or raise Unacceptable."""
        if value == "":
            return value
        if self.type is not Type.STRING and value != value.strip():
            raise self.refusal(f"{value!r} has leading or trailing spaces.", f"INVALID_{self.type.upper()}")
        if self.type is Type.STRING:
            return self._text(value)
        return _ACCEPT[self.type](self, value)

    def refusal(self, message: str, code: str) -> "Unacceptable":
        return Unacceptable(PropertyProblem(self.name, code, message))

    def _text(self, value: str) -> str:
        if len(value) > MAX_TEXT:
            raise self.refusal(f"Value is too long. Max length is {MAX_TEXT}.", "PROPERTY_VALUE_TOO_LONG")
        return value


class Unacceptable(Exception):
    """A value that the property does not take."""

    def __init__(self, problem: PropertyProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _number(prop: Property, value: str) -> str:
    try:
        known = Decimal(value).is_finite()
    except InvalidOperation:
        known = False
    if not known:
        raise prop.refusal(f"{value} was not a valid number.", "INVALID_NUMBER")
    return value


def _date(prop: Property, value: str) -> str:
    try:
        if value.lstrip("-").isdigit():
            moment = int(value)
            if moment % _DAY_MS:
                raise prop.refusal(f"{value} is at no midnight UTC. Dates must be.", "INVALID_DATE")
            return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()
        return date.fromisoformat(value[:10]).isoformat()
    except (ValueError, OverflowError, OSError):
        raise prop.refusal(f"{value} was not a valid date.", "INVALID_DATE") from None


def _datetime(prop: Property, value: str) -> str:
    try:
        if value.lstrip("-").isdigit():
            return iso(int(value))
        moment = datetime.fromisoformat(value)
        return iso(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000))
    except (ValueError, OverflowError, OSError):
        raise prop.refusal(f"{value} was not a valid date.", "INVALID_DATE") from None


def _bool(prop: Property, value: str) -> str:
    if value.lower() not in {"true", "false"}:
        raise prop.refusal(f"{value} was not a valid boolean.", "INVALID_BOOLEAN")
    return value.lower()


def _enumeration(prop: Property, value: str) -> str:
    if prop.external:
        return value
    allowed = {option.value for option in prop.options}
    chosen = value.split(";") if prop.field_type == "checkbox" else [value]
    for choice in chosen:
        if choice not in allowed:
            listed = ", ".join(option.value for option in prop.options)
            raise prop.refusal(f"{choice} was not one of the allowed options: [{listed}]", "INVALID_OPTION")
    return value


_ACCEPT = {
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.DATETIME: _datetime,
    Type.BOOL: _bool,
    Type.ENUMERATION: _enumeration,
}


def shown(prop: Property) -> JsonObject:
    """Return the definition as the properties API does."""
    own = not prop.defined_by_hubspot
    return {
        "name": prop.name,
        "label": prop.label,
        "type": prop.type.value,
        "fieldType": prop.field_type,
        "groupName": prop.group,
        "description": prop.description,
        "options": [
            {
                "label": option.label,
                "value": option.value,
                "displayOrder": option.display_order,
                "hidden": option.hidden,
                "description": option.description,
            }
            for option in prop.options
        ],
        "displayOrder": prop.display_order,
        "calculated": prop.read_only and not own,
        "externalOptions": prop.external,
        "hasUniqueValue": prop.unique,
        "hidden": prop.hidden,
        "formField": own,
        "hubspotDefined": prop.defined_by_hubspot,
        "archived": prop.archived,
        "createdAt": iso(prop.created_ms),
        "updatedAt": iso(prop.updated_ms),
        "modificationMetadata": {
            "archivable": own,
            "readOnlyDefinition": not own,
            "readOnlyOptions": not own,
            "readOnlyValue": prop.read_only,
        },
    }
