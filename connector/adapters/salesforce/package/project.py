"""The project around the metadata: what sfdx needs, and the manifest that names our components only."""

import json
from collections.abc import Iterable, Mapping

from connector.adapters.salesforce.package.flows import API_VERSION
from connector.adapters.salesforce.package.xml import Element, document, element


def project_file() -> str:
    """Return sfdx-project.json."""
    project = {
        "name": "dealgate",
        "namespace": "",
        "packageDirectories": [{"path": "force-app", "default": True}],
        "sourceApiVersion": API_VERSION,
    }
    return json.dumps(project, indent=2) + "\n"


def manifest(members: Mapping[str, Iterable[str]]) -> str:
    """Return package.xml, or destructiveChanges.xml, which looks alike. An object's workflow file also holds
    the org's own rules: naming the outbound message and not the whole Workflow leaves those alone."""
    types = (_type(name, sorted(members[name])) for name in sorted(members))
    return document("Package", (*types, element("version", API_VERSION)))


def _type(name: str, members: Iterable[str]) -> Element:
    return element("types", (*(element("members", member) for member in members), element("name", name)))
