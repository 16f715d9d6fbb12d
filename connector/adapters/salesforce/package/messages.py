"""The outbound messages: a bell that says which record to look at, never what is in it."""

from collections.abc import Iterable

from connector.adapters.salesforce.package.flows import API_VERSION
from connector.adapters.salesforce.package.xml import document, element

DEAL_MESSAGE = "Dealgate_Deal"
TASK_MESSAGE = "Dealgate_Decision"


def workflow_file(name: str, label: str, fields: Iterable[str], endpoint: str, user: str) -> str:
    """Return the file of an object's workflows with our one outbound message. `endpoint` holds the secret
    token and `user` is a username of the org: both are filled in by `dealgate install`."""
    message = (
        element("fullName", name),
        element("apiVersion", API_VERSION),
        element("endpointUrl", endpoint),
        *(element("fields", field) for field in fields),
        element("includeSessionId", content=False),
        element("integrationUser", user),
        element("name", label),
        element("protected", content=False),
        element("useDeadLetterQueue", content=False),
    )
    return document("Workflow", (element("outboundMessages", message),))
