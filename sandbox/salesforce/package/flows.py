"""Record-triggered flows of a package: assignments before a save, outbound messages after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sandbox.salesforce.doorbells import Doorbell
from sandbox.salesforce.drafts import Action, Change, Draft
from sandbox.salesforce.errors import JsonObject
from sandbox.salesforce.formula import Formula
from sandbox.salesforce.org import BeforeSave, Org
from sandbox.salesforce.package import metadata
from sandbox.salesforce.package.formulas import formula_of
from sandbox.salesforce.package.metadata import DeployError, Node
from sandbox.salesforce.scope import holds
from sandbox.salesforce.values import Value

Give = Callable[[Draft], Value]
_RECORD = "$Record."


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow that is active: on which saves it runs, and what it then does."""

    node: Node
    sobject: str
    creates: bool
    updates: bool
    before_save: bool
    condition: Formula | None
    steps: tuple[Node, ...]

    @property
    def name(self) -> str:
        """Return its API name: that of its file."""
        return self.node.path.name.partition(".")[0]

    @property
    def shown(self) -> JsonObject:
        """Return what the Tooling API's Metadata shows of it: its start."""
        start = self.node.child("start")
        told = {name: start.text(name) for name in ("object", "recordTriggerType", "triggerType")}
        formula = start.text("filterFormula") or None
        return {"start": {**told, "filterFormula": formula, "filters": []}, "status": "Active"}


def flows_of(org: Org, folder: Path) -> list[Flow]:
    """Return the active record-triggered flows."""
    nodes = metadata.every(folder, "flow", "Flow")
    return [
        _flow(org, node) for node in nodes if node.text("status") == "Active" and node.has("start/object")
    ]


def _flow(org: Org, node: Node) -> Flow:
    start = node.child("start")
    sobject, kind = start.needed("object"), start.needed("triggerType")
    when = start.needed("recordTriggerType")
    if when not in {"Create", "Update", "CreateAndUpdate"} or not kind.startswith("Record"):
        raise DeployError(node.path, f"the sandbox knows no trigger {kind} {when}")
    if start.has("filters"):
        raise DeployError(node.path, "the sandbox reads a filterFormula, no filters")
    text = start.text("filterFormula")
    condition = formula_of(org, node, text, sobject) if text else None
    for name in sorted(condition.names) if condition else ():
        field = org.schema.get(sobject).find(name.removeprefix("$Record."))
        if field is not None and not field.filterable:
            raise DeployError(node.path, f"the field {field.name} may not be used in this type of formula")
    return Flow(
        node,
        sobject,
        creates=when != "Update",
        updates=when != "Create",
        before_save=kind == "RecordBeforeSave",
        condition=condition,
        steps=tuple(_steps(node)),
    )


def _steps(node: Node) -> list[Node]:
    """Return the elements of a flow in the order they run; it must be a straight line."""
    elements = {one.text("name"): one for kind in ("assignments", "actionCalls") for one in node.all(kind)}
    found: list[Node] = []
    name = node.text("start/connector/targetReference")
    while name:
        if name not in elements or elements[name] in found:
            raise DeployError(node.path, f"the sandbox cannot run the element {name}")
        found.append(elements[name])
        name = elements[name].text("connector/targetReference")
    return found


def before_save_of(org: Org, flow: Flow) -> BeforeSave:
    """Return what a flow does to a record that is about to be saved."""
    writes = [
        (item.needed("assignToReference").removeprefix(_RECORD), _given(item))
        for step in flow.steps
        for item in step.all("assignmentItems")
    ]
    for name, _ in writes:
        if org.schema.get(flow.sobject).find(name) is None:
            raise DeployError(flow.node.path, f"there is no field {name}")

    def run(draft: Draft) -> None:
        if draft.sobject.name != flow.sobject or not (flow.creates if draft.is_new else flow.updates):
            return
        before = draft.before.values if draft.before else None
        if _applies(org, flow, {**(before or {}), **draft.changes}, before, draft.user):
            draft.changes |= {name: give(draft) for name, give in writes}

    return run


def doorbells_of(org: Org, flow: Flow, messages: Mapping[str, tuple[str, ...]]) -> list[Doorbell]:
    """Return the outbound messages that a flow sends after a save."""

    def rings(change: Change) -> bool:
        new = change.action is Action.CREATED
        runs = {Action.CREATED: flow.creates, Action.UPDATED: flow.updates}.get(change.action, False)
        if not runs:
            return False
        before = None if new else change.before
        return _applies(org, flow, change.record.values, before, change.user)

    names = [step.needed("actionName") for step in flow.steps if step.text("actionType") == "outboundMessage"]
    for name in names:
        if name not in messages:
            raise DeployError(flow.node.path, f"there is no outbound message {name}")
    return [Doorbell(name, flow.sobject, messages[name], rings) for name in names]


def messages_of(org: Org, folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the outbound messages by full name, with the fields they carry."""
    found: dict[str, tuple[str, ...]] = {}
    for node in metadata.every(folder, "workflow", "Workflow"):
        sobject = node.path.name.partition(".")[0]
        for one in node.all("outboundMessages"):
            fields = tuple(field.own for field in one.all("fields"))
            for field in fields:
                if org.schema.get(sobject).find(field) is None:
                    raise DeployError(node.path, f"there is no field {field}")
            found[f"{sobject}.{one.needed('fullName')}"] = fields
    return found


def endpoint_of(folder: Path) -> str | None:
    """Return the address to which the outbound messages go, of the first where they differ."""
    workflows = metadata.every(folder, "workflow", "Workflow")
    found = (one.text("endpointUrl") for node in workflows for one in node.all("outboundMessages"))
    return next(found, None)


def _applies(
    org: Org, flow: Flow, after: Mapping[str, Value], before: Mapping[str, Value] | None, user: str
) -> bool:
    return flow.condition is None or holds(org, flow.condition, after, before, user)


def _given(item: Node) -> Give:
    value = item.child("value")
    reference = value.text("elementReference")
    if reference == "$User.Id":
        return lambda draft: draft.user
    if reference == "$Flow.CurrentDateTime":
        return lambda draft: draft.at
    if reference.startswith(_RECORD):
        return lambda draft: draft.value(reference.removeprefix(_RECORD))
    if reference and reference != "$GlobalConstant.EmptyString":
        raise DeployError(item.path, f"the sandbox knows no {reference}")
    literal = _literal(value)
    return lambda _draft: literal


def _literal(value: Node) -> Value:
    if value.has("booleanValue"):
        return value.says("booleanValue")
    if value.has("numberValue"):
        return Decimal(value.text("numberValue"))
    return value.text("stringValue") or None
