"""Render the sfdx source: pure, so that what is committed, installed and tested is one thing."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from connector.adapters.salesforce.fields import (
    ACTIVITY_FIELDS,
    ASKED,
    ASKED_RULE,
    BYPASS,
    DECIDED_AT,
    DECIDED_BY,
    GATE_RULE,
    ICONS,
    OPPORTUNITY_FIELDS,
    OUR_FIELDS,
    SETTING,
    SETTING_FIELDS,
    STAMPS_RULE,
    STRICT_RULE,
    Audience,
)
from connector.adapters.salesforce.package import formulas, labels, panel, shelves
from connector.adapters.salesforce.package.client_app import FOLDER, client_app
from connector.adapters.salesforce.package.flows import Trigger, refusing, ringing, stamping
from connector.adapters.salesforce.package.messages import DEAL_MESSAGE, TASK_MESSAGE, workflow_file
from connector.adapters.salesforce.package.objects import (
    Rule,
    field_file,
    permission_file,
    rule_file,
    setting_file,
)
from connector.adapters.salesforce.package.permissions import permission_set
from connector.adapters.salesforce.package.project import deploy_script, manifest, project_file, scratch_org
from connector.adapters.salesforce.ranges import RangeField, range_fields, rung_fields
from connector.deals import OurField
from connector.policy.model import Field

ENDPOINT = "https://dealgate.example.com/webhooks/salesforce/TOKEN"
INTEGRATION_USER = "dealgate@example.com"

REFUSAL = (
    "Operations has not cleared this deal for this stage. The Deal readiness panel on this page says what "
    "is missing, who decides and by when. "
    "Just fixed it? Save, wait for the badge to change, then move the stage."
)
STAMPS_REFUSAL = (
    "Only Salesforce itself writes who decided and when. Make the decision under your own name on the task "
    "that asks for it, and leave Decided by and Decided at as they are."
)
ASKED_REFUSAL = (
    "Only Salesforce itself writes who asked Operations. Ask under your own name, and leave Asked by as it "
    "is."
)
STRICT_REFUSAL = (
    "Dealgate has not looked at this deal yet, or has been silent for hours. Wait for the badge on the Deal "
    "readiness panel, then move the stage. Your admin sees what is wrong."
)
REFUSING_FLOW = "Dealgate_Refuse_With_Reason"
# What gives the connector's user its rights, in any org: needed before the rest can be rendered for the org.
_FIRST = frozenset({"CustomField", "CustomObject", "CustomPermission", "PermissionSet"})
# Salesforce deletes none by its name: an admin does, version by version, before what the flows refer to.
# https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_visual_workflow.htm
_FLOW = "Flow"
_SOURCE = "main/default"


@dataclass(frozen=True, slots=True)
class Org:
    """What the org has switched on: fields that exist only then are named only then. `read` are fields of the
    customer, as "Opportunity.Region__c", that the connector has to be shown; `unread` the API names of texts
    that are too long for the condition of a flow."""

    multi_currency: bool = False
    record_types: bool = False
    read: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """One file: the components it holds, as manifests name them, and its path below the source folder."""

    type: str
    member: str
    path: str
    text: str


def render(
    policy_fields: Iterable[Field],
    endpoint: str = ENDPOINT,
    integration_user: str = INTEGRATION_USER,
    org: Org | None = None,
    rung: Collection[str] = (),
) -> Mapping[str, str]:
    """Return path -> text of every file of the package, paths relative to the sfdx project.

    `policy_fields` are the policy's words; those on the opportunity become part of the agreed range, and
    ring, as do those named in `rung`. Raise ConfigurationError where they make too long a rule.
    """
    fields = tuple(policy_fields)
    ranged = range_fields(fields)
    parts = [
        *_fields(ranged),
        *_rules(ranged, org or Org()),
        *_permissions(ranged, org or Org()),
        *_flows(ranged, rung_fields(fields, rung).values(), org or Org()),
        *_messages(endpoint, integration_user),
        *_panel(),
        *_shelves(),
    ]
    door = [_Part(*one) for one in client_app()]
    return {
        "sfdx-project.json": project_file(),
        "deploy.sh": deploy_script(),
        "config/project-scratch-def.json": scratch_org(),
        "manifest/first.xml": manifest(_members(part for part in parts if part.type in _FIRST)),
        "manifest/package.xml": manifest(_members(parts)),
        "manifest/client-app.xml": manifest(_members(door)),
        "manifest/remove/package.xml": manifest({}),
        "manifest/remove/destructiveChanges.xml": manifest(
            _members(part for part in parts if part.type != _FLOW)
        ),
        **{f"force-app/{_SOURCE}/{part.path}": part.text for part in parts},
        **{f"{FOLDER}/{_SOURCE}/{part.path}": part.text for part in door},
    }


def _members(parts: Iterable[_Part]) -> Mapping[str, list[str]]:
    members: dict[str, list[str]] = {}
    for part in parts:
        found = members.setdefault(part.type, [])
        found.extend(one for one in part.member.split() if one not in found)
    return members


def _fields(ranged: Iterable[RangeField]) -> Iterator[_Part]:
    limits = [limit for field in ranged for limit in field.limits]
    ours = (("Opportunity", (*OPPORTUNITY_FIELDS, *limits)), ("Activity", ACTIVITY_FIELDS))
    yield _Part("CustomObject", SETTING, f"objects/{SETTING}/{SETTING}.object-meta.xml", setting_file())
    for object_name, fields in (*ours, (SETTING, SETTING_FIELDS)):
        for field in fields:
            path = f"objects/{object_name}/fields/{field.name}.field-meta.xml"
            yield _Part("CustomField", f"{object_name}.{field.name}", path, field_file(field))


def _rules(ranged: Iterable[RangeField], org: Org) -> Iterator[_Part]:
    gate = formulas.gate(ranged, multi_currency=org.multi_currency)
    about = "A closed stage is entered only inside the agreed range, both as they were before this save."
    yield _rule("Opportunity", Rule(GATE_RULE, about, gate, "StageName", REFUSAL))
    about = (
        "For the strict: no stage while Dealgate has not looked at the deal or is silent. Comes switched off."
    )
    strict = Rule(STRICT_RULE, about, formulas.strict(), "StageName", STRICT_REFUSAL, active=False)
    yield _rule("Opportunity", strict)
    about = "The stamps of a request are written by the flow Dealgate_Deal_Stamp and by nobody else."
    shown_at = OUR_FIELDS[OurField.REQUEST].name
    yield _rule("Opportunity", Rule(ASKED_RULE, about, formulas.asked_stamps(), shown_at, ASKED_REFUSAL))
    about = "The stamps of a decision are written by the flow Dealgate_Task_Stamp and by nobody else."
    shown_at = "Dealgate_Decision__c"
    yield _rule("Task", Rule(STAMPS_RULE, about, formulas.stamps(), shown_at, STAMPS_REFUSAL))


def _rule(object_name: str, rule: Rule) -> _Part:
    path = f"objects/{object_name}/validationRules/{rule.name}.validationRule-meta.xml"
    return _Part("ValidationRule", f"{object_name}.{rule.name}", path, rule_file(rule))


def _permissions(ranged: Iterable[RangeField], org: Org) -> Iterator[_Part]:
    about = "Passes Dealgate's gate and rings no bell. For the connector's own user only."
    path = f"customPermissions/{BYPASS}.customPermission-meta.xml"
    yield _Part("CustomPermission", BYPASS, path, permission_file("Dealgate: bypass", about))
    limits = [limit for field in ranged for limit in field.limits]
    for audience in Audience:
        path = f"permissionsets/{audience.value}.permissionset-meta.xml"
        yield _Part("PermissionSet", audience.value, path, permission_set(audience, limits, org.read))


def _flows(ranged: Iterable[RangeField], rung: Iterable[str], org: Org) -> Iterator[_Part]:
    watched = [name for name in rung if name not in org.unread]
    yield from _deal_flows(
        formulas.deal_changed(watched, multi_currency=org.multi_currency, record_types=org.record_types)
    )
    yield from _task_flows()
    known = [field for field in ranged if field.name not in org.unread]
    gate = formulas.in_flow(formulas.gate(known, multi_currency=org.multi_currency))
    if len(gate) > formulas.LONGEST:
        return  # the rule stands without it, with its fixed text
    about = "Refuses what the gate's rule refuses, with the deal's own reason. Activate it to have that."
    moved = Trigger("Opportunity", "Update", gate, before_save=True, draft=True)
    yield _flow(REFUSING_FLOW, refusing("Dealgate: refuse with the reason", about, moved))


def _deal_flows(changed: str) -> Iterator[_Part]:
    """Two flows that ring, for what "changed" means on creation differs, and the stamp of a request."""
    message = f"Opportunity.{DEAL_MESSAGE}"
    created = Trigger("Opportunity", "Create", formulas.deal_created())
    about = "Asks Dealgate to look at a new opportunity."
    yield _flow("Dealgate_Deal_Created", ringing("Dealgate: deal created", about, created, message))
    about = "Asks Dealgate to look at an opportunity in which a field that people write changed."
    saved = Trigger("Opportunity", "Update", changed)
    yield _flow("Dealgate_Deal_Changed", ringing("Dealgate: deal changed", about, saved, message))
    saving = Trigger("Opportunity", "Update", formulas.asked(), before_save=True)
    about = "Writes who asked Operations and when, in the save of the request itself."
    yield _flow("Dealgate_Deal_Stamp", stamping("Dealgate: stamp the request", about, saving, ASKED))


def _task_flows() -> Iterator[_Part]:
    saved = Trigger("Task", "Update", formulas.task_changed())
    about = "Asks Dealgate to look at one of its tasks when somebody answered, closed or passed it on."
    text = ringing("Dealgate: task decided", about, saved, f"Task.{TASK_MESSAGE}")
    yield _flow("Dealgate_Task_Decided", text)
    saving = Trigger("Task", "Update", formulas.decided(), before_save=True)
    about = "Writes who decided and when, in the save of the decision itself."
    stamps = (DECIDED_BY, DECIDED_AT)
    yield _flow("Dealgate_Task_Stamp", stamping("Dealgate: stamp the decision", about, saving, stamps))


def _flow(name: str, text: str) -> _Part:
    return _Part(_FLOW, name, f"flows/{name}.flow-meta.xml", text)


def _messages(endpoint: str, user: str) -> Iterator[_Part]:
    deal = workflow_file(DEAL_MESSAGE, "Dealgate: deal", ["Id", "LastModifiedDate"], endpoint, user)
    task = workflow_file(
        TASK_MESSAGE, "Dealgate: decision", ["Id", "LastModifiedDate", "WhatId"], endpoint, user
    )
    for object_name, name, text in (("Opportunity", DEAL_MESSAGE, deal), ("Task", TASK_MESSAGE, task)):
        path = f"workflows/{object_name}.workflow-meta.xml"
        yield _Part("WorkflowOutboundMessage", f"{object_name}.{name}", path, text)


def _panel() -> Iterator[_Part]:
    path = "labels/CustomLabels.labels-meta.xml"
    yield _Part("CustomLabel", " ".join(labels.names()), path, labels.labels_file())
    for name, text in panel.panel_files().items():
        yield _Part("LightningComponentBundle", name.split("/", maxsplit=1)[0], f"lwc/{name}", text)


def _shelves() -> Iterator[_Part]:
    for path, text in shelves.icons():
        yield _Part("StaticResource", ICONS, path, text)
    for name in shelves.VIEWS:
        path = f"objects/Opportunity/listViews/{name}.listView-meta.xml"
        yield _Part("ListView", f"Opportunity.{name}", path, shelves.view_file(name))
    name = shelves.COMPACT_LAYOUT
    path = f"objects/Opportunity/compactLayouts/{name}.compactLayout-meta.xml"
    yield _Part("CompactLayout", f"Opportunity.{name}", path, shelves.compact_layout_file())
