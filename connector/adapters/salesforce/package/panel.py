"""The panel on the record page: its written modules, and those that are rendered from the table of fields.

`source` is a link to the modules where sfdx wants them; a built wheel holds the files themselves.
"""

import json
from collections.abc import Mapping
from importlib.resources import files

from connector.adapters.salesforce.fields import (
    ASKED_AT,
    DETAIL,
    HEARD_AT,
    OUR_FIELDS,
    REQUESTED,
    SILENT,
    TAKEN_BACK,
    TASK_DECISION,
    TASK_FIGURES,
    TASK_KEY,
    TASK_LIMIT,
    TASK_NOTE,
    TASK_UNTIL,
)
from connector.adapters.salesforce.package import labels
from connector.adapters.salesforce.package.flows import API_VERSION
from connector.adapters.salesforce.package.xml import Element, document, element
from connector.deals import OurField
from connector.standing import AnswerKind

_FIELDS_BUNDLE = "dealReadinessFields"
_PAGE = "dealReadiness"
_WRITTEN = (
    _PAGE,
    "dealReadinessAsk",
    "dealReadinessDecide",
    "dealReadinessDetail",
    "dealReadinessForm",
    "dealReadinessState",
)
BUNDLES = tuple(sorted((*_WRITTEN, _FIELDS_BUNDLE, labels.BUNDLE)))
_SUFFIXES = (".js", ".html", ".css")


def panel_files() -> Mapping[str, str]:
    """Return path -> text of every module of the panel, paths below `lwc`."""
    rendered = {
        f"{_FIELDS_BUNDLE}/{_FIELDS_BUNDLE}.js": fields_module(),
        f"{labels.BUNDLE}/{labels.BUNDLE}.js": labels.module(),
    }
    metas = {f"{name}/{name}.js-meta.xml": _meta(name) for name in BUNDLES}
    return {**_written(), **rendered, **metas}


def _written() -> Mapping[str, str]:
    root = files("connector.adapters.salesforce.package") / "source"
    return {
        f"{name}/{one.name}": one.read_text(encoding="utf-8")
        for name in _WRITTEN
        for one in sorted((root / name).iterdir(), key=lambda one: one.name)
        if one.name.endswith(_SUFFIXES)
    }


def names() -> Mapping[str, Mapping[str, str]]:
    """Return the fields that the panel reads, and the values that it writes."""
    ours = {field: OUR_FIELDS[field].name for field in OurField if field in OUR_FIELDS}
    return {
        "DEAL": {
            "readiness": ours[OurField.READINESS],
            "reason": ours[OurField.REASON],
            "checkedAt": ours[OurField.CHECKED_AT],
            "detail": DETAIL.name,
            "heardAt": HEARD_AT.name,
            "silent": SILENT.name,
            "request": ours[OurField.REQUEST],
            "case": ours[OurField.REQUEST_NOTE],
            "neededBy": ours[OurField.NEEDED_BY],
            "askedAt": ASKED_AT.name,
        },
        "TASK": {
            "key": TASK_KEY.name,
            "decision": TASK_DECISION.name,
            "limit": TASK_LIMIT.name,
            "note": TASK_NOTE.name,
            "until": TASK_UNTIL.name,
            "figures": TASK_FIGURES.name,
        },
        "REQUEST": {"ask": REQUESTED, "takeBack": TAKEN_BACK},
        "ANSWER": {
            "yes": AnswerKind.YES.value,
            "upTo": AnswerKind.UP_TO.value,
            "no": AnswerKind.NO.value,
            "question": AnswerKind.ASK.value,
        },
    }


def writes() -> Mapping[str, tuple[str, ...]]:
    """Return the fields that each act of the panel writes: `decide` on the task, the others on the deal."""
    deal, task = names()["DEAL"], names()["TASK"]
    return {
        "ask": (deal["request"], deal["case"], deal["neededBy"], deal["askedAt"]),
        "reply": (deal["request"], deal["case"], deal["askedAt"]),
        "takeBack": (deal["request"], deal["askedAt"]),
        "decide": (task["decision"], task["limit"], task["note"], task["until"]),
    }


def fields_module() -> str:
    """Return the panel's one module of names. Each value stands on one line, as JSON."""
    lines = ["// Rendered from connector/adapters/salesforce/package/panel.py."]
    lines += [f"export const {name} = {json.dumps(held)};" for name, held in names().items()]
    lines += [f"export const WRITES = {json.dumps(writes())};", ""]
    return "\n".join(lines)


def _meta(name: str) -> str:
    page = name == _PAGE
    children = [element("apiVersion", API_VERSION), element("isExposed", content=page)]
    if page:
        about = "What blocks a deal, who is asked until when, and what the rep can do about it."
        children = [element("apiVersion", API_VERSION), element("description", about)]
        children += [element("isExposed", content=True), element("masterLabel", "Deal readiness")]
        children += [
            element("targets", (element("target", "lightning__RecordPage"),)),
            element("targetConfigs", (_on_deals(),)),
        ]
    return document("LightningComponentBundle", children)


def _on_deals() -> Element:
    sizes = (Element("supportedFormFactor", attribute=("type", size)) for size in ("Large", "Small"))
    inside = (
        element("objects", (element("object", "Opportunity"),)),
        element("supportedFormFactors", sizes),
    )
    return Element("targetConfig", children=inside, attribute=("targets", "lightning__RecordPage"))
