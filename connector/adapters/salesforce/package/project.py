"""The project around the metadata: what sfdx needs, and the manifest that names our components only."""

import json
from collections.abc import Iterable, Mapping

from connector.adapters.salesforce.package.flows import API_VERSION
from connector.adapters.salesforce.package.xml import Element, document, element


def project_file() -> str:
    """Return sfdx-project.json."""
    package = {
        "path": "force-app",
        "default": True,
        "package": "Dealgate",
        "versionName": "Dealgate",
        "versionNumber": "0.1.0.NEXT",
        "versionDescription": "Operations countersigns what Sales sells",
    }
    project = {
        "name": "dealgate",
        "namespace": "",
        "packageDirectories": [package, {"path": "client-app"}],
        "packageAliases": {},
        "sourceApiVersion": API_VERSION,
    }
    return json.dumps(project, indent=2) + "\n"


def scratch_org() -> str:
    """Return the definition of an org to try the package in."""
    definition = {
        "orgName": "Dealgate",
        "edition": "Enterprise",
        "features": ["EnableSetPasswordInApi"],
        "settings": {
            "lightningExperienceSettings": {"enableS1DesktopEnabled": True},
            "mobileSettings": {"enableS1EncryptedStoragePref2": False},
        },
    }
    return json.dumps(definition, indent=2) + "\n"


def manifest(members: Mapping[str, Iterable[str]]) -> str:
    """Return package.xml, or destructiveChanges.xml, which looks alike. An object's workflow file also holds
    the org's own rules: naming the outbound message and not the whole Workflow leaves those alone."""
    types = (_type(name, sorted(members[name])) for name in sorted(members))
    return document("Package", (*types, element("version", API_VERSION)))


def _type(name: str, members: Iterable[str]) -> Element:
    return element("types", (*(element("members", member) for member in members), element("name", name)))
