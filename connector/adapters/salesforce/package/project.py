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


_DEPLOY = """\
#!/bin/sh
# Made by `dealgate install salesforce --render`: renders again and deploys, in the order Salesforce needs.
# For the first time and whenever the policy's fields change. Stand where Dealgate's settings are:
#
#   sf org login web --alias ORG
#   sh FOLDER/deploy.sh ORG CONNECTOR [REP ...]      the connector's user and reps by their usernames
#
# DEALGATE=.venv/bin/dealgate where it is not on your path; ACCOUNT=NAME where there is more than one.
set -eu

deploy() {
    (cd "$folder" && sf project deploy start --manifest "manifest/$1.xml" --target-org "$org")
}

assign() { # Salesforce refuses whoever has it already
    sf org assign permset --name "$1" --on-behalf-of "$2" --target-org "$org" ||
        echo "$2 has $1 already, or does not get it: see above." >&2
}

install() {
    "${DEALGATE:-dealgate}" install salesforce ${ACCOUNT:+--account "$ACCOUNT"} "$@"
}

let_in() { # 1: the connector's user does not see the org yet, so the package cannot be made for it
    [ "$1" -eq 1 ] || exit "$1"
    deploy first
    assign Dealgate_Integration "$connector"
    install --render "$folder"
}

main() { # in one piece, for rendering writes this file anew
    if [ $# -lt 2 ]; then
        echo "Say which org, and who the connector is: sh $0 ORG CONNECTOR [REP ...]" >&2
        exit 2
    fi
    folder=$(dirname "$0") org=$1 connector=$2
    shift 2
    install --render "$folder" || let_in $?
    deploy package
    for rep in "$@"; do
        assign Dealgate_Rep "$rep"
    done
    install
}

main "$@"
"""


def deploy_script() -> str:
    """Return deploy.sh: what is deployed when, the renderings between, and who gets which permission set."""
    return _DEPLOY


def manifest(members: Mapping[str, Iterable[str]]) -> str:
    """Return package.xml, or destructiveChanges.xml, which looks alike. An object's workflow file also holds
    the org's own rules: naming the outbound message and not the whole Workflow leaves those alone."""
    types = (_type(name, sorted(members[name])) for name in sorted(members))
    return document("Package", (*types, element("version", API_VERSION)))


def _type(name: str, members: Iterable[str]) -> Element:
    return element("types", (*(element("members", member) for member in members), element("name", name)))
