"""Fields, the custom setting and the validation rules as metadata files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connector.adapters.salesforce.fields import CustomField, Kind
from connector.adapters.salesforce.package.xml import Element, document, element, formula

_SCREEN_LINES = 4
# Whoever says of one of these whether it must be filled in is refused: "Can not specify 'required' for ...".
_NEVER_REQUIRED = frozenset({Kind.CHECKBOX, Kind.LONG_TEXT})


def field_file(field: CustomField) -> str:
    """Return the file of one custom field."""
    return document("CustomField", _field(field))


def setting_file() -> str:
    """Return the file of the hierarchy custom setting; its fields have their own."""
    children = (
        element("customSettingsType", "Hierarchy"),
        element("description", "Dealgate's switch and heartbeat. Set them for the whole org."),
        element("enableFeeds", content=False),
        element("label", "Dealgate"),
        element("visibility", "Public"),
    )
    return document("CustomObject", children)


@dataclass(frozen=True, slots=True)
class Rule:
    """A validation rule: `condition` is true where the save is refused, `shown_at` the field that says so."""

    name: str
    description: str
    condition: str
    shown_at: str
    message: str
    active: bool = True


def rule_file(rule: Rule) -> str:
    """Return the file of one validation rule."""
    children = (
        element("fullName", rule.name),
        element("active", content=rule.active),
        element("description", rule.description),
        formula("errorConditionFormula", rule.condition),
        element("errorDisplayField", rule.shown_at),
        element("errorMessage", rule.message),
    )
    return document("ValidationRule", children)


def permission_file(label: str, description: str) -> str:
    """Return the file of one custom permission."""
    children = (
        element("description", description),
        element("isLicensed", content=False),
        element("label", label),
    )
    return document("CustomPermission", children)


def _field(field: CustomField) -> Iterator[Element]:
    yield element("fullName", field.name)
    if field.kind is Kind.CHECKBOX and not field.formula:
        yield element("defaultValue", content=False)
    if field.description:
        yield element("description", field.description)
    if field.formula:
        yield formula("formula", field.formula)
        yield element("formulaTreatBlanksAs", "BlankAsBlank")
    elif field.description:
        yield element("inlineHelpText", field.description)
    yield element("label", field.label)
    yield from _size(field)
    yield element("type", field.kind.value)
    if field.options:
        yield _options(field.options)
    if field.kind is Kind.LONG_TEXT:
        yield element("visibleLines", _SCREEN_LINES)


def _size(field: CustomField) -> Iterator[Element]:
    if field.length:
        yield element("length", field.length)
    if field.kind in {Kind.CURRENCY, Kind.NUMBER, Kind.PERCENT}:
        yield element("precision", field.digits + field.scale)
    if field.kind not in _NEVER_REQUIRED and not field.formula:
        yield element("required", content=False)
    if field.kind in {Kind.CURRENCY, Kind.NUMBER, Kind.PERCENT}:
        yield element("scale", field.scale)


def _options(options: Iterable[tuple[str, str]]) -> Element:
    values = (
        element(
            "value", (element("fullName", value), element("default", content=False), element("label", label))
        )
        for value, label in options
    )
    listed = element("valueSetDefinition", (element("sorted", content=False), *values))
    return element("valueSet", (element("restricted", content=True), listed))
