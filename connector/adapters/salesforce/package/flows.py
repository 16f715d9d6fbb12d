"""The flows: three that ring the connector after a save, two that stamp who decided and who asked before it,
and a draft that puts the reason into the refusal."""

from collections.abc import Iterator
from dataclasses import dataclass

from connector.adapters.salesforce.fields import OUR_FIELDS, CustomField
from connector.adapters.salesforce.package.xml import Element, document, element, formula
from connector.deals import OurField

API_VERSION = "66.0"
_RING = "Ring"
_STAMP = "Stamp"
_REFUSE = "Refuse"


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a flow starts: `on` is Create or Update, `when` Salesforce's formula over the record."""

    object: str
    on: str
    when: str
    before_save: bool = False
    draft: bool = False


def ringing(label: str, description: str, trigger: Trigger, message: str) -> str:
    """Return the file of a flow that sends one outbound message, "Object.Name", after the save."""
    action = (
        *_node(_RING, "Tell Dealgate to look"),
        element("actionName", message),
        element("actionType", "outboundMessage"),
        element("flowTransactionModel", "CurrentTransaction"),
        element("nameSegment", message),
    )
    return document("Flow", _flow(label, description, trigger, element("actionCalls", action), _RING))


def stamping(label: str, description: str, trigger: Trigger, stamps: tuple[CustomField, CustomField]) -> str:
    """Return the file of a flow that writes who it was and when into the record being saved."""
    by, at = stamps
    assignment = (
        *_node(_STAMP, "Who it was, and when"),
        _assign(by.name, "$User.Id"),
        _assign(at.name, "$Flow.CurrentDateTime"),
    )
    return document("Flow", _flow(label, description, trigger, element("assignments", assignment), _STAMP))


def refusing(label: str, description: str, trigger: Trigger) -> str:
    """Return the file of the flow that refuses a save with the deal's own sentence: a validation rule has one
    fixed text. https://help.salesforce.com/s/articleView?id=platform.flow_ref_elements_custom_error.htm"""
    message = (
        element("errorMessage", f"{{!$Record.{OUR_FIELDS[OurField.REASON].name}}}"),
        element("fieldSelection", "StageName"),
        element("isFieldError", content=True),
    )
    error = (*_node(_REFUSE, "Not cleared for this stage"), element("customErrorMessages", message))
    return document("Flow", _flow(label, description, trigger, element("customErrors", error), _REFUSE))


def _flow(label: str, description: str, trigger: Trigger, step: Element, first: str) -> Iterator[Element]:
    calls = step.tag == "actionCalls"
    if calls:
        yield step
    yield element("apiVersion", API_VERSION)
    if not calls:
        yield step
    yield element("description", description)
    yield element("environments", "Default")
    yield element("interviewLabel", f"{label} {{!$Flow.CurrentDateTime}}")
    yield element("label", label)
    yield element("processType", "AutoLaunchedFlow")
    yield _start(trigger, first)
    yield element("status", "Draft" if trigger.draft else "Active")


def _start(trigger: Trigger, first: str) -> Element:
    children = (
        element("locationX", 50),
        element("locationY", 0),
        element("connector", (element("targetReference", first),)),
        formula("filterFormula", trigger.when),
        element("object", trigger.object),
        element("recordTriggerType", trigger.on),
        element("triggerType", "RecordBeforeSave" if trigger.before_save else "RecordAfterSave"),
    )
    return element("start", children)


def _node(name: str, label: str) -> tuple[Element, ...]:
    return (
        element("name", name),
        element("label", label),
        element("locationX", 176),
        element("locationY", 287),
    )


def _assign(field: str, reference: str) -> Element:
    value = element("value", (element("elementReference", reference),))
    target = element("assignToReference", f"$Record.{field}")
    return element("assignmentItems", (target, element("operator", "Assign"), value))
